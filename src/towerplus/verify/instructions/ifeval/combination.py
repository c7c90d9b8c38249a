"""combination: two responses in one, the prompt repeated first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed
from towerplus.verify.instructions.common import answered, argument

DIVIDER = "******"


@answered
def two_responses(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """Two different responses parted by six asterisks, which may also open and close the whole."""
    parts = [part.strip() for part in response.split(DIVIDER)]
    if not all(parts[1:-1]):
        return failed("a response is empty", 0.2)
    full = [part for part in parts if part]
    if len(full) != 2:
        return failed(f"{len(full)} responses, not 2", 0.0 if len(full) < 2 else 0.2)
    return PASSED if full[0] != full[1] else failed("the responses are the same", 0.5)


def repeat_prompt(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """{prompt_to_repeat}: the response starts with it, whatever its case, and an answer follows.

    The reference asks for no answer; where a task has a prompt, an echo of nothing but the request fails here.
    """
    request, given = argument(arguments, "prompt_to_repeat", str).strip().lower(), response.strip().lower()
    if not given.startswith(request):
        return failed("does not start with the request")
    if task.messages and not any(character.isalnum() for character in given[len(request) :]):
        return failed("repeats the request and answers nothing", 0.5)
    return PASSED
