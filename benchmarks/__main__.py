"""Every benchmark, one after the other, each in a process of its own: `make bench`.

python -m benchmarks sft wpo          only these
python -m benchmarks --write          and put the tables into docs/performance.md
python -m benchmarks none --write     the tables of the last runs, nothing run again
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.harness import RESULTS

NAMES = ("sft", "wpo", "grpo", "decode", "matmul", "sandbox")
REPORTS = ("sft-16", "sft-64", "wpo", "grpo", "decode", "matmul", "sandbox")
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- tables: begin -->\n", "<!-- tables: end -->\n"


def section(report: dict[str, Any]) -> str:
    """A report as Markdown: its table, notes, and each target met or missed."""
    lines = [f"### {report['title']}", "", "| " + " | ".join(report["columns"]) + " |"]
    lines.append("|---|" + "---:|" * (len(report["columns"]) - 1))
    lines += ["| " + " | ".join(row) + " |" for row in report["rows"]]
    if report["notes"]:
        lines += ["", *(f"{note[0].upper()}{note[1:]}." for note in report["notes"])]
    if report["targets"]:
        lines += ["", "| target | wanted | measured | |", "|---|---:|---:|---|"]
    for target in report["targets"]:
        verdict = "met" if target["value"] >= target["wanted"] else "**missed**"
        lines.append(f"| {target['what']} | {target['wanted']:g} | {target['value']:.2f} | {verdict} |")
    return "\n".join(lines) + "\n"


def write_page() -> None:
    """Put the saved reports between the marks of docs/performance.md."""
    reports = [json.loads((RESULTS / f"{name}.json").read_text()) for name in REPORTS]
    machine = ", ".join(f"{name} {value}" for name, value in reports[0]["machine"].items() if name != "processor")
    head = f"Measured on: {reports[0]['machine']['processor']}; {machine}.\n"
    before, rest = PAGE.read_text().split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(before + BEGIN + "\n".join(["", head, *map(section, reports), ""]) + END + after)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*NAMES, "none"], help="default: all")
    parser.add_argument("--write", action="store_true", help="update docs/performance.md")
    options = parser.parse_args()
    names = [name for name in options.names or NAMES if name != "none"]
    codes = [subprocess.run([sys.executable, "-m", f"benchmarks.{name}"]).returncode for name in names]
    if options.write and not any(codes):
        write_page()
    return max(codes, default=0)


if __name__ == "__main__":
    sys.exit(main())
