"""Chat templates stored with a model, and the two forms in which a model can be asked: chat and plain.

Gemma 2 has no system role and its own template raises on one (users send one all the time), so ours folds the
system text into the first user turn; ChatML keeps it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from towerplus.errors import UserError
from towerplus.records import Message

GEMMA = (
    "{{ bos_token }}"
    "{% set fold = namespace(system='') %}"
    "{% for message in messages %}"
    "{% if message['role'] == 'system' %}"
    "{% set fold.system = fold.system + message['content'] + '\\n\\n' %}"
    "{% else %}"
    "{{ '<start_of_turn>' + ('model' if message['role'] == 'assistant' else 'user') + '\\n' }}"
    "{% if message['role'] == 'user' %}{{ fold.system }}{% set fold.system = '' %}{% endif %}"
    "{{ message['content'] | trim + '<end_of_turn>\\n' }}"
    "{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}"
)
CHATML = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] | trim + '<|im_end|>\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


@dataclass(frozen=True, slots=True)
class ChatFormat:
    """A chat template (Jinja, as transformers stores it), its special tokens and the one that ends an answer."""

    template: str
    special_tokens: tuple[str, ...]
    end: str


FORMATS: dict[str, ChatFormat] = {
    "gemma": ChatFormat(GEMMA, ("<start_of_turn>", "<end_of_turn>"), "<end_of_turn>"),
    "chatml": ChatFormat(CHATML, ("<|im_start|>", "<|im_end|>"), "<|im_end|>"),
}


def fold_system(messages: Sequence[Message]) -> tuple[Message, ...]:
    """`messages` with system text put at the head of the first user turn, for templates without a system role."""
    system = "\n\n".join(m.content for m in messages if m.role == "system")
    rest = [m for m in messages if m.role != "system"]
    if not system:
        return tuple(rest)
    if not rest or rest[0].role != "user":
        raise UserError("a system prompt needs a user turn after it")
    return (Message("user", f"{system}\n\n{rest[0].content}"), *rest[1:])


def takes_no_system(tokenizer: Any) -> bool:
    """Whether the chat template of a transformers tokenizer raises on a system turn or leaves its text out."""
    import jinja2

    probe = [{"role": "system", "content": "seven"}, {"role": "user", "content": "one"}]
    try:
        return "seven" not in tokenizer.apply_chat_template(probe, tokenize=False, add_generation_prompt=True)
    except jinja2.TemplateError:
        return True


def template_rows(conversations: Sequence[Sequence[Message]], fold: bool) -> list[list[dict[str, str]]]:
    """`conversations` as `apply_chat_template` takes them, their system text folded where `fold`."""
    turns = [fold_system(item) if fold else item for item in conversations]
    return [[{"role": m.role, "content": m.content} for m in item] for item in turns]


def plain_prompt(messages: Sequence[Message]) -> tuple[str, str]:
    """The prompt for a model that knows no chat, and the text that joins the answer to it.

    The prompt never ends in white space: a trailing space would be a token of its own, while in running text the
    space belongs to the word after it. Answers to "German: " go on after a space, others on a new line.
    """
    text = "\n\n".join(m.content for m in fold_system(messages))
    bare = text.rstrip()
    return bare, " " if bare.endswith(":") else "\n"
