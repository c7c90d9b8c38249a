"""Two texts word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

_WORD = re.compile(r"\s+|[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+|[^\w\s]", re.UNICODE)


def words(text: str) -> list[str]:
    """Words, single CJK characters, punctuation marks and stretches of white space, in order; they join to `text`."""
    return _WORD.findall(text)


def compare(reference: str, answer: str) -> Iterator[tuple[str, str]]:
    """Pieces of an answer as (same | added | missing, text): what it shares with the reference, has of its own, and
    lacks. Same and added join to the answer, same and missing to the reference."""
    old, new = words(reference), words(answer)
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", "".join(new[c:d])
            continue
        if b > a:
            yield "missing", "".join(old[a:b])
        if d > c:
            yield "added", "".join(new[c:d])
