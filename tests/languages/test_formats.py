"""The table against Babel on a grid, and against forms that national standards and CLDR 48 give."""

import datetime
import json
import unicodedata
from decimal import Decimal

import babel
import pytest
from babel import dates, numbers, units
from hypothesis import given
from hypothesis import strategies as st

from towerplus.errors import UserError
from towerplus.languages import formats, generate
from towerplus.languages.formats import normalise
from towerplus.languages.locales import LOCALES

TAGS = list(LOCALES)
NUMBERS = [
    Decimal(digits)
    for digits in (
        "0",
        "1",
        "2",
        "5",
        "1.50",
        "-3",
        "21",
        "999",
        "1234",
        "-4321.5",
        "12345",
        "-12345.67",
        "1234567.891",
    )
]
DAYS = [datetime.date(2025, 3, 7), datetime.date(2024, 12, 25), datetime.date(1999, 8, 31)]
TIMES = [datetime.time(h, m) for h, m in ((0, 5), (9, 30), (12, 0), (14, 5), (23, 59))]
#: CLDR 48 does not group four digits here; Babel does
UNGROUPED = ("es-ES", "it", "pt-PT", "pl", "hu")


def same(one: str, two: str) -> bool:
    return normalise(one) == normalise(two)


def among(one: str, forms: tuple[str, ...]) -> bool:
    return normalise(one) in map(normalise, forms)


def decimal_pattern(value: Decimal, tag: str) -> str:
    """The locale's pattern with as many decimals as `value` has: Babel would round and drop zeros."""
    places = max(0, -value.as_tuple().exponent)
    pattern = babel.Locale.parse(LOCALES[tag].cldr).decimal_formats[None].pattern
    return pattern.replace(".###", "." + "0" * places if places else "")


def four_digits(value: Decimal) -> bool:
    return 1000 <= abs(value) < 10_000


@pytest.mark.parametrize("tag", TAGS)
def test_numbers_as_babel_writes_them(tag):
    for value in NUMBERS:
        expected = numbers.format_decimal(value, decimal_pattern(value, tag), locale=LOCALES[tag].cldr)
        forms = formats.number(value, tag)
        assert among(expected, forms)
        if not (four_digits(value) and tag in UNGROUPED):
            assert same(expected, forms[0])


@pytest.mark.parametrize("tag", TAGS)
def test_percent_as_babel_writes_it(tag):
    data = babel.Locale.parse(LOCALES[tag].cldr)
    pattern = data.percent_formats[None].pattern.replace("##0", "##0.00")
    expected = numbers.format_percent(Decimal("0.1225"), pattern, locale=data)
    assert same(expected, formats.percent(Decimal("12.25"), tag)[0])


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("code", ["EUR", "USD", "GBP", "JPY"])
def test_currency_as_babel_writes_it(tag, code):
    """es-419 has codes for signs; Babel writes USD5.00, CLDR's currencySpacing asks for a space."""
    for value in (Decimal("5"), Decimal("-3"), Decimal("999"), Decimal("12345"), Decimal("-1234567")):
        expected = numbers.format_currency(value, code, locale=LOCALES[tag].cldr)
        forms = formats.currency(value, code, tag)
        if code in expected:
            expected, forms = expected.replace(code, code + " "), (forms[0].replace("\u00a0", " "), *forms)
        assert normalise(expected).replace(" ", "") == normalise(forms[0]).replace(" ", "")
        assert among(expected.strip(), forms)


@pytest.mark.parametrize("tag", TAGS)
def test_units_as_babel_writes_them(tag):
    """Only where Babel finds the plural form: it takes the long `other` when the short forms lack a category."""
    data = babel.Locale.parse(LOCALES[tag].cldr)
    for unit, key in generate.UNITS.items():
        for value in NUMBERS:
            pattern = decimal_pattern(value, tag)
            if data.plural_form(abs(value)) in data._data["unit_patterns"][key].get("short", {}):
                short = units.format_unit(value, key, length="short", format=pattern, locale=data)
                forms = formats.unit(value, unit, tag)
                assert among(short, forms)
                assert same(short, forms[0]) or (four_digits(value) and tag in UNGROUPED)
            forms = data._data["unit_patterns"][key].get("long", {})
            name = forms.get(data.plural_form(abs(value)), forms.get("other"))
            if name:
                number = numbers.format_decimal(value, pattern, locale=data)
                assert among(name.format(number), formats.unit(value, unit, tag))


