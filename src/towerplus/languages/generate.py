"""Write `cldr.json` from Babel's CLDR data and `overrides.py`: `python -m towerplus.languages.generate`.

Everything that can be decided ahead is decided here (which paddings, separators, symbols and names a locale accepts),
so that `formats.py` only fills in patterns. In each list the preferred form stands first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import babel
from babel.core import get_cldr_version
from babel.numbers import get_currency_precision

from towerplus.languages import overrides
from towerplus.languages.locales import LOCALES, Locale

TABLE = Path(__file__).with_name("cldr.json")
UNITS = {
    "km": "length-kilometer",
    "m": "length-meter",
    "cm": "length-centimeter",
    "kg": "mass-kilogram",
    "g": "mass-gram",
    "l": "volume-liter",
    "celsius": "temperature-celsius",
    "fahrenheit": "temperature-fahrenheit",
    "mile": "length-mile",
    "pound": "mass-pound",
    "inch": "length-inch",
}
CURRENCIES = [
    "USD", "EUR", "GBP", "JPY", "CNY", "TWD", "KRW", "INR", "RUB", "UAH", "PLN", "CZK", "HUF",
    "RON", "SEK", "NOK", "DKK", "ISK", "CHF", "BRL", "MXN", "ARS", "CLP", "COP", "CAD", "AUD",
]  # fmt: skip
EAST_ASIAN = ("zh-Hans", "zh-Hant", "ja", "ko")


def unique(forms: Iterable[str]) -> list[str]:
    """`forms` without repetition, in order."""
    return list(dict.fromkeys(forms))


def fewer(by_count: dict[str, Any]) -> dict[str, Any]:
    """`by_count` without the plural categories that take the forms of `other`."""
    return {count: forms for count, forms in by_count.items() if count == "other" or forms != by_count["other"]}


def date_pattern(pattern: str) -> str:
    """A CLDR date or time pattern as `str.format` fields: d dd M MM MMMM y yy H HH h hh K mm a B."""
    out = []
    for field in re.finditer(r"'([^']*)'|([A-Za-z])\2*|[^A-Za-z']+", pattern):
        out.append("{" + field[0] + "}" if field[2] else field[1] or field[0])
    return "".join(out)


def numeric_dates(tag: str, data: babel.Locale) -> list[str]:
    """CLDR's yMd and its short pattern; days and months padded or not; the year whole, or of two digits as in CLDR."""
    short = date_pattern(data.date_formats["short"].pattern)
    first = date_pattern(data.datetime_skeletons["yMd"].pattern)
    forms = [first, short.replace("{yy}", "{y}"), short]
    for form in list(forms):
        bare = form.replace("{dd}", "{d}").replace("{MM}", "{M}")
        forms += [
            bare.replace("{d}", day).replace("{M}", month) for day in ("{d}", "{dd}") for month in ("{M}", "{MM}")
        ]
    for form in list(forms):
        for separator in overrides.ALSO_DATE_SEPARATOR.get(tag, ""):
            forms.append(re.sub(r"(?<=\})[./-](?=\{)", separator, form))
    forms += [form.replace(" ", "") for form in forms]
    return unique(forms + [form.removesuffix(".") for form in forms])


def long_dates(tag: str, data: babel.Locale) -> list[str]:
    """CLDR's long pattern, with the month's name, and what overrides add."""
    return unique([date_pattern(data.date_formats["long"].pattern), *overrides.ALSO_LONG_DATE.get(tag, [])])


