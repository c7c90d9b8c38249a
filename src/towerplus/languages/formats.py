"""How each locale writes dates, times, numbers, amounts, percentages and units.

Every function returns the renderings that a reader of the locale accepts, the preferred one (CLDR's) first, with
CLDR's own spaces and signs. Compare on `normalise`d text. The data is `cldr.json`, see `generate.py`.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import date as Date
from datetime import time as Time
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from towerplus.errors import UserError
from towerplus.languages.locales import find

Style = Literal["numeric", "long", "iso"]

_SPACES = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_FOLD: dict[int, str | None] = {
    **dict.fromkeys(map(ord, _SPACES), " "),
    **dict.fromkeys(map(ord, "\u200e\u200f\u061c"), None),  # left-to-right, right-to-left, Arabic letter mark
    **dict.fromkeys(map(ord, "\u2019\u02bc\uff07"), "'"),
    **dict.fromkeys(map(ord, "\u2212\u2010\u2011"), "-"),  # minus sign, hyphen, no-break hyphen
    **{ord(wide): narrow for wide, narrow in zip("％：／＄￥", "%:/$¥", strict=True)},
    **{
        first + value: str(value)  # native digits: Arabic, Persian, Devanagari, Bengali, full width
        for first in (0x0660, 0x06F0, 0x0966, 0x09E6, 0xFF10)
        for value in range(10)
    },
}


@functools.lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """`text` in the form in which renderings are compared: NFC; every space a space; direction marks dropped; ’ as ',
    − as -, full-width signs and native digits as ASCII."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text).translate(_FOLD)


@functools.cache
def _table() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("cldr.json").read_text(encoding="utf-8"))


@functools.cache
def _entry(locale: str) -> dict[str, Any]:
    return _table()["locales"][find(locale).tag]


def _unique(forms: Iterable[str]) -> tuple[str, ...]:
    """The first form of each normalised rendering."""
    found: dict[str, str] = {}
    for form in forms:
        found.setdefault(normalise(form), form)
    return tuple(found.values())


def _plain(value: Decimal | int) -> str:
    """Digits of a finite number without exponent, its trailing zeros kept: they are part of what is written."""
    if isinstance(value, float):
        raise TypeError("a number to write is a Decimal or an int: a float has no exact digits")
    value = Decimal(value)
    if not value.is_finite():
        raise UserError(f"{value} cannot be written as a number")
    return format(value, "f")


# Dates and times -----------------------------------------------------------------------------------------------------


def date(value: Date, locale: str, style: Style = "numeric") -> tuple[str, ...]:
    """Accepted renderings of a day: `numeric` (7.3.2025), `long` (with the month's name) or `iso`."""
    return _date(value.isoformat(), locale, style)


@functools.lru_cache(maxsize=8192)
def _date(iso: str, locale: str, style: Style) -> tuple[str, ...]:
    entry = _entry(locale)
    if style == "iso":
        return (iso,)
    if style not in ("numeric", "long"):
        raise UserError(f"unknown date style {style!r}; one of numeric, long, iso")
    value = Date.fromisoformat(iso)
    day, month, year = value.day, value.month, value.year
    fields = {"d": day, "dd": f"{day:02}", "M": month, "MM": f"{month:02}", "MMMM": entry["months"][month - 1]}
    fields |= {"y": year, "yy": f"{year % 100:02}", "th": _ordinal_ending(day)}
    forms = [pattern.format_map(fields) for pattern in entry[style]]
    if style == "long" and day == 1:
        firsts = [entry["long"][0].format_map(fields | {"d": first}) for first in entry["first_day"]]
        forms = firsts + forms
    return _unique(forms)


def _ordinal_ending(day: int) -> str:
    return "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def time(value: Time, locale: str, hours: Literal[12, 24] | None = None) -> tuple[str, ...]:
    """Accepted renderings of hours and minutes on the 12- or 24-hour clock; None: on the clocks usual in the locale."""
    if value.second or value.microsecond:
        raise UserError(f"{value} has seconds; times to write have hours and minutes only")
    return _time(value.hour, value.minute, locale, hours)


