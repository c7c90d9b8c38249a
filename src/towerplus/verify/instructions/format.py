"""The form of a response: bullets, numbered items, JSON, quotation marks, alternatives, no commas, a postscript."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed
from towerplus.verify.instructions.common import answered, argument, compare

_BULLET = re.compile(r"^[ \t]*[-*•][ \t]+\S", re.MULTILINE)
_NUMBERED = re.compile(r"^[ \t\u3000]*(\d{1,4})(?:[.)][ \t]+|[．）、][ \t\u3000]*)\S", re.MULTILINE)
_COMMAS = re.compile("[,،、，]")
_QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»", "»": "«", "「": "」", "『": "』", "”": "”"}


@answered
def bullets(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{count, relation}: so many bullet points (lines that start with -, * or •)."""
    return compare(len(_BULLET.findall(response)), "bullets", arguments)


@answered
def numbered(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{count, relation}: so many numbered items (1. or 1) or １．), in order from 1, each with a text."""
    numbers = [int(match[1]) for match in _NUMBERED.finditer(response)]
    if numbers != list(range(1, len(numbers) + 1)):
        return failed("the numbers are not in order from 1", 0.2)
    return compare(len(numbers), "numbered items", arguments)


@answered
def json_object(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{keys?}: the whole response is one JSON object, in a code fence or not, with exactly these keys if given."""
    text = response.strip()
    if fence := re.fullmatch(r"```(?:json|JSON)?\s*\n(.*)\n```", text, re.DOTALL):
        text = fence[1]
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        return failed(f"is not JSON: {error}")
    if not isinstance(value, dict):
        return failed("is JSON, but not an object", 0.2)
    keys = arguments.get("keys")
    if keys is None or sorted(value) == sorted(keys):
        return PASSED
    return failed(f"has the keys {', '.join(value) or '(none)'}", 0.5)


@answered
def quotation(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """The whole response stands in one pair of quotation marks, with something in them."""
    text = response.strip()
    closing = _QUOTES.get(text[0], "")
    if len(text) < 3 or not closing or text[-1] not in closing:
        return failed("is not wrapped in quotation marks")
    inside = text[1:-1]
    if not inside.strip():
        return failed("has nothing in its quotation marks")
    # '"a" and "b"' starts and ends with marks too.
    if _closes_early(text, closing):
        return failed("several quotations, not one", 0.3)
    return PASSED


def _closes_early(text: str, closing: str) -> bool:
    """Whether the mark that opens `text` is closed before its end."""
    opening, depth = text[0], 0
    if opening in closing:  # the same mark opens and closes: one inside that follows a space opens a quotation in it
        place = text.find(opening, 1)
        return place < len(text) - 1 and not text[place - 1].isspace()
    for character in text[:-1]:
        depth += (character == opening) - (character in closing)
        if depth == 0:
            return True
    return False


@answered
def alternatives(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{separator, count?}: `count` (default 2) different texts with exactly one separator between each two."""
    separator, count = argument(arguments, "separator", str), int(arguments.get("count", 2))
    parts = [part.strip() for part in response.split(separator)]
    if len(parts) != count:
        return failed(f"{len(parts)} alternatives, not {count}", 0.0 if len(parts) == 1 else 0.2)
    if not all(any(c.isalnum() for c in part) for part in parts):
        return failed("an alternative is empty", 0.2)
    if len({part.casefold() for part in parts}) < count:
        return failed("the alternatives are the same", 0.5)
    return PASSED


@answered
def no_commas(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """No comma, in any script."""
    return failed("has a comma") if _COMMAS.search(response) else PASSED


@answered
def postscript(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{marker}: after the text comes one line that starts with the marker, such as P.S., and says something."""
    marker = argument(arguments, "marker", str)
    starts = list(re.finditer(rf"^[ \t]*{re.escape(marker)}(.*)", response, re.MULTILINE))
    if len(starts) != 1:
        return failed(f"{len(starts)} lines start with {marker!r}")
    if not response[: starts[0].start()].strip():
        return failed("nothing stands before the postscript", 0.3)
    if response[starts[0].end() :].strip():
        return failed("text follows the postscript", 0.5)
    if not any(c.isalnum() for c in starts[0][1]):
        return failed("the postscript is empty", 0.5)
    return PASSED
