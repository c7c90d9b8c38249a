"""What an answer is worth: its checks, weighted, times the gates that every answer must pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from towerplus.errors import UserError
from towerplus.records import Check, Task
from towerplus.verify import find, verify


@dataclass(frozen=True, slots=True)
class Reward:
    """`value` in 0..1; `checks` has the score of each kind of check and gate (the mean where a task has several)."""

    value: float
    passed: bool
    checks: dict[str, float]


def reward(
    response: str,
    task: Task,
    gates: Sequence[str] = (),
    weights: Mapping[str, float] | None = None,
    partial: float = 1.0,
) -> Reward:
    """1 for an answer that passes all checks of its task; `partial` times the weighted mean of their scores otherwise.
    Times the score of each gate.

    Args:
        partial: what a nearly right answer is worth, 0..1. Easy checks beside the one that matters earn most of the
            credit anyway, so small values make the difference between passing and failing stand out.
        gates: kinds of checks without arguments.
        weights: kind of check -> weight; 1 for kinds that are not named.

    Raises UserError for a task without checks: it cannot be rewarded.
    """
    if not task.checks:
        raise UserError("a task without checks cannot be rewarded", task.kind)
    weights = weights or {}
    total = weight = 0.0
    passed = True
    scores: dict[str, list[float]] = defaultdict(list)
    for check in task.checks:
        verdict = verify(check, response, task)
        share = weights.get(check.kind, 1.0)
        total, weight = total + share * verdict.score, weight + share
        passed &= verdict.passed
        scores[check.kind].append(verdict.score)
    if weight <= 0:
        raise UserError("the weights of all its checks are 0", task.kind)
    value = 1.0 if passed else partial * total / weight
    for gate in gates:
        verdict = verify(Check(gate), response, task)
        value, passed = value * verdict.score, passed and verdict.passed
        scores[gate].append(verdict.score)
    return Reward(value, passed, {kind: fmean(found) for kind, found in scores.items()})


def rewards(
    responses: Sequence[str],
    task: Task,
    gates: Sequence[str] = (),
    weights: Mapping[str, float] | None = None,
    partial: float = 1.0,
) -> list[Reward]:
    """The rewards of several answers to one task; equal answers are judged once."""
    judged = {text: reward(text, task, gates, weights, partial) for text in dict.fromkeys(responses)}
    return [judged[text] for text in responses]


def check_means(found: Iterable[Reward]) -> dict[str, float]:
    """Mean score of each kind of check over the answers that it applies to, to be logged."""
    scores: dict[str, list[float]] = defaultdict(list)
    for item in found:
        for kind, score in item.checks.items():
            scores[kind].append(score)
    return {kind: fmean(scores[kind]) for kind in sorted(scores)}


def require_checks(tasks: Iterable[Task], gates: Sequence[str]) -> None:
    """Raise UserError for an unknown kind of check, or one with wrong arguments, before training and not in its middle:
    tries one task of each kind."""
    for kind in gates:
        find(kind)
    for task in {task.kind: task for task in tasks}.values():
        reward("x", task, gates)
