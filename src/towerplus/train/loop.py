"""The one training loop. A stage says what a step's losses are; everything else of training is here."""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedModel

from towerplus.errors import UserError
from towerplus.train import checkpoint
from towerplus.train.log import Board, Log, Ticker
from towerplus.train.memory import keep_freed_memory
from towerplus.train.model import autocast
from towerplus.train.objectives.base import Objective, averages
from towerplus.train.optimiser import build_optimiser, learning_rate
from towerplus.train.settings import LoopSettings

FLUSH = 10  # steps between looks at the loss: reading it each step would stall a GPU

#: The forward passes of step `step`, one at a time: each is differentiated before the next is asked for. A dict among
#: them is logged with the step.
Compute = Callable[[int], Iterable[Objective | dict[str, float]]]


@dataclass(frozen=True, slots=True)
class Callback:
    """Something done every `every` steps and at the end, such as held-out evaluation; `call(step)` returns numbers to
    log. It cannot disturb the run: the state of the random generators is put back."""

    every: int
    call: Callable[[int], dict[str, float]]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did. `count` is what the objective counts (labelled tokens, pairs); losses are means of the first
    and the last tenth of the steps; None where no step had a loss."""

    steps: int
    count: int
    first_loss: float | None
    last_loss: float | None


def run(
    model: PreTrainedModel,
    steps: int,
    compute: Compute,
    settings: LoopSettings,
    out: Path,
    seed: int,
    name: str = "train",
    callbacks: Sequence[Callback] = (),
    extra: checkpoint.Stateful | None = None,
) -> Summary:
    """Train `model`, where it is and in place, for `steps` optimiser steps.

    The losses of a step's passes add up, so each must be divided by a denominator of the whole step: four passes are
    then the same as one over all their tokens. A step that yields no loss changes nothing. Writes ``out/log.jsonl`` (a
    row a step), ``out/times.jsonl`` and, every `save_every` steps, a checkpoint; a run that finds one goes on from it
    and ends in the same bytes. The caller saves the model and then removes the checkpoint.

    Args:
        extra: state of the stage's own, kept in checkpoints.

    Raises UserError when loss or gradient are no longer finite numbers.
    """
    place = next(model.parameters()).device
    trained = [p for p in model.parameters() if p.requires_grad]
    assert all(p.dtype == torch.float32 for p in trained), "master weights must be fp32"
    out.mkdir(parents=True, exist_ok=True)
    model.train()
    if settings.gradient_checkpointing:
        # the name before transformers 5.2x
        enable = getattr(model, "activation_checkpointing_enable", model.gradient_checkpointing_enable)
        enable({"use_reentrant": False})
    torch.manual_seed(seed)
    optimiser = build_optimiser(model, settings)
    identity = _identity(settings, steps, seed, name)
    progress = checkpoint.load(out, identity, model, optimiser, extra) or checkpoint.Progress()
    log, times = Log(out / "log.jsonl", progress.log_size), _Clock(out / "times.jsonl", progress)
    board, ticker = Board(out / "tensorboard", settings.tensorboard), Ticker(name, steps, progress.step)
    pending: list[_Step] = []
    loss = math.nan

    def flush() -> None:
        nonlocal loss
        for item in pending:
            row = item.row(log.path)
            loss = row.get("loss", loss)
            log.write(row)
            board.write(row)
        pending.clear()
        times.write(progress)
        ticker.show(progress.step, loss, last=progress.step == steps)

    try:
        with _repeatable(settings.threads, place):
            for step in range(progress.step, steps):
                rate = learning_rate(settings, step, steps)
                for group in optimiser.param_groups:
                    group["lr"] = rate
                parts, notes = [], {}
                for part in _passes(compute(step), lambda: autocast(settings.precision, place)):
                    if isinstance(part, dict):
                        notes |= part
                    else:
                        part.loss.backward()
                        parts.append(part._replace(loss=part.loss.detach()))
                norm = None
                if parts:
                    norm = torch.nn.utils.clip_grad_norm_(trained, settings.clip, foreach=True)
                    optimiser.step()
                    optimiser.zero_grad(set_to_none=True)
                progress.step, progress.count = step + 1, progress.count + sum(part.count for part in parts)
                pending.append(_Step(progress.step, rate, parts, notes, norm, progress.count))
                due = [item for item in callbacks if progress.step % item.every == 0 or progress.step == steps]
                save = progress.step % settings.save_every == 0 and progress.step < steps
                if len(pending) >= FLUSH or due or save or progress.step == steps:
                    flush()
                if due:
                    log.write({"step": progress.step} | _called(model, due, progress.step))
                if save:
                    progress.log_size, progress.times_size = log.size(), times.log.size()
                    checkpoint.save(out, identity, progress, model, optimiser, extra)
    finally:
        for item in (log, times.log, board, ticker):
            item.close()
    return _summary(out / "log.jsonl", steps, progress.count)


@dataclass(frozen=True, slots=True)
class _Step:
    """A step's numbers, still on the device that computed them."""

    step: int
    rate: float
    parts: list[Objective]
    notes: dict[str, float]
    norm: Tensor | None
    count: int

    def row(self, where: Path) -> dict[str, Any]:
        """The numbers themselves; UserError if they show that training has failed."""
        row: dict[str, Any] = {"step": self.step} | averages(self.parts) | self.notes
        if self.norm is not None:
            row |= {"loss": sum(float(part.loss) for part in self.parts), "grad_norm": float(self.norm)}
            for what in ("loss", "grad_norm"):
                if not math.isfinite(row[what]):
                    raise UserError(f"{what} is {row[what]} at step {self.step}; try a smaller learning_rate (it is "
                                    f"{self.rate:.3g} here) or more warmup_steps", str(where))  # fmt: skip
        return row | {"learning_rate": self.rate, "count": self.count}


