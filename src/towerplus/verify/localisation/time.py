"""localisation.time: a time of day on the clock asked for."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import time
from typing import Any, Literal

from towerplus.errors import UserError
from towerplus.languages import formats
from towerplus.records import Task
from towerplus.verify.base import Verdict
from towerplus.verify.localisation.renderings import Renderings, hold, renderings, setting_of, text_of

KIND = "localisation.time"


def check(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """Arguments: `value` (HH:MM), `hours` (12, 24; absent: the clock usual in the locale), `locale`, `absent`."""
    value, hours = text_of(arguments, "value", KIND), arguments.get("hours")
    return hold(response, task, _expected(value, hours, *setting_of(task, arguments)))


@functools.lru_cache(maxsize=8192)
def _expected(
    value: str, hours: Literal[12, 24] | None, locale: str, locales: tuple[str, ...], absent: tuple[str, ...]
) -> Renderings:
    try:
        moment = time.fromisoformat(value)
    except ValueError:
        raise UserError(f"{KIND}: {value!r} is not a time such as 14:05") from None
    others = [form for place in locales for clock in (12, 24) for form in formats.time(moment, place, clock)]
    # A hyphen between two times is a range, each whole: 9:00-17:30.
    return renderings(formats.time(moment, locale, hours), [*others, *absent], links=".,'/:")
