"""Stage `cpt`: continued pretraining on monolingual text, translations and a little instruction data."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from towerplus import records
from towerplus.train import loop
from towerplus.train.encode import encode_conversations, encode_pairs, encode_texts
from towerplus.train.model import load_model
from towerplus.train.settings import CptSettings
from towerplus.train.supervised import draw, learn, longest


def run(
    settings: CptSettings,
    data: Path,
    model: Path,
    out: Path,
    seed: int,
    callbacks: Iterable[loop.Callback] = (),
) -> dict[str, Any]:
    """Read texts, pairs and conversations (``data/*.parquet``; only those with a share) and `model`, write
    ``out/model``, return counts. The shares are of tokens, 66/33/1 in Tower+ (arXiv 2506.17080)."""
    net, tokenizer = load_model(model)
    limit = longest(net, settings)
    kinds = {
        "texts": (records.Text, settings.monolingual, lambda some: encode_texts(tokenizer, some, limit)),
        "pairs": (records.Pair, settings.parallel, lambda some: encode_pairs(tokenizer, some, limit, seed)),
        "conversations": (
            records.Conversation,
            settings.instructions,
            lambda some: encode_conversations(tokenizer, some, limit),
        ),
    }
    budgets = {name: round(settings.tokens * share) for name, (_, share, _) in kinds.items() if share > 0}
    sources = {}
    for name, budget in budgets.items():
        kind, _, encode = kinds[name]
        sources[name] = draw(list(records.read(data / f"{name}.parquet", kind)), budget, encode, seed, name)
    return learn(net, tokenizer, sources, budgets, settings, out, seed, "cpt", callbacks)
