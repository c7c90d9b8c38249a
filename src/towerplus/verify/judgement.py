"""Verdicts of a judge: which of two answers is better."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from towerplus.errors import UserError
from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed

_VERDICT = re.compile(r"\bbetter\s*:\s*([AB])\b", re.IGNORECASE)
_LAST_LINE = re.compile(r"Better: ([AB])")


def verdict(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """The response ends in the line ``Better: A`` or ``Better: B``, its one verdict, and names the `better` one.

    Reasons may stand before it. No verdict, another form, both letters or the same verdict twice fail.
    """
    better = arguments.get("better")
    if better not in ("A", "B"):
        raise UserError(f"judgement.verdict needs the argument 'better', A or B; got {better!r}")
    lines = response.strip().splitlines() or [""]
    claims = _VERDICT.findall(response)
    if not claims:
        return failed("gives no verdict")
    if len(claims) > 1:
        return failed("prefers both" if len({c.upper() for c in claims}) > 1 else "gives its verdict twice")
    last = _LAST_LINE.fullmatch(lines[-1].strip())
    if not last:
        return failed('does not end in "Better: A" or "Better: B"')
    return PASSED if last[1] == better else failed(f"prefers {last[1]}")
