"""General tasks, constraints and judgements: an answer passes when every check of its task does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from towerplus.records import Task
from towerplus.verify import verify_all


def score(tasks: Sequence[Task], responses: Sequence[str], data: Path) -> list[dict[str, Any]]:
    """Item columns of each answer: all checks must pass; the score is the mean over the checks."""
    items = []
    for task, response in zip(tasks, responses, strict=True):
        verdicts = verify_all(response, task)
        items.append(
            {
                "passed": all(v.passed for v in verdicts),
                "score": sum(v.score for v in verdicts) / max(len(verdicts), 1),
                "verdicts": [
                    {"kind": c.kind, "passed": v.passed, "score": round(v.score, 4), "reason": v.reason}
                    for c, v in zip(task.checks, verdicts, strict=True)
                ],
            }
        )
    return items
