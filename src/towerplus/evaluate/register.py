"""Formal or informal? A naive Bayes classifier over character n-grams, trained on labelled text of its own.

The data folder brings `register.parquet` (texts labelled formal or informal, from other pairs than any stage trains
on) and `pronouns.json` (the words of address of each locale). Those words are masked, so that the classifier has to
read the other markers of a register: the verb and the choice of words. An answer with too little evidence belongs to
neither register.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from towerplus.records import Text, read

LABELS = ("formal", "informal")
#: log-odds under which a text is not attributed: odds of 20 to 1
EVIDENCE = math.log(20)
MASK = "\u2423"


class RegisterClassifier:
    """Multinomial naive Bayes with add-one smoothing over character 2- to 4-grams, one model a locale."""

    def __init__(self, pronouns: Mapping[str, Sequence[str]]) -> None:
        self._mask = {
            locale: re.compile(
                r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + r")(?!\w)", re.I
            )
            for locale, words in pronouns.items()
            if words
        }
        self._odds: dict[str, dict[str, float]] = {}

    @classmethod
    def load(cls, data: Path) -> RegisterClassifier:
        """Train on the labelled texts of a data folder."""
        classifier = cls(json.loads((data / "pronouns.json").read_text(encoding="utf-8")))
        classifier.train(read(data / "register.parquet", Text))
        return classifier

    def train(self, texts: Iterable[Text]) -> None:
        """Learn from texts whose `kind` is formal or informal."""
        counts: dict[str, dict[str, Counter[str]]] = {}
        for item in texts:
            of_locale = counts.setdefault(item.locale, {label: Counter() for label in LABELS})
            of_locale[item.kind].update(ngrams(self.masked(item.text, item.locale)))
        for locale, of_locale in counts.items():
            formal, informal = (of_locale[label] for label in LABELS)
            known = formal.keys() | informal.keys()
            total = [sum(of_locale[label].values()) + len(known) for label in LABELS]
            base = math.log(total[1]) - math.log(total[0])
            self._odds[locale] = {g: math.log(formal[g] + 1) - math.log(informal[g] + 1) + base for g in known}

    def masked(self, text: str, locale: str) -> str:
        """`text` with the words of address blotted out."""
        mask = self._mask.get(locale)
        return mask.sub(MASK, text) if mask else text

    def log_odds(self, text: str, locale: str) -> float:
        """log P(formal) / P(informal) of `text`; 0 for a locale without training texts."""
        odds = self._odds.get(locale, {})
        return sum(odds.get(gram, 0.0) for gram in ngrams(self.masked(text, locale)))

    def classify(self, text: str, locale: str) -> str | None:
        """formal, informal, or None where the evidence is thin."""
        found = self.log_odds(text, locale)
        if abs(found) < EVIDENCE:
            return None
        return LABELS[0] if found > 0 else LABELS[1]


def ngrams(text: str) -> list[str]:
    """Character 2- to 4-grams of `text`, with its ends marked."""
    padded = f"^{text.strip()}$"
    return [padded[i : i + n] for n in (2, 3, 4) for i in range(len(padded) - n + 1)]