@pytest.mark.parametrize("tag", TAGS)
def test_dates_as_babel_writes_them(tag):
    data = babel.Locale.parse(LOCALES[tag].cldr)
    for day in DAYS:
        assert same(dates.format_skeleton("yMd", day, locale=data), formats.date(day, tag)[0])
        assert among(dates.format_date(day, "short", locale=data), formats.date(day, tag))
        assert same(dates.format_date(day, "long", locale=data), formats.date(day, tag, "long")[0])
        assert formats.date(day, tag, "iso") == (day.isoformat(),)


@pytest.mark.parametrize("tag", TAGS)
def test_times_as_babel_writes_them(tag):
    data = babel.Locale.parse(LOCALES[tag].cldr)
    for time in TIMES:
        usual = dates.format_time(time, "short", locale=data)
        if tag == "ko":  # Babel 2.18 has AM and PM where CLDR has these
            usual = usual.replace("AM", "오전").replace("PM", "오후")
        assert same(usual, formats.time(time, tag)[0])
        # format_skeleton cannot do times in Babel (it takes a date for a datetime at midnight): its pattern can
        day = dates.format_time(time, str(data.datetime_skeletons["Hm"]), locale=data)
        assert among(day, formats.time(time, tag, 24))


@pytest.mark.parametrize("tag", TAGS)
def test_plural_categories_are_babels(tag):
    rule = babel.Locale.parse(LOCALES[tag].cldr).plural_form
    for value in [
        *map(Decimal, range(130)),
        *map(Decimal, ["0.0", "0.5", "1.0", "1.1", "1.50", "2.0", "10.1", "11.5", "1000000", "2000001"]),
    ]:
        assert formats.plural(value, tag) == rule(value), value
        assert formats.plural(-value, tag) == rule(value), value


def test_the_table_is_what_the_generator_writes():
    table = json.loads(generate.TABLE.read_text(encoding="utf-8"))
    if table["babel"] != babel.__version__:
        pytest.skip(f"the table is of Babel {table['babel']}, here is {babel.__version__}")
    assert generate.generate() == generate.TABLE.read_text(encoding="utf-8")


def test_months_of_the_year_are_told_apart():
    for tag in TAGS:
        months = [formats.date(datetime.date(2025, month, 7), tag, "long")[0] for month in range(1, 13)]
        assert len(set(months)) == 12


@pytest.mark.parametrize(
    ("tag", "form"),
    [
        ("en-US", "March 1, 2025"), ("en-US", "March 1st, 2025"), ("en-GB", "1 March 2025"), ("fr", "1er mars 2025"),
        ("it", "1º marzo 2025"), ("ru", "1 марта 2025 года"), ("ru", "1 марта 2025"), ("uk", "1 березня 2025 р."),
        ("hu", "2025. március 1"), ("fi", "1. maaliskuuta 2025"), ("ja", "2025年3月1日"),
        ("zh-Hans", "2025 年 3 月 1 日"),
        ("ko", "2025년 3월 1일"), ("es-419", "1 de marzo de 2025"), ("hi", "1 मार्च 2025"),
    ],
)  # fmt: skip
def test_long_dates_of_the_first(tag, form):
    assert among(form, formats.date(datetime.date(2025, 3, 1), tag, "long"))


@pytest.mark.parametrize(
    ("tag", "good", "bad"),
    [
        ("de", "07.03.2025 7.3.2025 07.03.25", "3/7/2025 7/3/2025 2025-03-07"),
        ("en-US", "3/7/2025 03/07/2025 3/7/25", "7/3/2025 7.3.2025 2025-03-07"),
        ("en-GB", "07/03/2025 7/3/2025", "3/7/2025 03/07/2025"),
        ("sv", "2025-03-07", "7.3.2025 07/03/2025"),
        ("nl", "7-3-2025 07-03-2025 7/3/2025", "3-7-2025 7.3.2025"),
        ("hu", "2025.03.07. 2025.3.7.", "07.03.2025 2025-03-07"),
        ("ja", "2025/03/07 2025/3/7", "07/03/2025 3/7/2025"),
        ("zh-Hans", "2025/3/7 2025-03-07", "3/7/2025 07.03.2025"),
    ],
)
def test_numeric_dates(tag, good, bad):
    forms = formats.date(datetime.date(2025, 3, 7), tag)
    assert all(among(form, forms) for form in good.split())
    assert not any(among(form, forms) for form in bad.split())


