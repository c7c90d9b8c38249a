"""Stage `grpo`: the model answers tasks several times, checks reward the answers, and better ones become likelier
(Shao et al. 2024, arXiv 2402.03300; DAPO, arXiv 2503.14476: groups without a difference are dropped and replaced)."""

from __future__ import annotations

import copy
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import torch
from torch import Tensor

from towerplus import records
from towerplus.engines.local import LocalEngine
from towerplus.errors import UserError
from towerplus.records import Task
from towerplus.train import checkpoint, loop
from towerplus.train.answers import Answer, batches
from towerplus.train.head import assert_head, token_logprobs
from towerplus.train.model import device, load_model, save_model
from towerplus.train.objectives import grpo
from towerplus.train.objectives.base import Objective
from towerplus.train.pools import TRAINED, learnable, pass_rates, pools, prompts_per_step
from towerplus.train.rewards import Reward, check_means, require_checks, rewards
from towerplus.train.rollout import Group, fitting, rollout
from towerplus.train.settings import GrpoSettings


def run(
    settings: GrpoSettings,
    data: Path,
    model: Path,
    out: Path,
    seed: int,
    callbacks: Iterable[loop.Callback] = (),
) -> dict[str, Any]:
    """Read ``data/tasks-train.parquet`` (and ``tasks-dev.parquet``, to find the kinds worth training) and `model`,
    write ``out/model``, return counts, with the kinds that were trained."""
    net, tokenizer = load_model(model)
    net.to(device())
    assert_head(net)
    engine = LocalEngine(net, tokenizer)
    path = data / "tasks-train.parquet"
    every = list(records.read(path, Task))
    tasks = fitting(engine, every, settings.max_tokens)
    rates: dict[str, float] = {}
    if settings.kinds == "auto":
        present = {task.kind for task in tasks}
        dev = [task for task in records.read(data / "tasks-dev.parquet", Task) if task.kind in present]
        rates = pass_rates(engine, fitting(engine, dev, settings.max_tokens), settings, seed)
        kinds = learnable(rates)
    else:
        kinds = list(settings.kinds)
    asked = pools(tasks, kinds, settings, str(path))
    require_checks([task for pool in asked.values() for task in pool], settings.gates)
    trainer = Trainer(engine, asked, settings, seed)
    steps = settings.steps * settings.updates
    done = loop.run(net, steps, trainer.compute, settings, out, seed, "grpo", tuple(callbacks), trainer)
    save_model(net, tokenizer, out / "model")
    checkpoint.remove(out)
    return {
        "kinds": sorted({task.kind for task in asked.get(TRAINED, ())}),
        "pass_rates": {kind: round(rate, 4) for kind, rate in rates.items()},
        "tasks": {name: len(pool) for name, pool in asked.items()},
        "too_long": len(every) - len(tasks),
        "steps": done.steps,
        "tokens": done.count,
        "first_loss": done.first_loss,
        "last_loss": done.last_loss,
    }


@dataclass(frozen=True, slots=True)
class Rewarded:
    """A group, what its answers are worth, and their advantages; dead if all are worth the same."""

    group: Group
    found: list[Reward]
    advantages: list[float]
    live: bool


