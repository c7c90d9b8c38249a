"""Gates: every right answer goes through, every trick does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towerplus.records import Check, Message, Task
from towerplus.verify import verify


def task(source=None, reference=None, target="de", prompt=None):
    prompt = prompt or f"Translate into German: {source}"
    return Task(
        (Message("user", prompt),), "translation/plain", source=source, target_locale=target, reference=reference
    )


def run(kind, response, of=None, **arguments):
    return verify(Check(f"gate.{kind}", arguments), response, of or task("The cat sleeps.", "Die Katze schläft."))


ALL = ("not_empty", "not_copy", "language", "no_repetition")


@pytest.mark.parametrize("kind", ALL)
def test_empty_fails_and_reference_passes(kind):
    for empty in ("", " \n\t", "\u200b" if kind == "not_empty" else ""):
        assert not run(kind, empty).passed
    assert run(kind, "Die Katze schläft.").passed


def test_not_empty_takes_symbols():
    assert run("not_empty", "?").passed
    assert run("not_empty", "😀").passed


SOURCE = "The black cat sleeps in the house of Anna."
REFERENCE = "Die schwarze Katze schläft im Haus von Anna."


@pytest.mark.parametrize(
    "response",
    [
        SOURCE,
        SOURCE.upper(),
        SOURCE.replace(" ", "  ").rstrip("."),
        f"Here is the translation: {SOURCE}",
        f"{SOURCE} {REFERENCE}",
        SOURCE.replace("Anna", "Anne"),
        f"Translate into German: {SOURCE}",
        "The black cat sleeps in the house of, Anna!",
    ],
)
def test_copies_fail(response):
    assert not run("not_copy", response, task(SOURCE, REFERENCE)).passed
    assert not run("not_copy", response, task(SOURCE)).passed


def test_what_is_no_copy():
    assert run("not_copy", REFERENCE, task(SOURCE, REFERENCE)).passed
    assert run("not_copy", "Die schwarze cat sleeps im Haus von Anna.", task(SOURCE, REFERENCE)).passed


def test_names_and_codes_may_be_copied():
    assert run("not_copy", "Porto", task("Porto", "Porto")).passed
    assert run("not_copy", "12:30 – 14:00", task("12:30 – 14:00", "12:30 – 14:00")).passed
    assert not run("not_copy", "cat", task("cat", "Katze")).passed
    assert not run(
        "not_copy", "Das ist Anna Maria Berg", task("Das ist Anna Maria Berg", "Das ist Anna Maria Berg")
    ).passed
    assert not run("not_copy", "我喜欢猫和狗", task("我喜欢猫和狗", "我喜欢猫和狗", "zh-Hant")).passed, (
        "six characters are not one word"
    )
    assert run("not_copy", "Das Hotel ist alt", task("Hotel")).passed


def test_near_varieties():
    """Between two varieties of a language the reference itself is nearly the source."""
    near = task("O autocarro chega às dez horas.", "O ônibus chega às dez horas.", "pt-BR")
    assert run("not_copy", "O ônibus chega às dez horas.", near).passed
    assert not run("not_copy", "O autocarro chega às dez horas.", near).passed
    case = task("Am Montag kommt der Bus an.", "am Montag kommt der Bus an!", "de")
    assert run("not_copy", "am Montag kommt der Bus an!", case).passed
    assert not run("not_copy", "Am Montag kommt der Bus an.", case).passed


def test_echo_of_a_prompt_without_source():
    general = Task((Message("user", "Name three animals, please."),), "constraint/listing")
    assert not run("not_copy", "Name three animals, please.", general).passed
    assert not run("not_copy", "Sure! Name three animals, please.", general).passed
    assert run("not_copy", "cat, dog, cow", general).passed


@given(st.text("abcdef ", min_size=12, max_size=60).filter(lambda text: len(text.split()) > 3))
def test_a_source_never_passes_for_itself(source):
    assert not run("not_copy", source, task(source, None)).passed
    assert not run("not_copy", f"{source} ja", task(source, "Hier steht etwas anderes.")).passed


LONG = {
    "de": "Die schwarze Katze schläft heute im Haus von Anna und frisst Fisch.",
    "fr": "Le chat noir dort aujourd'hui dans la maison d'Anne et mange du poisson.",
    "ru": "Чёрная кошка сегодня спит в доме Анны и ест рыбу.",
    "ja": "黒い猫は今日アンナの家で寝ていて、魚を食べています。",
    "zh-Hans": "黑猫今天在安娜的家里睡觉，它还吃了一条很大的鱼。",
    "ko": "검은 고양이가 오늘 안나의 집에서 자고 생선을 먹습니다.",
    "hi": "काली बिल्ली आज अन्ना के घर में सोती है और मछली खाती है।",
}


@pytest.mark.parametrize("target", LONG)
def test_language(target):
    for locale, text in LONG.items():
        assert run("language", text, task(SOURCE, LONG[target], target)).passed == (locale == target), (locale, target)
    assert not run("language", f"{{{SOURCE}}} <{SOURCE}>", task(SOURCE, LONG[target], target)).passed, (
        "prose is no markup"
    )


def test_language_of_short_and_marked_up_text():
    assert not run("language", "Cat", task("Cat", "Кошка", "ru")).passed
    assert run("language", "Кошка", task("Cat", "Кошка", "ru")).passed
    assert run("language", "Кошка", task("Cat", "Katze", "ru")).passed
    assert run("language", "<strong>Да</strong> {name}", task("<strong>Yes</strong> {name}", None, "ru")).passed
    assert run("language", "猫", task("cat", "猫", "ja")).passed
    assert run("language", "12:30", task("12:30", "12:30", "hi")).passed
    assert run("language", "Windows XP", task("Windows XP", "Windows XP", "ru")).passed, "as the reference has it"
    assert run("language", "anything at all in whatever language", task("x", None, None)).passed


def test_repetition():
    for loop in (
        "cat cat cat cat",
        "the cat is the cat is the cat is the cat is",
        "So: " + "a big dog, " * 6,
        "ha" * 9,
        "好的" * 8,
    ):
        assert not run("no_repetition", loop).passed, loop
    for fine in ("cat cat cat", "1000000000000", "a ========== b", "very very good", "- cat\n- dog\n- cow\n- hen"):
        assert run("no_repetition", fine).passed, fine
    assert not run("no_repetition", "cat cat", times=2).passed
    assert run("no_repetition", "tick tick tick tick", task("tac tac tac tac", "tick tick tick tick")).passed
    assert not run("no_repetition", "==========" + "ha" * 9).passed
