"""Words and sentences, in every script of the locales."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towerplus.languages.locales import LOCALES
from towerplus.text.punkt import count_sentences
from towerplus.text.sentences import split_sentences
from towerplus.text.words import runs, whole_word, words

#: language -> texts, sentences parted by |
SENTENCES = {
    "en": ['He paid $3.50. |"No." |He left. |(Yes.)', "Dr. Berg, e.g. here, came."],
    "de": ["Hr. Müller u. a. kamen. |Ja! |„Gut.“ |Er ging.", "Am 3. Mai kam z. B. Dr. Berg."],
    "es": ["El Sr. García llegó. |¿Qué dijo? |¡Nada!"],
    "fr": ["M. Dupont et Mme. Durand. |Oui ! |Vraiment ? |Il dit."],
    "it": ["Il Sig. Rossi è qui. |Bene."],
    "pt": ["O Sr. Silva e a Dra. Lima vieram. |Sim."],
    "nl": ["Dhr. de Vries en mevr. Bos zijn er. |Ja."],
    "da": ["F.eks. Hans. |Ja. |Den 3. maj kom dr. Berg."],
    "sv": ["T.ex. Kalle, bl.a. Eva. |Ja. |Den 3 maj kl. 5."],
    "nb": ["F.eks. Ola. |Ja. |Den 3. mai kom dr. Berg."],
    "nn": ["T.d. Ola. |Ja."],
    "is": ["T.d. Jón. |Já. |Þann 3. maí."],
    "fi": ["Esim. Matti. |Kyllä. |Hän tuli 3. toukokuuta."],
    "pl": ["Np. Kot, m.in. pies. |Tak. |Dr Nowak i prof. Kot."],
    "cs": ["Např. Karel a Ing. Novák. |Ano. |Dne 3. května."],
    "hu": ["Pl. Kovács dr. Nagy. |Igen. |2024. május 3."],
    "ro": ["Dl. Popescu a venit. |Da. |Str. Mare nr. 5."],
    "ru": ["Это г. Москва. |А. С. Пушкин родился. |Да."],
    "uk": ["Це м. Київ. |Так. |Вул. Мала, буд. 5. |Ні."],
    "hi": ["डॉ. शर्मा आए। |ठीक है? |श्री. राम। |3.5 किलो।"],
    "zh": ["你好。|“好。”|他说。|3.5元！|真的？！|是……对。"],
    "ja": ["今日は。|「いいね。」と言った。|3.5円です。|本当！？|「はい。」|彼は行った。"],
    "ko": ["그는 말했다. |“좋아.” |그리고 갔다. |가격은 3.5원! |정말?"],
}


def test_every_language_has_a_case() -> None:
    assert set(SENTENCES) == {locale.language for locale in LOCALES.values()}


@pytest.mark.parametrize("language", SENTENCES)
def test_sentences(language: str) -> None:
    for text in SENTENCES[language]:
        pieces = [piece.strip() for piece in text.split("|")]
        assert split_sentences(text.replace("|", ""), language) == pieces
        assert split_sentences("\n\n".join(pieces), language) == pieces, "a line end ends one"
        items = "\n".join(f"{n}. {piece}" for n, piece in enumerate(pieces, 1))
        assert split_sentences(items, language) == pieces, "the number of an item is none"
    assert split_sentences(" \n... !\n", language) == []


@given(st.lists(st.sampled_from(["Ja", "Nein", "Gut so", "Am 3. Mai"]), min_size=1), st.sampled_from(".!?"))
def test_sentences_law(parts: list[str], mark: str) -> None:
    assert len(split_sentences(" ".join(part + mark for part in parts), "de")) == len(parts)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("a\nb\nc", 1),
        ("1. First", 2),
        ("1. First\n2. second\n3. The", 3),
        ("Wow!!! Next one.", 2),
        ('He said "No." Then left.', 2),
        ("**Bold.** Then", 2),
        ("I agree... but no. Wait... What?", 2),
        ("Dr. Smith, U.S. troops at 5 p.m. here. J. K. Rowling.", 2),
        ("The e.g. this", 2),
        ("The U.S. The end.", 2),
        ("in *o*. o. Then", 3),
        ("v1.0 at www.a.com. Next", 2),
        ('A cat is here."\n"', 2),
    ],
)
def test_sentences_as_the_reference_counts(text: str, number: int) -> None:
    """The expected numbers are those of the English Punkt model."""
    assert count_sentences(text) == number


def test_words() -> None:
    assert words("It's a well-known cat’s") == ["It's", "a", "well-known", "cat’s"]
    assert words("हिन्दी भाषा में") == ["हिन्दी", "भाषा", "में"]
    assert words("我有2024只猫 and dog") == ["我", "有", "2024", "只", "猫", "and", "dog"]
    assert words("カーです") == list("カーです")
    assert words("검은 고양이가 잔다") == ["검은", "고양이가", "잔다"]
    assert words("cafe\u0301 ил-62 — …") == ["cafe\u0301", "ил-62"]


def test_runs() -> None:
    assert runs("It's well-known, 3.5") == ["It", "s", "well", "known", "3", "5"]
    assert runs("हिन्दी भाषा") == ["हिन्दी", "भाषा"]
    assert runs("我有2只猫。好") == ["我有2只猫", "好"]


@given(st.text("ab é'-中한ि\n", max_size=20))
def test_words_cover_letters(text: str) -> None:
    """No letter is lost and none is in two words; ASCII text gives the same by its faster way."""
    joined = "".join(words(text))
    assert [c for c in joined if c.isalnum()] == [c for c in text if c.isalnum()]
    assert words(text.replace("é", "e")) == [word.replace("é", "e") for word in words(text)]


@pytest.mark.parametrize(
    ("word", "inside", "outside"),
    [
        ("cat", ["CAT", "a cat.", "cat-like"], ["category", "bobcat", "cat_1"]),
        ("C++", ["c++ 1", "(C++)"], ["C+"]),
        ("कर", ["कर।"], ["करा", "करता"]),
        ("кот", ["Кот!"], ["который"]),
        ("고양이", ["고양이가"], ["고양"]),
        ("猫", ["黑猫们"], ["狗"]),
        ("été", ["L’été"], ["étés"]),
    ],
)
def test_whole_word(word: str, inside: list[str], outside: list[str]) -> None:
    for text in inside:
        assert whole_word(word).search(text), text
    for text in outside:
        assert not whole_word(word).search(text), text
