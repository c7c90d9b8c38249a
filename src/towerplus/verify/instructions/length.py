"""How long a response is: words, sentences, lines, paragraphs, characters, bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from towerplus.errors import UserError
from towerplus.records import Task
from towerplus.text.sentences import split_sentences
from towerplus.text.words import words as split_words
from towerplus.verify.base import Verdict, failed
from towerplus.verify.instructions.common import answered, compare, locale_of

_BLANK = re.compile(r"\n\s*\n")


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


@answered
def byte_length(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{count, relation, encoding?}: so many bytes (default: in UTF-8), white space at the ends aside; characters that
    the encoding lacks fail."""
    encoding = str(arguments.get("encoding", "utf-8"))
    try:
        size = len(response.strip().encode(encoding))
    except LookupError:
        raise UserError(f"unknown encoding {encoding!r}") from None
    except UnicodeEncodeError as error:
        return failed(f"{encoding} cannot write {response.strip()[error.start]!r}")
    return compare(size, "bytes", arguments)


@answered
def lines(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{count, relation}: so many lines that are not blank."""
    return compare(sum(bool(line.strip()) for line in response.splitlines()), "lines", arguments)


@answered
def paragraphs(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{count, relation}: so many paragraphs, parted by blank lines, each with a letter or digit."""
    found = [part for part in _BLANK.split(response) if any(character.isalnum() for character in part)]
    return compare(len(found), "paragraphs", arguments)
