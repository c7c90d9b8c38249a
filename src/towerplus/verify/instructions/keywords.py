"""Which words a response has, lacks, starts or ends with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from towerplus.records import Task
from towerplus.text.words import whole_word
from towerplus.verify.base import PASSED, Verdict, failed
from towerplus.verify.instructions.common import answered, argument, compare


@answered
def include(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{words}: all are in the response. Score: the share that is."""
    wanted = argument(arguments, "words", list)
    missing = [word for word in wanted if not whole_word(word).search(response)]
    if not missing:
        return PASSED
    return failed(f"without {', '.join(map(repr, missing))}", 1 - len(missing) / len(wanted))


@answered
def exclude(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{words}: none is in the response. Score: at most a half, for those that are not."""
    banned = argument(arguments, "words", list)
    used = [word for word in banned if whole_word(word).search(response)]
    if not used:
        return PASSED
    return failed(f"with {', '.join(map(repr, used))}", 0.5 * (1 - len(used) / len(banned)))


@answered
def frequency(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{word, count, relation}: the word stands so often."""
    word = argument(arguments, "word", str)
    return compare(len(whole_word(word).findall(response)), f"times {word!r}", arguments)


@answered
def start(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{text}: the response starts with the text (quotation marks aside), whole words of it, whatever its case."""
    text, given = argument(arguments, "text", str).casefold(), _unquoted(response)
    if whole_word(text).match(given):
        return PASSED
    return failed(f"does not start with {text!r}")


@answered
def end(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{text}: the response ends with the text (quotation marks aside), whole words of it, whatever its case."""
    text, given = argument(arguments, "text", str).casefold(), _unquoted(response)
    if given.endswith(text) and whole_word(text).match(given, len(given) - len(text)):
        return PASSED
    return failed(f"does not end with {text!r}")


def _unquoted(response: str) -> str:
    return response.strip().strip("\"'“”«»„「」『』").casefold()
