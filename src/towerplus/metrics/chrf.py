"""chrF (Popović 2015) and chrF++ (Popović 2017), equal to sacrebleu's (nc:6, beta 2, effective order, no whitespace).

The statistics of a corpus come from one sort of integers instead of string counters. Each place in a text becomes a
64-bit key: its segment, the ranks of the two trigrams that follow, its side. Sorted, the places that share their first
n characters are neighbours, for every n up to six at once. No hashing, so no collisions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import add

import numpy as np

from towerplus.metrics.base import Metric, References, paired

CHARACTER_ORDER = 6
BETA_SQUARED = 4
#: Characters counted at a time, one longer segment aside: the arrays stay near the cache, the keys within 63 bits
#: (17 for each trigram, 1 for the side, 28 for the segment).
CHUNK = 1 << 17
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


class ChrF(Metric):
    """Character n-gram F-score. Columns of the statistics: hypothesis, reference and matching n-grams, for each
    order (6 of characters, then `word_order` of words). With several references the best one of each segment."""

    name = "chrF"
    word_order = 0

    def settings(self) -> str:
        return f"case:mixed|eff:yes|nc:{CHARACTER_ORDER}|nw:{self.word_order}|space:no"

    def statistics(self, hypotheses: Sequence[str], references: References) -> np.ndarray:
        lists = paired(hypotheses, references)
        counts = np.array([len(entry) for entry in lists], dtype=np.int64)
        repeated = [hypothesis for hypothesis, entry in zip(hypotheses, lists, strict=True) for _ in entry]
        rows = self._of_pairs(repeated, [reference for entry in lists for reference in entry])
        if not (counts > 1).any():
            return rows
        # lexsort is stable: of several best references the first one counts, as in sacrebleu
        order = np.lexsort((-self.score(rows), np.repeat(np.arange(len(lists)), counts)))
        return rows[order[np.cumsum(counts) - counts]]

    def score(self, statistics: np.ndarray) -> np.ndarray:
        # Order by order as sacrebleu adds, so that rounding cannot pick another reference than it does
        triples = np.asarray(statistics, dtype=np.float64).reshape(*np.shape(statistics)[:-1], -1, 3)
        precision = recall = effective = np.zeros(triples.shape[:-2])
        for n in range(triples.shape[-2]):
            hypothesis, reference, match = triples[..., n, 0], triples[..., n, 1], triples[..., n, 2]
            counted = (hypothesis > 0) & (reference > 0)
            precision = precision + np.where(counted, match / np.maximum(hypothesis, 1), 0.0)
            recall = recall + np.where(counted, match / np.maximum(reference, 1), 0.0)
            effective = effective + counted
        precision, recall = precision / np.maximum(effective, 1), recall / np.maximum(effective, 1)
        any_match = precision + recall > 0
        denominator = np.where(any_match, BETA_SQUARED * precision + recall, 1.0)
        return 100 * ((1 + BETA_SQUARED) * precision * recall / denominator)

    def _of_pairs(self, hypotheses: Sequence[str], references: Sequence[str]) -> np.ndarray:
        """Statistics against one reference each, in chunks."""
        rows = np.empty((len(hypotheses), 3 * (CHARACTER_ORDER + self.word_order)), dtype=np.int64)
        for part in _chunks([len(h) + len(r) for h, r in zip(hypotheses, references, strict=True)]):
            texts = [*hypotheses[part], *references[part]]
            rows[part, : 3 * CHARACTER_ORDER] = _count(*_characters(texts), CHARACTER_ORDER)
            if self.word_order:
                rows[part, 3 * CHARACTER_ORDER :] = _count(*_words(texts), self.word_order)
        return rows


class ChrFPlusPlus(ChrF):
    """chrF with word unigrams and bigrams."""

    name = "chrF++"
    word_order = 2


def _chunks(lengths: Sequence[int]) -> Iterator[slice]:
    """Slices of neighbouring segments of at most CHUNK characters, or of one segment."""
    start, size = 0, 0
    for i, length in enumerate(lengths):
        if size + length > CHUNK and i > start:
            yield slice(start, i)
            start, size = i, 0
        size += length
    if lengths:
        yield slice(start, len(lengths))


def _characters(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The characters of all texts, whitespace aside, as ranks 1, 2, ... and the length of each text."""
    texts = ["".join(text.split()) for text in texts]
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    seen = np.zeros(int(codes.max(initial=0)) + 1, dtype=bool)
    seen[codes] = True
    return np.cumsum(seen)[codes], np.array([len(text) for text in texts], dtype=np.int64)


