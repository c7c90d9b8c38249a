"""The Pareto frontier between two figures, and how sure it is: P(on frontier) from a joint bootstrap over items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from towerplus.errors import UserError
from towerplus.evaluate.statistics import LEVEL, RESAMPLES, Estimate, Score, interval, replicates


@dataclass(frozen=True, slots=True)
class Axis:
    """One figure of every system on the same items: statistics (n, k) a system, their score, the items' clusters."""

    statistics: Mapping[str, np.ndarray]
    score: Score
    cluster: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A system in the plane; `probability` is the share of resamples in which no other system dominates it."""

    name: str
    translation: Estimate
    general: Estimate
    on_frontier: bool
    probability: float


def undominated(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Which points no other point dominates, more being better: (..., systems) twice -> (..., systems) bool.

    A point dominates another if it is at least as good in both figures and better in one; equal points stay.
    """
    ahead_x, ahead_y = x[..., :, None] >= x[..., None, :], y[..., :, None] >= y[..., None, :]
    better = (x[..., :, None] > x[..., None, :]) | (y[..., :, None] > y[..., None, :])
    return np.asarray(~(ahead_x & ahead_y & better).any(axis=-2))


def frontier(
    translation: Axis, general: Axis, *, resamples: int = RESAMPLES, seed: int = 0, level: float = LEVEL
) -> list[Point]:
    """Every system with both figures, in the order of `translation`.

    In each resample all systems are seen on the same drawn items; the items of the two axes are drawn independently.
    """
    names = list(translation.statistics)
    if set(names) != set(general.statistics):
        raise UserError("the frontier needs both figures of every system")
    if not names:
        return []
    drawn, estimates = [], []
    for i, axis in enumerate((translation, general)):
        common: dict[str, Any] = {"cluster": axis.cluster, "resamples": resamples, "seed": seed + 7919 * i}
        resampled = [replicates(axis.statistics[name], axis.score, **common) for name in names]
        drawn.append(np.stack(resampled, axis=-1))
        estimates.append([interval(axis.statistics[name], axis.score, level=level, **common) for name in names])
    probability = undominated(*drawn).mean(axis=0)
    here = undominated(*(np.array([estimate.value for estimate in column]) for column in estimates))
    return [
        Point(name, estimates[0][i], estimates[1][i], bool(here[i]), float(probability[i]))
        for i, name in enumerate(names)
    ]
