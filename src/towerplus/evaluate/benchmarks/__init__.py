"""Benchmarks over tasks: the first part of a task's kind names the benchmark that scores it.

A benchmark is one file with `score(tasks, responses, data) -> list[dict]`, one dict of item columns an answer, and one
line here; `data` is the folder the tasks are from. Columns: passed, score, verdicts, and where they apply `chrf` and
`bleu` (sufficient statistics against the reference) and `values` (further numbers by name).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from towerplus.errors import UserError
from towerplus.records import Task

if TYPE_CHECKING:
    from towerplus.evaluate.benchmarks.files import FileScores

Scorer = Callable[[Sequence[Task], Sequence[str], Path], list[dict[str, Any]]]

BENCHMARKS: dict[str, str] = {
    "translation": "translation:score",
    "instructed": "instructed:score",
    "register": "register:score",
    "general": "general:score",
    "constraint": "general:score",
    "judgement": "general:score",
}

#: benchmarks whose answers are scored from files (`tower score`): (questions, answers, allow_missing) -> FileScores
FILE_SCORERS: dict[str, str] = {
    "ifeval": "ifeval:score_files",
    "tasks": "tasks:score_files",
    "gsm8k": "gsm8k:score_files",
    "math": "maths:score_files",
}


def benchmark_of(task: Task) -> str:
    """The benchmark that a task belongs to; kinds without one of their own are general."""
    head = task.kind.partition("/")[0]
    return head if head in BENCHMARKS else "general"


def scorer(benchmark: str) -> Scorer:
    """The scoring function of a benchmark."""
    return _load(BENCHMARKS[benchmark])


def file_scorer(benchmark: str) -> Callable[[Path, Path, bool], FileScores]:
    """The function that scores files of answers; UserError names the benchmarks there are."""
    if benchmark not in FILE_SCORERS:
        raise UserError(f"unknown benchmark {benchmark!r}; known: {', '.join(FILE_SCORERS)}")
    return _load(FILE_SCORERS[benchmark])


def _load(entry: str) -> Any:
    module, _, name = entry.partition(":")
    return getattr(importlib.import_module(f"towerplus.evaluate.benchmarks.{module}"), name)
