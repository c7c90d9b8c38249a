"""Conversations as text, under whatever chat template a model brings."""

from __future__ import annotations

from collections.abc import Sequence

import jinja2
from transformers import PreTrainedTokenizerBase

from towerplus.errors import UserError
from towerplus.prompts.chat import takes_no_system, template_rows
from towerplus.records import Message


class Renderer:
    """Renders messages with a tokenizer's chat template. System text is folded into the first user turn when the
    template has no system role (Gemma 2 raises on one); what the template adds after the last turn only (Phi 3: the
    end of the text) is left out, as it is no part of an answer."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase):
        if not tokenizer.chat_template:
            raise UserError("the model has no chat template", tokenizer.name_or_path)
        self.tokenizer = tokenizer
        self.fold, self.tail = takes_no_system(tokenizer), ""
        turns = [Message("user", "one"), Message("assistant", "seven"), Message("user", "two")]
        ended, going_on = (self(some, False) for some in (turns[:2], turns))
        # compared by tokens: <eos> and <|user|> share a character but no token
        first, second = tokenizer([ended, going_on], add_special_tokens=False).encodings
        shared = next((i for i, (a, b) in enumerate(zip(first.ids, second.ids, strict=False)) if a != b), None)
        if shared is not None and "seven" in ended[: first.offsets[shared][0]]:
            self.tail = ended[first.offsets[shared][0] :]

    def __call__(self, messages: Sequence[Message], generation: bool) -> str:
        """The conversation as text; `generation` adds what an answer comes after. Raises jinja2.TemplateError."""
        return self.batch([messages], generation)[0]

    def batch(self, conversations: Sequence[Sequence[Message]], generation: bool) -> list[str]:
        """Several at once, several times faster than one by one."""
        if not conversations:
            return []
        rows = template_rows(conversations, self.fold)
        texts = self.tokenizer.apply_chat_template(rows, tokenize=False, add_generation_prompt=generation)
        return texts if generation else [text.removesuffix(self.tail) for text in texts]

    def turns(self, conversations: Sequence[tuple[Sequence[Message], list[int]]]) -> list[list[tuple[str, str]] | str]:
        """For each conversation and its answers' places, the text (before, up to the end of) each answer; or, in its
        place, why the template cannot render it."""
        parts = [(messages[:at], messages[: at + 1]) for messages, places in conversations for at in places]
        try:
            before = self.batch([a for a, _ in parts], generation=True)
            after = self.batch([b for _, b in parts], generation=False)
        except (jinja2.TemplateError, UserError) as error:
            if len(conversations) > 1:  # one of them is to blame
                return [self.turns([item])[0] for item in conversations]
            return [f"refused by the chat template ({error})"]
        if wrong := next((a for a, b in zip(before, after, strict=True) if not b.startswith(a)), None):
            raise UserError(f"the chat template shows an answered question otherwise than an open one: {wrong[-80:]!r}")
        found = iter(zip(before, after, strict=True))
        return [[next(found) for _ in places] for _, places in conversations]


def end_of_turn(tokenizer: PreTrainedTokenizerBase) -> int | None:
    """The special token that ends an answer under the chat template; None if there is no template or no such token."""
    if not tokenizer.chat_template:
        return None
    text = Renderer(tokenizer)([Message("user", "one"), Message("assistant", "seven")], False).rstrip()
    last = tokenizer(text, add_special_tokens=False).input_ids[-1]
    return last if last in special_ids(tokenizer) else None


def special_ids(tokenizer: PreTrainedTokenizerBase) -> set[int]:
    """Ids of the tokens that never come from ordinary text."""
    added = {i for i, token in tokenizer.added_tokens_decoder.items() if token.special}
    return added | set(tokenizer.all_special_ids)
