"""The stage `grpo` as a whole: a model that says any word learns to say the ones that are rewarded."""

import json
import random

import pytest
from stage_data import WORDS, save_tiny, task

from towerplus.engines.local import LocalEngine
from towerplus.errors import UserError
from towerplus.records import Check, Conversation, Message, Task, write
from towerplus.train import grpo, pools, sft
from towerplus.train.model import load_model
from towerplus.train.settings import GrpoSettings, SftSettings

GOOD = Check("answer.exact", {"expected": WORDS[:3]})
NEVER = Check("answer.exact", {"expected": ["purple"]})
SETTINGS = GrpoSettings(
    learning_rate=3e-3,
    steps=8,
    prompts_per_step=8,
    group=8,
    max_tokens=8,
    batch_tokens=4096,
    warmup_steps=1,
    schedule="constant",
    save_every=3,
)


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """A model that answers anything with one of ten words, each as often as the others."""
    folder = tmp_path_factory.mktemp("sft")
    draw = random.Random(0)
    talk = [
        Conversation((Message("user", f"Say {i % 50}"), Message("assistant", draw.choice(WORDS))), "general/say")
        for i in range(1500)
    ]
    write(folder / "conversations.parquet", Conversation, talk)
    settings = SftSettings(learning_rate=1e-2, tokens=25_000, translation=0, batch_tokens=512, warmup_steps=2)
    sft.run(settings, folder, save_tiny(folder / "base"), folder / "out", seed=1)
    return folder / "out" / "model"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tasks")
    asked = [task(f"Say {i}", GOOD, kind="general/good") for i in range(50)]
    asked += [task(f"Say {i}", NEVER, kind="general/never") for i in range(20)]
    asked += [
        task(f"Say {i}", Check("answer.exact", {"expected": WORDS[:5]}), kind="translation/sentence", reference="red")
        for i in range(20)
    ]
    asked.append(task("Say " + "1 " * 200, GOOD, kind="general/good"))
    write(folder / "tasks-train.parquet", Task, asked)
    write(folder / "tasks-dev.parquet", Task, asked)
    return folder


def rows_of(folder):
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def share(model, kind) -> float:
    engine = LocalEngine(*load_model(model))
    tasks = [task(f"Say {i}", GOOD, kind=kind) for i in range(30)]
    return pools.pass_rates(engine, tasks, SETTINGS, seed=9)[kind]


def test_it_teaches_what_is_rewarded(start, data, tmp_path):
    counts = grpo.run(SETTINGS, data, start, tmp_path, seed=1)
    assert counts["kinds"] == ["general/good"]  # never passes, and translation is mixed in, not picked
    assert counts["pass_rates"]["general/never"] == 0
    assert counts["tasks"] == {"trained": 50, "translation": 20}
    assert counts["too_long"] == 1
    assert share(start, "general/good") < 0.45
    assert share(tmp_path / "model", "general/good") > 0.7
    rows = rows_of(tmp_path)
    assert len(rows) == SETTINGS.steps
    assert rows[-1]["reward/trained"] > rows[0]["reward/trained"] + 0.2
    assert all(row["drift"] < 1e-4 for row in rows)  # sampler and trainer are one model
    for name in (
        "reward",
        "pass",
        "length",
        "entropy",
        "clipped",
        "truncated",
        "check/answer.exact",
        "check/gate.not_empty",
    ):
        assert name in rows[0]
    for row in rows:
        prompts = row["groups"] + row["dropped"]
        assert row["completions"] == 8 * prompts
        assert 8 <= prompts <= 16


@pytest.mark.parametrize("updates", [1, 2])
def test_resumes_to_the_same_bytes(start, data, tmp_path, monkeypatch, updates):
    """Also in the middle of a rollout that is learned from twice."""
    settings = SETTINGS.model_copy(update={"updates": updates, "steps": 4, "kl": 0.05, "save_every": 3})
    counts = grpo.run(settings, data, start, tmp_path / "whole", seed=1)
    assert counts["steps"] == 4 * updates
    whole = grpo.Trainer.compute

    def cut(self, step):
        if step == 3 + (updates > 1):
            raise KeyboardInterrupt
        return whole(self, step)

    monkeypatch.setattr(grpo.Trainer, "compute", cut)
    with pytest.raises(KeyboardInterrupt):
        grpo.run(settings, data, start, tmp_path / "cut", seed=1)
    assert (tmp_path / "cut" / "checkpoint.pt").exists()
    monkeypatch.setattr(grpo.Trainer, "compute", whole)
    grpo.run(settings, data, start, tmp_path / "cut", seed=1)
    for file in ("model/model.safetensors", "log.jsonl"):
        assert (tmp_path / "whole" / file).read_bytes() == (tmp_path / "cut" / file).read_bytes()
    rows = rows_of(tmp_path / "whole")
    assert rows[0]["kl"] == pytest.approx(0, abs=1e-6)
    assert rows[-1]["kl"] > 1e-5
    sampled = [row["step"] for row in rows if "reward" in row]
    assert sampled == list(range(1, 4 * updates + 1, updates))
    if updates == 2:
        assert rows[1]["drift"] > rows[0]["drift"]  # the second update is off the policy that sampled


