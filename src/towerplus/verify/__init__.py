"""Everything that can be checked, in one table.

The same check rewards GRPO, admits training tasks and scores benchmarks. A new kind is one function
`check(response, task, arguments) -> Verdict` and one line here; modules load when first used.
"""

from __future__ import annotations

import functools
import importlib

from towerplus.errors import UserError
from towerplus.records import Check, Task
from towerplus.verify.base import CheckFunction, Verdict

#: kind -> "module:function", below towerplus.verify
CHECKS: dict[str, str] = {
    "localisation.date": "localisation.date:check",
    "localisation.time": "localisation.time:check",
    "localisation.number": "localisation.number:check",
    "localisation.currency": "localisation.currency:check",
    "localisation.percent": "localisation.percent:check",
    "localisation.unit": "localisation.unit:check",
    "localisation.glossary": "localisation.glossary:check",
}


@functools.cache
def find(kind: str) -> CheckFunction:
    """The function of a check kind; UserError names the nearest known kind."""
    if kind not in CHECKS:
        import difflib

        near = difflib.get_close_matches(kind, CHECKS, n=1)
        raise UserError(f"unknown check {kind!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    module, _, name = CHECKS[kind].partition(":")
    return getattr(importlib.import_module(f"towerplus.verify.{module}"), name)


def verify(check: Check, response: str, task: Task) -> Verdict:
    """Hold `response` against one check of `task`."""
    return find(check.kind)(response, task, check.arguments)


def verify_all(response: str, task: Task) -> list[Verdict]:
    """The verdicts of all checks of `task`, in their order."""
    return [verify(check, response, task) for check in task.checks]
