"""How sure a figure is: bootstrap over items, Wilson's interval, Holm's correction.

Everything stands on *sufficient statistics*: a row of counts an item whose sum decides the figure (for a mean: value
and 1; for chrF and BLEU: see `towerplus.metrics`). A resample is a weight an item, so all resamples together are one
matrix product. Items that share a source are resampled together (`cluster`). The same seed gives the same resamples
for every figure on the same clusters, which is what pairs two stages.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from statistics import NormalDist

import numpy as np

from towerplus.errors import UserError

#: (..., k) sums of statistics -> (...) figures
Score = Callable[[np.ndarray], np.ndarray]
RESAMPLES = 1000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure (or a difference of two) with its interval; `p` is two-sided, against zero, for differences only."""

    value: float
    low: float
    high: float
    n: int
    p: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One seed's items before and after: statistics (n, k) each, row by row the same items, and their clusters."""

    before: np.ndarray
    after: np.ndarray
    cluster: Sequence[Hashable] | None = None


def mean_statistics(values: Sequence[float] | np.ndarray) -> np.ndarray:
    """The statistics of a mean, (n, 2): value and 1."""
    column = np.asarray(values, dtype=np.float64)
    return np.stack([column, np.ones_like(column)], axis=1)


def mean(statistics: np.ndarray) -> np.ndarray:
    """The Score of `mean_statistics`; nan where nothing was counted."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(statistics)[..., 0] / np.asarray(statistics)[..., 1]


@lru_cache(maxsize=2)
def weights(clusters: int, resamples: int, seed: int) -> np.ndarray:
    """How often each cluster is drawn in each resample, (resamples, clusters) float64; rows sum to `clusters`.

    The draws are those of sacrebleu's paired bootstrap, so its figures can be reproduced to the digit.
    """
    drawn = np.random.default_rng(seed).integers(0, clusters, size=(resamples, clusters))
    drawn += clusters * np.arange(resamples)[:, None]
    counted = np.bincount(drawn.ravel(), minlength=resamples * clusters).reshape(resamples, clusters)
    result = counted.astype(np.float64)
    result.flags.writeable = False  # it is cached
    return result


def by_cluster(statistics: np.ndarray, cluster: Sequence[Hashable] | None) -> np.ndarray:
    """Statistics summed within clusters, in the order in which clusters first appear: (clusters, k)."""
    if cluster is None:
        return np.asarray(statistics, dtype=np.float64)
    if len(cluster) != len(statistics):
        raise UserError(f"{len(statistics)} items but {len(cluster)} clusters")
    ranks: dict[Hashable, int] = {}
    code = np.array([ranks.setdefault(name, len(ranks)) for name in cluster], dtype=np.int64)
    sums = np.zeros((len(ranks), statistics.shape[1]))
    np.add.at(sums, code, statistics)
    return sums


def replicates(
    statistics: np.ndarray,
    score: Score,
    *,
    cluster: Sequence[Hashable] | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> np.ndarray:
    """The figure in each resample of the items, shape (resamples,)."""
    if not len(statistics):
        raise UserError("no items to resample")
    sums = by_cluster(statistics, cluster)
    return score(weights(len(sums), resamples, seed) @ sums)


def interval(
    statistics: np.ndarray,
    score: Score,
    *,
    cluster: Sequence[Hashable] | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
    level: float = LEVEL,
) -> Estimate:
    """A figure with its percentile bootstrap interval (Efron 1979)."""
    drawn = replicates(statistics, score, cluster=cluster, resamples=resamples, seed=seed)
    return Estimate(float(score(statistics.sum(axis=0))), *_percentiles(drawn, level), len(statistics))


def paired(
    before: np.ndarray,
    after: np.ndarray,
    score: Score,
    *,
    cluster: Sequence[Hashable] | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
    level: float = LEVEL,
) -> Estimate:
    """The difference after - before on the same items, by paired bootstrap (Koehn 2004)."""
    comparison = Comparison(before, after, cluster)
    return pooled([comparison], score, resamples=resamples, seed=seed, level=level)


def pooled(
    comparisons: Sequence[Comparison],
    score: Score,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    level: float = LEVEL,
) -> Estimate:
    """The difference averaged over training seeds, with each seed's items resampled within it.

    The interval tells of new items for these trained models, not of new training runs; show the differences of the
    seeds beside it.
    """
    if not comparisons:
        raise UserError("nothing to compare")
    value, drawn, items = 0.0, np.zeros(resamples), 0
    for i, one in enumerate(comparisons):
        if one.before.shape != one.after.shape:
            raise UserError(f"{len(one.before)} items before, {len(one.after)} after: a paired test needs the same")
        # items of different seeds are resampled apart; the first stream is the one `interval` uses
        resampled = partial(
            replicates, score=score, cluster=one.cluster, resamples=resamples, seed=seed + 1_000_003 * i
        )
        drawn += resampled(one.after) - resampled(one.before)
        value += float(score(one.after.sum(axis=0)) - score(one.before.sum(axis=0)))
        items += len(one.after)
    value, drawn = value / len(comparisons), drawn / len(comparisons)
    return Estimate(value, *_percentiles(drawn, level), items, p_value(value, drawn))


def p_value(value: float, drawn: np.ndarray) -> float:
    """Two-sided p of a difference against zero: how often a resample lies further from the mean of the resamples than
    `value` does from zero (Riezler and Maxwell 2005), never 0."""
    finite = drawn[np.isfinite(drawn)]
    beyond = np.abs(finite - finite.mean()) >= abs(value) - 1e-12 if len(finite) else finite
    return float((beyond.sum() + 1) / (len(finite) + 1))


def _percentiles(drawn: np.ndarray, level: float) -> tuple[float, float]:
    low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def wilson(passed: float, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's (1927) score interval of a rate; unlike the bootstrap it has a width at 0 and at 1."""
    if n <= 0 or not 0 <= passed <= n:
        raise UserError(f"{passed} of {n} is no rate")
    z = NormalDist().inv_cdf((1 + level) / 2)
    rate, shrink = passed / n, 1 + z * z / n
    centre = (rate + z * z / (2 * n)) / shrink
    half = z / shrink * np.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    low = 0.0 if passed == 0 else float(centre - half)
    high = 1.0 if passed == n else float(centre + half)
    return low, high


def holm(p_values: Sequence[float]) -> np.ndarray:
    """p-values adjusted for their number (Holm 1979): those at most alpha stay so with family-wise error alpha."""
    raw = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(raw, kind="stable")
    stepped = np.maximum.accumulate((len(raw) - np.arange(len(raw))) * raw[order])
    result = np.empty_like(raw)
    result[order] = np.minimum(stepped, 1.0)
    return result