def test_a_sampler_that_is_not_the_model_stops_the_run(start, data, tmp_path, monkeypatch):
    whole = grpo.rollout

    def stale(engine, tasks, samples, temperature, max_tokens, seed):
        return whole(engine, tasks, samples, 3 * temperature, max_tokens, seed)

    monkeypatch.setattr(grpo, "rollout", stale)
    settings = SETTINGS.model_copy(update={"kinds": ["general/good"]})
    with pytest.raises(UserError, match="trainer and sampler disagree"):
        grpo.run(settings, data, start, tmp_path, seed=1)


@pytest.mark.parametrize("choice", ["mask", "penalise"])
def test_cut_answers(start, data, tmp_path, choice):
    """One token for an answer that needs two: all are cut. Masked, nothing is learned; penalised, all are worth 0."""
    settings = SETTINGS.model_copy(
        update={"kinds": ["general/good"], "translation": 0, "truncated": choice, "max_tokens": 1, "steps": 2}
    )
    grpo.run(settings, data, start, tmp_path, seed=1)
    rows = rows_of(tmp_path)
    assert all(row["truncated"] == 1 for row in rows)
    assert "loss" not in rows[0]
    assert (start / "model.safetensors").read_bytes() == (tmp_path / "model" / "model.safetensors").read_bytes()
    if choice == "penalise":
        assert rows[0]["groups"] == 0


def test_auto_takes_what_is_nearest_to_one_half_where_nothing_is_between():
    assert pools.learnable({"a": 0.2, "b": 0.8, "c": 0.81, "d": 0.0}) == ["a", "b"]
    assert pools.learnable({"a": 0.1, "b": 0.95, "c": 0.05, "d": 0.85, "e": 1.0}) == ["a", "b", "d"]
    with pytest.raises(UserError, match="kinds"):
        pools.learnable({"a": 0.0, "b": 1.0})


def test_what_cannot_be_trained_is_said_before_training(start, data, tmp_path):
    def run(**changes):
        grpo.run(SETTINGS.model_copy(update=changes), data, start, tmp_path, seed=1)

    with pytest.raises(UserError, match=r"no tasks of kind 'general/bad'.*general/good"):
        run(kinds=["general/bad"])
    with pytest.raises(UserError, match="unknown check"):
        run(kinds=["general/good"], gates=["gate.nonesuch"])
    with pytest.raises(UserError, match="nothing to train on"):
        run(kinds=[], translation=0)
    assert not (tmp_path / "model").exists()


def test_prompts_are_shared_out():
    kinds = ["general/good", "general/never", "translation/plain", "register/address"]
    tasks = [task("Say 1", GOOD, kind=kind, reference="red") for kind in kinds]
    settings = SETTINGS.model_copy(update={"prompts_per_step": 16, "translation": 0.25, "other": 0.2})
    found = pools.pools(tasks, ["general/good"], settings, "here")
    assert {name: [t.kind for t in pool] for name, pool in found.items()} == {
        "trained": ["general/good"], "translation": ["translation/plain"], "other": ["general/never"],
    }  # fmt: skip
    assert pools.prompts_per_step(found, settings) == {"trained": 9, "translation": 4, "other": 3}
    no_kinds = pools.pools(tasks, [], settings, "here")
    assert pools.prompts_per_step(no_kinds, settings) == {"translation": 13, "other": 3}
    with pytest.raises(UserError, match="set other: 0"):
        pools.pools(tasks[:1], ["general/good"], settings.model_copy(update={"translation": 0}), "here")
    with pytest.raises(ValueError, match="at most 1"):
        GrpoSettings(learning_rate=1e-3, steps=1, translation=0.7, other=0.4)
