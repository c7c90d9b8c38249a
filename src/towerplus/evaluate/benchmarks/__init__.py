"""Benchmarks over tasks: the first part of a task's kind names the benchmark that scores it.

A benchmark is one file with `score(tasks, responses, data) -> list[dict]`, one dict of item columns an answer, and one
line here; `data` is the folder the tasks are from. Columns: passed, score, verdicts, and where they apply `chrf` and
`bleu` (sufficient statistics against the reference) and `values` (further numbers by name).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from towerplus.records import Task

Scorer = Callable[[Sequence[Task], Sequence[str], Path], list[dict[str, Any]]]

BENCHMARKS: dict[str, str] = {
    "translation": "translation:score",
    "instructed": "instructed:score",
    "register": "register:score",
    "general": "general:score",
    "constraint": "general:score",
    "judgement": "general:score",
}


def benchmark_of(task: Task) -> str:
    """The benchmark that a task belongs to; kinds without one of their own are general."""
    head = task.kind.partition("/")[0]
    return head if head in BENCHMARKS else "general"


def scorer(benchmark: str) -> Scorer:
    """The scoring function of a benchmark."""
    module, _, name = BENCHMARKS[benchmark].partition(":")
    return getattr(importlib.import_module(f"towerplus.evaluate.benchmarks.{module}"), name)
