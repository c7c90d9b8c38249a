"""How runs look in a terminal: steps as they happen, the plan, the table at the end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from towerplus.pipeline import Listener, Step
from towerplus.recipe import Recipe

console = Console(highlight=False, soft_wrap=True)

#: what the table at the end shows, a column each: benchmark, metric, heading, factor
COLUMNS = [
    ("translation", "accepted", "accept.", 100.0),
    ("translation", "chrF", "chrF", 1.0),
    ("translation", "BLEU", "BLEU", 1.0),
    ("instructed", "adherence", "adheres", 100.0),
    ("register", "formal", "formal", 100.0),
    ("constraint", "pass", "constr.", 100.0),
    ("general", "pass", "general", 100.0),
]


def listener(run: Path) -> Listener:
    """Prints one line when a step starts, is taken from the cache, or is done."""

    def listen(event: str, step: Step, facts: dict[str, Any]) -> None:
        if event == "started" and step.kind != "evaluate":
            why = "  its manifest is damaged: made anew" if facts.get("damaged") else ""
            console.print(f"[bold]{step.name}[/bold] ...{why}")
        elif event == "cached":
            console.print(f"[dim]{step.name}: made already ({step.digest})[/dim]")
        elif event == "finished":
            counts = ", ".join(f"{k} {_number(v)}" for k, v in facts.get("counts", {}).items() if _plain(v))
            console.print(f"[green]{step.name}[/green] {facts.get('seconds', 0):.0f} s  [dim]{counts}[/dim]")
            if rejects := facts.get("counts", {}).get("rejects"):
                why = ", ".join(f"{n} {reason}" for reason, n in rejects.items())
                console.print(f"  [yellow]put aside[/yellow]: {why}; see {run / step.folder / 'rejects.jsonl'}")

    return listen


def plan(recipe: Recipe, run: Path, steps: list[Step]) -> None:
    """The table of `tower plan`."""
    from towerplus import estimate

    table = Table(
        "step", "kind", "from", "made", "tokens", "about", title=f"{recipe.name} -> {run}", title_justify="left"
    )
    guesses = estimate.steps(recipe, steps)
    for step, guess in zip(steps, guesses, strict=True):
        made = "yes" if step.made else "-"
        origin = ", ".join(step.inputs.values())
        table.add_row(step.name, step.kind, origin, made, _number(guess.tokens or "-"), _time(guess.seconds))
    console.print(table)
    memory = max((g.memory for g in guesses), default=0)
    console.print(
        f"about {_time(estimate.remaining(steps, guesses))} to go on this machine, {memory / 2**30:.1f} GiB of memory"
    )


def conclusion(recipe: Recipe, run: Path) -> bool:
    """Print what was made, the stage table and whether each expected gain is there; True if all are."""
    scores = run / "scores.json"
    if not scores.is_file():
        console.print(f"made: {run}")
        return not recipe.expect
    rows = json.loads(scores.read_text(encoding="utf-8"))["rows"]
    console.print(stage_table(rows))
    met = True
    evaluated = {row["stage"] for row in rows}
    for item in recipe.expect:
        if item.stage not in evaluated:
            continue
        found = [
            r
            for r in rows
            if (r["stage"], r["benchmark"], r["metric"], r["prompt_form"])
            == (item.stage, item.benchmark, item.metric, item.form)
            and not r["target_locale"]
            and not r.get("kind")
        ]
        delta = found[0]["delta"] if found else None
        good = delta is not None and delta > item.above
        met = met and good
        said = (
            "no such figure"
            if delta is None
            else f"{delta:+.3f} [{found[0]['delta_low']:+.3f}, {found[0]['delta_high']:+.3f}]"
        )
        mark = "[green]holds[/green]" if good else "[red]FAILS[/red]"
        console.print(f"{mark}  {item.stage} raises {item.benchmark} {item.metric}: {said}")
    console.print(f"model   {run / 'model'}\nscores  {scores}\nreport  {run / 'report.html'}")
    return met


def stage_table(rows: list[dict[str, Any]]) -> Table:
    """Each stage's better form, with 95% intervals."""
    stages = list(dict.fromkeys(row["stage"] for row in rows))
    found = {
        (r["stage"], r["benchmark"], r["metric"]): r
        for r in rows
        if r["prompt_form"] == "best" and not r["target_locale"] and not r.get("kind")
    }
    columns = [c for c in COLUMNS if any((s, c[0], c[1]) in found for s in stages)]
    title = "each stage in its better form; chrF and BLEU, the others in %; ± half the 95% interval"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("stage", no_wrap=True)
    for _, _, heading, _ in columns:
        table.add_column(heading, justify="right", no_wrap=True)
    for stage in stages:
        cells = []
        for benchmark, metric, _, factor in columns:
            row = found.get((stage, benchmark, metric))
            cells.append("-" if row is None or row["value"] is None else _interval(row, factor))
        table.add_row(stage, *cells)
    return table


def _interval(row: dict[str, Any], factor: float) -> str:
    value = f"{row['value'] * factor:.1f}"
    if row["low"] is None:
        return value
    # half the width: the report has both ends
    return f"{value}[dim]±{(row['high'] - row['low']) * factor / 2:.1f}[/dim]"


def _plain(value: Any) -> bool:
    return isinstance(value, int | float | str) and not isinstance(value, bool)


def _number(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 172_800 else f"{seconds / 86_400:.0f} days"
