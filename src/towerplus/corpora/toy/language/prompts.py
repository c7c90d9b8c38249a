"""Requests for a translation of one meaning: what is asked, what counts as right, and how a rule changes both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from towerplus.corpora.toy.language import grammar_of
from towerplus.corpora.toy.language.grammar import REGISTERS, Options
from towerplus.corpora.toy.language.lexicon import PROFESSIONS
from towerplus.corpora.toy.language.meaning import Meaning
from towerplus.corpora.toy.language.sample import ADDRESS
from towerplus.languages.locales import find
from towerplus.prompts.translation import translation_prompt
from towerplus.records import Check, Message
from towerplus.verify.register import words

ENGLISH = "en-US"
#: kinds of instruction that ask for a form of a value
VALUE_RULES = ("date", "time", "number", "currency", "percent", "unit")
RULES = (*VALUE_RULES, "glossary", "register")
_ACCEPTED = 40


def is_address(meaning: Meaning) -> bool:
    """Whether the sentence addresses somebody, so that languages with two registers must choose one."""
    return meaning.frame in ADDRESS


def accepted(meaning: Meaning, target: str, source: str = ENGLISH, first: str = "formal") -> list[str]:
    """The translations of a sentence that count as right, preferred first: in both registers where there are two (the
    two in turns, beginning with `first`), with either article where the source has none."""
    language = grammar_of(target)
    if not is_address(meaning) or target == ENGLISH:
        return language.accepted(meaning, Options(loose=source == "ru"), _ACCEPTED)
    order = REGISTERS if first == "formal" else REGISTERS[::-1]
    sides = [language.accepted(meaning, Options(register), _ACCEPTED // 2) for register in order]
    turns = [text for index in range(_ACCEPTED // 2) for side in sides for text in side[index : index + 1]]
    return list(dict.fromkeys(turns))


def ask(
    rng: Random, wordings: Sequence[str], text: str, source: str, target: str, rule: str = ""
) -> tuple[Message, ...]:
    """A translation prompt in one of `wordings`, with `rule` before it or, where the answer starts on a line of its
    own, at times after it."""
    wording = rng.choice(wordings)
    (message,) = translation_prompt(text, source, target, wording)
    if not rule:
        return (message,)
    if wording in ("short", "quoted", "question") and rng.random() < 0.5:
        return (Message("user", f"{message.content}\n{rule}"),)
    return (Message("user", f"{rule}\n{message.content}"),)


@dataclass(frozen=True, slots=True)
class Rule:
    """An instruction: its wording, the check that holds it, and how the meaning is said under it."""

    text: str
    check: Check
    options: Options


_DATE = {
    "numeric": ("Write the date in figures only.", "Use the short numeric date format."),
    "long": ("Write the month of the date as a word.", "Write the date with the name of the month."),
    "iso": ("Write the date as year-month-day, as in 2025-03-07.", "Use the ISO format for the date."),
}
_TIME = {24: ("Use the 24-hour clock.", "Write the time with 24 hours."), 12: ("Use the 12-hour clock.",)}
_LOCAL = ("Write the {what} as is usual in {target}.", "Write the {what} in the format of {target}.")
_NAMES = {"number": "number", "currency": "amount", "percent": "percentage", "unit": "measurement"}
_REGISTER = {
    "formal": ("Use formal address.", "Address the reader formally."),
    "informal": ("Use informal address.", "Address the reader informally."),
}
_GLOSSARY = ("Use this glossary: {terms}.", "Glossary: {terms}.")


def value_rule(rng: Random, kind: str, meaning: Meaning, target: str) -> Rule:
    """A rule about how the date, time, number, amount, percentage or measure of `meaning` is written."""
    arguments: dict[str, Any] = {"value": str(meaning.value)}
    if kind == "date":
        style = rng.choice(tuple(_DATE))
        return Rule(
            rng.choice(_DATE[style]), Check("localisation.date", arguments | {"style": style}), Options(style=style)
        )
    if kind == "time":
        # The 12-hour clock is in use in few places; elsewhere nobody would ask for it.
        hours = rng.choice((12, 24)) if target in ("es-419", ENGLISH) else 24
        arguments = {"value": f"{meaning.value:%H:%M}", "hours": hours}
        return Rule(rng.choice(_TIME[hours]), Check("localisation.time", arguments), Options(style=str(hours)))
    if kind == "currency":
        arguments["code"] = meaning.unit
    elif kind == "unit":
        arguments["unit"] = meaning.unit
    text = rng.choice(_LOCAL).format(what=_NAMES[kind], target=find(target).name)
    return Rule(text, Check(f"localisation.{kind}", arguments), Options())


def glossary_rule(rng: Random, lexemes: list[str], target: str, synonym: bool) -> Rule:
    """A rule that names the word for each of `lexemes`; `synonym`: the lexicon's second word, not the usual one."""
    language, terms = grammar_of(target), frozenset(lexemes if synonym else ())
    entries = [(word, *language.term(word, word in terms)) for word in lexemes]
    text = rng.choice(_GLOSSARY).format(terms="; ".join(f"{word} = {citation}" for word, citation, _ in entries))
    arguments = {"terms": [{"source": word, "target": list(forms)} for word, _, forms in entries]}
    return Rule(text, Check("localisation.glossary", arguments), Options(terms=terms))


def synonyms(meaning: Meaning, target: str) -> list[str]:
    """The nouns of `meaning` for which a glossary may ask for another word than the usual one."""
    found = []
    for thing in (meaning.subject, meaning.object):
        if thing is None or thing.det in ("name", "pronoun", "we") or thing.lexeme in PROFESSIONS:
            continue
        if grammar_of(target).has_synonym(thing.lexeme):
            found.append(thing.lexeme)
    return found


def register_rule(rng: Random, meaning: Meaning, target: str) -> Rule:
    """A rule that asks for formal or informal address."""
    register = rng.choice(REGISTERS)
    check = Check("register.used", {"register": register, "markers": markers(meaning, target)})
    return Rule(rng.choice(_REGISTER[register]), check, Options(register))


def markers(meaning: Meaning, locale: str) -> dict[str, dict[str, list[str]]]:
    """The words that show a register in the sentence, by register and place (pronoun, verb, lexis): those of the
    accepted sentences of one register that no accepted sentence of the other has."""
    language = grammar_of(locale)
    both = {side: {w for text in language.accepted(meaning, Options(side)) for w in words(text)} for side in REGISTERS}
    found: dict[str, dict[str, list[str]]] = {}
    for side, other in (REGISTERS, REGISTERS[::-1]):
        own = sorted(both[side] - both[other] - language.neutral)
        phrases = {
            w for table in (language.openings, language.closings) for text in table[side].values() for w in words(text)
        }
        pronouns = set(language.pronouns[side])
        found[side] = {
            "pronoun": [w for w in own if w in pronouns],
            "verb": [w for w in own if w not in pronouns and w not in phrases],
            "lexis": [w for w in own if w not in pronouns and w in phrases],
        }
    return found


def mask(text: str, locale: str) -> str:
    """`text` with its pronouns and possessives of address blanked, so that only verb forms and the choice of words
    tell the register."""
    hidden = {word for side in grammar_of(locale).pronouns.values() for word in side}
    return "".join("_" if piece.casefold() in hidden else piece for piece in _pieces(text))


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for letter in text:
        if pieces and letter.isalpha() and pieces[-1][-1].isalpha():
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces
