"""Constraints: cases that pass, cases that must fail, and agreement with independent counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towerplus.errors import UserError
from towerplus.records import Check, Message, Task
from towerplus.verify import CHECKS, verify

PROMPT = "Write about the cat"
TASK = Task((Message("user", PROMPT),), "constraint/words")


def run(kind, response, **arguments):
    return verify(Check(f"instruction.{kind}", arguments), response, TASK)


#: kind -> arguments, responses that pass, responses that fail
CASES = {
    "length.words": (
        {"count": 5},
        ["The cat eats a fish.", "It's a well-known black cat", "1 2 3 4 5"],
        [
            "The cat eats.",
            "The cat eats a big fish.",
            "The cat eats a fish. The cat eats a fish.",
            "... ... ... ... ...",
        ],
    ),
    "length.sentences": (
        {"count": 2},
        [
            "A cat. A dog.",
            "Dr. Berg has a cat. It eats!",
            "It costs 3.50 now. Good.",
            "猫。犬。",
            "A cat\nA dog",
            'He said "No." Then he left.',
        ],
        ["A cat.", "A. b", "A cat. A dog. A cow.", "..", "A cat. ."],
    ),
    "length.characters": ({"count": 7}, ["The cat", " The cat\n"], ["The cats", "Cat"]),
    "keywords.include": (
        {"words": ["cat", "house"]},
        ["The Cat is in the house.", "house-cat"],
        ["The cat.", "The cats are in houses.", "category, household", "The dog."],
    ),
    "keywords.exclude": (
        {"words": ["fish", "meat"]},
        ["The cat eats.", "The fisherman"],
        ["A fish.", "FISH", "meat and fish", "No 'meat'"],
    ),
    "keywords.frequency": (
        {"word": "cat", "count": 2},
        ["cat, Cat", "A cat is a cat."],
        ["cat", "cat cat cat", "cats cat"],
    ),
    "keywords.start": (
        {"text": "The cat"},
        ["The cat eats.", '"the cat" is here'],
        ["The cats eat.", "A cat. The cat", "cat"],
    ),
    "keywords.end": (
        {"text": "eats fish."},
        ["The cat eats fish.", '"It eats fish."\n'],
        ["It eats fish. Good.", "It eats fish", "fish."],
    ),
    "casing.upper": ({}, ["THE CAT, 3!", "СОБАКА"], ["The CAT", "123", "cat", "中文"]),
    "casing.lower": ({}, ["the cat, 3!"], ["The cat", "123", "THE CAT"]),
    "casing.title": (
        {},
        ["The Black Cat", "O'Neill Don't Run", "A Cat"],
        ["The black Cat", "THE CAT", "the cat", "McDonald"],
    ),
    "format.bullets": (
        {"count": 2},
        ["- cat\n- dog", "Here:\n* cat\n* dog"],
        ["- cat", "- cat\n- dog\n- cow", "cat - dog - cow", "-\n-", "---\n---", "-cat\n-dog"],
    ),
    "format.json": (
        {"keys": ["answer"]},
        ['{"answer": "red"}', '```json\n{"answer": 1}\n```'],
        [
            '{"answer": 1, "b": 2}',
            "[1]",
            "answer: red",
            '{"answer": 1} {"answer": 1}',
            'Here: {"answer": 1}',
            "{}",
            "[" * 100_000,
        ],
    ),
    "format.quotation": (
        {},
        ['"The cat eats."', "“A cat.”", "„Eine Katze.“", "«Un chat.»", '"He said "miau" to me"'],
        ['"The cat', 'The "cat"', '""', '" "', '"A cat" and "a dog"', "“A” and “b”", "'A cat'", '"'],
    ),
    "format.alternatives": (
        {"separator": "***"},
        ["A cat.\n***\nA dog.", "a***b"],
        ["A cat.", "A cat.***", "***", "A cat.***A cat.", "a***b***c", "a***", "a *** !"],
    ),
    "format.no_commas": ({}, ["A cat and a dog"], ["A cat, a dog", "猫，狗", "قط، كلب"]),
    "format.postscript": (
        {"marker": "P.S."},
        ["A cat.\nP.S. It eats.", "A cat.\n\n P.S. So"],
        [
            "A cat. P.S. It eats.",
            "P.S. It eats.",
            "A cat.\nP.S.",
            "A cat.\nP.S. a\nP.S. b",
            "A cat.\nP.S. a\nMore text",
            "A cat.\nP.P.S. a",
        ],
    ),
}


def test_every_kind_has_cases():
    assert {f"instruction.{kind}" for kind in CASES} == {kind for kind in CHECKS if kind.startswith("instruction.")}


@pytest.mark.parametrize("kind", CASES)
def test_cases(kind):
    arguments, good, bad = CASES[kind]
    for response in good:
        assert run(kind, response, **arguments).passed, response
    for response in ["", "  \n", *bad]:
        verdict = run(kind, response, **arguments)
        assert not verdict.passed, response
        assert verdict.score < 1
        assert verdict.reason


def test_the_prompt_again_satisfies_nothing():
    for kind, arguments in {
        "format.no_commas": {},
        "length.words": {"count": 4},
        "keywords.include": {"words": ["cat"]},
        "keywords.exclude": {"words": ["dog"]},
    }.items():
        assert run(kind, PROMPT + "!", **arguments).passed, "or the case shows nothing"
        assert not run(kind, f" {PROMPT.lower()}\n", **arguments).passed


def test_relations():
    for relation, passing in {
        "exactly": [3],
        "at least": [3, 4],
        "at most": [2, 3],
        "less than": [2],
        "more than": [4],
    }.items():
        found = [n for n in (2, 3, 4) if run("length.words", "cat " * n, count=3, relation=relation).passed]
        assert found == passing, relation
    with pytest.raises(UserError, match="unknown relation"):
        run("length.words", "cat", count=3, relation="about")


def test_nearer_is_better():
    scores = [run("length.words", "cat " * n, count=6).score for n in range(1, 7)]
    assert scores == sorted(scores)
    assert scores[4] <= 0.5 < scores[5] == 1.0


@pytest.mark.parametrize(
    ("kind", "arguments"), [("length.words", {}), ("length.words", {"count": "3"}), ("keywords.include", {"words": []})]
)
def test_bad_arguments(kind, arguments):
    with pytest.raises(UserError, match="needs the argument"):
        run(kind, "cat", **arguments)


@given(st.lists(st.text("abcdeé", min_size=1, max_size=6), min_size=1, max_size=12), st.integers(1, 12))
def test_words_law(words, count):
    assert run("length.words", " ".join(words) + ".", count=count).passed == (len(words) == count)


@given(st.lists(st.sampled_from(["cat", "Cat", "cats", "dog"]), min_size=1, max_size=9), st.integers(0, 9))
def test_frequency_law(words, count):
    seen = sum(word.lower() == "cat" for word in words)
    assert run("keywords.frequency", " ".join(words), word="cat", count=count).passed == (seen == count)
    assert run("keywords.include", " ".join(words), words=["cat"]).passed == (seen > 0)
    assert run("keywords.exclude", " ".join(words), words=["cat"]).passed == (seen == 0)


@given(st.text("aAbB ,.'", min_size=1, max_size=20))
def test_casing_law(text):
    """As str.isupper and str.islower tell it, which also ask for at least one letter."""
    assert run("casing.upper", text).passed == text.isupper()
    assert run("casing.lower", text).passed == text.islower()
