"""64-bit hashes of texts and of their word n-grams: how duplicates and benchmark leaks are found.

A set of hashes is a sorted array of uint64, on disk a `.npy` file. Two different texts share a hash with probability
2^-64: among a thousand million texts a clash is expected 0.03 times.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from towerplus.errors import UserError
from towerplus.text import arrays

#: words of the n-grams by which benchmark text is recognised inside longer text (GPT-3, arXiv 2005.14165, appendix C)
LEAK_NGRAM = 13
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def _hash_each(texts: pa.Array) -> np.ndarray:
    hashes = [hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts.to_pylist()]
    return np.frombuffer(b"".join(hashes), dtype="<u8").astype(np.uint64)


def _mix(values: np.ndarray) -> np.ndarray:
    """The finaliser of splitmix64 (Steele et al. 2014): every input bit moves every output bit."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def exact_hashes(texts: Sequence[str] | pa.Array) -> np.ndarray:
    """A uint64 for each text's normal form (NFC, white space): equal for texts that a reader cannot tell apart."""
    return _hash_each(arrays.normalise(texts))


def content_hashes(texts: Sequence[str] | pa.Array) -> np.ndarray:
    """A uint64 for each text's words (`arrays.skeleton`): equal whatever the case, punctuation and spacing."""
    return _hash_each(arrays.skeleton(texts))


def combine(*columns: np.ndarray) -> np.ndarray:
    """One uint64 a row from several; the order of the columns matters."""
    total = np.zeros(len(columns[0]), np.uint64)
    for column in columns:
        total = _mix(total * _MULTIPLIER + column)
    return total


def word_hashes(texts: Sequence[str] | pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """A uint64 for each word of each text, flat, and the offsets (n + 1) at which each text's words begin."""
    flat, offsets = arrays.words(texts)
    encoded = pc.dictionary_encode(flat)  # most words are repeated: hash each once
    return _hash_each(encoded.dictionary)[encoded.indices.to_numpy()], offsets


def ngram_hashes(texts: Sequence[str] | pa.Array, n: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """A uint64 for each run of `n` words, flat, and offsets (rows + 1); a text of fewer words has none."""
    hashes, offsets = word_hashes(texts)
    lengths = np.maximum(np.diff(offsets) - n + 1, 0)
    rolled = np.zeros(max(len(hashes) - n + 1, 0), np.uint64)
    for shift in range(n):
        rolled = rolled * _MULTIPLIER + hashes[shift : shift + len(rolled)]
    starts = np.repeat(offsets[:-1], lengths) + _ranges(lengths)
    return _mix(rolled[starts]), np.concatenate([[0], np.cumsum(lengths)])


def _ranges(lengths: np.ndarray) -> np.ndarray:
    """0..k-1 for each k of `lengths`, end to end."""
    return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def leak_hashes(texts: Sequence[str] | pa.Array) -> np.ndarray:
    """The hash set by which `texts` (a benchmark) are recognised: their contents and their 13-grams."""
    return np.unique(np.concatenate([content_hashes(texts), ngram_hashes(texts, LEAK_NGRAM)[0]]))


def leaks(texts: Sequence[str] | pa.Array, known: np.ndarray) -> np.ndarray:
    """For each text, whether it is one of those that made `known` (`leak_hashes`) or shares 13 words in a row."""
    grams, offsets = ngram_hashes(texts, LEAK_NGRAM)
    hits = np.concatenate([[0], np.cumsum(contained(grams, known))])
    return contained(content_hashes(texts), known) | (hits[offsets[1:]] > hits[offsets[:-1]])


def contained(hashes: np.ndarray, known: np.ndarray) -> np.ndarray:
    """For each hash, whether the sorted array `known` (it may be memory-mapped) holds it."""
    if not len(known):
        return np.zeros(len(hashes), bool)
    places = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    return known[places] == hashes


def save_set(path: Path, hashes: np.ndarray) -> None:
    """Write a hash set as `.npy`, sorted and without repetition."""
    with open(path, "wb") as file:
        np.save(file, np.unique(hashes.astype(np.uint64)))


def load_set(path: Path) -> np.ndarray:
    """A hash set written by `save_set`, memory-mapped; anything else raises UserError."""
    try:
        hashes = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise UserError("no such file", str(path)) from None
    except (ValueError, OSError, EOFError) as error:
        raise UserError(f"not a hash set (.npy): {error}", str(path)) from None
    if not isinstance(hashes, np.ndarray) or hashes.dtype != np.uint64 or hashes.ndim != 1:
        raise UserError("not a hash set: a sorted one-dimensional array of uint64 is needed", str(path))
    if np.any(hashes[1:] <= hashes[:-1]):
        raise UserError("not a hash set: its values are not sorted", str(path))
    return hashes