class Trainer:
    """The steps of GRPO. What a step samples is a function of seed, step and weights; with several updates a rollout,
    the samples under way are part of the checkpoint."""

    def __init__(self, engine: LocalEngine, pools: dict[str, list[Task]], settings: GrpoSettings, seed: int):
        self.engine, self.pools, self.settings, self.seed = engine, pools, settings, seed
        self.model, self.pad = engine.model, engine.tokenizer.pad_token_id
        self.reference = copy.deepcopy(self.model).eval().requires_grad_(False) if settings.kl else None
        self.answers: list[Answer] = []
        self.sampled: list[list[float]] = []  # log-probabilities of the answers' tokens, as the sampler saw them
        self.advantages: list[float] = []

    def state_dict(self) -> dict[str, Any]:
        """The samples that the next update still needs."""
        if self.settings.updates == 1:
            return {}
        answers = [(list(answer.tokens), answer.start) for answer in self.answers]
        return {"answers": answers, "sampled": self.sampled, "advantages": self.advantages}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        if state:
            self.answers = [Answer(tuple(tokens), start) for tokens, start in state["answers"]]
            self.sampled, self.advantages = state["sampled"], state["advantages"]

    def compute(self, step: int) -> Iterator[Objective | dict[str, float]]:
        """See `loop.Compute`: the first update of a rollout samples, and all of them learn from every sample."""
        index, update = divmod(step, self.settings.updates)
        if update == 0:
            yield self._sample(index)
        drift, tokens = 0.0, sum(answer.labels for answer in self.answers)
        for members, batch in batches([[a] for a in self.answers], self.settings.batch_tokens, self.pad):
            part = self._loss(members, batch.to(self.model.device), tokens)
            drift = drift + part.sums["drift"]
            yield part
        if update == 0 and tokens and not float(drift) / tokens <= self.settings.drift_limit:
            raise UserError(
                f"trainer and sampler disagree by {float(drift) / tokens:.3g} nats a token at step {step + 1} "
                f"(drift_limit {self.settings.drift_limit}): the samples are not from this model",
                "drift_limit",
            )

    def _loss(self, members: list[int], batch: Any, tokens: int) -> Objective:
        settings, place = self.settings, self.model.device
        options = {"chunk": settings.head_chunk, "temperature": settings.temperature}
        scores = token_logprobs(self.model, batch, entropy=True, **options)
        reference: Tensor | None = None
        if self.reference is not None:
            with torch.no_grad():
                reference = token_logprobs(self.reference, batch, **options).logprob
        old = torch.tensor([x for i in members for x in self.sampled[i]], device=place)
        advantages = torch.tensor([self.advantages[i] for i in members], device=place)
        return grpo.loss(
            scores.logprob,
            old,
            advantages[scores.row],
            clip_low=settings.clip_low,
            clip_high=settings.clip_high,
            denominator=tokens,
            reference_logprob=reference,
            kl=settings.kl,
            entropy=scores.entropy,
        )

    def _sample(self, index: int) -> dict[str, float]:
        """Rollout `index`: fills `answers` and returns what to log of it. Dead groups are replaced once, by as many
        prompts as should hold that many live ones: two large batches are decoded, and no tail of small ones."""
        settings = self.settings
        wanted = prompts_per_step(self.pools, settings)
        queues = {name: self._queue(name, index) for name in wanted}
        first = self._rewarded([(name, task) for name in queues for task in queues[name][: wanted[name]]], index)
        more = []
        for name, queue in queues.items():
            lively = [item.live for item in first[name]]
            dead = len(lively) - sum(lively)
            extra = min(round(dead / max(fmean(lively), 1 / 3)), wanted[name])
            more += [(name, task) for task in queue[wanted[name] :][:extra]]
        second = self._rewarded(more, index)
        groups = {name: first[name] + second.get(name, []) for name in first}
        self._keep([item for name in groups for item in groups[name] if item.live])
        return _notes(groups)

    def _queue(self, name: str, index: int) -> list[Task]:
        """The prompts of pool `name` in the order in which rollout `index` takes them."""
        pool = self.pools[name]
        draw = np.random.default_rng([self.seed, index, zlib.crc32(name.encode())])
        return [pool[i] for i in draw.permutation(len(pool))[: 2 * self.settings.prompts_per_step]]

    def _rewarded(self, tasks: Sequence[tuple[str, Task]], index: int) -> dict[str, list[Rewarded]]:
        """Groups for `tasks`, by the pool that each is from."""
        settings = self.settings
        found: dict[str, list[Rewarded]] = defaultdict(list)
        if not tasks:
            return found
        seed = int.from_bytes(np.random.SeedSequence([self.seed, index]).generate_state(1).tobytes(), "little")
        asked = [task for _, task in tasks]
        groups = rollout(self.engine, asked, settings.group, settings.temperature, settings.max_tokens, seed)
        worth = [
            rewards([c.text for c in group.completions], group.task, settings.gates, partial=settings.partial)
            for group in groups
        ]
        penalise = settings.truncated == "penalise"
        values = torch.tensor(
            [
                [
                    0.0 if penalise and c.outcome == "truncated" else r.value
                    for r, c in zip(row, g.completions, strict=True)
                ]
                for row, g in zip(worth, groups, strict=True)
            ]
        )
        advantages, live = grpo.group_advantages(values, settings.scale)
        rows = zip(tasks, groups, worth, advantages.tolist(), live.tolist(), strict=True)
        for (name, _), group, row, advantage, alive in rows:
            found[name].append(Rewarded(group, row, advantage, alive))
        return found

    def _keep(self, groups: Sequence[Rewarded]) -> None:
        """Make the answers of `groups` what the coming updates learn from."""
        self.answers, self.sampled, self.advantages = [], [], []
        for item in groups:
            for completion, advantage in zip(item.group.completions, item.advantages, strict=True):
                if completion.outcome == "truncated" and self.settings.truncated == "mask":
                    continue  # an answer that was cut says nothing about how it would have ended
                self.answers.append(Answer((*item.group.prompt, *completion.token_ids), len(item.group.prompt)))
                self.sampled.append(list(completion.logprobs))
                self.advantages.append(advantage)


def _notes(groups: dict[str, list[Rewarded]]) -> dict[str, float]:
    """What to log of a rollout: rewards (of all groups, dead ones too), scores by check, lengths, what was dropped."""
    every = [item for name in groups for item in groups[name]]
    completions = [c for item in every for c in item.group.completions]
    found = [r for item in every for r in item.found]
    notes: dict[str, float] = {
        "reward": fmean(r.value for r in found),
        "pass": fmean(r.passed for r in found),
        "length": fmean(len(c.token_ids) for c in completions),
        "truncated": fmean(c.outcome == "truncated" for c in completions),
        "completions": len(completions),
        "groups": sum(item.live for item in every),
        "dropped": sum(not item.live for item in every),
    }
    notes |= {f"reward/{name}": fmean(r.value for item in groups[name] for r in item.found) for name in groups}
    return notes | {f"check/{kind}": score for kind, score in check_means(found).items()}