@functools.lru_cache(maxsize=8192)
def _time(hour: int, minute: int, locale: str, hours: int | None) -> tuple[str, ...]:
    entry = _entry(locale)
    if hours not in (12, 24, None):
        raise UserError(f"hours is 12, 24 or absent, not {hours!r}")
    forms = []
    on_12, on_24 = {"h": hour % 12 or 12, "K": hour % 12}, {"H": hour}
    fields: dict[str, Any] = {"mm": f"{minute:02}", "m": minute, **on_12, **on_24}
    fields |= {name * 2: f"{value:02}" for name, value in (on_12 | on_24).items()}
    for clock in [hours] if hours else entry["clocks"]:
        patterns = entry[f"clock{clock}"] + (entry[f"hour{clock}"] if minute == 0 else [])
        if clock == 24:
            forms += [pattern.format_map(fields) for pattern in patterns]
            continue
        parts = {"{a}": entry["am_pm"][hour // 12], "{B}": entry["periods"][hour]}
        for pattern in patterns:
            field = "{B}" if "{B}" in pattern else "{a}"
            forms += [pattern.format_map(fields | {field[1]: part}) for part in parts[field]]
    return _unique(forms)


# Numbers -------------------------------------------------------------------------------------------------------------


def number(value: Decimal | int, locale: str) -> tuple[str, ...]:
    """Accepted renderings of a number with all the decimals it is given with. From 10,000 on digits are grouped; four
    digits are accepted either way, CLDR's first."""
    return _number(_plain(value), locale)


@functools.lru_cache(maxsize=8192)
def _number(digits: str, locale: str) -> tuple[str, ...]:
    entry = _entry(locale)
    minus = entry["minus"] if digits.startswith("-") else ""
    whole, _, decimals = digits.lstrip("-").partition(".")
    grouped = [_group(whole, separator, entry["grouping"][1]) for separator in entry["groups"]]
    if len(whole) == 4:
        grouped.insert(0 if entry["minimum_grouping"] == 2 else 1, whole)
    tail = entry["decimal"] + decimals if decimals else ""
    return _unique(minus + form + tail for form in grouped)


def _group(whole: str, separator: str, size: int) -> str:
    """Groups of three at the end and of `size` before: 1,234,567, or 12,34,567 where it is 2."""
    head, tail = whole[:-3], whole[-3:]
    groups = []
    while head:
        groups.append(head[-size:])
        head = head[:-size]
    return separator.join([*reversed(groups), tail])


def percent(value: Decimal | int, locale: str) -> tuple[str, ...]:
    """Accepted renderings of a percentage; 12.5 means 12.5 %."""
    return _percent(_plain(value), locale)


@functools.lru_cache(maxsize=8192)
def _percent(digits: str, locale: str) -> tuple[str, ...]:
    entry = _entry(locale)
    patterns = entry["percent"] + _by_count(entry["percent_names"], digits, locale)
    return _unique(pattern.format(form) for pattern in patterns for form in _number(digits, locale))


def unit(value: Decimal | int, unit: str, locale: str) -> tuple[str, ...]:
    """Accepted renderings of a measure: the sign (5 km) or the name in the plural form that the number asks for, in
    any grammatical case. Units: km m cm kg g l celsius fahrenheit mile pound inch; another raises UserError."""
    return _unit(_plain(value), unit, locale)


@functools.lru_cache(maxsize=8192)
def _unit(digits: str, unit: str, locale: str) -> tuple[str, ...]:
    units = _entry(locale)["units"]
    if unit not in units:
        raise UserError(f"unknown unit {unit!r}; one of {', '.join(units)}")
    patterns = _by_count(units[unit], digits, locale)
    return _unique(pattern.format(form) for pattern in patterns for form in _number(digits, locale))


def currency(value: Decimal | int, code: str, locale: str) -> tuple[str, ...]:
    """Accepted renderings of an amount, `code` as in ISO 4217: with the locale's sign for the currency, with the code
    on either side, or with its name. Decimals are filled up to the currency's own (2 for EUR, 0 for JPY); whole
    amounts are accepted without. An unknown code raises UserError."""
    return _currency(_plain(value), code, locale)


@functools.lru_cache(maxsize=8192)
def _currency(digits: str, code: str, locale: str) -> tuple[str, ...]:
    entry, places = _entry(locale), _table()["currency_digits"]
    if code not in places:
        raise UserError(f"unknown currency {code!r}; one of {', '.join(places)}")
    whole, _, decimals = digits.lstrip("-").partition(".")
    decimals = decimals.rstrip("0").ljust(places[code], "0")
    amounts = [f"{whole}.{decimals}" if decimals else whole]
    if not decimals.strip("0"):
        amounts.append(whole)
    negative, minus = digits.startswith("-"), entry["minus"]
    forms = []
    for amount in dict.fromkeys(amounts):
        for pattern in [*entry["currency"], "{1} {0}", "{0} {1}"]:
            # The two patterns at the end are for the code alone: EUR 12, 12 EUR.
            signs = entry["signs"][code] if pattern in entry["currency"] else [code]
            for sign in signs:
                for form in _number(amount, locale):
                    outside = minus + _join(pattern, form, sign)
                    inside = _join(pattern, minus + form, sign)
                    if not negative:
                        forms.append(_join(pattern, form, sign))
                    else:
                        forms += [inside, outside] if entry["minus_inside"] else [outside, inside]
        signed = "-" * negative + amount
        for pattern in _by_count(entry["names"][code], signed, locale):
            forms += [pattern.format(form) for form in _number(signed, locale)]
    return _unique(forms)


def _join(pattern: str, amount: str, sign: str) -> str:
    """Fill a currency pattern; a sign that ends in a letter never touches the digits (CLDR currencySpacing)."""
    if pattern == "{1}{0}" and sign[-1].isalpha():
        pattern = "{1}\u00a0{0}"
    return pattern.format(amount, sign)


# Plural categories and quotation marks ----------------------------------------------------------------------------


def plural(value: Decimal | int, locale: str) -> str:
    """The plural category (Unicode TR 35, part 3) that `value`, as written, takes: one, few, many or other (the
    languages here have no zero and two)."""
    return _plural(_plain(value), locale)


@functools.lru_cache(maxsize=8192)
def _plural(digits: str, locale: str) -> str:
    whole, _, decimals = digits.lstrip("-").partition(".")
    stripped = decimals.rstrip("0")
    operands: dict[str, Any] = {"i": int(whole), "v": len(decimals), "w": len(stripped), "e": 0}
    operands |= {"f": int(decimals or 0), "t": int(stripped or 0)}
    operands["n"] = Decimal(digits.lstrip("-"))

    def holds(condition: str) -> bool:
        operand, modulus, negated, ranges = re.fullmatch(  # type: ignore[union-attr]
            r"(\w)(?: mod (\d+))?( not)? in ([\d.,]+)", condition
        ).groups()
        left = operands[operand] % int(modulus) if modulus else operands[operand]
        bounds = [item.split("..") for item in ranges.split(",")]
        within = any(int(b[0]) <= left <= int(b[-1]) and left == int(left) for b in bounds)
        return within != bool(negated)

    for category, rule in _entry(locale)["plural"].items():
        if any(all(map(holds, clause.split(" and "))) for clause in rule.split(" or ")):
            return category
    return "other"


def _by_count(table: dict[str, Any], digits: str, locale: str) -> list[str]:
    forms = table.get(_plural(digits, locale), table["other"])
    return [forms] if isinstance(forms, str) else forms


def quotation_marks(locale: str) -> tuple[tuple[str, str], ...]:
    """Pairs of opening and closing marks in use, the main pair first, then the inner one and others."""
    return tuple((pair[0], pair[1]) for pair in _entry(locale)["quotes"])
