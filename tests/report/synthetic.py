"""A run directory with the files of a real one and made-up content."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from towerplus.evaluate.scores import scores, write_scores
from towerplus.metrics import metric

STAGES = {"base": None, "cpt": "base", "sft": "cpt", "wpo": "sft", "grpo": "wpo", "grpo-control": "wpo"}
#: share of right answers: translation plain and chat, general plain and chat
SKILL = {
    "base": (0.05, 0.03, 0.02, 0.01),
    "cpt": (0.72, 0.3, 0.06, 0.03),
    "sft": (0.7, 0.86, 0.2, 0.46),
    "wpo": (0.7, 0.87, 0.2, 0.47),
    "grpo": (0.69, 0.88, 0.2, 0.53),
    "grpo-control": (0.68, 0.86, 0.2, 0.48),
}
SENTENCES = {
    "de": ("The old teacher buys a red bicycle on Monday.", "Die alte Lehrerin kauft am Montag ein rotes Fahrrad."),
    "fr": ("The children are waiting in front of the station.", "Les enfants attendent devant la gare."),
    "pt-PT": ("My sister reads two books every week.", "A minha irmã lê dois livros por semana."),
    "ru": ("The doctor has lost her keys in the garden.", "Врач потеряла ключи в саду."),
    "zh-Hans": ("We will meet at the library tomorrow at 9:30.", "我们明天上午九点半在图书馆见面。"),
}


def make_run(folder: Path, stages: dict[str, str | None] = STAGES, items: int = 60) -> Path:
    """Write items.parquet, scores.json, recipe.yaml and each stage's manifest and log."""
    rows = []
    for stage in stages:
        for form in ("plain", "chat"):
            rows += _rows(stage, form, items)
    table = pa.Table.from_pylist(rows)
    pq.write_table(table, folder / "items.parquet")
    groups = {"trained": ["general/sort"]}
    write_scores(folder / "scores.json", scores(table, list(stages), 1, parents=stages, groups=groups, resamples=300))
    (folder / "recipe.yaml").write_text("name: tiny\nseed: 1\nstages:\n  base: {tokens: 170000}\n")
    for stage, parent in stages.items():
        _stage(folder / stage, parent)
    return folder


def _rows(stage: str, form: str, items: int) -> list[dict]:
    rng = np.random.default_rng(len(stage) * 7 + len(form))
    translation, general = (SKILL[stage][i + (form == "chat")] for i in (0, 2))
    common = {"stage": stage, "prompt_form": form, "score": 0.0, "values": "{}", "verdicts": "[]"}
    common |= {"chrf": None, "bleu": None, "source": None, "source_locale": None, "target_locale": None}
    rows = []
    for i in range(items):
        locale = list(SENTENCES)[i % 5]
        source, reference = SENTENCES[locale]
        right = bool(rng.random() < translation)
        units = list(reference) if locale == "zh-Hans" else reference.split()
        kept = [unit if rng.random() < translation else "la" for unit in units]
        answer = reference if right else ("" if locale == "zh-Hans" else " ").join(kept)
        place = {"item": f"t{i:04}", "cluster": f"s{i // 5}", "source_locale": "en-US", "target_locale": locale}
        text = {"prompt": f"Translate to {locale}: {source}", "source": source, "reference": reference}
        counts = {n: metric(n, locale).statistics([answer], [reference])[0].tolist() for n in ("chrf", "bleu")}
        said = {"response": answer, "passed": right} | ({} if right else _verdict("reference", "not an accepted form"))
        for benchmark in ("translation", "instructed"):
            rows.append(common | place | text | counts | said | {"benchmark": benchmark, "kind": f"{benchmark}/plain"})
        formal = 0.98 if stage in ("wpo", "grpo", "grpo-control") else 0.5
        values = {"formal": int(rng.random() < formal), "same_register_chrf": 100 * translation}
        rows.append(
            common | place | text | said | {"values": json.dumps(values), "benchmark": "register", "kind": "register/x"}
        )
    for i in range(2 * items):
        numbers = np.random.default_rng(i).integers(1, 90, 4)
        right = bool(rng.random() < general)
        answer = ", ".join(map(str, sorted(numbers) if right else numbers))
        task = [("general", "general/sort"), ("general", "general/json"), ("constraint", "constraint/words")][i % 3]
        said = {"response": answer, "passed": right, "reference": ", ".join(map(str, sorted(numbers)))}
        said |= {} if right else _verdict(task[1], "not <sorted> & done")
        place = {"item": f"g{i:04}", "cluster": "", "benchmark": task[0], "kind": task[1]}
        rows.append(common | place | said | {"prompt": f"Sort: {', '.join(map(str, numbers))}"})
    return rows


def _verdict(kind: str, reason: str) -> dict:
    return {"verdicts": json.dumps([{"kind": kind, "passed": False, "score": 0.0, "reason": reason}])}


def _stage(folder: Path, parent: str | None) -> None:
    folder.mkdir()
    rng = np.random.default_rng(5)
    lines = []
    for step in range(1, 401):
        row = {"step": step, "loss": 0.9 + 5 * math.exp(-step / 90) + 0.1 * rng.normal()}
        if folder.name == "wpo":
            row |= {
                "loss": 0.69 - step / 1500,
                "margin": step / 80 + 0.3 * rng.normal(),
                "accuracy": min(1, 0.5 + step / 700),
            }
        if folder.name == "grpo":
            row |= {"loss": 0.01 * rng.normal(), "reward": 0.4 + step / 2500 + 0.03 * rng.normal()}
            kinds = ("sort", "json", "words", "date", "glossary", "arithmetic", "translation", "case", "count")
            row |= {f"reward/{kind}": 0.3 + 0.06 * i + step / 3000 for i, kind in enumerate(kinds)}
        lines.append(json.dumps(row | {"learning_rate": 1e-3, "grad_norm": 1.0, "count": 256 * step}))
    (folder / "log.jsonl").write_text("\n".join(lines) + "\n")
    manifest = {
        "name": folder.name,
        "digest": "0123456789abcdef",
        "kind": folder.name.split("-")[0],
        "inputs": {"data": "corpora"} | ({"model": parent} if parent else {}),
        "settings": {},
        "seed": 1,
        "counts": {"steps": 400, "tokens": 102_400, "loss": 0.913},
        "versions": {"towerplus": "0.1.0", "python": "3.11.7", "torch": "2.13.0"},
        "machine": "x86_64, 2 cores",
        "seconds": 61.3,
        "cpu_seconds": 60.9,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
