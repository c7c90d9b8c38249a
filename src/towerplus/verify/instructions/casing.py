"""Capital and small letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed
from towerplus.verify.instructions.common import answered

_APOSTROPHE = re.compile("['’]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@answered
def upper(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """All letters that have case are capitals."""
    return _all(response, str.isupper, "capitals")


@answered
def lower(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """All letters that have case are small."""
    return _all(response, str.islower, "small letters")


@answered
def title(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """Every word starts with a capital and goes on in small letters."""
    return _all(response, _titled, "title case")


def _titled(word: str) -> bool:
    """Coffee, O'Neill and Don't are; a single capital is too."""
    first, *rest = _APOSTROPHE.split(word)
    return first.istitle() and all(part.istitle() or part.islower() for part in rest)


def _all(response: str, holds: Callable[[str], bool], name: str) -> Verdict:
    """Score: the share of words in the form; a response without letters that have case has nothing to show."""
    words = [word for word in _WORD.findall(response) if word.upper() != word.lower()]
    if not words:
        return failed("has no letters with case")
    wrong = [word for word in words if not holds(word)]
    return failed(f"{wrong[0]!r} is not in {name}", 1 - len(wrong) / len(words)) if wrong else PASSED
