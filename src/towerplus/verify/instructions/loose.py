"""IFEval's loose mode: a rule holds where it holds for the response without what often surrounds an answer.

Tried in turn: the response; without its first line, its last line, both; and each of the four without asterisks.
"""

from __future__ import annotations

from towerplus.records import Check, Task
from towerplus.verify import verify
from towerplus.verify.base import Verdict


def variants(response: str) -> list[str]:
    """The response and its variants, each once, without those that are blank."""
    lines = response.split("\n")
    trimmed = [response, *("\n".join(part).strip() for part in (lines[1:], lines[:-1], lines[1:-1]))]
    texts = dict.fromkeys([*trimmed, *(text.replace("*", "") for text in trimmed)])
    return [text for text in texts if text.strip()]


def verify_loosely(check: Check, response: str, task: Task, strict: Verdict | None = None) -> Verdict:
    """The first variant's verdict that passes, else that of the response itself.

    Args:
        strict: the verdict of the response itself, where it is known already.
    """
    strict = strict or verify(check, response, task)
    if strict.passed:
        return strict
    for text in variants(response):
        if text != response and (verdict := verify(check, text, task)).passed:
            return verdict
    return strict
