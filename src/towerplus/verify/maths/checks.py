"""Maths answers: numbers exactly, everything else by symbolic equivalence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from towerplus.errors import UserError
from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed
from towerplus.verify.maths import numbers, symbolic

EXTRACT = ("latex", "expr", "choice")
_DOLLARS = re.compile(r"\$([^$]+)\$")


def gsm8k(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """The final answer of the response is the number `expected`; exact arithmetic, units and grouping ignored.

    The final answer follows the last ``####``, ``A:`` or "answer is", or stands in the last ``\\boxed{}``. With
    `flexible`, a response without any of them is judged by its last number (lm-eval's "flexible-extract").
    """
    expected = numbers.quantity(str(arguments.get("expected", "")))
    if expected is None:
        raise UserError(f"maths.gsm8k: {arguments.get('expected')!r} is not a number")
    text = numbers.marked(response)
    if text is None and not arguments.get("flexible"):
        return failed("marks no final answer")
    value = numbers.last(response) if text is None else numbers.quantity(text)
    if value is None:
        return failed("holds no number" if text is None else f"the final answer {_short(text)} is no number")
    return PASSED if value == expected else failed(f"{value} is not {expected}")


def equivalent(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """The final answer of the response is equivalent to `expected`, as math-verify reads and compares both.

    Arguments beside `expected` (LaTeX or plain): `extract`, what an answer may be: latex and expr by default, choice
    with the letters `choices`; `precision`, decimals that count when numbers are compared (6); `strict`, variables
    must have the same names (true); `relations`, whether an inequality may answer for a set (false); `timeout`
    seconds (5). Two plain numbers and two equal texts are decided here, everything else by the worker.

    Raises UserError where math-verify is missing, whatever the answer, so that no run stops halfway.
    """
    expected = arguments.get("expected")
    if not isinstance(expected, str | int | float) or not str(expected).strip():
        raise UserError(f"maths.equivalent needs the argument 'expected'; got {expected!r}")
    if reason := symbolic.unavailable():
        raise UserError(f"maths.equivalent is unavailable: {reason}")
    settings = symbolic.Settings(
        extract=_extract(arguments.get("extract", ["latex", "expr"])),
        choices=tuple(arguments.get("choices", ())),
        precision=int(arguments.get("precision", 6)),
        strict=bool(arguments.get("strict", True)),
        relations=bool(arguments.get("relations", False)),
    )
    if not response.strip():
        return failed("empty")
    if settings.extract == ("latex", "expr") and (verdict := _exact(response, str(expected), settings.precision)):
        return verdict
    return symbolic.worker().equivalent(str(expected), response, settings, float(arguments.get("timeout", 5)))


def _exact(response: str, expected: str, precision: int) -> Verdict | None:
    """The verdict that needs no algebra, or None. Numbers nearer than rounding are left to the worker."""
    answer, wanted = _answer(response), _answer(expected)
    if answer is None or wanted is None:
        return None
    given, gold = numbers.plain(answer), numbers.plain(wanted)
    if given is None or gold is None:
        return None
    if given == gold:
        return PASSED
    return failed(f"{given} is not {gold}") if abs(given - gold) > Fraction(2, 10**precision) else None


def _answer(text: str) -> str | None:
    """The answer of a text that has one place for it: its only box, all of it between dollars, or all of it."""
    text = text.strip()
    if "\\boxed" in text:
        return numbers.boxed(text)
    if whole := _DOLLARS.fullmatch(text):
        return whole[1].strip()
    return text


def _extract(value: Any) -> tuple[str, ...]:
    names = (value,) if isinstance(value, str) else tuple(value)
    if not names or set(names) - set(EXTRACT):
        raise UserError(f"maths.equivalent: 'extract' is any of {', '.join(EXTRACT)}; got {value!r}")
    return names


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
