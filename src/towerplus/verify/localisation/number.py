"""localisation.number: a number with the separators of the locale."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from towerplus.languages import formats
from towerplus.records import Task
from towerplus.verify.base import Verdict
from towerplus.verify.localisation.renderings import Renderings, hold, number_of, renderings, setting_of, text_of

KIND = "localisation.number"


def check(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """Arguments: `value` (a number or its text, with the decimals to be written), `locale`, `absent`."""
    value = text_of(arguments, "value", KIND)
    return hold(response, task, _expected(value, *setting_of(task, arguments)))


@functools.lru_cache(maxsize=8192)
def _expected(value: str, locale: str, locales: tuple[str, ...], absent: tuple[str, ...]) -> Renderings:
    amount = number_of(value, KIND)
    others = [form for place in locales for form in formats.number(amount, place)]
    return renderings(formats.number(amount, locale), [*others, *absent])
