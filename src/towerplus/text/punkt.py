"""English sentences as IFEval's reference counts them, so that its published verdicts come out again.

The reference runs a trained Punkt model, which differs from what a reader would count: a line end ends nothing, `1.` is
a sentence of its own, `e.g.` ends one. These rules do the same without its tables. For sentences as readers count them
see `text.sentences`.
"""

from __future__ import annotations

import functools
import re

_MARKS = re.compile(r"[.?!]+")
# Quotes and brackets that still belong to the sentence before, on a line of their own too.
_CLOSERS = re.compile(r"""\s*["'“”)\]}]+(?=\s|--|$)""")
_TOKEN = re.compile(r"\s*(\S{1,40})")  # what a token begins with is enough
# A mark ends a sentence only before white space or one of these; elsewhere it is inside a token (3.5, a.b).
_AFTER = frozenset(")\";}]*:@'({[”")
_NUMBER = re.compile(r"[-+]?[\d.,:-]*\d")
_INITIALS = re.compile(r"(?!e\.g|i\.e|p\.)[^\W\d_](?:\.[^\W\d_])+")
# No sentence ends after these, unless a word follows that mostly starts one. The model knows no e.g., i.e., etc., no.
_ABBREVIATION = re.compile(
    r"""
    mr|mrs|ms|messrs|dr|prof|sr|jr|st|gen|col|lt|maj|sen|rep|adm|ph\.d|inc|ltd|co|corp|cos|bros|cie|vs|ave|ft|yr|p|p\.m
    |jan|feb|sept?|aug|oct|nov|dec|mon|tues?|wed|thu|fri|sat
    |ala|ariz|calif|colo|conn|fla|ga|ill|kan|ky|mich|minn|miss|okla|ore|pa|tenn|va|vt|wash|wis|w\.va
    """,
    re.VERBOSE,
)
_STARTER = re.compile(
    r"""
    a|after|all|although|an|and|as|at|both|but|by|despite|even|for|from|he|her|here|his|how|however|i|if|in|indeed
    |instead|it|its|many|meanwhile|moreover|my|nevertheless|no|nonetheless|not|now|on|once|one|or|our|separately|she
    |similarly|since|so|some|such|that|the|their|then|there|therefore|these|they|this|those|though|thus|to|under|we
    |when|while|with|yes|yet|you|your
    """,
    re.VERBOSE,
)


@functools.lru_cache(maxsize=64)  # a response is counted again for its loose variants and for a second instruction
def count_sentences(text: str) -> int:
    """The number of sentences of English running `text`; 0 where there is none."""
    text = text.strip()
    ends = sum(_ends(text, marks) for marks in _MARKS.finditer(text))
    return ends + bool(text)


def _ends(text: str, marks: re.Match[str]) -> bool:
    """Whether a sentence ends at `marks` and another follows."""
    end = marks.end()
    if end == len(text) or not (text[end].isspace() or text[end] in _AFTER):
        return False
    if closers := _CLOSERS.match(text, end):
        end = closers.end()
    follows = _TOKEN.match(text, end)
    if not follows:
        return False
    if marks[0] != "." and marks[0].strip("."):  # a question or exclamation mark is among them
        return True
    word, after = _word_before(text, marks.start()), follows[1]
    initial = len(word) == 1 and text[marks.start() - 1].isupper()
    if len(marks[0]) > 1 or initial or _ABBREVIATION.fullmatch(word) or _INITIALS.fullmatch(word):
        return after[0].isupper() and _STARTER.fullmatch(after.strip(".,;:!?\"'”’)*").lower()) is not None
    return not (_NUMBER.fullmatch(word) and after[0].islower())


def _word_before(text: str, place: int) -> str:
    """The token that ends at `place`, small and without what opens it; of a compound its last part."""
    tokens = text[max(0, place - 40) : place].split()
    if not tokens or text[place - 1].isspace():
        return ""
    return tokens[-1].lower().rpartition("-")[2].lstrip("([{\"'“‘*_")
