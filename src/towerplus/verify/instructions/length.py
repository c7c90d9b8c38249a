"""How long a response is: words, sentences, characters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from towerplus.records import Task
from towerplus.verify.base import Verdict
from towerplus.verify.instructions.common import answered, compare

# As IFEval counts: runs of word characters, so "it's" is two; here joined by an apostrophe or hyphen they are one.
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
# The end of a sentence: its mark, closing quotes or brackets, then white space or the end; CJK marks need no space.
_END = re.compile(r"""(?:[.!?…।]+["'”’»)\]]*(?=\s|$)|[。！？]+[」』”）]*)\s*|\n+\s*""")
# A full stop after these, or after an initial, ends nothing.
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Prof|vs|etc|e\.g|i\.e|P\.S|P\.P\.S)|\b[A-Z])\.$")


def split_sentences(text: str) -> list[str]:
    """The sentences of `text`, by their marks and line ends; pieces without a word are none."""
    pieces, start = [], 0
    for end in _END.finditer(text):
        piece = text[start : end.end()].strip()
        if _ABBREVIATION.search(piece) and end.end() < len(text) and "\n" not in end[0]:
            continue
        pieces.append(piece)
        start = end.end()
    pieces.append(text[start:].strip())
    return [piece for piece in pieces if _WORD.search(piece)]


@answered
def words(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{count, relation}: so many words; a word with apostrophes or hyphens is one."""
    return compare(len(_WORD.findall(response)), "words", arguments)


@answered
def sentences(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{count, relation}: so many sentences."""
    return compare(len(split_sentences(response)), "sentences", arguments)


@answered
def characters(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{count, relation}: so many characters, white space at the ends aside."""
    return compare(len(response.strip()), "characters", arguments)
