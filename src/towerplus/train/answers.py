"""Answers to be scored: a prompt's tokens, an answer's tokens, batched by length. WPO and GRPO train on these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from transformers import PreTrainedTokenizerBase

from towerplus.records import Preference
from towerplus.train.batch import Batch, pad_rows
from towerplus.train.encode import CHUNK, Renderer, answer_span, tokenise
from towerplus.train.model import special_ids


@dataclass(frozen=True, slots=True)
class Answer:
    """Token ids; those from `start` on are the answer, the end token included."""

    tokens: tuple[int, ...]
    start: int

    @property
    def labels(self) -> int:
        """The number of answer tokens."""
        return len(self.tokens) - self.start


def encode_preferences(
    tokenizer: PreTrainedTokenizerBase, preferences: Sequence[Preference], context: int
) -> tuple[list[tuple[Answer, Answer]], list[int], dict[str, int]]:
    """(chosen, rejected) of each preference under the chat template, only the last answer to be scored; the indices of
    the preferences that these are; and how many others there were, by reason."""
    render, ends = Renderer(tokenizer), special_ids(tokenizer)
    pairs: list[tuple[Answer, Answer]] = []
    kept: list[int] = []
    dropped: Counter[str] = Counter()
    for first in range(0, len(preferences), CHUNK):
        part = preferences[first : first + CHUNK]
        whole = [(*item.prompt, *side) for item in part for side in (item.chosen, item.rejected)]
        rendered = render.turns([(messages, [len(messages) - 1]) for messages in whole])
        texts = ["" if isinstance(found, str) else found[0][1] for found in rendered]
        sides: list[Answer | str] = []
        encodings = tokenise(tokenizer, texts, special=False)
        for messages, found, encoding in zip(whole, rendered, encodings, strict=True):
            if isinstance(found, str) or not messages[-1].content.strip():
                sides.append(found if isinstance(found, str) else "empty answer")
                continue
            before, after = found[0]
            start, stop = answer_span(encoding, after, len(before), len(after), ends)
            long = f"longer than {context} tokens"
            sides.append(Answer(tuple(encoding.ids[:stop]), start) if stop <= context else long)
        for index in range(len(part)):
            chosen, rejected = sides[2 * index : 2 * index + 2]
            if isinstance(chosen, str) or isinstance(rejected, str):
                dropped[chosen if isinstance(chosen, str) else rejected] += 1
            elif chosen.tokens == rejected.tokens:
                dropped["both answers are the same"] += 1
            else:
                pairs.append((chosen, rejected))
                kept.append(first + index)
    return pairs, kept, dict(dropped)


def batches(units: Sequence[Sequence[Answer]], batch_tokens: int, pad: int) -> Iterator[tuple[list[int], Batch]]:
    """Batches of at most `batch_tokens` cells, padding included, from units of like length; with the units in each.

    A unit is what must not be torn apart: a pair for WPO, one answer for GRPO. All have the same number of answers;
    row ``r`` of a batch is answer ``r % size`` of its unit ``r // size``. A longer unit is a batch alone.
    """
    if not units:
        return
    lengths = np.array([max(len(answer.tokens) for answer in unit) for unit in units])
    order = np.argsort(lengths, kind="stable")
    size, first = len(units[0]), 0
    for place in range(len(order) + 1):
        if place < len(order) and (place - first + 1) * size * lengths[order[place]] <= batch_tokens:
            continue
        if place > first:
            members = order[first:place].tolist()
            rows = [answer for index in members for answer in units[index]]
            labels = [[False] * row.start + [True] * row.labels for row in rows]
            yield members, pad_rows([row.tokens for row in rows], labels, pad=pad)
            first = place
