"""punctuation: no commas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed
from towerplus.verify.instructions import format as forms
from towerplus.verify.instructions.common import answered, locale_of


@answered
def no_comma(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """No comma; with a locale, none of any script."""
    if locale_of(task, arguments) is not None:
        return forms.no_commas(response, task, arguments)
    return failed("has a comma") if "," in response else PASSED
