"""Questions with one right answer: what benchmarks such as GSM8K and MATH share when answers come from a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from towerplus.errors import UserError
from towerplus.evaluate.benchmarks.files import FileScores, account, read_answers
from towerplus.evaluate.statistics import wilson
from towerplus.records import Check, Message, Task
from towerplus.verify import verify_all
from towerplus.verify.base import Verdict, failed

#: What answers may go by, beside their order.
NAMES = ("question", "problem", "prompt")


def question(text: str, kind: str, check: Check) -> Task:
    """A task that asks `text` and holds the answer against one check."""
    return Task((Message("user", text),), kind, (check,), origin=kind.partition("/")[0])


def score_tasks(
    benchmark: str, tasks: Sequence[tuple[str, Task]], answers: Path, allow_missing: bool = False
) -> FileScores:
    """Score a file of answers against tasks, each with its place (FILE:LINE).

    Answers go by `question`, `problem` or `prompt` (the text of the question) or, without any, by their order.

    Raises:
        UserError: no tasks, a malformed line, a question without an answer (unless `allow_missing`).
    """
    if not tasks:
        raise UserError(f"no questions of {benchmark} in it")
    by, found = read_answers(answers, NAMES)
    if not by and len(found) > len(tasks):
        raise UserError(f"{len(found)} answers by their order, but {len(tasks)} questions", str(answers))
    names: list[Any] = [task.messages[0].content if by else place for place, (_, task) in enumerate(tasks)]
    missing = [where for (where, _), name in zip(tasks, names, strict=True) if name not in found]
    notes = account(missing, len(found.keys() - set(names)), len(tasks), answers, allow_missing)
    judged = [_judge(task, found.get(name), where) for (where, task), name in zip(tasks, names, strict=True)]
    verdicts = [
        {"question": task.messages[0].content, "task": task.kind, "passed": verdict.passed, "reason": verdict.reason}
        for (_, task), verdict in zip(tasks, judged, strict=True)
    ]
    groups: dict[str, list[bool]] = defaultdict(list)
    for (_, task), verdict in zip(tasks, judged, strict=True):
        groups[task.kind].append(verdict.passed)
    by_kind = {kind: _rate(passed) for kind, passed in sorted(groups.items())}
    total = _rate([verdict.passed for verdict in judged])
    figures = {"benchmark": benchmark, "missing": len(missing), **total}
    shown = {benchmark: total}
    if len(by_kind) > 1:
        figures["by_kind"] = by_kind
        shown |= {f"  {kind}": rate for kind, rate in by_kind.items()}
    return FileScores(figures, verdicts, _table(shown), notes)


def _judge(task: Task, response: str | None, where: str) -> Verdict:
    if response is None:
        return failed("no answer")
    try:
        (verdict,) = verify_all(response, task)
    except UserError as error:
        raise UserError(str(error), where) from None
    return verdict


def _rate(passed: Sequence[bool]) -> dict[str, Any]:
    low, high = wilson(sum(passed), len(passed))
    return {"correct": sum(passed), "n": len(passed), "accuracy": sum(passed) / len(passed), "interval": [low, high]}


def _table(shown: dict[str, dict[str, Any]]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("", "correct", "of", "%", "95% interval")]
    for name, rate in shown.items():
        low, high = (f"{100 * end:.1f}" for end in rate["interval"])
        rows.append((name, str(rate["correct"]), str(rate["n"]), f"{100 * rate['accuracy']:.2f}", f"{low} to {high}"))
    return rows
