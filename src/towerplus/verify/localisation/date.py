"""localisation.date: a day in the locale's form."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from towerplus.errors import UserError
from towerplus.languages import formats
from towerplus.records import Task
from towerplus.verify.base import Verdict
from towerplus.verify.localisation.renderings import Renderings, hold, renderings, setting_of, text_of

KIND = "localisation.date"


def check(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """Arguments: `value` (ISO 8601 day), `style` (numeric, long or iso; numeric when absent), `locale`, `absent`."""
    value, style = text_of(arguments, "value", KIND), arguments.get("style", "numeric")
    return hold(response, task, _expected(value, style, *setting_of(task, arguments)))


@functools.lru_cache(maxsize=8192)
def _expected(
    value: str, style: formats.Style, locale: str, locales: tuple[str, ...], absent: tuple[str, ...]
) -> Renderings:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise UserError(f"{KIND}: {value!r} is not a day such as 2025-03-07") from None
    others = [
        form for place in locales for other in get_args(formats.Style) for form in formats.date(day, place, other)
    ]
    return renderings(formats.date(day, locale, style), [*others, *absent])
