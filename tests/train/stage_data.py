"""A tiny trained-from-nothing model directory and tasks for the stages that sample."""

from __future__ import annotations

from pathlib import Path

import torch

from towerplus.records import Check, Message, Task
from towerplus.train.model import build_model, save_model
from towerplus.train.settings import ModelSettings
from towerplus.train.tokenizer import train_tokenizer

WORDS = ["red", "blue", "green", "black", "white", "small", "large", "house", "tree", "river"]
SHAPE = {"hidden_size": 32, "layers": 1, "heads": 2, "intermediate_size": 48, "vocabulary": 300, "context": 96}


def save_tiny(out: Path, init_std: float = 0.08, seed: int = 0, **shape) -> Path:
    """A random model in `out`; returns `out`."""
    torch.manual_seed(seed)
    settings = ModelSettings(**{**SHAPE, "init_std": init_std, **shape})
    tokenizer = train_tokenizer([" ".join(WORDS)] * 5, settings.vocabulary, settings.chat_template, settings.context)
    save_model(build_model(settings, tokenizer), tokenizer, out)
    return out


def task(text: str, *checks: Check, kind: str = "general/short", reference: str | None = None, **fields) -> Task:
    return Task((Message("user", text),), kind, checks, reference=reference, origin="test", licence="CC0", **fields)
