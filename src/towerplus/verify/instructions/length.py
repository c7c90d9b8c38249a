"""How long a response is: words, sentences, characters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from towerplus.records import Task
from towerplus.text.sentences import split_sentences
from towerplus.text.words import words as split_words
from towerplus.verify.base import Verdict
from towerplus.verify.instructions.common import answered, compare, locale_of


@answered
def words(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{count, relation}: so many words; one with apostrophes or hyphens is one, so is a Chinese character or a kana."""
    return compare(len(split_words(response)), "words", arguments)


@answered
def sentences(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{count, relation, locale?}: so many sentences."""
    locale = locale_of(task, arguments)
    return compare(len(split_sentences(response, locale.language if locale else "")), "sentences", arguments)


@answered
def characters(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{count, relation}: so many characters, white space at the ends aside."""
    return compare(len(response.strip()), "characters", arguments)
