"""length_constraints: words, sentences, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from towerplus.records import Task
from towerplus.text.punkt import count_sentences
from towerplus.text.sentences import split_sentences
from towerplus.text.words import runs, words
from towerplus.verify.base import Verdict, failed
from towerplus.verify.instructions.common import answered, argument, hold, locale_of, relation

_DIVIDER = re.compile(r"\s?\*\*\*\s?")
_OPENING = "'\"“‘«„「『*_"
# What ends a first word; in English only what the reference knows.
_AFTER_WORD = re.compile(r"[.,?!'\"]")
_AFTER_WORD_ELSEWHERE = re.compile(r"[.,?!'\"…:;।，。、！？：；」』”’»）)*_]")


@answered
def number_words(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{num_words, relation}: so many words. In English runs of letters and digits, as the reference counts: "it's" is
    two; elsewhere as `text.words` does."""
    bound = argument(arguments, "num_words", int)
    found = runs(response) if _language(task, arguments) == "en" else words(response)
    return hold(len(found), "words", relation(arguments), bound)


@answered
def number_sentences(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{num_sentences, relation}: so many sentences. In English as the reference counts (`text.punkt`)."""
    bound, language = argument(arguments, "num_sentences", int), _language(task, arguments)
    number = count_sentences(response) if language == "en" else len(split_sentences(response, language))
    return hold(number, "sentences", relation(arguments), bound)


@answered
def number_paragraphs(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{num_paragraphs}: exactly so many, parted by ***; the divider may also open and close the response."""
    bound = argument(arguments, "num_paragraphs", int)
    first, *rest = _DIVIDER.split(response)
    inner, last = (rest[:-1], rest[-1:]) if rest else ([], [])
    if not all(paragraph.strip() for paragraph in inner):
        return failed("an empty paragraph", 0.2)
    return hold(len(inner) + sum(bool(p.strip()) for p in [first, *last]), "paragraphs", "exactly", bound)


@answered
def nth_paragraph_first_word(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{num_paragraphs, nth_paragraph, first_word}: so many paragraphs, parted by empty lines, and this word, whatever
    its case, opens the n-th (from 1)."""
    bound, nth = argument(arguments, "num_paragraphs", int), argument(arguments, "nth_paragraph", int)
    word = argument(arguments, "first_word", str).lower()
    paragraphs = response.split("\n\n")
    number = sum(bool(paragraph.strip()) for paragraph in paragraphs)
    # The place is counted among all pieces and held against the full ones, as in the reference.
    chosen = paragraphs[nth - 1].strip() if 0 < nth <= number else ""
    counted = hold(number, "paragraphs", "exactly", bound)
    if not chosen or not _opens(word, chosen, _language(task, arguments)):
        return failed(f"paragraph {nth} does not open with {word!r}", 0.5 * counted.passed)
    return counted


def _opens(word: str, paragraph: str, language: str) -> bool:
    first = paragraph.split()[0].lower()
    if language == "en":
        return _AFTER_WORD.split(first.lstrip("'").lstrip('"'))[0] == word
    first = first.lstrip(_OPENING)
    # No spaces part the words of Chinese and Japanese.
    return first.startswith(word) if language in ("zh", "ja") else _AFTER_WORD_ELSEWHERE.split(first)[0] == word


def _language(task: Task, arguments: Mapping[str, Any]) -> str:
    locale = locale_of(task, arguments)
    return locale.language if locale else "en"
