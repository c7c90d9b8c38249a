"""What a check is: a pure function of a response, its task and the check's arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from towerplus.records import Task


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a response passes, how nearly (`score` in 0..1, 1.0 exactly when passed), and why."""

    passed: bool
    score: float
    reason: str = ""


PASSED = Verdict(True, 1.0)


def failed(reason: str, score: float = 0.0) -> Verdict:
    """A verdict against the response; partial credit stays below 1."""
    return Verdict(False, min(max(score, 0.0), 0.999), reason)


CheckFunction = Callable[[str, Task, Mapping[str, Any]], Verdict]
