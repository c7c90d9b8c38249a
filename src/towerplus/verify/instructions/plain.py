"""Plain text, as interface strings and subtitles need it: one line, no digits, no Markdown, no full stop at the end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed
from towerplus.verify.instructions.common import answered

# What CommonMark would make a heading, list, quotation, fence, rule, table, emphasis, code or link of.
_MARKDOWN = re.compile(
    r"""
    ^[ ]{0,3}(?: \#{1,6}[ ] | [-*+][ ]+\S | >[ ]? | ```|~~~ | (?:[-*_][ ]*){3,}$ | \|.*\|[ ]*$ )
    | \*\*[^*\n]+\*\* | __[^_\n]+__ | (?<![\w*])\*[^\s*][^*\n]*\*(?![\w*]) | (?<!\w)_[^\s_][^_\n]*_(?!\w)
    | `[^`\n]+` | !?\[[^\[\]\n]*\]\([^()\n]+\)
    """,
    re.MULTILINE | re.VERBOSE,
)
_CLOSERS = "\"'”’»)]」』）】›*_"
_STOPS = ".。．।｡"


@answered
def one_line(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """All in one line; white space around it does not count."""
    lines = len(response.strip().splitlines())
    return PASSED if lines == 1 else failed(f"{lines} lines, not one", 0.5 / lines)


@answered
def no_digits(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """No digit, in any script, raised ones and those in circles too; number words may be there."""
    found = [character for character in response if character.isdigit()]
    return failed(f"has the digit {found[0]}", 0.5 * (1 - len(found) / len(response))) if found else PASSED


@answered
def no_markdown(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """No Markdown: no headings, lists with marks, quotations, fences, tables, emphasis, code, links."""
    found = _MARKDOWN.search(response)
    return failed(f"has Markdown: {found[0].strip()[:30]!r}") if found else PASSED


@answered
def no_final_stop(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """Does not end with a full stop, as labels and headlines do not; an ellipsis, ! and ? may end it."""
    text = response.strip().rstrip(_CLOSERS).rstrip()
    if text and text[-1] in _STOPS and not text.endswith("..."):
        return failed("ends with a full stop", 0.5)
    return PASSED
