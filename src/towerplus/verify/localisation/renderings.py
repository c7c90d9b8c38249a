"""The rule that the checks of dates, times, numbers and measures share: the value stands in the response exactly once
in a rendering that the locale accepts, and in no other rendering: neither the source's nor another style's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from towerplus.errors import UserError
from towerplus.languages.formats import normalise
from towerplus.languages.locales import find
from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed
from towerplus.verify.localisation import spans

#: A text with fewer letters may well be its own translation.
LETTERS_OF_A_COPY = 20


#: Characters that, between two digits, make them one number or date.
LINKS = ".,'/:-"


@dataclass(frozen=True, slots=True)
class Renderings:
    """Normalised strings to look for, longest first, with whether each is accepted.

    Attributes:
        preferred: the rendering that a reason names.
        links: characters that, between two digits, make them one number, date or time.
    """

    preferred: str
    candidates: tuple[tuple[str, bool], ...]
    links: str


def renderings(accepted: Iterable[str], others: Iterable[str], links: str = LINKS) -> Renderings:
    """What to look for: `accepted`, the preferred one first, and `others`, which must be absent."""
    good = dict.fromkeys(map(normalise, accepted), True)
    found = dict.fromkeys((form for form in map(normalise, others) if form), False) | good
    return Renderings(next(iter(good)), tuple(sorted(found.items(), key=lambda item: -len(item[0]))), links)


def hold(response: str, task: Task, expected: Renderings) -> Verdict:
    """The rule of this module; a response that copies its source fails first."""
    if is_copy(response, task):
        return failed("the source, copied")
    text = normalise(response)
    taken: list[tuple[int, int]] = []
    count = 0
    for candidate, accepted in expected.candidates:
        start = text.find(candidate)
        while start >= 0:
            end = start + len(candidate)
            if spans.free(taken, start, end) and spans.quantity(text, start, end, expected.links):
                if not accepted:
                    return failed(f"{candidate} is not the form asked for: {expected.preferred}")
                taken.append((start, end))
                count += 1
            start = text.find(candidate, start + 1)
    if count == 1:
        return PASSED
    return failed(f"{expected.preferred} stands {count} times, not once" if count else f"no {expected.preferred}")


def is_copy(response: str, task: Task) -> bool:
    """Whether the response is its source, in a task between two languages and with a source of some length."""
    source = task.source
    if not source or response.strip() != source.strip() or not task.source_locale or not task.target_locale:
        return False
    if find(task.source_locale).language == find(task.target_locale).language:
        return False
    return sum(map(str.isalpha, source)) >= LETTERS_OF_A_COPY


# Arguments of checks -------------------------------------------------------------------------------------------------


def setting_of(task: Task, arguments: Mapping[str, Any]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The locale that the response is held to (the argument `locale`, else the task's target); the locales whose
    renderings may be left over (its own, in other styles, and the source's); the strings of the argument `absent`."""
    locale = arguments.get("locale") or task.target_locale
    if not locale:
        raise UserError("a localisation check needs a locale: its own argument or the task's target_locale")
    locales = (locale,) if task.source_locale in (None, locale) else (locale, task.source_locale)
    return locale, locales, tuple(arguments.get("absent", ()))


def text_of(arguments: Mapping[str, Any], name: str, kind: str) -> str:
    """A required argument as text; a missing one raises UserError."""
    if name not in arguments:
        raise UserError(f"{kind} needs the argument {name!r}")
    return str(arguments[name])


def number_of(text: str, kind: str) -> Decimal:
    """The number that an argument holds, in JSON or as text with a decimal point; UserError otherwise."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise UserError(f"{kind}: {text!r} is not a number with a decimal point") from None
    if not value.is_finite():
        raise UserError(f"{kind}: {text!r} is not a finite number")
    return value
