"""Stage `wpo`: pairs of answers (Zhou et al. 2024, arXiv 2406.11827), or, as its control, likelihood of the chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel

from towerplus import records
from towerplus.errors import UserError
from towerplus.train import checkpoint, loop
from towerplus.train.answers import Answer, batches, encode_preferences
from towerplus.train.head import assert_head, token_logprobs
from towerplus.train.model import autocast, context_of, device, load_model, save_model
from towerplus.train.objectives import next_token, wpo
from towerplus.train.objectives.base import Objective
from towerplus.train.settings import WpoSettings

WINDOW = 4096  # pairs sorted by length together
Pair = tuple[Answer, Answer]


def run(
    settings: WpoSettings,
    data: Path,
    model: Path,
    out: Path,
    seed: int,
    callbacks: Iterable[loop.Callback] = (),
) -> dict[str, Any]:
    """Read ``data/preferences.parquet`` and `model`, write ``out/model``, return counts."""
    net, tokenizer = load_model(model)
    net.to(device())
    assert_head(net)
    path = data / "preferences.parquet"
    found = list(records.read(path, records.Preference))
    pairs, _, dropped = encode_preferences(tokenizer, found, context_of(net))
    if not pairs:
        reasons = ", ".join(f"{reason}: {n}" for reason, n in dropped.items())
        raise UserError(f"no preference to learn from ({reasons or 'the file is empty'})", str(path))
    plan = plan_steps(pairs, settings.epochs, settings.pairs_per_step, seed)
    compute = _nll(net, pairs, plan, settings, tokenizer.pad_token_id)
    if settings.objective == "wpo":
        reference = reference_logprobs(net, pairs, settings, tokenizer.pad_token_id)
        compute = _wpo(net, pairs, reference, plan, settings, tokenizer.pad_token_id)
    done = loop.run(net, len(plan), compute, settings, out, seed, f"wpo-{settings.objective}", tuple(callbacks))
    save_model(net, tokenizer, out / "model")
    checkpoint.remove(out)
    return {
        "pairs": len(pairs),
        "steps": done.steps,
        "epochs": round(sum(map(len, plan)) / len(pairs), 3),
        "first_loss": done.first_loss,
        "last_loss": done.last_loss,
        "rejected": dropped,
    }


def plan_steps(pairs: Sequence[Pair], epochs: float, pairs_per_step: int, seed: int) -> list[np.ndarray]:
    """The pairs of each step: seeded permutations, cut where the epochs end; within windows, pairs of like length share
    a step; the steps are shuffled."""
    total = max(1, round(epochs * len(pairs)))
    draws = [np.random.default_rng([seed, epoch]).permutation(len(pairs)) for epoch in range(-(-total // len(pairs)))]
    order = np.concatenate(draws)[:total]
    lengths = np.array([max(len(answer.tokens) for answer in pair) for pair in pairs])
    steps = []
    for start in range(0, total, WINDOW):
        window = order[start : start + WINDOW]
        window = window[np.argsort(lengths[window], kind="stable")]
        steps += [window[i : i + pairs_per_step] for i in range(0, len(window), pairs_per_step)]
    mixed = np.random.default_rng([seed, 0, 1]).permutation(len(steps))
    return [steps[i] for i in mixed]


@torch.no_grad()
def reference_logprobs(model: PreTrainedModel, pairs: Sequence[Pair], settings: WpoSettings, pad: int) -> Tensor:
    """(pairs, 2) log-probabilities of the whole answers under the model as it is: once, before training."""
    model.eval()
    found = torch.zeros(len(pairs), 2, device=model.device)
    for members, batch in batches(pairs, settings.batch_tokens, pad):
        with autocast(settings.precision, model.device):
            scores = token_logprobs(model, batch.to(model.device), chunk=settings.head_chunk)
        found[members] = scores.sums().view(-1, 2)
    return found


def _wpo(
    model: PreTrainedModel,
    pairs: Sequence[Pair],
    reference: Tensor,
    plan: Sequence[np.ndarray],
    settings: WpoSettings,
    pad: int,
) -> loop.Compute:
    def compute(step: int) -> Iterator[Objective]:
        chosen = plan[step]
        for members, batch in batches([pairs[i] for i in chosen], settings.batch_tokens, pad):
            scores = token_logprobs(model, batch.to(model.device), chunk=settings.head_chunk, collision=True)
            yield wpo.loss(
                scores.logprob,
                scores.log_collision,
                scores.sequence,
                reference[chosen[members]].flatten(),
                beta=settings.beta,
                clamp=settings.clamp,
                nll=settings.nll,
                denominator=len(chosen),
            )

    return compute


def _nll(
    model: PreTrainedModel, pairs: Sequence[Pair], plan: Sequence[np.ndarray], settings: WpoSettings, pad: int
) -> loop.Compute:
    def compute(step: int) -> Iterator[Objective]:
        chosen = [pairs[i][:1] for i in plan[step]]
        tokens = sum(unit[0].labels for unit in chosen)
        for _, batch in batches(chosen, settings.batch_tokens, pad):
            scores = token_logprobs(model, batch.to(model.device), chunk=settings.head_chunk)
            yield next_token.loss(scores.logprob, denominator=tokens)

    return compute
