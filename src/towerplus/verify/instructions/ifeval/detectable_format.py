"""detectable_format: bullets, highlights, sections, JSON, a title, one of three answers."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from typing import Any

from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed
from towerplus.verify.instructions.common import answered, argument, hold

OPTIONS = ("My answer is yes.", "My answer is no.", "My answer is maybe.")
# A star that is not doubled, with something after it; a dash, even of a divider or alone.
_STARRED = re.compile(r"^[^\S\n]*\*[^*].*$", re.MULTILINE)
_DASHED = re.compile(r"^[^\S\n]*-.*$", re.MULTILINE)
_HIGHLIGHT = re.compile(r"\*[^\n*]*\*")
_STRONG = re.compile(r"\*\*([^\n*]*)\*\*")
_FENCES = ("```json", "```Json", "```JSON", "```")


@answered
def number_bullet_lists(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{num_bullets}: exactly so many bullet points, lines that start with * or -."""
    number = len(_STARRED.findall(response)) + len(_DASHED.findall(response))
    return hold(number, "bullets", "exactly", argument(arguments, "num_bullets", int))


@answered
def constrained_response(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{options?}: one of the options is in the response, word for word; those of the benchmark if none are given."""
    options = argument(arguments, "options", list) if "options" in arguments else OPTIONS
    return PASSED if any(option in response for option in options) else failed("none of the options")


@answered
def number_highlighted_sections(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{num_highlights}: at least so many *highlights*; a **strong** one counts as the reference counts it: where both
    patterns meet it, twice."""
    number = sum(bool(found.strip("*").strip()) for found in _HIGHLIGHT.findall(response))
    number += sum(bool(inside.strip()) for inside in _STRONG.findall(response))
    return hold(number, "highlights", "at least", argument(arguments, "num_highlights", int))


@functools.lru_cache(maxsize=256)
def _section(spliter: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(spliter)}\s?\d+")


@answered
def multiple_sections(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{section_spliter, num_sections}: at least so many sections, each after the word and a number."""
    spliter = argument(arguments, "section_spliter", str).strip()
    number = len(_section(spliter).findall(response))
    return hold(number, "sections", "at least", argument(arguments, "num_sections", int))


@answered
def json_format(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """The whole response is JSON, in a code fence or not."""
    text = response.strip()
    for fence in _FENCES:
        text = text.removeprefix(fence)
    try:
        json.loads(text.removesuffix("```").strip())
    except (ValueError, RecursionError) as error:
        return failed(f"is not JSON: {error}")
    return PASSED


@answered
def title(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """A title in double angular brackets, <<like this>>, on one line."""
    # From the first << of a line to its last >>, by hand: a pattern takes quadratic time over "<<<<...".
    spans = ((line, line.find("<<"), line.rfind(">>")) for line in response.split("\n"))
    found = (line[start:end] for line, start, end in spans if 0 <= start < end)
    return PASSED if any(text.lstrip("<").rstrip(">").strip() for text in found) else failed("has no <<title>>")
