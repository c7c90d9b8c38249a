"""What is made again when something changes, and what is not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.kill import MICRO
from towerplus import artifact, pipeline
from towerplus.errors import UserError
from towerplus.pipeline import Step
from towerplus.recipe import Recipe, load, parse

MODELS = ["base", "cpt", "sft", "wpo", "grpo"]
EVALUATIONS = {f"evaluation/{name}" for name in MODELS}
ALL = {"corpora", "curate", "preferences", *MODELS, *EVALUATIONS}


def planned(*overrides: str, run: Path = Path("nowhere"), **options: Any) -> dict[str, Step]:
    return {step.name: step for step in pipeline.plan(load(str(MICRO), list(overrides)), run, **options)}


def evaluated(*names: str) -> set[str]:
    return {*names, *(f"evaluation/{name}" for name in names if name in MODELS)}


@pytest.mark.parametrize(
    ("override", "changed"),
    [
        ("seed=2", ALL),
        ("corpora.toy.texts=401", ALL),
        ("stages.curate.max_chars=999", ALL - {"corpora"}),
        ("stages.base.tokens=6001", ALL - {"corpora", "curate"}),
        ("stages.cpt.tokens=6001", {"preferences", *evaluated("cpt", "sft", "wpo", "grpo")}),
        ("stages.sft.tokens=20001", {"preferences", *evaluated("sft", "wpo", "grpo")}),
        ("stages.preferences.temperature=0.9", {"preferences", *evaluated("wpo", "grpo")}),
        ("stages.wpo.beta=0.2", evaluated("wpo", "grpo")),
        ("stages.grpo.steps=4", evaluated("grpo")),
        ("evaluate.max_tokens=13", EVALUATIONS),
        ("evaluate.split=dev", EVALUATIONS),
        ("name=other", set()),
        ("expect=[{stage: sft, benchmark: translation, metric: chrF}]", set()),
    ],
)
def test_a_setting_changes_its_step_and_what_follows(override: str, changed: set[str]) -> None:
    before, after = planned(), planned(override)
    assert set(before) == set(after) == ALL
    assert {name for name in ALL if before[name].digest != after[name].digest} == changed


def test_another_version_makes_all_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    before = planned()
    monkeypatch.setattr("towerplus.__version__", "0.0.0")
    assert all(before[name].digest != step.digest for name, step in planned().items())


def test_the_way_from_step_to_step() -> None:
    steps = planned()
    order = list(steps)
    assert all(order.index(source) < order.index(name) for name in order for source in steps[name].inputs.values())
    assert steps["base"].inputs == {"data": "curate"}
    assert steps["preferences"].inputs == {"data": "curate", "model": "sft"}
    assert steps["wpo"].inputs == {"data": "preferences", "model": "sft"}
    assert steps["grpo"].inputs == {"data": "preferences", "model": "wpo"}
    # all models are asked the same tasks, whatever data the later ones learned from
    assert {steps[name].inputs["data"] for name in EVALUATIONS} == {"curate"}
    assert not any(step.made for step in steps.values())


def test_a_control_stands_beside_the_way_to_the_final_model() -> None:
    tree = yaml.safe_load(MICRO.read_text())
    stages = tree["stages"]
    grpo = stages.pop("grpo")
    stages["wpo-control"] = {**stages["wpo"], "kind": "wpo", "objective": "nll", "after": "sft"}
    stages["grpo"] = {**grpo, "after": "wpo"}
    stages["grpo-control"] = {**grpo, "kind": "grpo", "after": "wpo-control"}
    recipe = parse(tree)
    steps = {step.name: step for step in pipeline.plan(recipe, Path("nowhere"))}
    assert steps["grpo"].digest == planned()["grpo"].digest, "what stands beside it does not touch it"
    models = [steps[name] for name in (*MODELS[:-1], "wpo-control", "grpo", "grpo-control")]
    assert [step.name for step in pipeline._main_line(recipe, models)] == MODELS


def test_until() -> None:
    assert list(planned(until="corpora")) == ["corpora"]
    assert list(planned(until="base")) == ["corpora", "curate", "base", "evaluation/base"]
    assert list(planned("evaluate.enabled=false", until="cpt")) == ["corpora", "curate", "base", "cpt"]
    whole = planned()
    assert all(step.digest == whole[name].digest for name, step in planned(until="wpo").items())
    with pytest.raises(UserError, match="no stage 'cptt'; did you mean 'cpt'"):
        planned(until="cptt")


def test_a_checkpoint_taken_over_is_known_by_its_files(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    taken = f"stages.base.model.checkpoint={tmp_path}"
    before = planned(taken)["base"].digest
    assert planned(taken)["base"].digest == before
    os.utime(tmp_path / "model.safetensors", (1, 1))
    assert planned(taken)["base"].digest != before


@pytest.fixture
def bitext(tmp_path: Path) -> Recipe:
    """Data stages only, on a file of our own: nothing to train, so nothing to wait for."""
    rows = [f"The {i}th house is {word}.\tDas {i}. Haus ist {wort}." for i in range(30) for word, wort in WORDS]
    (tmp_path / "a.tsv").write_text("\n".join(rows), encoding="utf-8")
    source = {"path": str(tmp_path / "a.tsv"), "source_locale": "en-US", "target_locale": "de", "dev": 5, "test": 5}
    stages = {"curate": {}, "instructions": {"kind": "synthesize", "conversations": 20}}
    return parse({"name": "x", "corpora": {"parallel": source}, "stages": stages})


WORDS = [("red", "rot"), ("old", "alt")]


def made(recipe: Recipe, out: Path, **options: Any) -> list[str]:
    """What a run had to make."""
    events: list[tuple[str, str]] = []
    pipeline.run(recipe, out, listen=lambda event, step, facts: events.append((event, step.name)), **options)
    started = [name for event, name in events if event == "started"]
    assert [name for event, name in events if event == "finished"] == started
    assert len({name for _, name in events}) == len(pipeline.plan(recipe, out, **options))
    return started


def test_a_run_makes_what_is_not_there(bitext: Recipe, tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert made(bitext, out, until="curate") == ["corpora", "curate"]
    assert made(bitext, out) == ["instructions"]
    assert made(bitext, out) == []
    assert [step.made for step in pipeline.plan(bitext, out)] == [True, True, True]
    # every data folder is a whole data set: what a stage did not write is the file of the stage before it
    names = {path.name for path in (out / "instructions").glob("*.parquet")}
    assert names >= {"texts.parquet", "pairs.parquet", "pairs-test.parquet", "conversations.parquet"}
    assert (out / "instructions/pairs.parquet").samefile(out / "curate/pairs.parquet")
    assert not (out / "curate/pairs.parquet").samefile(out / "corpora/pairs.parquet")
    assert not (out / "instructions/dropped.parquet").exists(), "it tells of the other stage"
    manifest = artifact.manifest(out / "instructions") or {}
    assert manifest["inputs"] == {"data": "curate"}
    assert manifest["input_digests"] == {"data": (artifact.manifest(out / "curate") or {})["digest"]}
    assert yaml.safe_load((out / "recipe.yaml").read_text()) == bitext.resolved


def test_the_text_decides_and_not_its_date(bitext: Recipe, tmp_path: Path) -> None:
    out = tmp_path / "run"
    made(bitext, out)
    path = tmp_path / "a.tsv"
    os.utime(path, (1, 1))
    assert made(bitext, out) == []
    path.write_text(path.read_text(encoding="utf-8") + "\nA new line.\tEine neue Zeile.\n", encoding="utf-8")
    assert made(bitext, out) == ["corpora", "curate", "instructions"]
    path.unlink()
    with pytest.raises(UserError, match="no such file"):
        pipeline.plan(bitext, out)
    assert all(step.made for step in pipeline.plan(bitext, out, reread=False)), "a report needs no text"


def test_going_back_to_a_setting_makes_it_again(bitext: Recipe, tmp_path: Path) -> None:
    """A folder holds one version of a stage, the latest; what comes before it is never touched."""
    out = tmp_path / "run"
    made(bitext, out)
    other = parse({**bitext.resolved, "stages": {**bitext.resolved["stages"], "curate": {"duplicates": False}}})
    first = (artifact.manifest(out / "corpora") or {})["seconds"], (out / "corpora").stat().st_mtime_ns
    assert made(other, out) == ["curate", "instructions"]
    assert made(bitext, out) == ["curate", "instructions"]
    assert ((artifact.manifest(out / "corpora") or {})["seconds"], (out / "corpora").stat().st_mtime_ns) == first


def test_a_stage_that_fails_leaves_what_was_made(bitext: Recipe, tmp_path: Path, monkeypatch) -> None:
    out = tmp_path / "run"

    def fails(**_: Any) -> None:
        raise UserError("cannot", "here")

    with monkeypatch.context() as patch:
        patch.setattr("towerplus.synthesize.run.run", fails)
        with pytest.raises(UserError, match="here: cannot"):
            pipeline.run(bitext, out)
    assert [step.made for step in pipeline.plan(bitext, out)] == [True, True, False]
    assert not (out / ".building").exists()
    assert made(bitext, out) == ["instructions"]


def test_a_damaged_input_stops_the_stage_that_reads_it(bitext: Recipe, tmp_path: Path) -> None:
    out = tmp_path / "run"
    made(bitext, out, until="curate")
    (out / "curate/pairs.parquet").write_bytes(b"PAR1")
    with pytest.raises(UserError, match=r"curate/pairs.parquet: is damaged: 4 bytes, and not \d+; delete .*/curate"):
        pipeline.run(bitext, out)
    (out / "curate/manifest.json").unlink()
    assert made(bitext, out) == ["curate", "instructions"]
