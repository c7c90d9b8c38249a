"""Answers that are known: a text, a number, a JSON value, a list, members of a set.

Passing is strict; the score of a failed answer is the share of it that is right, so that a nearly right one is
better than a wrong one to a policy that learns from scores.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from towerplus.errors import UserError
from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed

# A sign counts where no digit or letter stands before it ("5-3" holds 5 and 3); groups of three may be split by commas.
# Not plain numbers: digits behind a letter (B12), a time or fraction (10:10, 3/3), an exponent.
_NUMBER = re.compile(r"(?<![\w.,])(?<!\d[:/])[-−+]?(?:\d{1,3}(?:,\d{3})++(?!\d)|\d++)(?:\.\d++)?+(?![eE][-+]?\d)")
_DIGITS = re.compile(r"\d")
_ITEM = {
    "bullets": re.compile(r"([-*•]) +(\S.*)"),
    "numbered": re.compile(r"(\d{1,4}[.)]) +(\S.*)"),
}


def exact(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """The response, in NFC and stripped, is one of `expected`; `fold_case` ignores case.

    The score of a failed response is the share of words that stand in their place.
    """
    fold = bool(arguments.get("fold_case"))
    given = _normal(response, fold)
    expected = [_normal(text, fold) for text in _required(arguments, "expected", list)]
    if given in expected:
        return PASSED if given else failed("empty")
    score = max((_places(given.split(), text.split()) for text in expected), default=0.0)
    return failed(f"is not {' or '.join(map(repr, expected[:3]))}", score)


def number(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """The one number of the response, however often it is said, equals `expected`, exactly (decimal arithmetic)."""
    try:
        expected = Decimal(str(_required(arguments, "expected", (int, float, str))))
    except InvalidOperation:
        raise UserError(f"answer.number: {arguments['expected']!r} is not a number") from None
    found = {Decimal(_plain(match[0])) for match in _NUMBER.finditer(response)}
    if len(found) > 1:
        return failed("holds several different numbers")
    if _DIGITS.search(_NUMBER.sub("", response)):
        return failed("holds digits that are no plain number")
    if not found:
        return failed("holds no number")
    value = found.pop()
    return PASSED if value == expected else failed(f"{value} is not {expected}")


def json_value(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """The response is JSON and equals `expected`, order of keys and form of numbers included (1 is not 1.0).

    It may stand in a code fence only where `fenced` is set.

    A failed object scores by the share of fields that are right, valid JSON of another shape a little.
    """
    expected = arguments["expected"] if "expected" in arguments else _required(arguments, "expected", object)
    text = response.strip()
    if arguments.get("fenced") and (fence := re.fullmatch(r"```(?:json)?\s*\n(.*)\n```", text, re.DOTALL)):
        text = fence[1]
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        return failed(f"is not JSON: {error}")
    if json.dumps(value) == json.dumps(expected):
        return PASSED
    if not isinstance(value, dict) or not isinstance(expected, dict):
        return failed("is JSON but not the value asked for", 0.1)
    pairs = [(key, json.dumps(item)) for key, item in value.items()]
    wanted = [(key, json.dumps(item)) for key, item in expected.items()]
    return failed("other keys, values or order", 0.1 + 0.8 * _places(pairs, wanted))


def listed(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """The response is the list of `items` in `style` (comma, bullets, numbered or lines) and nothing else.

    `ordered` (default true) asks for their order; `fold_case` ignores case. Score: the share of items that are right.
    """
    fold = bool(arguments.get("fold_case"))
    wanted = [_normal(item, fold) for item in _required(arguments, "items", list)]
    rows, reason = _rows(response, str(arguments.get("style", "comma")))
    if rows is None:
        return failed(reason)
    given = [_normal(row, fold) for row in rows]
    ordered = arguments.get("ordered", True)
    if given == wanted if ordered else Counter(given) == Counter(wanted):
        return PASSED
    if ordered:
        return failed("other items or order", _places(given, wanted))
    common = (Counter(given) & Counter(wanted)).total()
    return failed("other items", common / max(len(given), len(wanted), 1))


def members(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """The response is a list, in `style`, of exactly `count` different items, all of them `allowed`."""
    fold = bool(arguments.get("fold_case"))
    allowed = {_normal(item, fold) for item in _required(arguments, "allowed", list)}
    count = _required(arguments, "count", int)
    rows, reason = _rows(response, str(arguments.get("style", "comma")))
    if rows is None:
        return failed(reason)
    good = {row for row in (_normal(row, fold) for row in rows) if row in allowed}
    if len(rows) == len(good) == count:
        return PASSED
    reason = "not all are allowed and different" if len(good) < len(rows) else f"{len(rows)} items, not {count}"
    return failed(reason, min(len(good), count) / max(len(rows), count, 1))


def _rows(response: str, style: str) -> tuple[list[str] | None, str]:
    """The items of a list in `style`, or None and what is wrong with its form."""
    text = response.strip()
    if not text:
        return None, "empty"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if style == "lines":
        return lines, ""
    if style == "comma":
        if len(lines) > 1:
            return None, "more than one line"
        return [part.strip() for part in text.split(",")], ""
    if style not in _ITEM:
        raise UserError(f"unknown list style {style!r}; known: comma, lines, {', '.join(_ITEM)}")
    found = [_ITEM[style].fullmatch(line) for line in lines]
    if not all(found):
        return None, f"a line is no item of a {style} list"
    marks = [match[1] for match in found if match]
    if style == "bullets" and len(set(marks)) > 1:
        return None, "bullets of several kinds"
    if style == "numbered" and marks != [f"{place}{marks[0][-1]}" for place in range(1, len(marks) + 1)]:
        return None, "numbers not in order"
    return [match[2] for match in found if match], ""


def _places(given: Sequence[Any], wanted: Sequence[Any]) -> float:
    """The share of places that hold what they should."""
    right = sum(one == other for one, other in zip(given, wanted, strict=False))
    return right / max(len(given), len(wanted), 1)


def _normal(text: str, fold: bool) -> str:
    text = unicodedata.normalize("NFC", str(text)).strip()
    return text.casefold() if fold else text


def _plain(number: str) -> str:
    return number.replace(",", "").replace("−", "-")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(value := dict(pairs)) < len(pairs):
        raise ValueError("a key is there twice")
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _required(arguments: Mapping[str, Any], name: str, kind: type | tuple[type, ...]) -> Any:
    value = arguments.get(name)
    if value is None or not isinstance(value, kind):
        raise UserError(f"a check needs the argument {name!r}; got {value!r}")
    return value
