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
    "chrF": "chrf:ChrF",
    "chrF++": "chrf:ChrFPlusPlus",
    "BLEU": "bleu:BLEU",
    "TER": "ter:TER",
}


def create(name: str, target_locale: str = "") -> Metric:
    """The metric called `name`, with the tokenizer of `target_locale` (BCP 47) where the metric has one."""
    if name not in METRICS:
        import difflib

        near = difflib.get_close_matches(name.lower(), {key.lower(): key for key in METRICS}, n=1)
        known = next((key for key in METRICS if near and key.lower() == near[0]), None)
        raise UserError(f"unknown metric {name!r}" + (f"; did you mean {known!r}?" if known else ""))
    module, _, attribute = METRICS[name].partition(":")
    return getattr(importlib.import_module(f"towerplus.metrics.{module}"), attribute)(target_locale)
