"""Normal forms and words of Arrow arrays of texts, a batch at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# the same characters as `\s` of Python's re; RE2's own `\s` knows ASCII only
_SPACES = r"[\p{Z}\t-\r\x{1c}-\x{1f}\x{85}]+"
# scripts written without spaces: a character counts as a word
_UNSPACED = r"([\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])"
_NO_WORD = r"[^\p{L}\p{M}\p{N}]+"


def as_array(texts: Sequence[str] | pa.Array | pa.ChunkedArray) -> pa.Array:
    """`texts` as one large_string array without nulls (a null becomes an empty text)."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    array = texts if isinstance(texts, pa.Array) else pa.array(list(texts), pa.large_string())
    return pc.fill_null(array.cast(pa.large_string()), "")


def normalise(texts: Sequence[str] | pa.Array) -> pa.Array:
    """`normalise.normalise` of each text: NFC, white space collapsed and trimmed."""
    return pc.ascii_trim(
        pc.replace_substring_regex(pc.utf8_normalize(as_array(texts), form="NFC"), _SPACES, " "), characters=" "
    )


def skeleton(texts: Sequence[str] | pa.Array) -> pa.Array:
    """What is compared when text must be recognised: NFKC, lower case, words apart by one space, no punctuation.

    Every Chinese, Japanese, Thai, Lao, Khmer or Burmese character is a word of its own. A text without any letter or
    digit keeps its normal form, so that different runs of punctuation stay different.
    """
    plain = normalise(texts)
    lower = pc.utf8_lower(pc.utf8_normalize(plain, form="NFKC"))
    spaced = pc.replace_substring_regex(lower, _UNSPACED, r" \1 ")
    bare = pc.ascii_trim(pc.replace_substring_regex(spaced, _NO_WORD, " "), characters=" ")
    return pc.if_else(pc.equal(bare, ""), plain, bare)


def words(texts: Sequence[str] | pa.Array) -> tuple[pa.Array, np.ndarray]:
    """The words of each text's skeleton, all in one array, and the offsets (n + 1) at which each text's words begin."""
    split = pc.split_pattern(skeleton(texts), " ")
    flat, offsets = split.flatten(), split.offsets.to_numpy()
    offsets = offsets - offsets[0]
    filled = pc.not_equal(flat, "").to_numpy(zero_copy_only=False)  # an empty text splits into one empty word
    return flat.filter(pa.array(filled)), np.concatenate([[0], np.cumsum(filled)])[offsets]
