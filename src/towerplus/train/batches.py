"""The order of training data: which examples make which forward pass, fixed by the seed before training starts.

A batch is a pure function of (seed, index), so a run that resumes sees the batches it would have seen.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np
import torch

from towerplus.errors import UserError
from towerplus.train.batch import Batch
from towerplus.train.encode import Examples

#: examples sorted by length together. More: less padding, but batches of the whole run in a few lengths each
WINDOW = 8192


class Plan:
    """Batches of a mixture of sources, each with a budget of tokens.

    Every source is gone through in seeded permutations, again from the start when it runs out, until its budget is
    filled; then all are shuffled together. Padded rows: within windows of the shuffled order, examples of like length
    share a batch of at most `batch_tokens` cells, padding included (an example longer than that is a batch alone).
    Packed rows: within windows, examples are placed best-fit-decreasing into rows of `pack_length`, and
    ``batch_tokens // pack_length`` rows (at least one) make a batch. The batches are shuffled.

    Attributes:
        tokens: source -> tokens of its examples in the plan.
        epochs: source -> how many times it is gone through.
        padding: share of the cells of all batches that hold padding.
        labels: (batches,) labelled tokens of each batch.
    """

    def __init__(
        self,
        sources: Mapping[str, Examples],
        budgets: Mapping[str, int],
        seed: int,
        batch_tokens: int,
        pack_length: int | None = None,
        pad: int = 0,
    ):
        self.pack_length, self.pad = pack_length, pad
        self.examples = Examples.join([sources[name] for name in budgets])
        self.tokens: dict[str, int] = {}
        self.epochs: dict[str, float] = {}
        chosen, first = [], 0
        for name, budget in budgets.items():
            source = sources[name]
            if budget > 0:
                picked = _fill(source.lengths, budget, name, seed)
                chosen.append(picked + first)
                self.tokens[name] = int(source.lengths[picked].sum())
                self.epochs[name] = round(len(picked) / len(source), 3)
            first += len(source)
        if not chosen:
            raise UserError("a token budget of 0 leaves nothing to train on", "tokens")
        order = np.concatenate(chosen)
        random = np.random.default_rng([seed, 1])
        random.shuffle(order)
        lengths = self.examples.lengths
        if pack_length is not None and lengths[order].max() > pack_length:
            raise ValueError(f"an example of {lengths[order].max()} tokens does not fit into rows of {pack_length}")
        groups: list[np.ndarray] = []
        rows: list[np.ndarray] = []
        for start in range(0, len(order), WINDOW):
            window = order[start : start + WINDOW]
            if pack_length is None:
                groups += _buckets(window, lengths, batch_tokens)
            else:
                rows += _best_fit(window, lengths, pack_length)
        if pack_length is None:
            self._batches = [[group] for group in groups]
            cells = sum(len(group) * int(lengths[group].max()) for group in groups)
        else:
            random.shuffle(rows)
            height = max(1, batch_tokens // pack_length)
            self._batches = [rows[i : i + height] for i in range(0, len(rows), height)]
            cells = sum(len(some) * max(int(lengths[row].sum()) for row in some) for some in self._batches)
        random.shuffle(self._batches)
        self.padding = 1 - int(lengths[order].sum()) / cells
        marks = np.add.reduceat(self.examples.labelled, self.examples.offsets[:-1], dtype=np.int64)
        self.labels = np.array([sum(int(marks[row].sum()) for row in some) for some in self._batches])

    def __len__(self) -> int:
        """The number of batches."""
        return len(self._batches)

    def steps(self, accumulate: int = 1) -> int:
        """Optimiser steps of `accumulate` batches each; the last may have fewer."""
        return -(-len(self) // accumulate)

    def parts(self, step: int, accumulate: int = 1) -> range:
        """The batches of a step."""
        return range(step * accumulate, min((step + 1) * accumulate, len(self)))

    def batch(self, index: int) -> Batch:
        """Batch `index`, on the CPU; `ids` number the examples of all sources in the order of the budgets."""
        rows, (tokens, offsets) = self._batches[index], (self.examples.tokens, self.examples.offsets)
        if self.pack_length is None:
            rows = [[example] for example in rows[0].tolist()]
        shape = len(rows), max(int(sum(offsets[e + 1] - offsets[e] for e in row)) for row in rows)
        ids = np.full(shape, self.pad, np.int64)
        labelled = np.zeros(shape, bool)
        positions, segments = (
            (np.zeros(shape, np.int64), np.zeros(shape, np.int64)) if self.pack_length else (None, None)
        )
        count = 0
        for r, row in enumerate(rows):
            at = 0
            for example in row:
                start, stop = offsets[example], offsets[example + 1]
                span = slice(at, at + stop - start)
                ids[r, span] = tokens[start:stop]
                labelled[r, span] = self.examples.labelled[start:stop]
                if positions is not None:
                    positions[r, span] = np.arange(stop - start)
                    segments[r, span] = count
                at, count = span.stop, count + 1
        packed = () if positions is None else (torch.from_numpy(positions), torch.from_numpy(segments))
        examples = torch.tensor([int(example) for row in rows for example in row])
        return Batch(torch.from_numpy(ids), torch.from_numpy(labelled), *(packed or (None, None)), examples)


def _fill(lengths: np.ndarray, budget: int, name: str, seed: int) -> np.ndarray:
    """Examples, in whole permutations and the beginning of one more, until their tokens reach `budget`."""
    if not len(lengths):
        raise UserError(f"there is no data of kind {name!r}, but the recipe gives it a share", name)
    epochs = -(-budget // int(lengths.sum()))
    # the name's own stream, so that a source's order does not depend on what else is in the mixture
    random = np.random.default_rng([seed, zlib.crc32(name.encode())])
    order = np.concatenate([random.permutation(len(lengths)) for _ in range(epochs)])
    return order[: int(np.searchsorted(np.cumsum(lengths[order]), budget)) + 1]


def _buckets(window: np.ndarray, lengths: np.ndarray, batch_tokens: int) -> list[np.ndarray]:
    """The window sorted by length and cut where one more row would make a batch too large."""
    window = window[np.argsort(lengths[window], kind="stable")]
    cuts, first = [], 0
    for place, length in enumerate(lengths[window].tolist()):
        if place > first and (place - first + 1) * length > batch_tokens:
            cuts.append(place)
            first = place
    return np.split(window, cuts)


def _best_fit(window: np.ndarray, lengths: np.ndarray, capacity: int) -> list[np.ndarray]:
    """Best-fit decreasing: the longest first, each into the fullest row that still has room for it."""
    window = window[np.argsort(-lengths[window], kind="stable")]
    rows: list[list[int]] = []
    with_room: list[list[int]] = [[] for _ in range(capacity + 1)]  # room left -> rows
    occupied = 0  # bit r: some row has exactly r tokens of room
    for example, length in zip(window.tolist(), lengths[window].tolist(), strict=True):
        if fitting := occupied >> length:
            room = length + (fitting & -fitting).bit_length() - 1
            row = with_room[room].pop()
            if not with_room[room]:
                occupied &= ~(1 << room)
            rows[row].append(example)
        else:
            room, row = capacity, len(rows)
            rows.append([example])
        with_room[room - length].append(row)
        occupied |= 1 << (room - length)
    return [np.array(row) for row in rows]
