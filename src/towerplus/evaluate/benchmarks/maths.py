"""MATH (arXiv 2103.03874) and sets of its form: problems whose answer is an expression."""

from __future__ import annotations

from pathlib import Path

from towerplus.errors import UserError
from towerplus.evaluate.benchmarks import closed
from towerplus.evaluate.benchmarks.files import FileScores, objects, text
from towerplus.records import Check, Task
from towerplus.verify.maths import numbers


def read_tasks(path: Path) -> list[tuple[str, Task]]:
    """The problems of a file with `problem` and `answer`, or a `solution` with the answer in its last ``\\boxed{}``;
    each with its place. `subject` or `type`, where it is there, becomes part of the kind."""
    tasks = []
    for where, row in objects(path):
        if "answer" in row:
            answer = text(row, "answer", where)
        else:
            solution = text(row, "solution", where)
            answer = numbers.marked(solution[solution.rfind("\\boxed") :]) or "" if "\\boxed" in solution else ""
        if not answer.strip():
            raise UserError("neither an 'answer' nor a 'solution' with \\boxed{}", where)
        # Delimiters tell that the published answers are LaTeX; a solution's box has none.
        expected = answer if "$" in answer else f"${answer}$"
        subject = row.get("subject", row.get("type"))
        kind = f"math/{subject}" if isinstance(subject, str) and subject else "math"
        check = Check("maths.equivalent", {"expected": expected})
        tasks.append((where, closed.question(text(row, "problem", where), kind, check)))
    return tasks


def score_files(data: Path, answers: Path, allow_missing: bool = False) -> FileScores:
    """Score a file of answers (`response`, and `problem` unless they are in order) by symbolic equivalence.

    Raises UserError where math-verify (the extra `math`) is missing.
    """
    return closed.score_tasks("math", read_tasks(data), answers, allow_missing)
