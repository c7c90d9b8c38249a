"""Who may see which meaning: train, dev and test share none.

The split hangs on a hash of the meaning alone, not on the seed or on the order of drawing, so that no two worlds ever
mix them. The key is coarse (see `meaning.key`): what any locale says with the same words falls into one split.
"""

from __future__ import annotations

from typing import Literal

from towerplus.corpora.toy.language.meaning import Meaning, key

Split = Literal["train", "dev", "test"]
#: share of all meanings in percent
_DEV, _TEST = 6, 14


def split_of(meaning: Meaning) -> Split:
    """The split that owns `meaning`."""
    place = int(key(meaning), 16) % 100
    if place < _TEST:
        return "test"
    return "dev" if place < _TEST + _DEV else "train"
