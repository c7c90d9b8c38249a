"""Gates: what a response must be to earn any reward at all. GRPO multiplies rewards by them."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import Any

from towerplus.languages.identify import is_language
from towerplus.languages.locales import find
from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed

NEAR_COPY = 0.9
# White space and punctuation say nothing about a copy.
_NOISE = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W\d_]+")
_HAN = "㐀-䶿一-鿿豈-﫿々〆"
_KANA = "぀-ヿㇰ-ㇿｦ-ﾟ"
_HANGUL = "가-힣ᄀ-ᇿ㄰-㆏"
_UNSPACED = re.compile(f"[{_HAN}{_KANA}]")
_SCRIPTS = {
    code: re.compile(f"[{letters}]")
    for code, letters in {
        "Latn": "A-Za-zªºÀ-ÖØ-öø-ʯḀ-ỿＡ-Ｚａ-ｚ",
        "Cyrl": "Ѐ-ԯ",
        "Deva": "ऀ-ॿ",
        "Hans": _HAN,
        "Hant": _HAN,
        "Jpan": _HAN + _KANA,
        "Kore": _HANGUL,
    }.items()
}
# One such character says as much as two letters.
_DENSITY = {"Hans": 2, "Hant": 2, "Jpan": 2, "Kore": 2}
# Tags, placeholders and addresses are in Latin letters whatever the language; prose in brackets is not markup.
_MARKUP = re.compile(r'</?[A-Za-z][\w:-]*(?:\s+[\w:-]+="[^"<>]*")*\s*/?>|\{[\w.:$-]*\}|%\w\b|\S+@\S+|https?://\S+')
_LETTER_LOOP = re.compile(r"(?=\D)(\S{1,12}?)\1{7,}")


def not_empty(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """The response holds at least one letter, digit or symbol (not only white space, control or joining marks)."""
    if any(unicodedata.category(c)[0] in "LNPS" for c in response):
        return PASSED
    return failed("empty")


def not_copy(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """The response neither is the source of the task nor holds nearly all of it, nor repeats the prompt.

    Compared without case, white space and punctuation. Nearly all: at least 90% of the source's character 3-grams,
    or, where the reference itself shares many (two varieties of a language), more than halfway between it and all.
    A source of fewer than 3 words whose reference equals it (names, codes) may be copied.
    """
    if not response.strip():
        return failed("empty")
    answer = _bare(response)
    if _echoes(response, task):
        return failed("repeats the prompt")
    if task.source is None:
        return PASSED
    source, reference = _bare(task.source), _bare(task.reference or "")
    if not source:
        return PASSED
    if answer == source:
        if reference == source and _words(task.source) < 3:
            return PASSED
        # Only case or punctuation may differ between two varieties; then the letters alone do not tell a copy.
        return PASSED if task.reference and _differ_in_form(response, task) else failed("copies the source")
    if task.reference is None and _words(task.source) < 3:
        return PASSED  # a word may well stand in its own translation
    shared, usual = _contained(source, answer), _contained(source, reference)
    if shared > usual and shared >= max(NEAR_COPY, (1 + usual) / 2):
        return failed("holds nearly all of the source")
    return PASSED


def language(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """The response is in the target locale, as far as language identification can tell; a short one by its script.

    Passes where the task has no target locale, where the response has no letters to judge by (numbers, a code), and
    where the reference would fail too (a title that stays in its language).
    """
    if not response.strip():
        return failed("empty")
    if task.target_locale is None or not _foreign(response, task.target_locale):
        return PASSED
    if task.reference and _foreign(task.reference, task.target_locale):
        return PASSED
    return failed(f"not in {find(task.target_locale).name}")


def no_repetition(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """No phrase of up to 8 words stands `times` (default 4) times in a row, nor a piece of a word eight times.

    A reference that repeats so allows it.
    """
    if not response.strip():
        return failed("empty")
    times = int(arguments.get("times", 4))
    if phrase := _loop(response, times):
        if task.reference and _loop(task.reference, times):
            return PASSED
        return failed(f"repeats {phrase!r}")
    return PASSED


def _bare(text: str) -> str:
    """`text` without what a copy may change: case, width, white space, punctuation."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())


def _grams(text: str) -> Counter[str]:
    size = min(3, len(text))
    return Counter(text[i : i + size] for i in range(len(text) - size + 1))


def _contained(source: str, answer: str) -> float:
    """The share of the 3-grams of `source` that `answer` has, each as often."""
    grams = _grams(source)
    return (grams & _grams(answer)).total() / grams.total()


def _words(text: str) -> int:
    """Words; where a script puts no spaces, two characters count as one."""
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + (unspaced + 1) // 2


def _echoes(response: str, task: Task) -> bool:
    """Whether the response is the last user turn, or that and little more."""
    asked = next((m.content for m in reversed(task.messages) if m.role == "user"), "")
    if _words(asked) < 3:
        return False
    prompt, answer = _bare(asked), _bare(response)
    return len(answer) <= 1.5 * len(prompt) and prompt in answer and _bare(task.reference or "") != answer


def _differ_in_form(response: str, task: Task) -> bool:
    """Whether the response is the reference, letter by letter, and the source is not."""
    given, wanted, source = (
        unicodedata.normalize("NFC", text or "").strip() for text in (response, task.reference, task.source)
    )
    return given == wanted != source


@functools.lru_cache(maxsize=4096)
def _foreign(text: str, locale: str) -> bool:
    """Whether `text`, markup aside, is in another language or, where it is too short to tell, in another script."""
    text = _MARKUP.sub(" ", text)
    known = is_language(text, locale)
    if known is not None:
        return not known
    script = _SCRIPTS[find(locale).script]
    inside = len(script.findall(text))
    outside = sum(map(len, _WORD.findall(script.sub(" ", text))))
    return outside > _DENSITY.get(find(locale).script, 1) * inside


def _loop(text: str, times: int) -> str:
    """The phrase that stands `times` times in a row, or ''."""
    words = text.split()
    for period in range(1, 9):
        needed, run = period * (times - 1), 0
        for place in range(period, len(words)):
            run = run + 1 if words[place] == words[place - period] else 0
            if run >= needed:
                return " ".join(words[place - period + 1 : place + 1])
    return next((found[1] for found in _LETTER_LOOP.finditer(text) if _WORD.search(found[1])), "")
