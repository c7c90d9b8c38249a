"""Whether a text is in the language it should be in: verification, which is easier and surer than guessing.

Scripts are counted first; within a script CLD2 says whether the expected language is on top, and where it says
another, py3langid is asked too: either is enough. Chinese is told by its characters (hanzidentifier), Bokmål and
Nynorsk by their commonest words; the varieties of English, Spanish and Portuguese are not told apart.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from towerplus.languages.locales import Locale, find

#: With fewer letters there is nothing to tell by. A Chinese character, kana or hangul syllable counts as three:
#: about as many letters as it takes in English.
FEWEST_LETTERS = 20
#: What is in no language: addresses, mentions and tags, and whatever has digits in it. Word by word: one pattern over
#: the whole text takes quadratic time over a long run without spaces.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_CODE = re.compile(r"[@#]\w|[0-9]")
#: This share of the letters must be in the script of the language.
IN_SCRIPT = 0.5

_SCRIPTS = {
    name: re.compile(f"[{ranges}]")
    for name, ranges in {
        "Latn": "A-Za-zªºÀ-ÖØ-öø-\u024f\u1e00-\u1eff",
        "Cyrl": "\u0400-\u052f",
        "Deva": "\u0904-\u0939\u0958-\u0961\u0972-\u097f",
        "Hani": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f",
        "Kana": "\u3041-\u3096\u30a1-\u30fa\u30fc",
        "Hang": "\uac00-\ud7af\u1100-\u11ff\u3131-\u318e",
    }.items()
}
_WEIGHTS = {"Hani": 3, "Kana": 3, "Hang": 3}
_EXPECTED_SCRIPTS = {"Hans": ("Hani",), "Hant": ("Hani",), "Jpan": ("Hani", "Kana"), "Kore": ("Hang",)}
#: A Japanese sentence has at least this share of kana, a Chinese one (that quotes a Japanese name) less.
KANA = 0.1
#: Languages whose varieties the locales part and these tools do not.
_VARIETIES = ("en", "es", "pt")
#: Words that only one of the two Norwegian norms has.
_NORWEGIAN: dict[str, set[str]] = {
    "nb": {
        "ikke", "jeg", "en", "et", "hun", "hva", "hvor", "hvordan", "hvorfor", "hvem", "fra", "mer", "noe", "noen",
        "være", "mye", "bare", "selv", "uke", "gjøre", "kommer", "sier", "ble", "hjem", "nå", "høy", "sammen",
    },
    "nn": {
        "ikkje", "eg", "ein", "eit", "ho", "kva", "kvar", "korleis", "kvifor", "kven", "frå", "meir", "noko",
        "nokon", "nokre", "vere", "vore", "mykje", "berre", "sjølv", "veke", "gjere", "kjem", "seier", "vart",
        "heim", "dei", "høg", "saman", "dykk",
    },
}  # fmt: skip


def is_language(text: str, locale: str, varieties: bool = True) -> bool | None:
    """Whether `text` is in the language of `locale`.

    None: cannot tell, for want of letters or because the language is right and its variety (en-US or en-GB, es-ES or
    es-419, pt-PT or pt-BR, Chinese characters that both systems share) cannot be told. `varieties=False` asks for the
    language alone: pt-BR then passes as pt-PT, nb as nn, zh-Hans as zh-Hant. An unknown locale raises UserError.
    """
    place = find(locale)
    text = " ".join(_ADDRESS.sub(" ", word) for word in text.split() if not _CODE.search(word))
    counts = {script: _WEIGHTS.get(script, 1) * len(letters.findall(text)) for script, letters in _SCRIPTS.items()}
    letters = sum(counts.values())
    if letters < FEWEST_LETTERS:
        return None
    ours = sum(counts[script] for script in _EXPECTED_SCRIPTS.get(place.script, (place.script,)))
    if ours < IN_SCRIPT * letters:
        return False
    if place.script in _EXPECTED_SCRIPTS:
        if place.language != "ko" and (counts["Kana"] >= KANA * ours) != (place.language == "ja"):
            return False
        return _chinese(text, place) if varieties and place.language == "zh" else True
    if place.language in _NORWEGIAN:
        return _norwegian(text, place, varieties)
    if not _agrees(text, frozenset([place.language])):
        return False
    return None if varieties and place.language in _VARIETIES else True


def top_language(text: str) -> str:
    """The language of `text`, any of CLD2's (ISO 639; the older codes for Hebrew, `iw`, and Norwegian, `no`); empty
    where it cannot tell."""
    code = _cld2()(text)
    return "" if code == "un" else code


def _agrees(text: str, languages: frozenset[str]) -> bool:
    """Whether CLD2 or, failing that, py3langid puts one of `languages` on top."""
    return _cld2()(text) in languages or _langid()(text) in languages


def _norwegian(text: str, place: Locale, varieties: bool) -> bool | None:
    if not _agrees(text, frozenset(["no", "nb", "nn"])):
        return False
    if not varieties:
        return True
    words = re.findall(r"\w+", text.lower())
    other = "nn" if place.tag == "nb" else "nb"
    ours = sum(word in _NORWEGIAN[place.tag] for word in words)
    theirs = sum(word in _NORWEGIAN[other] for word in words)
    return None if ours == theirs else ours > theirs


def _chinese(text: str, place: Locale) -> bool | None:
    """By the characters that only one system has; a few of the other (in names) do no harm."""
    from hanzidentifier import helpers

    simplified = traditional = 0
    for character in _SCRIPTS["Hani"].findall(text):
        if character not in helpers.SHARED_CHARACTERS:
            simplified += character in helpers.SIMPLIFIED_CHARACTERS
            traditional += character in helpers.TRADITIONAL_CHARACTERS
    ours, theirs = (simplified, traditional) if place.script == "Hans" else (traditional, simplified)
    if ours == theirs:
        return None
    return ours > theirs


@functools.cache
def _cld2() -> Callable[[str], str]:
    import pycld2

    def top(text: str) -> str:
        try:
            code = pycld2.detect(text)[2][0][1]
        except pycld2.error:  # control characters and the like, which it takes for broken UTF-8
            return ""
        return code.partition("-")[0]

    return top


@functools.cache
def _langid() -> Callable[[str], str]:
    import py3langid

    return lambda text: py3langid.classify(text)[0]
