"""What base, CPT and SFT share: learning to predict the next token of a mixture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from towerplus.records import Record
from towerplus.train import checkpoint, loop
from towerplus.train.batches import Plan
from towerplus.train.encode import Examples
from towerplus.train.head import assert_head, assert_isolated, token_logprobs
from towerplus.train.model import context_of, device, parameters_of, save_model
from towerplus.train.objectives import next_token
from towerplus.train.objectives.base import Objective
from towerplus.train.settings import LoopSettings

SLICE = 2000  # records encoded at a time


def draw(
    records: Sequence[Record], tokens: int, encode: Callable[[list[Any]], Examples], seed: int, name: str
) -> Examples:
    """Examples from `records` in an order drawn by `seed`, no more than `tokens` need: 1% of a small budget should not
    cost the encoding of a whole corpus. UserError, which calls them `name`, if none of them can be learned from."""
    order = np.random.default_rng([seed, 2]).permutation(len(records)).tolist()
    parts, have = [], 0
    for start in range(0, len(order), SLICE):
        if have >= tokens:
            break
        parts.append(encode([records[i] for i in order[start : start + SLICE]]))
        have += len(parts[-1].tokens)
    return Examples.join(parts).require(name)


def longest(model: PreTrainedModel, settings: LoopSettings) -> int:
    """The longest example that can be learned from, tokens."""
    return min(context_of(model), settings.pack_length) if settings.packing else context_of(model)


def learn(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    sources: Mapping[str, Examples],
    budgets: Mapping[str, int],
    settings: LoopSettings,
    out: Path,
    seed: int,
    name: str,
    callbacks: Iterable[loop.Callback] = (),
) -> dict[str, Any]:
    """Train on `sources` until each has given its budget of tokens, save to ``out/model`` and return what was done."""
    model.to(device())
    place = model.device
    assert_head(model)
    if settings.packing:
        assert_isolated(model)
    rows = settings.pack_length if settings.packing else None
    plan = Plan(sources, budgets, seed, settings.batch_tokens, rows, tokenizer.pad_token_id)

    def compute(step: int) -> Iterator[Objective]:
        parts = plan.parts(step, settings.accumulate)
        labels = int(plan.labels[parts.start : parts.stop].sum())
        for index in parts:
            scores = token_logprobs(model, plan.batch(index).to(place), chunk=settings.head_chunk)
            yield next_token.loss(scores.logprob, denominator=labels)

    steps = plan.steps(settings.accumulate)
    done = loop.run(model, steps, compute, settings, out, seed, name, tuple(callbacks))
    save_model(model, tokenizer, out / "model")
    checkpoint.remove(out)
    rejected = {source: examples.rejected for source, examples in sources.items() if examples.rejected}
    return {
        "parameters": parameters_of(model),
        "steps": done.steps,
        "tokens": plan.tokens,
        "labelled_tokens": done.count,
        "epochs": plan.epochs,
        "padding": round(plan.padding, 4),
        "first_loss": done.first_loss,
        "last_loss": done.last_loss,
        "rejected": rejected,
    }
