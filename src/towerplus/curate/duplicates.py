"""Exact duplicates, by a 64-bit hash of the normal form of a row's texts, across all batches of a file."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa

from towerplus.curate.rows import is_pair, joined, mark, message_columns, reasons
from towerplus.text.hashing import combine, contained, exact_hashes

REASON_DUPLICATE = "duplicate"
_IN_MEMORY = 1 << 22  # hashes (32 MiB); longer runs live on disk, memory-mapped
_CHUNK = 1 << 18


def row_hashes(batch: pa.RecordBatch) -> np.ndarray:
    """One hash a row (uint64): equal where all texts and locales are equal, white space and Unicode form aside."""
    if columns := message_columns(batch):
        return combine(*(exact_hashes(joined(batch, name)) for name in columns))
    columns = ["source", "target", "source_locale", "target_locale"] if is_pair(batch) else ["text", "locale"]
    return combine(*(exact_hashes(batch.column(name)) for name in columns))


class Seen:
    """A growing set of uint64 hashes in memory that does not grow.

    Hashes are kept in sorted runs, each at least twice as long as the next (a log-structured merge tree, O'Neil et al.
    1996). Runs of more than `in_memory` hashes are memory-mapped files in `folder`: 8 bytes a hash on disk.
    """

    def __init__(self, folder: Path, in_memory: int = _IN_MEMORY):
        self._folder, self._in_memory, self._made = folder, in_memory, 0
        self._runs: list[np.ndarray] = []

    def add(self, hashes: np.ndarray) -> np.ndarray:
        """For each hash, whether it is new: in no earlier call, and the first of its kind in this one."""
        unique, first = np.unique(hashes, return_index=True)
        known = np.zeros(len(unique), bool)
        for run in self._runs:
            known |= contained(unique, run)
        new = np.zeros(len(hashes), bool)
        new[first[~known]] = True
        if not known.all():
            self._runs.append(unique[~known])
        while len(self._runs) > 1 and len(self._runs[-2]) < 2 * len(self._runs[-1]):
            last, before = self._runs.pop(), self._runs.pop()
            self._runs.append(self._merge(before, last))
        return new

    def __len__(self) -> int:
        return sum(len(run) for run in self._runs)

    def _merge(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Two sorted runs as one, a chunk at a time."""
        size = len(one) + len(other)
        merged: np.ndarray
        if size <= self._in_memory:
            merged = np.empty(size, np.uint64)
        else:
            self._made += 1
            path = self._folder / f"{self._made}.npy"
            merged = np.lib.format.open_memmap(path, mode="w+", dtype=np.uint64, shape=(size,))
        i = j = 0
        while i + j < size:
            # everything up to the smaller of the two chunks' ends can be put in order now
            ends = [run[min(at + _CHUNK, len(run)) - 1] for run, at in ((one, i), (other, j)) if at < len(run)]
            k, m = (int(np.searchsorted(run, min(ends), side="right")) for run in (one, other))
            merged[i + j : k + m] = np.sort(np.concatenate([one[i:k], other[j:m]]))
            i, j = k, m
        for run in (one, other):
            if isinstance(run, np.memmap):
                Path(str(run.filename)).unlink()
        return merged


class Duplicates:
    """A step that marks rows whose text has been seen in a row that was kept. `with` removes its files."""

    def __init__(self, in_memory: int = _IN_MEMORY):
        self._folder = tempfile.TemporaryDirectory(prefix="towerplus-")
        self._seen = Seen(Path(self._folder.name), in_memory)

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        kept = np.flatnonzero(reasons(batch).to_numpy(zero_copy_only=False) == "")
        drop = np.zeros(len(batch), bool)
        drop[kept] = ~self._seen.add(row_hashes(batch)[kept])
        return mark(batch, drop, REASON_DUPLICATE)

    def __enter__(self) -> Duplicates:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()
