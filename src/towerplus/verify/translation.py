"""translation.accepted: one of the translations that are known to be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from towerplus.errors import UserError
from towerplus.languages.formats import normalise
from towerplus.metrics.chrf import sentence_chrf
from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed

#: The accepted come preferred first; a response is measured against so many of them.
NEAREST_OF = 8
#: Recall counts twice in chrF as it is reported, and whoever is rewarded for that writes longer answers.
BETA = 1


def folded(text: str) -> str:
    """`text` as translations are compared: the fold of the formats (NFC, every space a space), one space between
    words; case counts."""
    return " ".join(normalise(text).split())


def nearest(response: str, accepted: Iterable[str]) -> float:
    """Sentence chrF (0..1), recall and precision alike, of folded `response` against the nearest of the first
    accepted ones."""
    found = 0.0
    for text, _ in zip(accepted, range(NEAREST_OF), strict=False):
        found = max(found, sentence_chrf(response, folded(text), BETA))
    return found / 100


def accepted(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """Argument `accepted`: translations, preferred first. Passes when the response is one of them, in the same case,
    whatever its kind of spaces; the score is otherwise the chrF (beta 1) to the nearest of the first eight."""
    known = translations(arguments, "accepted", "translation.accepted")
    text = folded(response)
    if any(text == folded(item) for item in known):
        return PASSED
    return failed("empty" if not text else f"not among the {len(known)} accepted translations", nearest(text, known))


def translations(arguments: Mapping[str, Any], name: str, kind: str) -> list[str]:
    """A required list of texts; UserError when it is missing or empty."""
    known = arguments.get(name)
    if not isinstance(known, list) or not known or not all(isinstance(item, str) and item.strip() for item in known):
        raise UserError(f"{kind} needs the argument {name!r}: a list of translations")
    return known
