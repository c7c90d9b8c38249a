"""GSM8K (arXiv 2110.14168): word problems whose answer is a number, read from the file as it is published."""

from __future__ import annotations

from pathlib import Path

from towerplus.errors import UserError
from towerplus.evaluate.benchmarks import closed
from towerplus.evaluate.benchmarks.files import FileScores, objects, text
from towerplus.records import Check, Task
from towerplus.verify.maths import numbers


def read_tasks(path: Path) -> list[tuple[str, Task]]:
    """The problems of a file with `question` and `answer`, whose last line is ``#### NUMBER``, each with its place."""
    tasks = []
    for where, row in objects(path):
        answer = numbers.marked(text(row, "answer", where))
        if answer is None or numbers.quantity(answer) is None:
            raise UserError("'answer' does not end in '#### NUMBER'", where)
        check = Check("maths.gsm8k", {"expected": answer})
        tasks.append((where, closed.question(text(row, "question", where), "gsm8k", check)))
    return tasks


def score_files(data: Path, answers: Path, allow_missing: bool = False) -> FileScores:
    """Score a file of answers (`response`, and `question` unless they are in order) against the published problems.

    An answer must mark its final number: ``####``, ``A:``, "answer is" or ``\\boxed{}``.
    """
    return closed.score_tasks("gsm8k", read_tasks(data), answers, allow_missing)
