"""Supervised fine-tuning beside TRL's SFTTrainer: training tokens per CPU second.

Ours is the stage `sft` as a recipe runs it; its loop's time is what its own log says. All start from the same weights
and go once through the same conversations with the same optimiser, in as many steps.
"""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedModel

from benchmarks import world
from benchmarks.harness import Report, Spread, Target, Turn, alternate, loop_seconds, median, rates, ratio
from towerplus import records
from towerplus.records import Conversation
from towerplus.train import sft
from towerplus.train.batches import Plan
from towerplus.train.encode import Examples, encode_conversations
from towerplus.train.head import token_logprobs
from towerplus.train.model import load_model
from towerplus.train.settings import SftSettings

EXAMPLES = 640
SIZES = (16, 64)  # examples in each of TRL's batches
ROW = 128  # tokens of a packed row
OURS, GROUPED, PADDED = "towerplus", "TRL, grouped by length", "TRL, padded"
PACKED, BF16, MEMORY = "TRL, packed", "TRL, grouped, bf16", "TRL, grouped, our memory setting"
VARIANTS: dict[str, dict[str, Any]] = {
    GROUPED: {"train_sampling_strategy": "group_by_length"},
    PADDED: {},
    PACKED: {"packing": True, "max_length": ROW},
    BF16: {"train_sampling_strategy": "group_by_length", "bf16": True},
    MEMORY: {"train_sampling_strategy": "group_by_length"},
}
WANTED = {GROUPED: 1.6, PADDED: 2.3}


def run(quick: bool = False) -> list[Report]:
    return [one(size, 2 * size if quick else EXAMPLES, 1 if quick else 5) for size in SIZES[: 1 if quick else None]]


def one(size: int, examples: int, rounds: int) -> Report:
    """Everyone trains on the same conversations once, in batches of `size` examples."""
    folder = Path(tempfile.mkdtemp(prefix="bench-sft-"))
    data = world.conversations(examples)
    records.write(folder / "conversations.parquet", Conversation, data)
    model = world.untrained(folder / "model")
    encoded = encode_conversations(load_model(model)[1], data, world.SHAPE.context)
    settings = SftSettings(
        learning_rate=2e-3,
        tokens=len(encoded.tokens),
        translation=0,
        batch_tokens=batch_tokens(encoded, steps=-(-examples // size)),
    )
    rows = [dict(zip(("prompt", "completion"), ([turn] for turn in turns(item)), strict=True)) for item in data]

    def ours(number: int) -> Turn:
        out = folder / f"{number}"
        start = time.process_time()
        done = sft.run(settings, folder, model, out, seed=number + 1)
        whole, inside = time.process_time() - start, loop_seconds(out)
        loss = held_out_loss(load_model(out / "model")[0])
        return {"prepare": whole - inside, "train": inside, "steps": done["steps"], "labelled": done["labelled_tokens"],
                "tokens": sum(done["tokens"].values()), "loss": loss}  # fmt: skip

    def theirs(name: str, options: dict[str, Any]) -> Callable[[int], Turn]:
        size_here = round(size * len(encoded.tokens) / examples / ROW) if "packing" in options else size
        return lambda number: trl_turn(
            model,
            rows,
            settings,
            {"per_device_train_batch_size": size_here, "seed": number + 1} | options,
            name == MEMORY,
        )

    found = alternate({OURS: ours} | {name: theirs(name, options) for name, options in VARIANTS.items()}, rounds)
    report = Report(
        name=f"sft-{size}",
        title=f"SFT, steps of {size} examples",
        columns=[
            "",
            "tokens / CPU s",
            "ours / theirs",
            "steps",
            "tokens",
            "labelled",
            "held-out loss",
            "preparation, CPU s",
        ],
        notes=["labelled: TRL also learns the line break after an answer's end token"],
        numbers={"turns": found, "batch_tokens": settings.batch_tokens},
    )
    speeds = {name: rates(some, "tokens", "train") for name, some in found.items()}
    for name, some in found.items():
        faster = "" if name == OURS else str(ratio(speeds[OURS], speeds[name]))
        counts = [f"{median(some, what):,.0f}" for what in ("steps", "tokens", "labelled")]
        speed = f"{Spread.of(speeds[name]).median:,.0f}"
        loss = f"{median(some, 'loss'):.2f}"
        report.rows.append([name, speed, faster, *counts, loss, f"{median(some, 'prepare'):.2f}"])
    for name, wanted in WANTED.items():
        value = ratio(speeds[OURS], speeds[name]).median
        report.targets.append(Target(f"tokens / CPU s, ours / {name}, {size} examples a step", value, wanted))
    return report


def trl_turn(
    model: Path, rows: list[dict[str, Any]], settings: SftSettings, options: dict[str, Any], keep_memory: bool
) -> Turn:
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    from benchmarks import peer

    net, tokenizer = load_model(model)
    config = SFTConfig(**peer.arguments(settings, **options))
    trainer, turn = peer.train(
        lambda: SFTTrainer(net, config, train_dataset=Dataset.from_list(rows), processing_class=tokenizer), keep_memory
    )
    seen = trainer.train_dataset
    counts = {
        "tokens": sum(map(len, seen["input_ids"])),
        "labelled": sum(label != -100 for label in itertools.chain(*seen["labels"])),
    }
    return turn | counts | {"loss": held_out_loss(trainer.model)}


@torch.no_grad()
def held_out_loss(model: PreTrainedModel) -> float:
    """Nats a labelled token (our labels) on conversations that were not trained on: did both learn the same?"""
    examples = encode_conversations(world.tokenizer(), world.conversations(100, seed=1), world.SHAPE.context)
    plan = Plan({"all": examples}, {"all": len(examples.tokens)}, 0, 2048)
    scores = [token_logprobs(model.eval(), plan.batch(index)).logprob for index in range(len(plan))]
    return -float(torch.cat(scores).mean())


def batch_tokens(examples: Examples, steps: int) -> int:
    """The smallest batches with which one pass over `examples` takes no more than `steps` steps."""
    total = len(examples.tokens)
    for size in itertools.count(total // steps):
        if Plan({"all": examples}, {"all": total}, 0, size).steps() <= steps:
            return size
    raise AssertionError


def turns(item: Conversation) -> list[dict[str, str]]:
    return [{"role": message.role, "content": message.content} for message in item.messages]


if __name__ == "__main__":
    for item in run():
        item.show()
        print(item.save())
