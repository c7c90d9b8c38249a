"""startend: how a response ends, and whether it stands in quotation marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed
from towerplus.verify.instructions import format as forms
from towerplus.verify.instructions.common import answered, argument, locale_of


@answered
def end_checker(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{end_phrase}: the response, closing quotation marks aside, ends with it, whatever its case."""
    phrase = argument(arguments, "end_phrase", str).strip().lower()
    closing = '"' if locale_of(task, arguments) is None else '"”“»«」』'
    return (
        PASSED if response.strip().strip(closing).lower().endswith(phrase) else failed(f"does not end with {phrase!r}")
    )


@answered
def quotation(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """The response starts and ends with a double quotation mark; with a locale, those of any language do."""
    text = response.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return PASSED
    if locale_of(task, arguments) is None:
        return failed("is not wrapped in double quotation marks")
    return forms.quotation(response, task, arguments)
