"""Translation: is the answer one that the task accepts, and how near is it to the reference (chrF, BLEU)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from towerplus.evaluate.benchmarks import general
from towerplus.metrics import metric
from towerplus.records import Task


def score(tasks: Sequence[Task], responses: Sequence[str], data: Path) -> list[dict[str, Any]]:
    """The columns of `general.score` and the sufficient statistics of chrF and BLEU."""
    items = general.score(tasks, responses, data)
    for name in ("chrf", "bleu"):
        for locale in {task.target_locale for task in tasks}:
            rows = [i for i, task in enumerate(tasks) if task.target_locale == locale]
            measure = metric(name, locale or "")
            hypotheses = [responses[i] for i in rows]
            statistics = measure.statistics(hypotheses, [tasks[i].reference or "" for i in rows])
            for i, row in zip(rows, statistics, strict=True):
                items[i][name] = row.tolist()
    return items
