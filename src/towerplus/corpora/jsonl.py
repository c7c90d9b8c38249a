"""JSON Lines: one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator

from towerplus.corpora import rows
from towerplus.corpora.base import Reject, files, lines
from towerplus.corpora.settings import ConversationSource, ParallelSource, PreferenceSource, Source, TextSource
from towerplus.records import Conversation, Pair, Preference, Text


def read(source: Source) -> rows.Rows:
    """The objects of the source's files."""
    for file in files(source):
        for number, line in lines(file):
            yield file, number, line if isinstance(line, Reject) else _parse(line, file, number)


def _parse(line: str, file: str, number: int) -> rows.Row | Reject:
    if not line or line.isspace():
        return Reject(file, number, "blank line", malformed=False)
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        return Reject(file, number, f"not JSON: {error.msg} at character {error.pos + 1}", line)
    except (RecursionError, ValueError) as error:  # absurd nesting; a number of thousands of digits
        return Reject(file, number, f"not JSON that can be read: {error}", line)
    return value if isinstance(value, dict) else Reject(file, number, "not a JSON object", line)


def texts(source: TextSource) -> Iterator[Text | Reject]:
    """Rows with a column `text`."""
    return rows.build("texts", rows.text, read(source), source)


def pairs(source: ParallelSource) -> Iterator[Pair | Reject]:
    """Rows with columns `source` and `target`, or `translation`."""
    return rows.build("pairs", rows.pair, read(source), source)


def conversations(source: ConversationSource) -> Iterator[Conversation | Reject]:
    """Rows with `messages`, or `prompt` and `completion`."""
    return rows.build("conversations", rows.conversation, read(source), source)


def preferences(source: PreferenceSource) -> Iterator[Preference | Reject]:
    """Rows with `prompt`, `chosen`, `rejected`."""
    return rows.build("preferences", rows.preference, read(source), source)