@pytest.mark.parametrize(
    ("tag", "hours", "good", "bad"),
    [
        ("en-US", 12, ["2:05 PM", "2:05 p.m.", "2:05pm"], ["14:05", "2:05", "2:05 AM"]),
        ("en-US", None, ["2:05 PM"], ["14:05"]),
        ("en-GB", None, ["14:05", "2:05 pm"], ["2:05 am"]),
        ("de", None, ["14:05"], ["2:05 PM", "14h05"]),
        ("fr", 24, ["14:05", "14 h 05", "14h05"], ["2:05 PM", "14.05"]),
        ("da", 24, ["14.05", "14:05"], ["2.05"]),
        ("fi", None, ["14.05"], ["14h05"]),
        ("es-ES", 12, ["2:05 p. m.", "2:05 p.m.", "2:05 de la tarde"], ["2:05 a. m.", "2:05 de la mañana"]),
        ("ko", 12, ["오후 2:05", "오후 2시 5분"], ["오전 2:05", "14:05"]),
        ("ja", 12, ["午後2:05", "午後2時5分"], ["午前2:05"]),
        ("zh-Hant", 12, ["下午2:05", "下午 2:05"], ["上午2:05"]),
        ("zh-Hans", 24, ["14:05", "14时05分", "14点05分"], ["14點05分"]),
    ],
)
def test_times(tag, hours, good, bad):
    forms = formats.time(datetime.time(14, 5), tag, hours)
    assert all(among(form, forms) for form in good), forms
    assert not any(among(form, forms) for form in bad), forms


def test_midnight_and_noon_on_the_12_hour_clock():
    assert among("12:00 AM", formats.time(datetime.time(0, 0), "en-US"))
    assert among("12 PM", formats.time(datetime.time(12, 0), "en-US"))
    assert among("午後0:05", formats.time(datetime.time(12, 5), "ja", 12))


@pytest.mark.parametrize(
    ("tag", "value", "good", "bad"),
    [
        ("es-ES", "1234.5", ["1234,5", "1.234,5", "1 234,5"], ["1,234.5", "1234.5"]),
        ("es-ES", "12345", ["12.345", "12 345"], ["12345", "12,345"]),
        ("pl", "1234", ["1234", "1 234"], ["1.234", "1,234"]),
        ("hi", "1234567", ["12,34,567"], ["1,234,567", "1234567"]),
        ("de", "1234567.5", ["1.234.567,5", "1 234 567,5"], ["1,234,567.5", "1234567,5"]),
        ("fr", "12345.50", ["12\u202f345,50", "12 345,50"], ["12.345,50", "12345,50", "12 345,5"]),
        ("sv", "-1234", ["−1 234", "-1234"], ["1 234"]),
    ],
)
def test_numbers(tag, value, good, bad):
    forms = formats.number(Decimal(value), tag)
    assert all(among(form, forms) for form in good), forms
    assert not any(among(form, forms) for form in bad), forms


@pytest.mark.parametrize(
    ("tag", "value", "code", "good", "bad"),
    [
        (
            "de",
            "1234.5",
            "EUR",
            ["1.234,50 €", "1234,50 €", "1.234,50 EUR", "EUR 1.234,50"],
            ["€1,234.50", "€ 1.234,50"],
        ),
        ("en-US", "5", "USD", ["$5.00", "$5", "USD 5.00", "5 US dollars"], ["5 $", "$5,00", "US$5"]),
        ("en-GB", "5", "USD", ["US$5.00", "$5.00"], ["5.00 $"]),
        ("fr", "1234.5", "USD", ["1 234,50 $US", "1 234,50 $", "1 234,50 USD"], ["$1,234.50"]),
        ("ja", "1500", "JPY", ["￥1,500", "¥1,500", "1,500円"], ["1.500円", "¥1,500.00"]),
        ("zh-Hans", "5", "CNY", ["¥5.00", "¥5"], ["￥5,00"]),
        ("zh-Hans", "5", "JPY", ["JP¥5"], ["¥5"]),  # ¥ is the yuan there
        ("nl", "-12.5", "EUR", ["€ -12,50", "-€ 12,50"], ["€ 12,50"]),
        ("pt-BR", "12345.5", "BRL", ["R$ 12.345,50"], ["R$ 12,345.50", "R$12.345,50"]),
        ("hi", "1234567", "INR", ["₹12,34,567.00", "₹12,34,567"], ["₹1,234,567.00"]),
        ("nb", "12.5", "NOK", ["12,50 kr", "kr 12,50"], ["kr 12.50"]),
    ],
)
def test_currency(tag, value, code, good, bad):
    forms = formats.currency(Decimal(value), code, tag)
    assert all(among(form, forms) for form in good), forms
    assert not any(among(form, forms) for form in bad), forms


