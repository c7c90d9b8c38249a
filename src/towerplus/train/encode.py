"""Records become examples: token ids and which of them to learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from tokenizers import Encoding
from transformers import PreTrainedTokenizerBase

from towerplus.errors import UserError
from towerplus.prompts.chat import plain_prompt
from towerplus.prompts.translation import CPT_WORDINGS, translation_prompt
from towerplus.records import Conversation, Message, Pair, Text
from towerplus.train.render import Renderer, special_ids

CHUNK = 2000  # texts tokenised at a time: bounds the memory that their offsets take


@dataclass(frozen=True, slots=True)
class Examples:
    """N examples laid end to end.

    Attributes:
        tokens: (T,) int32; example i is ``tokens[offsets[i]:offsets[i + 1]]``.
        labelled: (T,) bool, True where the token is to be predicted; never for the first of an example.
        offsets: (N + 1,) int64.
        rejected: how many records gave no example, by reason.
    """

    tokens: np.ndarray
    labelled: np.ndarray
    offsets: np.ndarray
    rejected: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        if not 0 <= index < len(self):
            raise IndexError(index)
        span = slice(self.offsets[index], self.offsets[index + 1])
        return self.tokens[span], self.labelled[span]

    @property
    def lengths(self) -> np.ndarray:
        """(N,) tokens of each example."""
        return np.diff(self.offsets)

    def require(self, what: str) -> Examples:
        """Itself; UserError if it was made from records of which not one could be used."""
        if len(self) or not self.rejected:
            return self
        reasons = ", ".join(f"{reason}: {n}" for reason, n in self.rejected.items())
        raise UserError(f"nothing can be learned from them ({reasons})", what)

    @staticmethod
    def join(parts: Sequence[Examples]) -> Examples:
        """All of them in one; the counts of what was rejected add up."""
        starts = np.cumsum([0, *(len(part.tokens) for part in parts)])
        offsets = [part.offsets[1:] + start for part, start in zip(parts, starts, strict=False)]
        return Examples(
            np.concatenate([np.empty(0, np.int32), *(part.tokens for part in parts)]),
            np.concatenate([np.empty(0, bool), *(part.labelled for part in parts)]),
            np.concatenate([np.zeros(1, np.int64), *offsets]),
            dict(sum((Counter(part.rejected) for part in parts), Counter())),
        )


class _Builder:
    """Collects examples, and counts those that cannot be one."""

    def __init__(self, context: int):
        self.context = context
        self.tokens: list[np.ndarray] = []
        self.labelled: list[np.ndarray] = []
        self.rejected: Counter[str] = Counter()

    def add(self, tokens: Sequence[int], spans: Sequence[tuple[int, int]]) -> None:
        """An example with the tokens of `spans` labelled."""
        if len(tokens) > self.context:
            self.rejected[f"longer than {self.context} tokens"] += 1
            return
        labelled = np.zeros(len(tokens), bool)
        for start, stop in spans:
            labelled[start:stop] = True
        labelled[:1] = False
        if not labelled.any():
            self.rejected["empty"] += 1
            return
        self.tokens.append(np.array(tokens, np.int32))
        self.labelled.append(labelled)

    def done(self) -> Examples:
        offsets = np.zeros(len(self.tokens) + 1, np.int64)
        np.cumsum([len(part) for part in self.tokens], out=offsets[1:])
        return Examples(
            np.concatenate([np.empty(0, np.int32), *self.tokens]),
            np.concatenate([np.empty(0, bool), *self.labelled]),
            offsets,
            dict(self.rejected),
        )


def encode_texts(tokenizer: PreTrainedTokenizerBase, texts: Iterable[Text], context: int) -> Examples:
    """One example a text, all of it learned, end token included."""
    return _documents(tokenizer, (text.text for text in texts), context)


def encode_pairs(tokenizer: PreTrainedTokenizerBase, pairs: Iterable[Pair], context: int, seed: int) -> Examples:
    """One document a pair, all of it learned: a translation instruction in a wording drawn by `seed`, the source, the
    translation. Instruction and translation are joined, and tokenised, as running text."""
    draw = np.random.default_rng(seed)

    def documents() -> Iterable[str]:
        for pair in pairs:
            wording = CPT_WORDINGS[draw.integers(len(CPT_WORDINGS))]
            source, target = pair.source.strip(), pair.target.strip()
            prompt = translation_prompt(source, pair.source_locale, pair.target_locale, wording)
            yield "".join([*plain_prompt(prompt), target]) if source and target else ""

    return _documents(tokenizer, documents(), context)


def encode_conversations(
    tokenizer: PreTrainedTokenizerBase, conversations: Iterable[Conversation], context: int
) -> Examples:
    """Conversations under the tokenizer's chat template; assistant turns are learned, with the token that ends each.

    Where a turn lies is found by rendering the conversation up to it, so any template works. One example a
    conversation, unless the template shows an earlier answer otherwise once others follow (as Qwen3's, which drops its
    reasoning): then one example an answer, each as it would be asked for. Conversations without an answer, with an
    empty one, or that the template refuses are counted as rejected.
    """
    builder = _Builder(context)
    render = Renderer(tokenizer)
    ends = special_ids(tokenizer)
    for chunk in _chunks(conversations):
        turns = [_turns(item.messages) for item in chunk]
        kept = [(item, places) for item, places in zip(chunk, turns, strict=True) if isinstance(places, list)]
        builder.rejected.update(places for places in turns if isinstance(places, str))
        texts: list[str] = []
        spans: list[list[tuple[int, int]]] = []
        for rendered in render.turns([(item.messages, places) for item, places in kept]):
            if isinstance(rendered, str):
                builder.rejected[rendered] += 1
                continue
            whole = rendered[-1][1]
            if all(whole.startswith(after) for _, after in rendered):
                texts.append(whole)
                spans.append([(len(before), len(after)) for before, after in rendered])
            else:
                texts += [after for _, after in rendered]
                spans += [[(len(before), len(after))] for before, after in rendered]
        for encoding, text, places in zip(tokenise(tokenizer, texts, special=False), texts, spans, strict=True):
            builder.add(encoding.ids, [answer_span(encoding, text, *place, ends) for place in places])
    return builder.done()


def _documents(tokenizer: PreTrainedTokenizerBase, texts: Iterable[str], context: int) -> Examples:
    builder = _Builder(context)
    for chunk in _chunks(texts):
        for text, encoding in zip(chunk, tokenise(tokenizer, chunk, special=True), strict=True):
            if not text.strip():
                builder.rejected["empty"] += 1
                continue
            tokens = encoding.ids
            if tokens[-1] != tokenizer.eos_token_id:
                tokens.append(tokenizer.eos_token_id)
            builder.add(tokens, [(0, len(tokens))])
    return builder.done()


def _turns(messages: Sequence[Message]) -> list[int] | str:
    """Where the answers are, or why the conversation cannot be learned from."""
    places = [i for i, message in enumerate(messages) if message.role == "assistant"]
    if not places or places[-1] != len(messages) - 1:
        return "does not end with an answer"
    return places if all(messages[i].content.strip() for i in places) else "empty answer"


def answer_span(encoding: Encoding, text: str, start: int, stop: int, ends: set[int]) -> tuple[int, int]:
    """The tokens of the answer in ``text[start:stop]``, up to and with the special token that ends it."""
    stop = start + len(text[start:stop].rstrip())
    first = None
    while first is None and start < stop:  # some tokenizers give white space no offsets
        first = encoding.char_to_token(start)
        start += 1
    last = encoding.char_to_token(stop - 1)
    if first is None or last is None or encoding.ids[last] not in ends:
        raise UserError("the chat template ends an answer without a special token, so a model cannot learn to stop")
    return first, last + 1


def tokenise(tokenizer: PreTrainedTokenizerBase, texts: list[str], special: bool) -> list[Encoding]:
    if not texts:
        return []
    return tokenizer(texts, add_special_tokens=special, return_attention_mask=False, verbose=False).encodings


def _chunks(items: Iterable) -> Iterable[list]:
    chunk = []
    for item in items:
        chunk.append(item)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
