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
    "length.bytes": (
        {"count": 6, "relation": "at most"},
        ["Kätze", "猫犬", " abcdef\n"],
        ["Kätzen", "猫犬!", "abcdefg"],
    ),
    "length.lines": ({"count": 2}, ["a\nb", "\na\n\nb\n", "猫\n\u3000\n犬"], ["a", "a b", "a\nb\nc"]),
    "length.paragraphs": (
        {"count": 2},
        ["a\n\nb", "a\nb\n \n\nc", "猫。\n\u3000\n犬。"],
        ["a\nb", "a", "a\n\nb\n\nc", "a\n\n***", "a\n***\nb"],
    ),
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
    "format.numbered": (
        {"count": 2},
        ["1. a\n2. b", "So:\n 1) a\n\n 2) b", "1．猫\n2．犬", "1、猫\n2、犬", "१. क\n२. ख"],
        ["1. a", "1. a\n2. b\n3. c", "1. a\n1. b", "2. a\n3. b", "1. a 2. b", "1.5 a\n2.5 b", "1.\n2.", "- a\n- b"],
    ),
    "plain.one_line": ({}, ["A cat.", "A cat.\n", "猫。犬。"], ["A\ncat", "A\n\ncat", "A\u2028cat", "A\rcat"]),
    "plain.no_digits": ({}, ["two cats", "二匹の猫", "Ⅱ"], ["2 cats", "２匹", "२ बिल्ली", "m²", "①"]),
    "plain.no_markdown": (
        {},
        ["A cat. 2 * 3 * 4", "snake_case_name", "a - b", "#1 cat", "[name] (soon)", "5 > 3", "---a"],
        [
            "# Cat",
            "- a",
            "* a",
            "**cat**",
            "a *cat* b",
            "_cat_",
            "`cat`",
            "[cat](x)",
            "> cat",
            "```\na\n```",
            "a\n---",
            "|a|b|",
        ],
    ),
    "plain.no_final_stop": (
        {},
        ["Save as...", "Save as…", "Save", "Save?", "v1.0 is here", "猫"],
        ["Save.", '"Save."', "保存。", "सहेजें।", "(Save.)", "**Save.**"],
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


def test_starts_and_ends_of_other_languages():
    for start, text, end, good in (
        ("我说", "我说再见。", "再见。", True),
        ("猫が", "「猫が寝る」", "寝る", True),
        ("고양이", "고양이가 잔다", "잔다", True),
        ("Кот", "Кот спит", "спит", True),
        ("Кот", "Который час", "час", False),
        ("Ein", "Ein Hund", "und", False),
    ):
        verdicts = run("keywords.start", text, text=start), run("keywords.end", text, text=end)
        assert all(verdict.passed for verdict in verdicts) == good, text


def test_bytes_in_other_encodings():
    assert run("length.bytes", "Kätze", count=5, encoding="latin-1").passed
    assert "cannot write '猫'" in run("length.bytes", "a猫", count=2, encoding="latin-1").reason
    with pytest.raises(UserError, match="unknown encoding"):
        run("length.bytes", "a", count=1, encoding="utf-9")


def test_sentences_and_words_of_other_languages():
    for locale, count, text in (
        ("de", 1, "Am 3. Mai kam z. B. Dr. Berg."),
        ("fr", 2, "M. Dupont est là. Bien !"),
        ("ja", 1, "「はい。」と言った。"),
        ("zh-Hans", 2, "你好。再见。"),
        ("hi", 1, "डॉ. शर्मा आए।"),
        ("ko", 2, "그는 갔다. 나는 잤다."),
        ("ru", 1, "А. С. Пушкин спит."),
    ):
        assert run("length.sentences", text, count=count, locale=locale).passed, locale
    for count, text in ((2, "हिन्दी भाषा"), (4, "我有2猫"), (2, "고양이가 잔다"), (2, "кто-то спит")):
        assert run("length.words", text, count=count).passed, text


@given(st.lists(st.text("aé猫 ", min_size=1).map(str.strip).filter(bool), min_size=1, max_size=5))
def test_length_laws(parts):
    assert run("length.lines", "\n".join(parts), count=len(parts)).passed
    assert run("length.paragraphs", "\n\n".join(parts), count=len(parts)).passed
    assert run("length.bytes", "".join(parts), count=len("".join(parts).encode())).passed
    items = "\n".join(f"{n}. {part}" for n, part in enumerate(parts, 1))
    assert run("format.numbered", items, count=len(parts)).passed
    assert run("plain.one_line", items).passed == (len(parts) == 1)
    assert not run("plain.no_digits", items).passed


@given(st.text("aAbB ,.'", min_size=1, max_size=20))
def test_casing_law(text):
    """As str.isupper and str.islower tell it, which also ask for at least one letter."""
    assert run("casing.upper", text).passed == text.isupper()
    assert run("casing.lower", text).passed == text.islower()
