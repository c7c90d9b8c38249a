"""Words, in every script of the locales.

A word is a run of letters, digits and the marks that belong to them (vowel signs in Hindi, which Python's `\\w` leaves
out), joined by apostrophes and hyphens. A Chinese character or kana counts as one by itself, as word processors and
translators count: where a word of Chinese or Japanese ends is a matter of dictionaries. Korean words are what stands
between spaces, particles included.
"""

from __future__ import annotations

import functools
import re
import unicodedata

_IDEOGRAPHS = (
    "\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30fe\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f"
)
_HANGUL = "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"
_THAI = "\u0e00-\u0eff"


def _marks() -> str:
    """Combining marks and the joiners of Indic scripts, as the inside of a character class: ranges, to compile fast."""
    ranges: list[list[int]] = [[0x200C, 0x200D]]
    for code in range(0x300, 0x1A00):
        if unicodedata.category(chr(code)) in ("Mn", "Mc"):
            if ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


_MARKS = _marks()
_ACCENTS = "\u0300-\u036f\u0483-\u0489"
_LATER = "\u0530"  # Latin, Greek and Cyrillic letters stand before it
_LETTER = rf"[^\W{_IDEOGRAPHS}]"
_RUN = rf"{_LETTER}(?:{_LETTER}|[{_MARKS}])*"
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|{_RUN}(?:['’‑-]{_RUN})*")
_PLAIN = re.compile(rf"\w[\w{_MARKS}]*")
_ASCII = re.compile(r"\w+(?:['-]\w+)*")  # the same, several times faster
_UNSPACED = re.compile(f"[{_IDEOGRAPHS}{_HANGUL}{_THAI}]")


def words(text: str) -> list[str]:
    """The words of `text`, in order; "it's" and "well-known" are one each, so is each Chinese character or kana."""
    return (_ASCII if text.isascii() else _WORD).findall(text)


def runs(text: str) -> list[str]:
    """Runs of letters, digits and their marks, in whatever script: "it's" is two, a line of Chinese is one. IFEval's
    reference counts these as words."""
    return _PLAIN.findall(text)


@functools.lru_cache(maxsize=4096)
def whole_word(word: str) -> re.Pattern[str]:
    """A pattern for `word` itself, whatever its case, and not as a part of a longer word.

    In scripts without spaces, and in Korean, where particles follow the word, there are no word ends to ask for.
    """
    # Accents alone where the script has no other marks: a class of all takes a millisecond to compile.
    inside = rf"[\w{_MARKS if max(word, default='') > _LATER else _ACCENTS}]"
    left = rf"(?<!{inside})" if re.match(r"\w", word) and not _UNSPACED.match(word[0]) else ""
    right = rf"(?!{inside})" if re.search(rf"{inside}$", word) and not _UNSPACED.match(word[-1]) else ""
    return re.compile(left + re.escape(word) + right, re.IGNORECASE)
