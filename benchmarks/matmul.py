"""How much of its time the training loop spends on arithmetic that the model needs.

The matrix products of a training step, forward and backward, are timed alone: the same shapes, in the same order, on
the same batches. That is the rate the shapes allow on this machine. The loop's rate is the same number of operations
over the time of the whole loop: products, everything between them, optimiser, batches, log.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from benchmarks import world
from benchmarks.harness import Report, Spread, Target, Turn, alternate, cpu_seconds, loop_seconds, rates, ratio
from towerplus.train import loop
from towerplus.train.batch import Batch
from towerplus.train.batches import Plan
from towerplus.train.encode import encode_conversations
from towerplus.train.head import token_logprobs
from towerplus.train.objectives import next_token
from towerplus.train.settings import LoopSettings, ModelSettings

WANTED = 0.85


@dataclass(frozen=True, slots=True)
class Work:
    name: str
    shape: ModelSettings
    batch_tokens: int
    examples: int
    wanted: float | None = None


WORKS = (
    Work("0.9M parameters (d128, 4 layers), 2048 tokens a batch", world.SHAPE, 2048, 900, WANTED),
    Work("the demo's model (d96, 2 layers), 256 tokens a batch", world.DEMO, 256, 900),
)


def run(quick: bool = False) -> list[Report]:
    report = Report(
        "matmul",
        "The loop beside its own matrix products",
        ["", "loop, GFLOP / CPU s", "products alone", "share", "tokens / CPU s"],
    )
    for work in WORKS:
        one(work, report, rounds=1 if quick else 5, examples=100 if quick else work.examples)
    return [report]


def one(work: Work, report: Report, rounds: int, examples: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="bench-matmul-"))
    _, tokenizer = world.new_model(work.shape)
    encoded = encode_conversations(tokenizer, world.conversations(examples), work.shape.context)
    plan = Plan({"all": encoded}, {"all": len(encoded.tokens)}, 0, work.batch_tokens, pad=tokenizer.pad_token_id)
    settings = LoopSettings(learning_rate=2e-3, batch_tokens=work.batch_tokens)
    model, _ = world.new_model(work.shape)
    batches = [plan.batch(index) for index in range(len(plan))]
    operations = sum(flops(model, batch) for batch in batches)
    tokens = len(encoded.tokens)

    def whole(number: int) -> Turn:
        model, _ = world.new_model(work.shape)

        def compute(step: int):
            scores = token_logprobs(model, plan.batch(step), chunk=settings.head_chunk)
            yield next_token.loss(scores.logprob, denominator=int(plan.labels[step]))

        out = folder / str(number)
        loop.run(model, len(plan), compute, settings, out, seed=0)
        return {"gflop": operations / 1e9, "seconds": loop_seconds(out), "tokens": tokens}

    products = [product for batch in batches for product in matmuls(model, batch)]

    def alone(number: int) -> Turn:
        def multiply() -> None:
            for product in products:
                product()

        return {"gflop": operations / 1e9, "seconds": cpu_seconds(multiply)}

    turns = alternate({"loop": whole, "products": alone}, rounds)
    mine, possible = (rates(turns[name], "gflop", "seconds") for name in ("loop", "products"))
    share = ratio(mine, possible)
    speed = Spread.of(rates(turns["loop"], "tokens", "seconds")).median
    report.rows.append([work.name, str(Spread.of(mine)), str(Spread.of(possible)), str(share), f"{speed:,.0f}"])
    report.numbers[work.name] = turns
    if work.wanted:
        report.targets.append(
            Target(f"share of the rate that the shapes allow, {work.name}", share.median, work.wanted)
        )


@dataclass(frozen=True, slots=True)
class Shapes:
    """What is multiplied in one batch: T rows through each of the decoder's linear layers, T' labelled ones through
    the head, and B x heads attention matrices of L x L, `layers` times."""

    linear: list[tuple[int, nn.Linear]]
    attention: tuple[int, int, int]
    layers: int


def shapes(model: PreTrainedModel, batch: Batch) -> Shapes:
    head, config = model.get_output_embeddings(), model.config
    inner = [module for module in model.get_decoder().modules() if isinstance(module, nn.Linear)]
    linear = [(batch.input_ids.numel(), module) for module in inner] + [(batch.labels, head)]
    rows, length = batch.input_ids.shape
    return Shapes(linear, (rows * config.num_attention_heads, length, config.head_dim), config.num_hidden_layers)


def flops(model: PreTrainedModel, batch: Batch) -> int:
    """Operations of the products of one training step, a multiplication and an addition being two. A linear layer has
    one product forward and two backward, attention two and four (what a kernel computes again is not counted, nor that
    half of a causal matrix is not needed)."""
    found = shapes(model, batch)
    heads, length, width = found.attention
    linear = sum(3 * 2 * rows * module.in_features * module.out_features for rows, module in found.linear)
    return linear + found.layers * 6 * 2 * heads * length * length * width


def matmuls(model: PreTrainedModel, batch: Batch) -> list[Callable[[], Tensor]]:
    """The products themselves, laid out as autograd calls them: y = x w', then dx = dy w and dw = dy' x."""
    found = shapes(model, batch)
    forward: list[Callable[[], Tensor]] = []
    backward: list[Callable[[], Tensor]] = []
    for rows, module in found.linear:
        w = module.weight.detach()
        x, dy = torch.randn(rows, module.in_features), torch.randn(rows, module.out_features)
        forward.append(lambda x=x, w=w: torch.mm(x, w.t()))
        backward += [lambda dy=dy, w=w: torch.mm(dy, w), lambda dy=dy, x=x: torch.mm(dy.t(), x)]
    heads, length, width = found.attention
    q, p = torch.randn(heads, length, width), torch.randn(heads, length, length)
    for _ in range(found.layers):
        forward += [lambda: torch.bmm(q, q.transpose(1, 2)), lambda: torch.bmm(p, q)]
        backward += [lambda: torch.bmm(q, q.transpose(1, 2)), lambda: torch.bmm(p.transpose(1, 2), q)]
        backward += [lambda: torch.bmm(p, q), lambda: torch.bmm(p.transpose(1, 2), q)]
    return forward + backward[::-1]


if __name__ == "__main__":
    for item in run():
        item.show()
        print(item.save())
