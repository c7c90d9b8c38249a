"""A key-value cache with one slot a row, allocated once: rows start, end and move without copying the others."""

from __future__ import annotations

import numpy as np
import torch
from transformers import Cache, DynamicCache


class SlotCache(Cache):
    """Keys and values of up to `rows` sequences of up to `length` tokens: token t of a row lies at t of its slot.

    A forward pass over one new token of each of the first rows writes it at `positions` (rows,) and returns `width`
    tokens of each slot; which of them belong to the row is for the attention mask to say.
    """

    def __init__(self, rows: int, length: int):
        super().__init__(layers=[])
        self.rows, self.length = rows, length
        self.keys: dict[int, torch.Tensor] = {}
        self.values: dict[int, torch.Tensor] = {}
        self.expect(torch.zeros(0, dtype=torch.long), 0)

    def expect(self, positions: torch.Tensor, width: int) -> None:
        """What the coming forward pass writes and sees: the same for every layer."""
        self.positions, self.width = positions, width
        self.slots = torch.arange(len(positions), device=positions.device)

    def _layer(self, index: int, keys: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The slots of a layer, allocated when its first keys (rows, heads, tokens, size) show their shape."""
        if index not in self.keys:
            for kept, new in ((self.keys, keys), (self.values, values)):
                kept[index] = new.new_zeros(self.rows, new.shape[1], self.length, new.shape[3])
        return self.keys[index], self.values[index]

    def update(self, key_states, value_states, layer_idx, *args, **kwargs):
        """Write one token a row, (rows, heads, 1, size); return views (rows, heads, width, size)."""
        keys, values = self._layer(layer_idx, key_states, value_states)
        live = len(self.positions)
        keys[self.slots, :, self.positions] = key_states[:, :, 0]
        values[self.slots, :, self.positions] = value_states[:, :, 0]
        return keys[:live, :, : self.width], values[:live, :, : self.width]

    def admit(self, prefill: DynamicCache, prompts: torch.Tensor, start: int) -> None:
        """Copy prompts into the slots from `start` on; `prompts` names each slot's row of `prefill`."""
        for index, layer in enumerate(prefill.layers):
            slots = slice(start, start + len(prompts))
            for kept, new in zip(self._layer(index, layer.keys, layer.values), (layer.keys, layer.values), strict=True):
                kept[slots, :, : new.shape[2]] = new[prompts]

    def move(self, source: np.ndarray, target: np.ndarray, width: int) -> None:
        """Copy the first `width` tokens of the slots `source` over the slots `target`."""
        for kept in (*self.keys.values(), *self.values.values()):
            kept[target, :, :width] = kept[source, :, :width]
