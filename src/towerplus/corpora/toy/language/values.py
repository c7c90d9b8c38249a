"""Numbers, dates and times as a locale writes them, for use in running text."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from towerplus.corpora.toy.language.meaning import Meaning
from towerplus.languages import formats

CURRENCIES = ("EUR", "USD", "GBP")
#: of the renderings that a locale accepts, so many are offered in a sentence, the preferred first
_OFFERED = 4
#: what a locale's running text prefers to CLDR's short form: French writes 9 h 05
_PREFERRED: dict[tuple[str, str], Callable[[str], bool]] = {
    ("fr", "time"): lambda form: " h " in form and form[0] != "0",
    ("ru", "time"): lambda form: form[0] != "0",
    ("de", "time"): lambda form: form[0] != "0",
}


def render(meaning: Meaning, locale: str, style: str = "") -> tuple[str, ...]:
    """The accepted renderings of the value of `meaning`, preferred first. `style` is a date style (numeric, long, iso)
    or the hours of the clock (12, 24); empty for the locale's usual one."""
    return _render(meaning.value, meaning.unit, locale, style)


@functools.lru_cache(maxsize=65536)
def _render(value: Any, unit: str, locale: str, style: str) -> tuple[str, ...]:
    if unit in CURRENCIES:
        found = formats.currency(value, unit, locale)
    elif unit == "percent":
        found = formats.percent(value, locale)
    elif unit == "date":
        found = formats.date(value, locale, style or "long")  # type: ignore[arg-type]
    elif unit == "time":
        found = formats.time(value, locale, int(style) if style else None)  # type: ignore[arg-type]
    elif unit:
        found = formats.unit(value, unit, locale)
        if locale in ("de", "ru"):
            # Spelt-out units come in every case there; the sign fits all sentences.
            found = tuple(form for form in found if sum(map(str.isalpha, form)) <= 2)
    else:
        found = formats.number(value, locale)
    if prefer := _PREFERRED.get((locale, unit)):
        found = tuple(sorted(found, key=prefer, reverse=True))
    return found[:_OFFERED]
