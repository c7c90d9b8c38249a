"""Known answers: what passes, what must not, and what a nearly right answer is worth."""

import json
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towerplus.errors import UserError
from towerplus.records import Check, Message, Task
from towerplus.verify import verify

TASK = Task((Message("user", "What is the last word? red cat sun"),), "general/last")
WORDS = st.lists(st.text("abcdefgh", min_size=1, max_size=4), min_size=1, max_size=5)


def run(kind, response, **arguments):
    return verify(Check(f"answer.{kind}", arguments), response, TASK)


@pytest.mark.parametrize(
    "response", ["", " \n", "What is the last word? red cat sun", "The last word is sun.", "sun sun", "Sun"]
)
def test_exact_fails(response):
    assert not run("exact", response, expected=["sun"]).passed


def test_exact():
    assert run("exact", " sun\n", expected=["moon", "sun"]).passed
    assert run("exact", "SUN", expected=["sun"], fold_case=True).passed
    assert run("exact", "cafe\u0301", expected=["caf\u00e9"]).passed, "NFC"
    assert run("exact", "a b d", expected=["a b c"]).score == pytest.approx(2 / 3)
    with pytest.raises(UserError, match="expected"):
        run("exact", "sun", expected="sun")


@pytest.mark.parametrize("response", ["7", "7.", "The answer is 7.", "7 = 7", "7.0", "+7", "Answer:7", "7th"])
def test_number_passes(response):
    assert run("number", response, expected=7).passed


@pytest.mark.parametrize(
    "response",
    [
        "",
        "seven",
        "8",
        "-7",
        "3 + 4 = 7",
        "7 or 8",
        "17",
        "7,5",
        "7.01",
        "B7",
        "7:07",
        "7/7",
        "7e1",
        "77",
        "1 2 3 4 5 6 7",
        "7.7.7",
    ],
)
def test_number_fails(response):
    assert not run("number", response, expected=7).passed


def test_number_is_exact_and_reads_thousands():
    assert run("number", "It is 1,234,567.5.", expected="1234567.5").passed
    assert not run("number", "0.30000000000000001", expected="0.3").passed
    assert run("number", "−4", expected=-4).passed
    with pytest.raises(UserError, match="not a number"):
        run("number", "1", expected="one")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
def test_number_law(value):
    """Any number written out is found again, with or without thousands separators, and its successor is not."""
    for text in (f"{value}", f"{value:,}", f"So it is {value}."):
        assert run("number", text, expected=str(value)).passed
        assert not run("number", text, expected=str(value + Decimal("0.01"))).passed


def test_json():
    value = {"name": "Anna", "age": 3}
    assert run("json", '{"name":"Anna",\n "age": 3}', expected=value).passed
    fenced = '```json\n{"name": "Anna", "age": 3}\n```'
    assert not run("json", fenced, expected=value).passed
    assert run("json", fenced, expected=value, fenced=True).passed
    assert run("json", "null", expected=None).passed


@pytest.mark.parametrize(
    "response",
    [
        "",
        "name Anna, age 3",
        '{"age": 3, "name": "Anna"}',
        '{"name": "Anna", "age": "3"}',
        '{"name": "Anna", "age": 3.0}',
        '{"name": "Anna", "age": 3, "age": 3}',
        '{"name": "Anna", "age": 3, "job": 1}',
        '{"name": "Anna", "age": 3}{"name": "Anna", "age": 3}',
        'Here: {"name": "Anna", "age": 3}',
        '{"name": "Anna", "age": NaN}',
        '[{"name": "Anna", "age": 3}]',
        "[" * 100_000,
    ],
)
def test_json_fails(response):
    assert not run("json", response, expected={"name": "Anna", "age": 3}).passed


def test_json_score_grows_with_the_fields_that_are_right():
    expected = {"a": 1, "b": 2, "c": 3}
    scores = [
        run("json", json.dumps(v), expected=expected).score
        for v in ([1], {"a": 2}, {"a": 1}, {"a": 1, "b": 2}, expected)
    ]
    assert scores == sorted(scores)
    assert scores[-1] == 1.0 > scores[-2]


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("comma", "cat, dog, sun"),
        ("comma", "cat,dog,sun"),
        ("bullets", "- cat\n- dog\n- sun"),
        ("bullets", "* cat\n\n* dog\n* sun\n"),
        ("numbered", "1. cat\n2. dog\n3. sun"),
        ("numbered", "1) cat\n2) dog\n3) sun"),
        ("lines", "cat\ndog\nsun"),
    ],
)
def test_list(style, text):
    items = ["cat", "dog", "sun"]
    assert run("list", text, items=items, style=style).passed
    assert run("list", text.upper(), items=items, style=style, fold_case=True).passed
    assert not run("list", text, items=items[::-1], style=style).passed
    assert run("list", text, items=items[::-1], style=style, ordered=False).passed
    for bad in (
        "",
        "Here you are:\n" + text,
        text + "\n" + text,
        text.replace("dog", "sun"),
        text.replace("cat", ""),
        TASK.messages[0].content,
    ):
        assert not run("list", bad, items=items, style=style, ordered=False).passed, bad
    for other in {"comma", "bullets", "numbered", "lines"} - {style}:
        assert not run("list", text, items=items, style=other).passed


def test_list_marks():
    assert not run("list", "- cat\n* dog", items=["cat", "dog"], style="bullets").passed
    assert not run("list", "1. cat\n3. dog", items=["cat", "dog"], style="numbered").passed
    assert not run("list", "1. cat\n2) dog", items=["cat", "dog"], style="numbered").passed
    with pytest.raises(UserError, match="style"):
        run("list", "cat", items=["cat"], style="table")


@given(WORDS, WORDS)
def test_list_law(items, other):
    """A list passes as itself only; unordered, as any order of itself."""
    text = ", ".join(other)
    assert run("list", text, items=items, style="comma").passed == (items == other)
    assert run("list", text, items=items, style="comma", ordered=False).passed == (Counter(items) == Counter(other))


def test_members():
    arguments = {"allowed": ["cat", "dog", "cow", "hen"], "count": 3, "style": "comma"}
    assert run("members", "cow, cat, dog", **arguments).passed
    assert run("members", "COW, CAT, DOG", **arguments, fold_case=True).passed
    for bad in (
        "",
        "cat, dog",
        "cat, cat, dog",
        "cat, dog, cow, hen",
        "cat, dog, car",
        "Here: cat, dog, cow",
        "cat dog cow",
    ):
        verdict = run("members", bad, **arguments)
        assert not verdict.passed, bad
        assert verdict.score < 1
    assert run("members", "cat, dog, car", **arguments).score == pytest.approx(2 / 3)
    assert run("members", "cat, dog, cow, hen", **arguments).score == pytest.approx(3 / 4)