def clocks(tag: str, data: babel.Locale) -> dict[str, Any]:
    """Patterns of the 24- and the 12-hour clock, names of the day's parts, and which clock is usual."""
    hours24 = [date_pattern(data.datetime_skeletons["Hm"].pattern)]
    hours12 = [
        date_pattern(data.datetime_skeletons["hm"].pattern),
        date_pattern(data.datetime_skeletons["Bhm"].pattern),
    ]
    usual = 24 if "H" in data.time_formats["short"].pattern else 12
    if usual == 24:  # some locales pad in one pattern and not in the other
        hours24 = unique([date_pattern(data.time_formats["short"].pattern), *hours24])
    else:
        hours12 = unique([date_pattern(data.time_formats["short"].pattern), *hours12])

    def widths(forms: list[str], letters: str) -> list[str]:
        forms = forms + [re.sub(r"\{[HhK]+\}", "{" + field + "}", form) for form in forms for field in letters.split()]
        if separator := overrides.ALSO_TIME_SEPARATOR.get(tag):
            forms += [re.sub(r"(?<=\})[:.](?=\{mm)", separator, form) for form in forms]
        return forms

    hours24 = unique(widths(hours24, "H HH") + overrides.ALSO_CLOCK24.get(tag, []))
    hours12 = widths(hours12, "h hh")
    for form in [*hours12, *overrides.ALSO_CLOCK12.get(tag, [])]:
        part = re.search(r"\{[aB]\}", form)
        hours12 += [form.replace("{B}", "{a}"), form.replace("{a}", "{B}")]
        if part and tag.startswith(("en", *EAST_ASIAN)):  # 2:05 pm, 2:05pm; 午後2:05, 午後 2:05
            joined = re.sub(r"\s?(\{[aB]\})\s?", r"\1", form)
            hours12 += [joined, re.sub(r"(?<=\})(?=\{)", " ", joined)]
    periods = data.day_periods

    def names(key: str) -> list[str]:
        format_ = periods.get("format", {})
        return unique(
            format_[width][key] for width in ("abbreviated", "wide") if key in format_.get(width, {})
        ) or unique(width[key] for width in periods.get("stand-alone", {}).values() if key in width)

    am_pm = []
    for side, key in enumerate(("am", "pm")):
        first = overrides.AM_PM_FIRST.get(tag, ([], []))[side]
        am_pm.append(unique(first + names(key) + overrides.ALSO_AM_PM.get(tag, ([], []))[side]))
    flexible: list[list[str]] = [[] for _ in range(24)]
    for key, rules in data.day_period_rules.get(None, {}).items():
        for rule in rules:
            if "from" in rule:
                start, end = rule["from"] // 3600, rule["before"] // 3600
                for hour in range(start, end if end > start else end + 24):
                    flexible[hour % 24] += names(key)
    return {
        "clock24": hours24,
        "clock12": unique(hours12),
        "hour24": overrides.WHOLE_HOUR24.get(tag, []),
        "hour12": overrides.WHOLE_HOUR12.get(tag, []),
        "am_pm": am_pm,
        "periods": flexible,
        "clocks": [usual, 36 - usual] if tag in overrides.BOTH_CLOCKS else [usual],
    }


def plain_pattern(pattern: str) -> str:
    """A CLDR number pattern with {0} for the number and {1} for the currency's sign."""
    return re.sub(r"[#0][#0.,]*", "{0}", pattern.split(";")[0]).replace("¤", "{1}")


def percents(data: babel.Locale) -> list[str]:
    """CLDR's pattern; the sign with and without a space before it."""
    form = plain_pattern(data.percent_formats[None].pattern)
    return unique([form, "{0}\u00a0%", "{0}%"])


def currencies(tag: str, data: babel.Locale) -> dict[str, Any]:
    """Patterns, each currency's accepted signs, and its names by plural category."""
    raw = data.currency_formats["standard"].pattern
    patterns = [plain_pattern(raw), *overrides.ALSO_CURRENCY.get(tag, [])]
    tables, signs, names = data._data, {}, {}
    standard = {code: data.currency_symbols.get(code, code) for code in CURRENCIES}
    for code in CURRENCIES:
        short = overrides.NARROW_SIGNS.get(code, standard[code])
        others = {sign for other, sign in standard.items() if other != code}
        signs[code] = unique([standard[code], *([] if short in others else [short]), code])
        by_count = dict(tables["currency_names_plural"].get(code) or {}) or {"other": data.currencies[code]}
        units = tables["currency_unit_patterns"]
        names[code] = fewer(
            {
                count: units.get(count, units["other"]).format("{0}", by_count.get(count, by_count["other"]))
                for count in [*data.plural_form.rules, "other"]
            }
        )
    return {
        "currency": unique(patterns),
        "minus_inside": ";" in raw and raw.split(";")[1].startswith("¤"),
        "signs": signs,
        "names": names,
    }


