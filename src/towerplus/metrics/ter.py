"""Translation edit rate (Snover et al. 2006): sacrebleu's edits, read from its public `sentence_score`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from towerplus.metrics.base import Metric, References, paired


class TER(Metric):
    """Columns of the statistics: edits, and reference length in words (float64: a mean over several references).
    Chinese and Japanese are split into characters, as they have no spaces; the signature says so."""

    name = "TER"
    higher_is_better = False

    @cached_property
    def _sacrebleu(self) -> Any:
        from sacrebleu.metrics import TER as Sacrebleu

        unspaced = self.target_locale.split("-")[0] in ("zh", "ja")
        return Sacrebleu(normalized=unspaced, asian_support=unspaced)

    def settings(self) -> str:
        def word(flag: bool) -> str:
            return "yes" if flag else "no"

        ter = self._sacrebleu
        return f"case:lc|tok:tercom|norm:{word(ter.normalized)}|punct:yes|asian:{word(ter.asian_support)}"

    def statistics(self, hypotheses: Sequence[str], references: References) -> np.ndarray:
        rows = np.empty((len(hypotheses), 2))
        for i, (hypothesis, entry) in enumerate(zip(hypotheses, paired(hypotheses, references), strict=True)):
            counted = self._sacrebleu.sentence_score(hypothesis, entry)
            rows[i] = counted.num_edits, counted.ref_length
        return rows

    def score(self, statistics: np.ndarray) -> np.ndarray:
        edits, length = np.asarray(statistics)[..., 0], np.asarray(statistics)[..., 1]
        return 100 * np.where(length > 0, edits / np.where(length > 0, length, 1), edits > 0)
