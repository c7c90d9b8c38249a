"""The abstract syntax that all toy grammars share: what a sentence says, whatever the language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from towerplus.records import digest


@dataclass(frozen=True, slots=True)
class Thing:
    """A noun phrase.

    Attributes:
        lexeme: a noun of the lexicon or, with det "name", a proper name.
        det: the | a | my | your | none (mass and bare plural) | count | name | pronoun (stands for `lexeme`) | we.
        adjective: an attributive adjective, or empty.
        count: 2 to 10 with det "count", else 0.
        gender: m or f where the text around fixes the gender of a person whose noun is open in English.
    """

    lexeme: str
    det: str = "the"
    plural: bool = False
    adjective: str = ""
    count: int = 0
    gender: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A sentence: a frame and what fills it. Each frame reads the fields that it needs, which `sample.py` fills;
    the others are None or empty.

    Attributes:
        tense: past | present | future.
        mood: a modal verb (want, can, must), or empty.
        value: a number (int or Decimal), datetime.date or datetime.time, with `unit` (currency code, kg, km, celsius).
        opening, closing: the phrases around an address sentence.
    """

    frame: str
    subject: Thing = None  # type: ignore[assignment]
    verb: str = ""
    object: Thing = None  # type: ignore[assignment]
    recipient: Thing = None  # type: ignore[assignment]
    place: Thing = None  # type: ignore[assignment]
    time: str = ""
    tense: str = "past"
    mood: str = ""
    negative: bool = False
    adjective: str = ""
    value: Any = None
    unit: str = ""
    opening: str = ""
    closing: str = ""

    def things(self) -> tuple[Thing, ...]:
        return tuple(t for t in (self.subject, self.object, self.recipient, self.place) if t is not None)


def _thing_key(thing: Thing | None) -> str:
    if thing is None:
        return ""
    if thing.det == "pronoun":
        return "pronoun-plural" if thing.plural else "pronoun"
    det = "a" if thing.det == "the" else thing.det
    return f"{thing.lexeme} {det} {thing.plural} {thing.adjective} {thing.count}"


def core(m: Meaning) -> str:
    """What splits are decided by. Coarser than equality: meanings that some locale says with the same words (Russian
    has no articles, pronouns hide their noun) must fall into the same split, and so must address sentences that differ
    only in the phrases around them."""
    framed = m.opening or m.closing
    return digest(
        f"{m.frame}|{_thing_key(m.subject)}|{m.verb}|{_thing_key(m.object)}|"
        f"{'' if framed else _thing_key(m.recipient)}|"
        f"{_thing_key(m.place)}|{m.time}|{m.tense}|{m.mood}|{m.negative}|{m.adjective}|{m.value}|{m.unit}"
    )


def key(m: Meaning) -> str:
    """What tells one source from another: the core and the phrases around it."""
    signer = m.recipient.lexeme if m.closing and m.recipient else ""
    return "-".join(part for part in (core(m), m.opening, m.closing, signer) if part)
