"""detectable_content: placeholders and a postscript."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed
from towerplus.verify.instructions.common import answered, argument, hold, locale_of

_SQUARE, _WIDE = ("[]",), ("[]", "［］", "【】")


@answered
def number_placeholders(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{num_placeholders}: at least so many, in square brackets (in Chinese and Japanese also wide ones)."""
    bound, locale = argument(arguments, "num_placeholders", int), locale_of(task, arguments)
    pairs = _WIDE if locale and locale.language in ("zh", "ja") else _SQUARE
    number = sum(_bracketed(line, *pair) for line in response.split("\n") for pair in pairs)
    return hold(number, "placeholders", "at least", bound)


def _bracketed(line: str, opening: str, closing: str) -> int:
    """How many pieces of a line stand in brackets, each from an opening one to the next closing one. By hand: a pattern
    takes quadratic time over "[[[[..."."""
    number, place = 0, line.find(opening)
    while place >= 0 and (end := line.find(closing, place)) >= 0:
        number, place = number + 1, line.find(opening, end)
    return number


@answered
def postscript(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{postscript_marker}: the marker, such as P.S. or PS:, is there; spaces after its stops and case do not count."""
    marker = argument(arguments, "postscript_marker", str).strip().lower()
    pattern = r"\.\s?".join(map(re.escape, marker.split("."))).removesuffix(r"\s?")
    return PASSED if re.search(pattern, response.lower()) else failed(f"without {marker!r}")
