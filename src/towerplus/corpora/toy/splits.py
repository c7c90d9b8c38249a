"""Who may see which meaning: train, dev and test share none.

The split hangs on a hash of the meaning alone, not on the seed or on the order of drawing, so that no two worlds ever
mix them. What is hashed is coarse (see `meaning.core`): what any locale says with the same words falls into one split.
"""

from __future__ import annotations

from typing import Literal

from towerplus.corpora.toy.language.meaning import Meaning, core

Split = Literal["train", "dev", "test"]
#: share of all meanings in percent
_DEV, _TEST = 6, 14


def split_of(meaning: Meaning) -> Split:
    """The split that owns `meaning`."""
    return split_of_key(core(meaning))


def split_of_key(key: str) -> Split:
    """The split that owns the meaning of `key`, which begins with its core."""
    place = int(key[:16], 16) % 100
    if place < _TEST:
        return "test"
    return "dev" if place < _TEST + _DEV else "train"