def _words(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The words of all texts as ranks 1, 2, ... and the number of words of each text."""
    ranks: dict[str, int] = {}
    lists = [_split(text) for text in texts]
    symbols = [ranks.setdefault(word, len(ranks) + 1) for words in lists for word in words]
    return np.array(symbols, dtype=np.int64), np.array([len(words) for words in lists], dtype=np.int64)


def _split(text: str) -> list[str]:
    """Words with one punctuation mark at the end, or else at the beginning, split off: "(hi)" gives "(hi" and ")"."""
    words = []
    for word in text.split():
        if len(word) > 1 and word[-1] in _PUNCTUATION:
            words += [word[:-1], word[-1]]
        elif len(word) > 1 and word[0] in _PUNCTUATION:
            words += [word[0], word[1:]]
        else:
            words.append(word)
    return words


def _count(symbols: np.ndarray, lengths: np.ndarray, orders: int) -> np.ndarray:
    """The n-gram counts of n hypotheses against n references: (n, 3 * orders).

    `symbols` (1, 2, ...) holds the texts end to end, hypotheses first; `lengths` (2n,) says how long each is.
    """
    segments = len(lengths) // 2
    counts = np.maximum(lengths - np.arange(orders)[:, None], 0)
    rows = np.zeros((segments, orders, 3), dtype=np.int64)
    # as in sacrebleu, an order that the reference is too short for does not count against the hypothesis
    rows[:, :, 0] = np.where(counts[:, segments:] > 0, counts[:, :segments], 0).T
    rows[:, :, 1] = counts[:, segments:].T
    if not len(symbols):
        return rows.reshape(segments, 3 * orders)

    # A zero after each text ends its n-grams
    text = np.repeat(np.arange(2 * segments), lengths)
    at = np.arange(len(symbols)) + text
    line = np.zeros(len(symbols) + 2 * segments + CHARACTER_ORDER, dtype=np.int64)
    line[at] = symbols
    width = int(line.max()).bit_length()
    trigrams, rank = np.unique(line[:-2] << 2 * width | line[1:-1] << width | line[2:], return_inverse=True)
    bits = (len(trigrams) - 1).bit_length()
    key = ((text % segments << bits | rank[at]) << bits | rank[at + 3]) << 1 | (text >= segments)
    key.sort()

    side, owner, low = key & 1, key >> 2 * bits + 1, (1 << bits) - 1
    six = (trigrams[key >> bits + 1 & low], trigrams[key >> 1 & low])
    first = np.concatenate(([True], owner[1:] != owner[:-1]))  # of the places that share an n-gram, so far of order 0
    alive = np.ones(len(key), dtype=bool)
    for n in range(orders):
        symbol = six[n // 3] >> width * (2 - n % 3) & (1 << width) - 1
        alive &= symbol > 0
        first[1:] |= symbol[1:] != symbol[:-1]
        starts = np.flatnonzero(first)
        in_reference = np.add.reduceat(side, starts)
        in_hypothesis = np.diff(starts, append=len(key)) - in_reference
        shared = np.minimum(in_hypothesis, in_reference) * alive[starts]
        rows[:, n, 2] = np.bincount(owner[starts], shared, segments)
    return rows.reshape(segments, 3 * orders)


@lru_cache(maxsize=64)
def _reference_ngrams(reference: str) -> tuple[int, list[Counter[str]]]:
    """Length and n-gram counts of a reference; kept because the samples of a group share theirs."""
    text = "".join(reference.split())
    grams, counters = list(text), []
    for n in range(CHARACTER_ORDER):
        if n:
            grams = list(map(add, grams, text[n:]))
        counters.append(Counter(grams))
    return len(text), counters


def sentence_chrf(hypothesis: str, reference: str, beta: float = 2) -> float:
    """chrF (0-100) of one sentence against one reference; for rewards, where a call must cost microseconds.

    Equal to `ChrF().segment_scores([hypothesis], [reference])[0]`, without the set-up of arrays. Recall counts `beta`
    times as much as precision.
    """
    reference_length, counters = _reference_ngrams(reference)
    text = "".join(hypothesis.split())
    grams, precision, recall = list(text), 0.0, 0.0
    effective = min(len(text), reference_length, CHARACTER_ORDER)
    for n in range(effective):
        if n:
            grams = list(map(add, grams, text[n:]))
        distinct, counter = set(grams), counters[n]
        shared = distinct.intersection(counter)
        if not shared:
            break  # then no longer n-gram is shared either
        if len(distinct) == len(grams):
            match = len(shared)
        else:
            counts = Counter(grams)
            match = sum([min(counts[gram], counter[gram]) for gram in shared])
        precision += match / len(grams)
        recall += match / (reference_length - n)
    if not precision:
        return 0.0
    precision, recall = precision / effective, recall / effective
    return 100 * ((1 + beta**2) * precision * recall / (beta**2 * precision + recall))
