"""Formal and informal address: whether a translation keeps to one, and whether it chose the preferred one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from towerplus.errors import UserError
from towerplus.languages.formats import normalise
from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed
from towerplus.verify.translation import folded, nearest, translations

REGISTERS = ("formal", "informal")
#: places that must show the register for it to count as used
PLACES_NEEDED = 2
_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """The words of `text` in lower case; what a hyphen or an apostrophe joins counts as two."""
    return _WORD.findall(normalise(text).casefold())


def preferred(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """Arguments `formal` and `informal`: accepted translations in either register. The formal one is preferred: it
    passes; anything else, the informal translations too, scores 0.6 of its chrF to the nearest formal one."""
    formal = translations(arguments, "formal", "register.preferred")
    informal = translations(arguments, "informal", "register.preferred")
    text = folded(response)
    if any(text == folded(item) for item in formal):
        return PASSED
    why = "the informal register" if any(text == folded(item) for item in informal) else "not an accepted translation"
    return failed(why, 0.6 * nearest(text, formal))


def used(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """Arguments: `register` (formal or informal) and `markers`, for each register the words that show it, by place:
    ``{"formal": {"pronoun": [...], "verb": [...], "lexis": [...]}, "informal": {...}}``. Passes when at least two
    places show the register and none shows the other. It says nothing about the quality of the translation."""
    register, markers = arguments.get("register"), arguments.get("markers")
    if register not in REGISTERS or not isinstance(markers, Mapping) or set(markers) != set(REGISTERS):
        raise UserError("register.used needs the arguments 'register' (formal or informal) and 'markers' for both")
    found = set(words(response))
    shown = {side: [place for place, forms in markers[side].items() if found & set(forms)] for side in REGISTERS}
    other = REGISTERS[register == "formal"]
    if shown[other]:
        return failed(f"the {other} register in its {', '.join(shown[other])}")
    if len(shown[register]) >= PLACES_NEEDED:
        return PASSED
    return failed(
        f"shows the {register} register in {len(shown[register])} places of {PLACES_NEEDED}",
        len(shown[register]) / (PLACES_NEEDED + 1),
    )
