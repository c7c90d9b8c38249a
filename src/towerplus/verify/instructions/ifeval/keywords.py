"""keywords: which words and letters a response has."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

from towerplus.errors import UserError
from towerplus.records import Task
from towerplus.text.words import whole_word
from towerplus.verify.base import PASSED, Verdict, failed
from towerplus.verify.instructions.common import answered, argument, hold, relation


@functools.lru_cache(maxsize=4096)
def _anywhere(word: str) -> re.Pattern[str]:
    """`word`, whatever its case, within longer words too, as the reference looks for it."""
    return re.compile(re.escape(word.strip()), re.IGNORECASE)


@answered
def existence(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{keywords}: all are in the response."""
    keywords = argument(arguments, "keywords", list)
    missing = [word for word in keywords if not _anywhere(word).search(response)]
    if not missing:
        return PASSED
    return failed(f"without {', '.join(map(repr, missing))}", 1 - len(missing) / len(keywords))


@answered
def frequency(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{keyword, frequency, relation}: the keyword stands so often."""
    keyword, bound = argument(arguments, "keyword", str), argument(arguments, "frequency", int)
    return hold(len(_anywhere(keyword).findall(response)), f"times {keyword!r}", relation(arguments), bound)


@answered
def forbidden_words(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{forbidden_words}: none is in the response as a whole word."""
    forbidden = argument(arguments, "forbidden_words", list)
    used = [word for word in forbidden if whole_word(word).search(response)]
    if not used:
        return PASSED
    return failed(f"with {', '.join(map(repr, used))}", 0.5 * (1 - len(used) / len(forbidden)))


@answered
def letter_frequency(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{letter, let_frequency, let_relation}: the letter, small or capital, stands so often."""
    letter, bound = argument(arguments, "letter", str), argument(arguments, "let_frequency", int)
    if len(letter) != 1:
        raise UserError(f"keywords:letter_frequency counts one character, not {letter!r}")
    return hold(response.lower().count(letter.lower()), f"times {letter!r}", relation(arguments, "let_relation"), bound)
