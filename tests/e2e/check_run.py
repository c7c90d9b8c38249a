"""Hold a finished run against what the documentation promises.

python -m tests.e2e.check_run runs/tiny
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq

OUTSIDE = """
import sys
sys.modules["towerplus"] = None
from transformers import AutoModelForCausalLM, AutoTokenizer
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
text = "Translate the following English source text to German:\\nEnglish: The cat sees the house.\\nGerman: "
messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": text}]
ids = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt", return_dict=True)
out = model.generate(**ids, max_new_tokens=32, do_sample=False)
print(tokenizer.decode(out[0, ids["input_ids"].shape[1]:], skip_special_tokens=True))
"""


def main(run: Path) -> None:
    """Raises AssertionError with what is missing."""
    for name in (
        "model/config.json",
        "model/model.safetensors",
        "items.parquet",
        "scores.json",
        "report.html",
        "recipe.yaml",
    ):
        assert (run / name).is_file(), f"{name} is missing"
    rows = json.loads((run / "scores.json").read_text())["rows"]
    stages = {row["stage"] for row in rows}
    assert {"base", "cpt", "sft", "wpo", "grpo"} <= stages, stages
    items = pq.read_table(run / "items.parquet", columns=["stage", "benchmark", "prompt_form", "item"]).to_pylist()
    asked = {(r["prompt_form"], r["stage"]): set() for r in items}
    for r in items:
        asked[r["prompt_form"], r["stage"]].add(r["item"])
    assert len({frozenset(v) for v in asked.values()}) == 1, "stages were asked different items"
    last = [r for r in items if r["stage"] == "grpo" and r["prompt_form"] == "chat"]
    sentences = sum(r["benchmark"] == "translation" for r in last)
    assert sentences >= 1000, f"{sentences} test sentences"
    assert len(last) - sentences >= 1500, f"{len(last) - sentences} checkable prompts"
    page = (run / "report.html").read_text()
    assert "<svg" in page
    assert "http://" not in page.replace("http://www.w3.org", ""), "the page loads something"
    result = subprocess.run(
        [sys.executable, "-c", OUTSIDE, str(run / "model")], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr[-2000:]
    assert result.stdout.strip(), "the model said nothing"
    print(f"{run}: {len(rows)} figures, {len(items)} judged answers")
    print(f"without our package the model says: {result.stdout.strip()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
