"""The tensors of one forward pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Batch:
    """B rows of L tokens that hold S sequences (documents, conversations, answers), and which tokens to predict.

    A padded row holds one sequence, padding last: causal attention never looks there, so it needs no mask. A packed
    row holds several; `position_ids` restart at 0 for each, which is what keeps them from seeing one another (`head`).

    Attributes:
        input_ids: (B, L) int64.
        labels_mask: (B, L) bool, True where ``input_ids[b, t]`` is to be predicted from what comes before it.
        position_ids: (B, L) int64 for packed rows, None for padded ones.
        segments: (B, L) int64 for packed rows: the sequence each token belongs to, 0..S-1 over the whole batch in
            row-major order (padding may carry any number). None for padded rows: sequence b is row b, S = B.
        ids: (S,) int64, which example each sequence is; optional.

    Raises ValueError where a label could only be predicted from nothing or from another sequence.
    """

    input_ids: Tensor
    labels_mask: Tensor
    position_ids: Tensor | None = None
    segments: Tensor | None = None
    ids: Tensor | None = None

    def __post_init__(self) -> None:
        if (self.position_ids is None) != (self.segments is None):
            raise ValueError("packed rows need both position_ids and segments")
        for item in ("labels_mask", "position_ids", "segments"):
            value = getattr(self, item)
            if value is not None and value.shape != self.input_ids.shape:
                raise ValueError(f"{item} has shape {tuple(value.shape)}, input_ids {tuple(self.input_ids.shape)}")
        if self.input_ids.device.type != "cpu":
            return  # checked when it was made; looking again would stall the GPU
        first = torch.zeros_like(self.labels_mask)
        first[:, :1] = True
        if self.position_ids is not None:
            first |= self.position_ids == 0
        if (self.labels_mask & first).any():
            raise ValueError("the first token of a sequence is labelled, but nothing before it can predict it")

    @property
    def packed(self) -> bool:
        return self.segments is not None

    @property
    def labels(self) -> int:
        """The number of labelled tokens."""
        return int(self.labels_mask.sum())

    @property
    def sequences(self) -> int:
        """S, the number of sequences."""
        if self.segments is None:
            return len(self.input_ids)
        return len(self.ids) if self.ids is not None else int(self.segments.max()) + 1

    def to(self, device: torch.device | str) -> Batch:
        """The same batch on `device`."""

        def move(value: Any) -> Any:
            return value if value is None else value.to(device, non_blocking=True)

        return Batch(*(move(getattr(self, item.name)) for item in fields(self)))


def pad_rows(
    tokens: Sequence[Sequence[int]], labels: Sequence[Sequence[bool]], ids: Sequence[int] | None = None, pad: int = 0
) -> Batch:
    """One row a sequence, padded on the right with `pad` to the longest."""
    return Batch(
        _rectangle(tokens, pad), _rectangle(labels, False).bool(), ids=None if ids is None else torch.tensor(ids)
    )


def pack_rows(
    rows: Sequence[Sequence[tuple[Sequence[int], Sequence[bool]]]], ids: Sequence[int] | None = None, pad: int = 0
) -> Batch:
    """Rows of several sequences, each `(tokens, labels)`; `ids` run over all sequences in order."""
    tokens, labels, positions, segments, count = [], [], [], [], 0
    for row in rows:
        tokens.append([t for sequence, _ in row for t in sequence])
        labels.append([t for _, marks in row for t in marks])
        positions.append([t for sequence, _ in row for t in range(len(sequence))])
        segments.append([count + i for i, (sequence, _) in enumerate(row) for _ in sequence])
        count += len(row)
    return Batch(
        _rectangle(tokens, pad),
        _rectangle(labels, False).bool(),
        _rectangle(positions, 0),  # each padding token is a sequence of its own: it sees itself alone, never nothing
        _rectangle(segments, 0),
        None if ids is None else torch.tensor(ids),
    )


def _rectangle(rows: Sequence[Sequence[int]], fill: int) -> Tensor:
    length = max(map(len, rows), default=0)
    return torch.tensor([[*row, *[fill] * (length - len(row))] for row in rows], dtype=torch.int64)
