"""What all instruction checks share."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Mapping
from typing import Any

from towerplus.errors import UserError
from towerplus.languages.locales import Locale, find
from towerplus.records import Task
from towerplus.verify.base import PASSED, CheckFunction, Verdict, failed

RELATIONS = {
    "exactly": operator.eq,
    "at least": operator.ge,
    "at most": operator.le,
    "less than": operator.lt,
    "more than": operator.gt,
}
_SPACE = re.compile(r"\s+")


def answered(check: CheckFunction) -> CheckFunction:
    """`check`, for responses that are one: not empty and not the prompt over again, which would satisfy many rules."""

    @functools.wraps(check)
    def guarded(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
        if not response.strip():
            return failed("empty")
        asked = next((m.content for m in reversed(task.messages) if m.role == "user"), "")
        if asked and _SPACE.sub(" ", asked).strip().casefold() == _SPACE.sub(" ", response).strip().casefold():
            return failed("repeats the prompt")
        return check(response, task, arguments)

    return guarded


def compare(number: int, unit: str, arguments: Mapping[str, Any]) -> Verdict:
    """Hold a count against `relation` (default: exactly) and `count`."""
    return hold(number, unit, str(arguments.get("relation", "exactly")), argument(arguments, "count", int))


def hold(number: int, unit: str, relation: str, bound: int) -> Verdict:
    """Hold a count against a bound. A near miss scores up to a half."""
    if relation not in RELATIONS:
        raise UserError(f"unknown relation {relation!r}; known: {', '.join(RELATIONS)}")
    if RELATIONS[relation](number, bound):
        return PASSED
    score = 0.5 * (1 - abs(number - bound) / max(number, bound, 1)) if number else 0.0
    return failed(f"{number} {unit}, not {relation} {bound}", min(score, 0.5))


def relation(arguments: Mapping[str, Any], name: str = "relation") -> str:
    """The relation that an IFEval instruction must say."""
    return str(argument(arguments, name, str))


def locale_of(task: Task, arguments: Mapping[str, Any]) -> Locale | None:
    """The locale that a response is held to: the argument `locale`, else the task's target; None where neither says."""
    tag = arguments.get("locale") or task.target_locale
    return find(str(tag)) if tag else None


def argument(arguments: Mapping[str, Any], name: str, kind: type) -> Any:
    """A required argument of the right type; UserError otherwise."""
    value = arguments.get(name)
    if not isinstance(value, kind) or isinstance(value, bool) or value in ("", []):
        raise UserError(f"an instruction needs the argument {name!r} ({kind.__name__}); got {value!r}")
    return value
