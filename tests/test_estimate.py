"""What `tower plan` guesses, held against what is there."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from tests.e2e.kill import MICRO
from towerplus import artifact, estimate, pipeline
from towerplus.recipe import load


@pytest.fixture(autouse=True)
def _known_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of a million operations a second, whichever this one is."""
    monkeypatch.setattr(estimate, "training_rate", lambda width: 1e6)


def guessed(*overrides: str) -> dict[str, estimate.Guess]:
    recipe = load(str(MICRO), list(overrides))
    planned = pipeline.plan(recipe, Path("nowhere"))
    return dict(zip([step.name for step in planned], estimate.steps(recipe, planned), strict=True))


def test_parameters_are_those_of_the_model(micro: Path) -> None:
    made = (artifact.manifest(micro / "base") or {})["counts"]["parameters"]
    assert estimate.parameter_count(load(str(MICRO))) == made
    taken = load(str(MICRO), [f"stages.base.model.checkpoint={micro / 'model'}"])
    assert estimate.parameter_count(taken) == made
    named = [f"stages.base.model.checkpoint={name}" for name in ("google/gemma-2-9b", "Qwen/Qwen2.5-0.5B", "a/b")]
    assert [estimate.parameter_count(load(str(MICRO), [name])) for name in named] == [9_000_000_000, 500_000_000, 0]


@pytest.mark.parametrize("architecture", ["llama", "qwen2", "qwen3", "gemma2", "gemma3"])
def test_parameters_of_every_architecture(architecture: str) -> None:
    from towerplus.train.model import build_model
    from towerplus.train.tokenizer import train_tokenizer

    given = {"architecture": architecture, "hidden_size": 32, "layers": 2, "heads": 4, "key_value_heads": 2}
    given |= {"intermediate_size": 40, "vocabulary": 300}
    recipe = load(str(MICRO), [f"stages.base.model.{name}={value}" for name, value in given.items()])
    settings = next(stage.settings.model for stage in recipe.stages if stage.kind == "base")
    model = build_model(settings, train_tokenizer(["some words to learn letters from"] * 50, 300))
    unused = 300 - model.get_input_embeddings().num_embeddings  # so short a text does not fill the vocabulary
    assert estimate.parameter_count(recipe) - 32 * unused == model.num_parameters()


def test_tokens_asked_for_are_tokens_guessed(micro: Path) -> None:
    guess = guessed()
    assert (guess["corpora"].tokens, guess["curate"].tokens) == (0, 0)
    assert (guess["cpt"].tokens, guess["sft"].tokens) == (6_000, 20_000)
    assert guess["cpt"].seconds == pytest.approx(
        6 * estimate.parameter_count(load(str(MICRO))) * 6_000 / 1e6
    )  # 6 operations a parameter and token
    answers = (artifact.manifest(micro / "evaluation/sft") or {})["counts"]["items"]
    assert 0 < guess["evaluation/sft"].tokens <= answers * 12, "at most max_tokens an answer"


@pytest.mark.parametrize(
    ("override", "step", "factor"),
    [
        ("stages.sft.tokens=40_000", "sft", 2),
        ("stages.wpo.epochs=3", "wpo", 3),
        ("stages.grpo.steps=6", "grpo", 2),
        ("stages.grpo.group=16", "grpo", 2),
        ("stages.preferences.samples=8", "preferences", None),
        ("evaluate.forms=[chat]", "evaluation/sft", 0.5),
    ],
)
def test_more_work_takes_longer(override: str, step: str, factor: float | None) -> None:
    before, after = guessed()[step].seconds, guessed(override)[step].seconds
    assert after == pytest.approx(before * factor, rel=0.01) if factor else after > before


def test_training_needs_more_memory_than_answering() -> None:
    guess = guessed()
    assert guess["sft"].memory > guess["evaluation/sft"].memory
    assert guessed("stages.sft.batch_tokens=4096")["sft"].memory > guess["sft"].memory


def test_what_is_made_takes_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = load(str(MICRO))
    planned = pipeline.plan(recipe, Path("nowhere"))
    guesses = estimate.steps(recipe, planned)
    work = sum(g.seconds for s, g in zip(planned, guesses, strict=True) if s.kind != "evaluate")
    asking = [g.seconds for s, g in zip(planned, guesses, strict=True) if s.kind == "evaluate"]
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert estimate.remaining(planned, guesses) == pytest.approx(work + sum(asking))
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    beside = estimate.remaining(planned, guesses)
    assert work <= beside <= work + sum(asking), "models are asked beside the training of the next"
    half = [dataclasses.replace(step, made=step.kind == "sft") for step in planned]
    sft = next(g.seconds for s, g in zip(planned, guesses, strict=True) if s.name == "sft")
    assert estimate.remaining(half, guesses) <= beside
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert estimate.remaining(half, guesses) == pytest.approx(work + sum(asking) - sft)
    assert estimate.remaining([dataclasses.replace(step, made=True) for step in planned], guesses) == 0


def test_the_rate_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    import torch

    threads = torch.get_num_threads()
    assert estimate.training_rate(32) > 1e6
    assert torch.get_num_threads() == threads
