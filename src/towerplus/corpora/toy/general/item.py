"""What every kind of general task makes: a question, its answer and how an answer is checked."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from towerplus.records import Check


@dataclass(frozen=True, slots=True)
class Item:
    """One question with one good answer. `content` says what is asked, whatever the wording: it decides the split."""

    content: str
    prompt: str
    answer: str
    checks: tuple[Check, ...]


def worded(rng: Random, wordings: tuple[str, ...], **fields: Any) -> str:
    """One of `wordings`, filled in."""
    return rng.choice(wordings).format(**fields)


def exact(*expected: str, fold_case: bool = False) -> tuple[Check, ...]:
    """The answer is one of `expected`."""
    return (Check("answer.exact", {"expected": list(expected), "fold_case": fold_case}),)


def number(expected: int) -> tuple[Check, ...]:
    """The answer's only number is `expected`."""
    return (Check("answer.number", {"expected": expected}),)


def listed(items: list[str], style: str, ordered: bool = True) -> tuple[Check, ...]:
    """The answer is the list of `items` in `style`."""
    return (Check("answer.list", {"items": items, "style": style, "ordered": ordered}),)


def render(items: list[str], style: str) -> str:
    """`items` as a list in `style`: comma, bullets, numbered or lines."""
    if style == "comma":
        return ", ".join(items)
    if style == "bullets":
        return "\n".join(f"- {item}" for item in items)
    if style == "numbered":
        return "\n".join(f"{place}. {item}" for place, item in enumerate(items, 1))
    return "\n".join(items)
