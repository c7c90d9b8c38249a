"""Translation with an instruction (a date format, a glossary, a register): adherence and quality, separately.

Adherence is the verdict of the instruction's check; quality is chrF against a reference that obeys it.
"""

from __future__ import annotations

from towerplus.evaluate.benchmarks.translation import score

__all__ = ["score"]
