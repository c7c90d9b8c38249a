"""Register: does an unprompted answer address the reader formally, and is it a good translation in its register.

`formal` is the verdict of a classifier that is trained on other pairs and sees no pronouns (see `evaluate.register`);
`accepted_formal` that of the task's own check; `same_register_chrf` compares an answer with the renderings of the
register it chose, so that choosing a register does not count as quality.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from towerplus.evaluate.benchmarks import translation
from towerplus.evaluate.register import RegisterClassifier
from towerplus.metrics.chrf import sentence_chrf
from towerplus.records import Task

#: renderings of a register that an answer is compared with
RENDERINGS = 8

_classifier = functools.cache(RegisterClassifier.load)


def score(tasks: Sequence[Task], responses: Sequence[str], data: Path) -> list[dict[str, Any]]:
    """The columns of `translation.score`, and values: formal, informal, accepted_formal, same_register_chrf."""
    items = translation.score(tasks, responses, data)
    classifier = _classifier(data)
    for item, task, response in zip(items, tasks, responses, strict=True):
        renderings = next(c.arguments for c in task.checks if c.kind == "register.preferred")
        judged = classifier.classify(response, task.target_locale or "")
        registers = [judged] if judged else ["formal", "informal"]
        item["values"] = {
            "formal": float(judged == "formal"),
            "informal": float(judged == "informal"),
            "accepted_formal": float(item["passed"]),
            "same_register_chrf": max(
                sentence_chrf(response, rendering) for name in registers for rendering in renderings[name][:RENDERINGS]
            ),
        }
    return items
