"""Tasks in our own format, with any checks: an answer passes when every check of its task does."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from towerplus.errors import UserError
from towerplus.evaluate.benchmarks import general
from towerplus.evaluate.benchmarks.files import FileScores, account, objects, read_answers
from towerplus.evaluate.statistics import wilson
from towerplus.records import Task, digest, from_row, read

NAME = "item"


def item(task: Task) -> str:
    """The name of a task, as `items.parquet` has it."""
    return digest(task.kind, *(message.content for message in task.messages))


def read_tasks(path: Path) -> list[tuple[str, Task]]:
    """The tasks of a Parquet or JSON Lines file, each with its place. UserError where one is malformed or unchecked."""
    if path.suffix == ".parquet":
        tasks = [(f"{path}:{row}", task) for row, task in enumerate(read(path, Task), 1)]
    else:
        tasks = [(where, _task(row, where)) for where, row in objects(path)]
    if not tasks:
        raise UserError("no tasks in it", str(path))
    for where, task in tasks:
        if not task.checks:
            raise UserError("a task without checks", where)
        if not task.messages:
            raise UserError("a task without messages", where)
    return tasks


def _task(row: dict[str, Any], where: str) -> Task:
    """A task of a JSON object; the arguments of a check may be an object or, as in Parquet, JSON text."""
    try:
        checks = []
        for check in row.get("checks", []):
            given = check.get("arguments") or {}
            arguments = json.loads(given) if isinstance(given, str) else given
            if not isinstance(arguments, dict):
                raise UserError(f"the arguments of {check['kind']} are no object")
            checks.append({"kind": check["kind"], "arguments": json.dumps(arguments)})
        return from_row(Task, {**row, "checks": checks})
    except UserError as error:
        raise UserError(str(error), where) from None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        what = f"without {error}" if isinstance(error, KeyError) else str(error)
        raise UserError(f"not a task: a message or check {what}", where) from None


def score_files(data: Path, answers: Path, allow_missing: bool = False) -> FileScores:
    """Score a file of answers against a file of tasks.

    Answers go by `item` (as `items.parquet` names tasks), by `prompt` (the task's last message) or, without either, by
    their order.

    Raises:
        UserError: a malformed line, an unknown check, a task without an answer (unless `allow_missing`).
    """
    tasks = read_tasks(data)
    by, found = read_answers(answers, (NAME, "prompt"))
    names: list[Any] = list(range(len(tasks)))
    if by:
        names = [item(task) if by == NAME else task.messages[-1].content for _, task in tasks]
    elif len(found) > len(tasks):
        raise UserError(f"{len(found)} answers by their order, but {len(tasks)} tasks", str(answers))
    if by == "prompt":
        _tell_apart(tasks)
    missing = [where for (where, _), name in zip(tasks, names, strict=True) if name not in found]
    notes = account(missing, len(found.keys() - set(names)), len(tasks), answers, allow_missing)
    rows = [_judge(task, found.get(name), data, where) for (where, task), name in zip(tasks, names, strict=True)]
    figures = _figures([task for _, task in tasks], rows, len(missing))
    verdicts = [
        {"item": item(task), "task": task.kind, **verdict}
        for (_, task), row in zip(tasks, rows, strict=True)
        for verdict in row["verdicts"]
    ]
    return FileScores(figures, verdicts, _table(figures), notes)


def _tell_apart(tasks: list[tuple[str, Task]]) -> None:
    """UserError where two tasks have the same prompt but are not the same."""
    first: dict[str, tuple[str, Task]] = {}
    for where, task in tasks:
        place, other = first.setdefault(task.messages[-1].content, (where, task))
        if other.messages != task.messages:
            raise UserError(f"has the prompt of {place}, but other turns before it; let answers go by {NAME!r}", where)


def _judge(task: Task, response: str | None, data: Path, where: str) -> dict[str, Any]:
    if response is None:
        nothing = {"passed": False, "score": 0.0, "reason": "no answer"}
        return {"passed": False, "score": 0.0, "verdicts": [{"kind": c.kind, **nothing} for c in task.checks]}
    try:
        return general.score([task], [response], data)[0]
    except UserError as error:
        raise UserError(str(error), where) from None


def _figures(tasks: list[Task], rows: list[dict[str, Any]], missing: int) -> dict[str, Any]:
    by_check: dict[str, list[bool]] = defaultdict(list)
    by_task: dict[str, list[bool]] = defaultdict(list)
    for task, row in zip(tasks, rows, strict=True):
        by_task[task.kind].append(row["passed"])
        for verdict in row["verdicts"]:
            by_check[verdict["kind"]].append(verdict["passed"])
    return {
        "benchmark": "tasks",
        "missing": missing,
        "tasks": _rate([row["passed"] for row in rows]),
        "checks": _rate([passed for kind in by_check.values() for passed in kind]),
        "mean_score": sum(row["score"] for row in rows) / len(rows),
        "by_task": {kind: _rate(passed) for kind, passed in sorted(by_task.items())},
        "by_check": {kind: _rate(passed) for kind, passed in sorted(by_check.items())},
    }


def _rate(passed: list[bool]) -> dict[str, Any]:
    low, high = wilson(sum(passed), len(passed))
    return {"passed": sum(passed), "n": len(passed), "accuracy": sum(passed) / len(passed), "interval": [low, high]}


def _table(figures: dict[str, Any]) -> list[tuple[str, ...]]:
    shown = {"all tasks": figures["tasks"]} | {f"  {kind}": rate for kind, rate in figures["by_task"].items()}
    shown |= {"all checks": figures["checks"]} | {f"  {kind}": rate for kind, rate in figures["by_check"].items()}
    rows: list[tuple[str, ...]] = [("", "passed", "of", "%", "95% interval")]
    for name, rate in shown.items():
        low, high = rate["interval"]
        share = f"{100 * rate['accuracy']:.2f}"
        rows.append((name, str(rate["passed"]), str(rate["n"]), share, f"{100 * low:.1f} to {100 * high:.1f}"))
    return rows