def unit_forms(tag: str, data: babel.Locale, name: str, key: str) -> dict[str, list[str]]:
    """plural category -> patterns: CLDR's short form, its narrow one where it only drops the space, the long one with
    its case forms."""
    table, result = data._data["unit_patterns"][key], {}
    for count in [*data.plural_form.rules, "other"]:
        widths = {width: forms.get(count, forms.get("other", "")) for width, forms in table.items() if forms}
        short = widths["short"]
        squeezed = re.sub(r"\s", "", short)
        forms = [short]
        if widths.get("narrow") == squeezed:  # otherwise 5″, 5#, 20°: no longer says which unit
            forms.append(squeezed)
        if long := widths.get("long"):
            inflections = overrides.INFLECTIONS.get(tag, {}).get(count, [])
            forms.append(long)
            forms += [
                long.removesuffix(end) + case for end, cases in inflections if long.endswith(end) for case in cases
            ]
        forms += overrides.ALSO_UNITS.get(tag, {}).get(name, [])
        if "°" in short:
            forms += [squeezed, re.sub(r"\{0\}(?=\S)", "{0}\u00a0", squeezed)]
        if tag in EAST_ASIAN:  # a space beside the number or none
            forms += [re.sub(r"(?<=\S)\{0\}", " {0}", re.sub(r"\{0\}(?=\S)", "{0} ", form)) for form in forms]
            forms += [re.sub(r"\s?\{0\}\s?", "{0}", form) for form in forms]
        result[count] = unique(forms)
    return fewer(result)


def entry(locale: Locale) -> dict[str, Any]:
    """The part of the table that belongs to one locale."""
    data, tag = babel.Locale.parse(locale.cldr), locale.tag
    symbols = data.number_symbols["latn"]
    pattern = data.decimal_formats[None].pattern
    first_day, ruled = overrides.FIRST_OF_MONTH.get(tag, ("1", False))
    return {
        "decimal": symbols["decimal"],
        "groups": [symbols["group"], *overrides.ALSO_GROUP.get(tag, [])],
        "grouping": [3, 2 if pattern.startswith("#,##,") else 3],
        "minimum_grouping": overrides.MINIMUM_GROUPING.get(tag, 1),
        "minus": symbols["minusSign"],
        "plural": dict(data.plural_form.rules),
        "percent": percents(data),
        "percent_names": unit_forms(tag, data, "percent", "concentr-percent"),
        **currencies(tag, data),
        "units": {name: unit_forms(tag, data, name, key) for name, key in UNITS.items()},
        "numeric": numeric_dates(tag, data),
        "long": long_dates(tag, data),
        "months": [data.months["format"]["wide"][month] for month in range(1, 13)],
        "first_day": unique([first_day, "1"] if ruled else ["1", first_day]),
        **clocks(tag, data),
        "quotes": overrides.QUOTES[tag],
    }


def generate() -> str:
    """The text of `cldr.json`, a field of a locale a line."""
    head = {
        "babel": babel.__version__,
        "cldr": get_cldr_version(),
        "currency_digits": {code: get_currency_precision(code) for code in CURRENCIES},
    }

    def line(key: str, value: Any) -> str:
        return f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"

    locales = [
        f"{json.dumps(tag)}: {{\n" + ",\n".join(line(*item) for item in entry(locale).items()) + "}"
        for tag, locale in LOCALES.items()
    ]
    return "{\n" + ",\n".join(line(*item) for item in head.items()) + ',\n"locales": {\n' + ",\n".join(locales) + "}}\n"


if __name__ == "__main__":
    TABLE.write_text(generate(), encoding="utf-8")