@pytest.mark.parametrize(
    ("tag", "value", "unit", "good", "bad"),
    [
        ("de", "5", "km", ["5 km", "5 Kilometer", "5 Kilometern"], ["5 Kilometers", "5 kilometers"]),
        ("de", "1", "km", ["1 Kilometer"], ["1 Kilometern"]),
        ("en-US", "5", "l", ["5 L", "5 liters"], ["5 litres", "5 liter"]),
        ("en-GB", "5", "l", ["5 l", "5 litres"], ["5 liters"]),
        ("ru", "5", "km", ["5 км", "5 километров", "5 километрах"], ["5 километр", "5 km"]),
        ("ru", "2", "kg", ["2 кг", "2 килограмма", "2 килограммам"], ["2 килограмм кг"]),
        ("pl", "2.5", "km", ["2,5 km", "2,5 kilometra"], ["2,5 kilometry", "2.5 km"]),
        ("fr", "37.5", "celsius", ["37,5 °C", "37,5°C", "37,5 degrés Celsius"], ["37.5 °C", "37,5 °F"]),
        ("ja", "5", "km", ["5 km", "5km", "5 キロメートル", "5キロメートル"], ["5 公里"]),
        ("zh-Hans", "5", "kg", ["5公斤", "5 公斤"], ["5 斤"]),
        ("ro", "20", "km", ["20 km", "20 de kilometri"], ["20 kilometri"]),
    ],
)
def test_units(tag, value, unit, good, bad):
    forms = formats.unit(Decimal(value), unit, tag)
    assert all(among(form, forms) for form in good), forms
    assert not any(among(form, forms) for form in bad), forms


def test_percent_forms():
    assert {"12,5 %", "12,5%", "12,5 Prozent"} <= set(map(normalise, formats.percent(Decimal("12.5"), "de")))
    assert not among("12.5%", formats.percent(Decimal("12.5"), "de"))


def test_trailing_zeros_are_part_of_the_number():
    """Decimal('1.50') equals Decimal('1.5'): a cache keyed on them would confuse the two."""
    assert formats.number(Decimal("1.5"), "de")[0] == "1,5"
    assert formats.number(Decimal("1.50"), "de")[0] == "1,50"
    assert formats.number(Decimal("1E+3"), "en-US")[0] == "1,000"


@pytest.mark.parametrize(
    ("tag", "marks"),
    [("de", "„“"), ("fr", "«»"), ("pl", "„”"), ("ja", "「」"), ("pt-PT", "«»"), ("pt-BR", "“”"), ("sv", "””")],
)
def test_quotation_marks(tag, marks):
    assert formats.quotation_marks(tag)[0] == (marks[0], marks[1])
    assert all(len(pair) == 2 for pair in formats.quotation_marks(tag))


def test_bad_input():
    for call, message in (
        (lambda: formats.number(Decimal("NaN"), "de"), "NaN"),
        (lambda: formats.number(Decimal(1), "xx"), "unknown locale"),
        (lambda: formats.currency(Decimal(1), "XYZ", "de"), "unknown currency 'XYZ'"),
        (lambda: formats.unit(Decimal(1), "parsec", "de"), "unknown unit 'parsec'"),
        (lambda: formats.date(DAYS[0], "de", "short"), "unknown date style"),
        (lambda: formats.time(datetime.time(1, 2, 3), "de"), "seconds"),
        (lambda: formats.time(datetime.time(1, 2), "de", 13), "hours"),
    ):
        with pytest.raises(UserError, match=message):
            call()
    with pytest.raises(TypeError, match="float"):
        formats.number(0.1, "de")


@given(st.text())
def test_normalise_is_idempotent(text):
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


def test_normalise_folds_what_does_not_matter():
    assert normalise("1\u202f234,5\u00a0%") == "1 234,5 %"
    assert normalise("l\u2019an \u22125 \u200f१२३ ٣٤ １２") == "l'an -5 123 34 12"
    assert normalise("e\u0301") == "\u00e9"


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=3),
    st.sampled_from(TAGS),
)
def test_a_rendering_reads_back_as_its_value(value, tag):
    """Each accepted form, read with the locale's own decimal sign and groups dropped, is the number."""
    entry = formats._entry(tag)
    for form in formats.number(value, tag):
        plain = normalise(form)
        for separator in entry["groups"]:
            plain = plain.replace(normalise(separator), "")
        assert Decimal(plain.replace(entry["decimal"], ".")) == value
