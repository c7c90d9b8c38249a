"""Rows that hold benchmark text. Benchmarks come as hash sets (`text.hashing.leak_hashes`), not as texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from towerplus.curate.rows import any_of, mark, texts
from towerplus.text.hashing import leaks, load_set

REASON_LEAK = "benchmark"


class Decontamination:
    """A step that marks rows of which a text is a benchmark's text, case and punctuation aside, or shares 13 words in a
    row with one. The sets stay on disk, memory-mapped."""

    def __init__(self, paths: Sequence[str | Path]):
        self._sets = [load_set(Path(path)) for path in paths]

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        every, parents = texts(batch)
        flags = np.zeros(len(every), bool)
        for known in self._sets:
            flags |= leaks(every, known)
        return mark(batch, any_of(flags, parents, len(batch)), REASON_LEAK)