class _Clock:
    """``times.jsonl``: seconds and CPU seconds at each step, over all the sittings of a run. It is apart from the log
    because it differs from run to run."""

    def __init__(self, path: Path, progress: checkpoint.Progress):
        self.log = Log(path, progress.times_size)
        self.started = time.monotonic() - progress.elapsed
        self.started_cpu = time.process_time() - progress.cpu

    def write(self, progress: checkpoint.Progress) -> None:
        progress.elapsed, progress.cpu = time.monotonic() - self.started, time.process_time() - self.started_cpu
        row = {"elapsed": round(progress.elapsed, 3), "cpu_seconds": round(progress.cpu, 3)}
        self.log.write({"step": progress.step} | row)


def _passes(parts: Iterable[Any], context: Callable[[], Any]) -> Iterator[Any]:
    """The items of `parts`, each computed inside a new `context` and handed out outside of it."""
    source = iter(parts)
    while True:
        with context():
            item = next(source, None)
        if item is None:
            return
        yield item


def _called(model: PreTrainedModel, due: Sequence[Callback], step: int) -> dict[str, float]:
    model.eval()
    with torch.no_grad(), torch.random.fork_rng():
        row = {name: value for item in due for name, value in item.call(step).items()}
    model.train()
    return row


@contextmanager
def _repeatable(threads: int, place: torch.device) -> Iterator[None]:
    """As many torch threads as the recipe says and, on a CPU, where it costs nothing, algorithms that add up in the
    same order each time."""
    before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    filled = torch.utils.deterministic.fill_uninitialized_memory
    torch.set_num_threads(threads)
    if place.type == "cpu":
        keep_freed_memory()
        torch.use_deterministic_algorithms(True, warn_only=True)
        torch.utils.deterministic.fill_uninitialized_memory = False
    try:
        yield
    finally:
        torch.set_num_threads(before[0])
        torch.use_deterministic_algorithms(before[1])
        torch.utils.deterministic.fill_uninitialized_memory = filled


def _identity(settings: LoopSettings, steps: int, seed: int, name: str) -> str:
    # how often it is saved or shown does not make it another run
    values = settings.model_dump(mode="json", exclude={"save_every", "tensorboard"})
    text = json.dumps([values, steps, seed, name], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _summary(log: Path, steps: int, count: int) -> Summary:
    losses = [row["loss"] for row in map(json.loads, log.read_text().splitlines()) if "loss" in row]
    tenth = max(1, len(losses) // 10)
    first, last = losses[:tenth], losses[-tenth:]
    mean = [round(sum(some) / len(some), 4) if some else None for some in (first, last)]
    return Summary(steps, count, *mean)
