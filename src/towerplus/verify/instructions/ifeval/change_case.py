"""change_case: capital and small letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from towerplus.languages.identify import FEWEST_LETTERS, is_language, top_language
from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed
from towerplus.verify.instructions.common import answered, argument, hold, locale_of, relation

# What the reference's Penn Treebank tokens are parted by, besides white space; a colon or comma not before a digit.
_BREAK = re.compile(r"""["“”‘’«»„;@#$%&?!\[\](){}<>`]|-{2,}|\.{3}|[:,](?!\d)""")
# What it cuts off a word: 's, n't and the like; CAN|NOT, GON|NA.
_CLITIC = re.compile(
    r"(?<=[^' ])(?='(?:[SMD]|LL|RE|VE)$)|(?<=[^' ])(?=N'T$)|(?<=^CAN)(?=NOT$)|(?<=^GON|^WAN)(?=NA$)", re.I
)
#: CLD2 calls a text below this size, in bytes, short.
_SHORT = 256


@answered
def capital_word_frequency(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{capital_frequency, capital_relation}: so many words all in capitals."""
    bound = argument(arguments, "capital_frequency", int)
    tokens = (part for token in _BREAK.sub(" ", response).split() for part in _CLITIC.split(token))
    return hold(sum(map(str.isupper, tokens)), "words in capitals", relation(arguments, "capital_relation"), bound)


@answered
def english_capital(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """All in capitals, and in English (or the language of the locale)."""
    return _cased(response, task, arguments, str.isupper, "capitals")


@answered
def english_lowercase(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """All in small letters, and in English (or the language of the locale)."""
    return _cased(response, task, arguments, str.islower, "small letters")


def _cased(response: str, task: Task, arguments: Mapping[str, Any], holds: Callable[[str], bool], name: str) -> Verdict:
    if not holds(response):
        words = response.split()
        return failed(f"not all in {name}", 0.5 * sum(map(holds, words)) / len(words))
    if locale := locale_of(task, arguments):
        # CLD2 knows capitals less well.
        right = is_language(response.lower(), locale.tag, varieties=False) is not False
        return PASSED if right else failed(f"is not in {locale.name}", 0.5)
    return PASSED if _english(response, holds is str.isupper) else failed("cannot be told to be in English", 0.5)


def _english(text: str, capitals: bool) -> bool:
    """Whether it is known to be English.

    The reference's identifier guesses at a few letters and mostly misses, so fewer than 20 are not enough. Words in
    capitals give it next to nothing to go by, so a short text in capitals that cannot be told passes.
    """
    if sum(map(str.isalpha, text)) < FEWEST_LETTERS:
        return False
    return (top_language(text) or ("en" if capitals and len(text.encode()) < _SHORT else "")) == "en"
