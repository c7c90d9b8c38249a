"""Stage `base`: a tokenizer and a model from scratch on monolingual text, or a checkpoint taken over as it is."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import torch

from towerplus import records
from towerplus.errors import UserError
from towerplus.train import loop
from towerplus.train.encode import encode_texts
from towerplus.train.model import build_model, give_chat_format, load_model, parameters_of, save_model
from towerplus.train.settings import BaseSettings
from towerplus.train.supervised import draw, learn, longest
from towerplus.train.tokenizer import train_tokenizer


def run(
    settings: BaseSettings,
    data: Path,
    model: Path | None,
    out: Path,
    seed: int,
    callbacks: Iterable[loop.Callback] = (),
) -> dict[str, Any]:
    """Read ``data/texts.parquet`` (the tokenizer also ``data/conversations.parquet``, where it is there), write
    ``out/model``, return counts. `model` is not used: this is where one begins.

    With `tokens: 0` the model is left as it was initialised.
    """
    torch.manual_seed(seed)
    if settings.model.checkpoint:
        net, tokenizer = load_model(settings.model.checkpoint, settings.model.trust_remote_code)
        give_chat_format(net, tokenizer, settings.model.chat_template)
        save_model(net, tokenizer, out / "model")
        return {"parameters": parameters_of(net), "checkpoint": settings.model.checkpoint}
    texts = list(records.read(data / "texts.parquet", records.Text))
    if not texts:
        raise UserError("no text to begin with", str(data / "texts.parquet"))
    shape = settings.model
    # later stages read instructions as well: their words should not fall to pieces
    turns = (turn.content for item in _conversations(data) for turn in item.messages)
    words = itertools.chain((text.text for text in texts), turns)
    tokenizer = train_tokenizer(words, shape.vocabulary, shape.chat_template, shape.context, shape.architecture)
    net = build_model(shape, tokenizer)
    if not settings.tokens:
        save_model(net, tokenizer, out / "model")
        return {"parameters": parameters_of(net), "vocabulary": len(tokenizer)}
    limit = longest(net, settings)
    examples = draw(texts, settings.tokens, lambda some: encode_texts(tokenizer, some, limit), seed, "texts")
    budgets = {"texts": settings.tokens}
    done = learn(net, tokenizer, {"texts": examples}, budgets, settings, out, seed, "base", callbacks)
    return {"vocabulary": len(tokenizer)} | done


def _conversations(data: Path) -> Iterator[records.Conversation]:
    path = data / "conversations.parquet"
    return records.read(path, records.Conversation) if path.is_file() else iter(())
