"""WPO beside TRL's DPOTrainer with `use_weighting`: pairs per CPU second, with and without the reference pass.

Ours is the stage `wpo` as a recipe runs it. Both go once through the same pairs, 16 a step, from the same policy; the
reference's log-probabilities are computed before training, ours over all pairs and TRL's likewise.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from transformers import PreTrainedModel

from benchmarks import world
from benchmarks.harness import Report, Spread, Target, Turn, alternate, cpu_seconds, loop_seconds, median, rates, ratio
from towerplus import records
from towerplus.records import Preference
from towerplus.train import wpo
from towerplus.train.answers import encode_preferences
from towerplus.train.model import load_model
from towerplus.train.settings import WpoSettings

PAIRS, STEP = 320, 16
OURS, THEIRS = "towerplus", "TRL, precomputed reference"
WANTED = 2.5


def run(quick: bool = False) -> list[Report]:
    pairs, rounds = (2 * STEP, 1) if quick else (PAIRS, 5)
    folder = Path(tempfile.mkdtemp(prefix="bench-wpo-"))
    data = world.preferences(pairs)
    records.write(folder / "preferences.parquet", Preference, data)
    model = world.policy()
    # nll 0: TRL's loss has no such term
    settings = WpoSettings(learning_rate=1e-4, epochs=1, pairs_per_step=STEP, nll=0, clamp=False)
    encoded, _, _ = encode_preferences(load_model(model)[1], data, world.SHAPE.context)
    assert len(encoded) == pairs

    def ours(number: int) -> Turn:
        out = folder / str(number)
        net, tokenizer = load_model(model)
        reference = cpu_seconds(lambda: wpo.reference_logprobs(net, encoded, settings, tokenizer.pad_token_id))
        start = time.process_time()
        done = wpo.run(settings, folder, model, out, seed=number + 1)
        whole, inside = time.process_time() - start, loop_seconds(out)
        margin = held_out_margin(load_model(out / "model")[0])
        return {"pairs": pairs, "steps": done["steps"], "train": inside, "reference": reference,
                "prepare": whole - inside - reference, "margin": margin}  # fmt: skip

    rows = [{name: turns(getattr(item, name)) for name in ("prompt", "chosen", "rejected")} for item in data]
    # grouping by length is refused: DPOTrainer 1.16 keeps no column from which Trainer could tell the lengths
    contestants = {OURS: ours, THEIRS: lambda number: trl_turn(model, rows, settings, {"seed": number + 1})}
    found = alternate(contestants, rounds)
    report = Report(
        name="wpo",
        title=f"WPO, {STEP} pairs a step",
        columns=[
            "",
            "pairs / CPU s",
            "ours / theirs",
            "with the reference pass",
            "ours / theirs",
            "steps",
            "held-out margin, nats",
        ],
        notes=[f"before training the margin is {held_out_margin(load_model(model)[0]):.2f}"],
        numbers={"turns": found},
    )
    speeds = {
        parts: {name: rates(some, "pairs", *parts) for name, some in found.items()}
        for parts in (("train",), ("train", "reference"))
    }
    for name, some in found.items():
        row = [name]
        for speed in speeds.values():
            row += [
                f"{Spread.of(speed[name]).median:.1f}",
                "" if name == OURS else str(ratio(speed[OURS], speed[name])),
            ]
        report.rows.append([*row, f"{median(some, 'steps'):.0f}", f"{median(some, 'margin'):.2f}"])
    for parts, speed in speeds.items():
        what = f"pairs / CPU s, ours / {THEIRS}" + (", with the reference pass" if len(parts) > 1 else "")
        report.targets.append(Target(what, ratio(speed[OURS], speed[THEIRS]).median, WANTED))
    return [report]


def trl_turn(model: Path, rows: list[dict[str, Any]], settings: WpoSettings, options: dict[str, Any]) -> Turn:
    from datasets import Dataset
    from trl import DPOConfig, DPOTrainer

    from benchmarks import peer

    net, tokenizer = load_model(model)
    config = DPOConfig(
        **peer.arguments(
            settings,
            per_device_train_batch_size=STEP,
            beta=settings.beta,
            use_weighting=True,
            precompute_ref_log_probs=True,
            precompute_ref_batch_size=64,
            **options,
        )
    )
    reference = [0.0]

    class Timed(DPOTrainer):
        def _precompute_ref_logps(self, *given: Any, **named: Any) -> Any:
            start = time.process_time()
            found = super()._precompute_ref_logps(*given, **named)
            reference[0] += time.process_time() - start
            return found

    trainer, turn = peer.train(
        lambda: Timed(net, args=config, train_dataset=Dataset.from_list(rows), processing_class=tokenizer)
    )
    margin = held_out_margin(trainer.model)
    return turn | {
        "pairs": len(rows),
        "margin": margin,
        "reference": reference[0],
        "prepare": turn["prepare"] - reference[0],
    }


def held_out_margin(model: PreTrainedModel) -> float:
    """Mean log-probability of chosen minus rejected answers of pairs not trained on: did both learn the same?"""
    tokenizer = world.tokenizer()
    pairs, _, _ = encode_preferences(tokenizer, world.preferences(100, seed=1), world.SHAPE.context)
    settings = WpoSettings(learning_rate=1e-4)
    chosen, rejected = wpo.reference_logprobs(model, pairs, settings, tokenizer.pad_token_id).unbind(1)
    return float((chosen - rejected).mean())


def turns(messages: Any) -> list[dict[str, str]]:
    return [{"role": message.role, "content": message.content} for message in messages]


if __name__ == "__main__":
    for item in run():
        item.show()
        print(item.save())
