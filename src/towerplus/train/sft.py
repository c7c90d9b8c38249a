"""Stage `sft`: conversations of translation and of everything else, loss on the answers only."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from towerplus import records
from towerplus.train import loop
from towerplus.train.encode import encode_conversations
from towerplus.train.model import load_model
from towerplus.train.settings import SftSettings
from towerplus.train.supervised import draw, learn, longest

#: kinds of conversations that are translation; the rest is general
TRANSLATION = ("translation/", "instructed/", "register/")


def run(
    settings: SftSettings,
    data: Path,
    model: Path,
    out: Path,
    seed: int,
    callbacks: Iterable[loop.Callback] = (),
) -> dict[str, Any]:
    """Read ``data/conversations.parquet`` and `model`, write ``out/model``, return counts. `translation` is the share
    of the tokens, prompts included, that come from translation; 0.22 in Tower+ (arXiv 2506.17080)."""
    net, tokenizer = load_model(model)
    limit = longest(net, settings)
    conversations = list(records.read(data / "conversations.parquet", records.Conversation))
    sides = {
        "translation": [item for item in conversations if item.kind.startswith(TRANSLATION)],
        "general": [item for item in conversations if not item.kind.startswith(TRANSLATION)],
    }
    shares = {"translation": settings.translation, "general": 1 - settings.translation}
    budgets = {name: round(settings.tokens * share) for name, share in shares.items() if share > 0}
    sources = {
        name: draw(sides[name], budget, lambda some: encode_conversations(tokenizer, some, limit), seed, name)
        for name, budget in budgets.items()
    }
    return learn(net, tokenizer, sources, budgets, settings, out, seed, "sft", callbacks)
