"""Sentences, in every language of the locales, as a reader counts them: a line end ends one, `1.` before it is none.

English and text of no known language go by rules of ours, Chinese and Japanese by their marks, the others by sentencex
with what it misses put right: a sentence does not start with a small letter, nor end with a title.
"""

from __future__ import annotations

import functools
import re

_WORD = re.compile(r"\w")
_ITEM = re.compile(r"\s*(?:\d{1,3}[.)]|[-*•])\s+(?=\S)")
# The end of a sentence: its mark, closing quotes or brackets, then white space or the end; CJK marks need no space.
_END = re.compile(r"""(?<![.!?…।])[.!?…।]++["'”’»)\]]*+(?=\s|$)\s*|[。！？]+[」』”）]*\s*""")
# A full stop after these, or after an initial, ends nothing.
_ENGLISH = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Prof|vs|etc|e\.g|i\.e|P\.S|P\.P\.S)|\b[A-Z])\.$")
# In Japanese a quotation goes on: 「いいね。」と言った。
_EAST_ASIAN = {
    "zh": re.compile(r"[。！？!?]+[」』”’）)]*|…+(?=\s*$)"),
    "ja": re.compile(r"(?<![。！？!?])[。！？!?]++(?:[」』）)]++(?!と|って|な|は|が|を|の|に))?(?![」』）)])"),
}
# Titles and the like that sentencex does not know.
_TITLES = {
    "fr": "M MM Mme Mmes Mlle Dr Pr St Ste",
    "ro": "Dl Dna Dr Str Nr",
    "nl": "Dhr dhr Mevr mevr Mw mw",
    "sv": "T.ex t.ex kl Kl",
    "nb": "F.eks f.eks",
    "nn": "F.eks f.eks T.d t.d",
    "hi": "डॉ श्री सुश्री प्रो",
    "uk": "вул Вул буд",
    "de": "Bzw bzw Hr Fr Nr",
}


def split_sentences(text: str, language: str = "") -> list[str]:
    """The sentences of `text` in `language` (ISO 639; none or unknown to sentencex: as English), without white space
    around them; pieces without a letter or digit are none."""
    found: list[str] = []
    for line in text.splitlines():
        if item := _ITEM.match(line):
            line = line[item.end() :]
        found += (piece.strip() for piece in _pieces(line, language) if _WORD.search(piece))
    return found


def _pieces(line: str, language: str) -> list[str]:
    if language in _EAST_ASIAN:
        return _cut(line, _EAST_ASIAN[language])
    if language in ("", "en"):
        return _cut(line, _END, _ENGLISH)
    import sentencex

    pieces: list[str] = []
    for piece in sentencex.segment(language, line):
        if pieces and _goes_on(pieces[-1].rstrip(), piece, language):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _cut(line: str, end: re.Pattern[str], unless: re.Pattern[str] | None = None) -> list[str]:
    """The pieces of `line` between its ends; a piece that `unless` finds does not end before the line does."""
    pieces, start = [], 0
    for mark in end.finditer(line):
        if unless and mark.end() < len(line) and unless.search(line[start : mark.end()].rstrip()):
            continue
        pieces.append(line[start : mark.end()])
        start = mark.end()
    return [*pieces, line[start:]]


def _goes_on(before: str, after: str, language: str) -> bool:
    """Whether sentencex cut where no sentence ends."""
    if not before.endswith("."):
        return False
    title = _titles(language)
    return after[:1].islower() or bool(title and title.search(before))


@functools.cache
def _titles(language: str) -> re.Pattern[str] | None:
    names = _TITLES.get(language, "").split()
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})\.$") if names else None
