"""What a metric is.

The split into `statistics` (a row of counts a segment) and `score` (of a sum of rows) is sacrebleu's; it makes a
bootstrap one matrix product: `metric.score(weights @ metric.statistics(hypotheses, references))`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from towerplus.errors import UserError

#: One entry a segment: its reference, or the list of its references (their number may vary).
References = Sequence[str] | Sequence[Sequence[str]]


class Metric(ABC):
    """A corpus metric. `target_locale` (BCP 47) picks the tokenizer of metrics that need one."""

    name: ClassVar[str]
    higher_is_better: ClassVar[bool] = True

    def __init__(self, target_locale: str = ""):
        self.target_locale = target_locale

    @abstractmethod
    def statistics(self, hypotheses: Sequence[str], references: References) -> np.ndarray:
        """Counts of each segment, shape (segments, k). Rows add up to the statistics of the corpus."""

    @abstractmethod
    def score(self, statistics: np.ndarray) -> np.ndarray:
        """Scores of summed statistics: (..., k) -> (...), on sacrebleu's scale of 0-100."""

    @abstractmethod
    def settings(self) -> str:
        """The part of sacrebleu's signature between the number of references and the version."""

    def signature(self, references: int | None = 1, *, bootstrap: int | None = None, seed: int | None = None) -> str:
        """The signature sacrebleu prints. `references` is their number, None where it varies; `bootstrap` is the
        number of resamples behind an interval, `seed` theirs."""
        import sacrebleu

        parts = [f"nrefs:{'var' if references is None else references}"]
        parts += [f"bs:{bootstrap}"] if bootstrap else []
        parts += [f"seed:{seed}"] if seed is not None else []
        return "|".join([*parts, self.settings(), f"version:{sacrebleu.__version__}"])

    def corpus_score(self, hypotheses: Sequence[str], references: References) -> float:
        """The score of the whole corpus."""
        return float(self.score(self.statistics(hypotheses, references).sum(axis=0)))

    def segment_scores(self, hypotheses: Sequence[str], references: References) -> np.ndarray:
        """The score of each segment alone, shape (segments,)."""
        return self.score(self.statistics(hypotheses, references))


def paired(hypotheses: Sequence[str], references: References) -> list[Sequence[str]]:
    """The references of each hypothesis as a list of lists; UserError where the two do not match."""
    if len(hypotheses) != len(references):
        raise UserError(f"{len(hypotheses)} hypotheses but references for {len(references)} segments")
    lists = [[entry] if isinstance(entry, str) else entry for entry in references]
    for number, entry in enumerate(lists, 1):
        if not entry:
            raise UserError(f"segment {number} of {len(lists)} has no reference")
    return lists


def reference_count(references: References) -> int | None:
    """References a segment, None where it varies; what `Metric.signature` asks for."""
    counts = {1 if isinstance(entry, str) else len(entry) for entry in references}
    return counts.pop() if len(counts) == 1 else None
