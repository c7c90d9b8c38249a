"""Translation metrics: statistics a segment (extracted once) apart from scores (computed from their sums).

A new metric is one class and one line here; modules load when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from towerplus.errors import UserError

if TYPE_CHECKING:
    from towerplus.metrics.base import Metric

#: name -> "module:class", below towerplus.metrics
METRICS: dict[str, str] = {
    "chrf": "chrf:ChrF",
    "chrf++": "chrf:ChrFPlusPlus",
    "bleu": "bleu:BLEU",
    "ter": "ter:TER",
}


def metric(name: str, target_locale: str = "") -> Metric:
    """The metric called `name` (in any case), with the tokenizer of `target_locale` (BCP 47) where it has one."""
    if name.lower() not in METRICS:
        import difflib

        near = difflib.get_close_matches(name.lower(), METRICS, n=1)
        raise UserError(f"unknown metric {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    module, _, attribute = METRICS[name.lower()].partition(":")
    return getattr(importlib.import_module(f"towerplus.metrics.{module}"), attribute)(target_locale)
