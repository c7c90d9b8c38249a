"""Numbers as people write them, read exactly; what is no number is not guessed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towerplus.verify.maths import numbers

FRACTIONS = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=1000)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18", 18),
        ("18.", 18),
        (" 18.0 ", 18),
        ("-5", -5),
        ("−5", -5),
        ("$1,250.50", Fraction("1250.5")),
        ("-$5", -5),
        ("$-5", -5),
        ("\\$18", 18),
        ("18\\%", 18),
        ("5%", 5),
        ("**18**", 18),
        ("18 dollars.", 18),
        ("18 \\text{ cm}", 18),
        ("€ 12", 12),
        ("7/14", Fraction(1, 2)),
        ("\\frac{3}{4}", Fraction(3, 4)),
        ("-\\dfrac{3}{4}", Fraction(-3, 4)),
        (".5", Fraction(1, 2)),
        ("2,000,000", 2_000_000),
        ("1.8 billion", 1_800_000_000),
        ("-2 million people", -2_000_000),
    ],
)
def test_quantity(text, value):
    assert numbers.quantity(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "x", "three", "10+John's age", "3 apples and 4 pears", "12:30", "1,2", "2-3", "1 1/2", "x=5", "1/0", "5 m^2",
     "12 34", "1e5", "--5", "5/6/7", "9" * 300, "\\frac{1}{x}", "(3)", "2x3"],
)  # fmt: skip
def test_no_quantity(text):
    assert numbers.quantity(text) is None


@given(st.integers(-(10**12), 10**12))
def test_ways_to_write_an_integer(value):
    forms = [f"{value}", f"{value:,}", f"{value}.0", f"{value}.", f" {value} ", f"{value} apples", f"{value}/1"]
    forms += [f"${value:,}", f"{value}%", str(value).replace("-", "−"), f"{value * 3}/3", f"**{value:,}**"]
    assert {numbers.quantity(form) for form in forms} == {Fraction(value)}


@given(FRACTIONS)
def test_ways_to_write_a_fraction(value):
    forms = [f"{value.numerator}/{value.denominator}", f"{value.numerator:,} / {value.denominator:,}"]
    sign = "-" if value < 0 else ""
    forms += [f"{sign}\\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"]
    assert {numbers.quantity(form) for form in forms} == {value}


@given(FRACTIONS, FRACTIONS)
def test_plain_numbers_are_equal_when_their_values_are(one, other):
    mine, theirs = (numbers.plain(f"{value.numerator}/{value.denominator}") for value in (one, other))
    assert (mine == theirs) == (one == other)


@given(st.text("0123456789.,/-$%x \\{}fracboxedtext", max_size=30))
def test_plain_is_a_part_of_quantity(text):
    if (value := numbers.plain(text)) is not None:
        assert numbers.quantity(text) == value


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        ("6 * 3 = 18\n#### 18", "18"),
        ("6 * 3 = 18\nA: 18", "18"),
        ("#### 17\nNo.\n#### 18\n", "18"),
        ("The answer is 18.", "18"),
        ("The final answer is: $18$.", "$18$"),
        ("So it is \\boxed{18}.", "18"),
        ("\\boxed{\\frac{1}{2}}", "\\frac{1}{2}"),
        ("The answer is \\boxed{18}.", "18"),
        ("\\boxed{17}\n#### 18", "18"),
        ("Answer: 18", "18"),
        ("18", None),
        ("\\boxed{18", None),
        ("", None),
        ("USA: 18", None),
    ],
)
def test_marked(response, answer):
    assert numbers.marked(response) == answer


def test_last_and_boxed():
    assert numbers.last("3 of 4, so 1,250 in all") == 1250
    assert numbers.last("none") is None
    assert numbers.boxed("a \\boxed{1} b \\boxed{2}") is None
    assert numbers.boxed("\\boxed{ \\{1\\} }") == "\\{1\\}"
