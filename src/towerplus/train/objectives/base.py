"""What every objective returns, and sums over sequences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from torch import Tensor


class Objective(NamedTuple):
    """One forward pass's part of a step.

    Attributes:
        loss: scalar to differentiate. Losses of the passes of one step add up.
        count: how many things `sums` add up over (tokens or pairs).
        sums: metrics, detached, each summed over `count` things.
    """

    loss: Tensor
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody misses
    sums: dict[str, Tensor]


def averages(parts: Iterable[Objective]) -> dict[str, float]:
    """The metrics of a step: means over all its forward passes, however unequal these are; {} for an empty step."""
    parts = list(parts)
    count = sum(part.count for part in parts)
    if not count:
        return {}
    return {name: sum(float(part.sums[name]) for part in parts) / count for name in parts[0].sums}


def sequence_sums(values: Tensor, sequence: Tensor, sequences: int) -> Tensor:
    """(S,) sums of the (T,) `values` over the tokens of each of `sequences` sequences."""
    return values.new_zeros(sequences).index_add(0, sequence, values)
