"""GRPO beside TRL's GRPOTrainer: completions per CPU second, sampling, rewards and learning together.

Ours is the stage `grpo` as a recipe runs it. Both answer as many prompts from the same pool, 8 times each, with the
same policy, limits, rewards and objective, one optimiser step a rollout, and learn from every answer. Where rewards
are graded no group ties; where they are not, ours drops the groups that teach nothing and asks other prompts instead,
which TRL does not do: that is reported apart.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import world
from benchmarks.harness import Report, Spread, Target, Turn, alternate, loop_seconds, median, rates, ratio
from towerplus import records
from towerplus.records import Task
from towerplus.train import grpo
from towerplus.train.model import load_model
from towerplus.train.rewards import rewards
from towerplus.train.settings import GrpoSettings

TOKENS = 24  # of an answer, at most
GROUP = 8
STEP = 64  # completions of one of TRL's forward passes
OURS, THEIRS = "towerplus", "TRL"
WANTED = 1.5


@dataclass(frozen=True, slots=True)
class Work:
    name: str
    prompts: int  # a step
    steps: int
    graded: bool = True


WORKS = (
    Work("64 completions a step", 8, 6),
    Work("192 completions a step", 24, 2),
    Work("64 a step, groups tie", 8, 6, graded=False),
)


def run(quick: bool = False) -> list[Report]:
    report = Report(
        "grpo",
        f"GRPO, {GROUP} answers a prompt, at most {TOKENS} tokens, temperature 1",
        ["", "", "completions / CPU s", "ours / theirs", "tokens / answer", "groups that tie",
         "completions that teach / CPU s", "ours / theirs"],
        notes=["a completion teaches if its group does not tie; ours replaces groups that do"],
    )  # fmt: skip
    for work in WORKS:
        one(work, report, rounds=1 if quick else 5, steps=1 if quick else work.steps)
    return [report]


def one(work: Work, report: Report, rounds: int, steps: int) -> None:
    folder, model = Path(tempfile.mkdtemp(prefix="bench-grpo-")), world.policy()
    tasks = world.tasks(work.prompts * steps, work.graded)
    records.write(folder / "tasks-train.parquet", Task, tasks)
    settings = GrpoSettings(
        learning_rate=1e-4, warmup_steps=0, steps=steps, prompts_per_step=work.prompts, group=GROUP, max_tokens=TOKENS,
        kinds=["general/bench"], translation=0, truncated="penalise", gates=[], partial=float(work.graded),
    )  # fmt: skip

    def ours(number: int) -> Turn:
        out = folder / str(number)
        grpo.run(settings, folder, model, out, seed=number + 1)
        rows = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
        total = sum(row["completions"] for row in rows)
        return {
            "seconds": loop_seconds(out),
            "steps": len(rows),
            "completions": total,
            "tokens": sum(row["length"] * row["completions"] for row in rows),
            "teaching": GROUP * sum(row["groups"] for row in rows),
            "reward": sum(row["reward"] * row["completions"] for row in rows) / total,
        }

    found = alternate({OURS: ours, THEIRS: lambda number: trl_turn(model, tasks, settings, number + 1)}, rounds)
    speeds, teaching = (
        {name: rates(some, count, "seconds") for name, some in found.items()} for count in ("completions", "teaching")
    )
    for name, some in found.items():
        mine = name == OURS
        tie = 1 - median(some, "teaching") / median(some, "completions")
        report.rows.append([
            work.name if mine else "",
            name,
            f"{Spread.of(speeds[name]).median:.1f}",
            "" if mine else str(ratio(speeds[OURS], speeds[name])),
            f"{median(some, 'tokens') / median(some, 'completions'):.1f}",
            f"{tie:.0%}",
            f"{Spread.of(teaching[name]).median:.1f}",
            "" if mine else str(ratio(teaching[OURS], teaching[name])),
        ])  # fmt: skip
    report.numbers[work.name] = found
    if work.graded:
        value = ratio(speeds[OURS], speeds[THEIRS]).median
        report.targets.append(Target(f"completions / CPU s, ours / TRL, {work.name}", value, WANTED))


def trl_turn(model: Path, tasks: list[Task], settings: GrpoSettings, seed: int) -> Turn:
    from datasets import Dataset
    from trl import GRPOConfig, GRPOTrainer

    from benchmarks import peer

    net, tokenizer = load_model(model)
    completions = settings.prompts_per_step * GROUP
    config = GRPOConfig(
        **peer.arguments(
            settings,
            seed=seed,
            max_steps=settings.steps,
            per_device_train_batch_size=STEP,
            gradient_accumulation_steps=completions // STEP,
            num_generations=GROUP,
            max_completion_length=TOKENS,
            temperature=settings.temperature,
            top_k=0,
            beta=settings.kl,
            epsilon=settings.clip_low,
            epsilon_high=settings.clip_high,
            loss_type="dapo",
            scale_rewards=settings.scale,
        )
    )
    counts = {"completions": 0.0, "tokens": 0.0, "teaching": 0.0, "reward": 0.0}
    ends = set(net.generation_config.eos_token_id)

    def worth(completions: list[Any], completion_ids: list[list[int]], task: list[int], **_: Any) -> list[float]:
        found: list[float] = []
        for first in range(0, len(task), GROUP):
            group = slice(first, first + GROUP)
            texts = [turns[-1]["content"].strip() for turns in completions[group]]
            whole = [ids[-1] in ends for ids in completion_ids[group]]
            judged = rewards(texts, tasks[task[first]], settings.gates, partial=settings.partial)
            values = [reward.value if ended else 0.0 for reward, ended in zip(judged, whole, strict=True)]
            counts["teaching"] += GROUP * (max(values) > min(values))
            found += values
        counts["completions"] += len(found)
        counts["tokens"] += sum(map(len, completion_ids))
        counts["reward"] += sum(found)
        return found

    rows = [
        {"prompt": [{"role": turn.role, "content": turn.content} for turn in task.messages], "task": index}
        for index, task in enumerate(tasks)
    ]
    _, turn = peer.train(
        lambda: GRPOTrainer(
            net, reward_funcs=worth, args=config, train_dataset=Dataset.from_list(rows), processing_class=tokenizer
        )
    )
    counts["reward"] /= counts["completions"]
    return {"seconds": turn["train"], "steps": turn["steps"]} | counts


if __name__ == "__main__":
    for item in run():
        item.show()
        print(item.save())
