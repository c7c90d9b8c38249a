"""BLEU (Papineni et al. 2002) as sacrebleu computes it.

The counts are sacrebleu's own, read from the scores its public `sentence_score` returns; the score of summed counts is
ours, over whole arrays, because a bootstrap asks for thousands.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from towerplus.errors import UserError
from towerplus.metrics.base import Metric, References, paired

ORDER = 4
#: language -> sacrebleu's tokenizer for it; all others take 13a
TOKENIZERS = {"zh": "zh", "ja": "ja-mecab", "ko": "ko-mecab"}


class BLEU(Metric):
    """Columns of the statistics: lengths of hypothesis and (closest) reference in tokens, then correct and total
    n-grams of the orders 1 to 4. `effective_order` scores short texts by the orders they have; segment scores
    always do."""

    name = "BLEU"

    def __init__(self, target_locale: str = "", *, effective_order: bool = False):
        super().__init__(target_locale)
        self.effective_order = effective_order

    @cached_property
    def _sacrebleu(self) -> Any:
        from sacrebleu.metrics import BLEU as Sacrebleu

        language = self.target_locale.split("-")[0]
        try:
            # effective order changes no count, only the score that is ignored here (and spares a warning)
            return Sacrebleu(tokenize=TOKENIZERS.get(language, "13a"), effective_order=True)
        except RuntimeError:
            raise UserError(
                f"BLEU for {self.target_locale} needs a tokenizer: pip install 'towerplus[asian]'"
            ) from None

    def settings(self) -> str:
        effective = "yes" if self.effective_order else "no"
        return f"case:mixed|eff:{effective}|tok:{self._sacrebleu.tokenizer.signature()}|smooth:exp"

    def statistics(self, hypotheses: Sequence[str], references: References) -> np.ndarray:
        rows = np.empty((len(hypotheses), 2 + 2 * ORDER), dtype=np.int64)
        for i, (hypothesis, entry) in enumerate(zip(hypotheses, paired(hypotheses, references), strict=True)):
            counted = self._sacrebleu.sentence_score(hypothesis, entry)
            rows[i] = [counted.sys_len, counted.ref_len, *counted.counts, *counted.totals]
        return rows

    def score(self, statistics: np.ndarray) -> np.ndarray:
        return _score(np.asarray(statistics, dtype=np.float64), self.effective_order)

    def segment_scores(self, hypotheses: Sequence[str], references: References) -> np.ndarray:
        return _score(self.statistics(hypotheses, references).astype(np.float64), True)


def _score(statistics: np.ndarray, effective_order: bool) -> np.ndarray:
    """BLEU with exponential smoothing (NIST's mteval-v13a) of (..., 10) statistics."""
    length, reference = statistics[..., 0], statistics[..., 1]
    correct, total = statistics[..., 2 : 2 + ORDER], statistics[..., 2 + ORDER :]
    ratio = reference / np.maximum(length, 1)
    brevity = np.where(length >= reference, 1.0, np.where(length > 0, np.exp(np.minimum(1 - ratio, 0)), 0.0))
    smoothing = np.ones_like(length)
    logs = np.zeros_like(length)
    for n in range(ORDER):
        present, hit = total[..., n] > 0, correct[..., n] > 0
        smoothing = np.where(present & ~hit, 2 * smoothing, smoothing)
        precision = np.where(hit, correct[..., n], 1 / smoothing) / np.maximum(total[..., n], 1)
        logs = logs + np.where(present, np.log(100 * precision), 0.0 if effective_order else -np.inf)
    orders = np.maximum((total > 0).sum(axis=-1), 1) if effective_order else ORDER
    return np.where((correct > 0).any(axis=-1), brevity * np.exp(logs / orders), 0.0)[()]
