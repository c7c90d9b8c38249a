"""The command line as a user meets it, on one finished run of the micro recipe."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

import towerplus
from tests.e2e.check_run import OUTSIDE
from tests.e2e.kill import MICRO, differences, environment, fingerprint
from towerplus import recipe

VERBS = ("run", "plan", "report", "score", "init", "schema", "translate", "chat", "doctor")
MODELS = ("base", "cpt", "sft", "wpo", "grpo")


@pytest.fixture(scope="module")
def copied(micro: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The finished run at a place of its own, to be changed."""
    return shutil.copytree(micro, tmp_path_factory.mktemp("copied") / "run")


def made(out: str) -> list[str]:
    """The steps that a run said it had finished, in order."""
    return [line.split(" ")[0] for line in out.splitlines() if " s  " in line]


def test_help_and_version(tower) -> None:
    for arguments in ((), ("--help",)):
        said = tower(*arguments)
        assert said.code == 0
        assert all(f"  {verb} " in said.out for verb in VERBS)
    for verb in VERBS:
        assert "Usage: " in tower(verb, "--help").out
    assert tower("--version").out == f"towerplus {towerplus.__version__}\n"


def test_the_command_is_installed_and_starts_without_torch() -> None:
    code = (
        "import sys; from towerplus.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit as stop: assert not stop.code\n"
        "heavy = {'torch', 'transformers', 'numba', 'pyarrow'} & set(sys.modules); assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    script = Path(sys.executable).with_name("tower")
    assert subprocess.run([script, "--version"], capture_output=True, text=True, check=True).stdout.startswith("towerp")


def test_init_writes_a_valid_recipe(tower, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    assert tower("init", path).code == 0
    assert sum("#" in line for line in path.read_text().splitlines()) > 10, "it is commented"
    # its one blank to fill is named
    assert "corpora.parallel" in tower("plan", path).error
    recipe.load(str(path), ["corpora.parallel.path=x.tsv"])
    assert "is there already" in tower("init", path).error
    for name in recipe.names():
        assert tower("init", tmp_path / f"{name}.yaml", "--from", name).code == 0
    assert "no shipped recipe 'nosuch'" in tower("init", tmp_path / "x.yaml", "--from", "nosuch").error


def test_schema_knows_every_key_that_recipes_use(tower) -> None:
    schema = json.loads(tower("schema").out)

    def check(value: object, rule: dict, place: str) -> None:
        """The keys of `value` are among the properties of `rule`, followed through references and alternatives."""
        rules, properties = [rule], {}
        while rules:
            one = rules.pop()
            rules += [*one.get("anyOf", []), *one.get("oneOf", [])]
            if "$ref" in one:
                rules.append(schema["$defs"][one["$ref"].removeprefix("#/$defs/")])
            properties |= one.get("properties", {})
            if isinstance(one.get("items"), dict) and isinstance(value, list):
                for item in value:
                    check(item, one["items"], place)
        if isinstance(value, dict) and properties:
            for key, inner in value.items():
                assert key in properties, f"{place}.{key}"
                check(inner, properties[key], f"{place}.{key}")

    trees = [yaml.safe_load(recipe.source(name)) for name in recipe.names()] + [yaml.safe_load(MICRO.read_text())]
    for tree in trees:
        stages = tree.pop("stages")
        check(tree, schema, tree["name"])
        for name, settings in stages.items():
            kind = (settings or {}).get("kind", name)
            check(settings or {}, {"$ref": f"#/$defs/stage-{kind}"}, f"stages.{name}")
    with pytest.raises(AssertionError, match="learning_rte"):
        check({"learning_rte": 1}, {"$ref": "#/$defs/stage-sft"}, "stages.sft")


def test_plan_says_what_there_is_to_do(tower, micro: Path) -> None:
    done = tower("plan", MICRO, "--out", micro)
    assert done.code == 0
    rows = [line for line in done.out.splitlines() if " yes " in line]
    assert len(rows) == 8 + len(MODELS), done.out
    changed = tower("plan", MICRO, "--out", micro, "--set", "stages.wpo.beta=0.2").out.splitlines()
    cells = [[cell.strip() for cell in line.split("│")] for line in changed if line.startswith("│")]
    assert {row[1] for row in cells if row[4] == "-"} == {"wpo", "evaluation/wpo", "grpo", "evaluation/grpo"}
    nothing = ("--out", micro.parent / "nothing")
    assert tower("plan", "tiny", *nothing).code == 0
    said = tower("plan", "tiny", *nothing, "--set", "stages.base.model.checkpoint=google/gemma-2-2b")
    memory = float(said.out.split(" GiB of memory")[0].split()[-1])
    assert memory > 16 * 2e9 / 2**30, "weights, gradients and two moments of two billion parameters in fp32"
    assert not (micro.parent / "nothing").exists()


def test_doctor_reports_the_machine_and_what_is_missing(tower, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "peft" else real(name, *rest))
    said = tower("doctor").out
    for word in ("device", "cores", "memory", "disk here", "versions", "optional", "sandbox"):
        assert f"\n{word} " in said
    assert f"torch {__import__('torch').__version__}" in said
    assert "missing     peft: no LoRA adapters; pip install 'towerplus[lora]'" in said


def test_a_run_leaves_what_it_promises(micro: Path) -> None:
    folders = {path.name for path in micro.iterdir() if path.is_dir()}
    assert folders == {"corpora", "curate", *MODELS, "preferences", "evaluation", "model"}
    for name in ("corpora", "curate", "preferences", *MODELS, *(f"evaluation/{stage}" for stage in MODELS)):
        manifest = json.loads((micro / name / "manifest.json").read_text(), parse_constant=pytest.fail)
        assert {"digest", "inputs", "input_digests", "settings", "seed", "versions", "counts", "seconds"} <= set(
            manifest
        )
        for role, parent in manifest["inputs"].items():
            assert (
                manifest["input_digests"][role] == json.loads((micro / parent / "manifest.json").read_text())["digest"]
            )
    for name in ("items.parquet", "scores.json", "report.html", "recipe.yaml"):
        assert (micro / name).is_file(), name
    assert not list(micro.rglob("*.tmp"))
    items = pq.read_table(micro / "items.parquet", columns=["stage", "prompt_form", "item"]).to_pylist()
    asked = {(row["stage"], row["prompt_form"]): set() for row in items}
    for row in items:
        asked[row["stage"], row["prompt_form"]].add(row["item"])
    assert set(asked) == {(stage, form) for stage in MODELS for form in ("plain", "chat")}
    assert len({frozenset(found) for found in asked.values()}) == 1, "all models are asked the same"
    rows = json.loads((micro / "scores.json").read_text(), parse_constant=pytest.fail)["rows"]
    assert {row["stage"] for row in rows} == set(MODELS)
    # the model that is handed over is the last stage's
    weights = [(micro / place / "model.safetensors").read_bytes() for place in ("model", "grpo/model", "wpo/model")]
    assert weights[0] == weights[1] != weights[2], "GRPO learned, and its model is the final one"
    said = (micro.parent / "stdout.txt").read_text()
    assert "each stage in its better form" in said
    assert "Loading weights" not in (micro.parent / "stderr.txt").read_text()
    assert "Traceback" not in (micro.parent / "stderr.txt").read_text()


def test_the_model_loads_without_this_package(micro: Path) -> None:
    code = "import sys; sys.path = [p for p in sys.path if p != ''];" + OUTSIDE
    done = subprocess.run(
        [sys.executable, "-c", code, micro / "model"], capture_output=True, text=True, check=False, env=environment()
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert (micro / "model" / "chat_template.jinja").is_file()


def test_a_report_anew_is_the_same_and_asks_no_model(tower, copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from towerplus.engines.local import LocalEngine

    monkeypatch.setattr(LocalEngine, "load", lambda *_, **__: pytest.fail("a model was loaded"))
    before = fingerprint(copied)
    for name in ("scores.json", "items.parquet", "report.html", "answers.db"):
        (copied / name).unlink()
    said = tower("report", copied)
    assert said.code == 0
    assert f"scores  {copied / 'scores.json'}" in said.out
    assert differences(before, fingerprint(copied)) == []
    assert (copied / "report.html").read_text().count("<svg") >= 1
    assert "not a run directory" in tower("report", copied.parent).error


def test_a_second_run_computes_nothing_and_changes_no_byte(tower, micro: Path) -> None:
    before = fingerprint(micro)
    times = {path: path.stat().st_mtime_ns for path in micro.glob("*/manifest.json")}
    said = tower("run", MICRO, "--out", micro)
    assert said.code == 0
    assert made(said.out) == []
    assert said.out.count("made already") == 8 + len(MODELS)
    assert differences(before, fingerprint(micro)) == []
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_the_resolved_recipe_runs_again(tower, micro: Path) -> None:
    """What is saved with a run is the run: `tower run RUN --out RUN` finds everything made."""
    said = tower("run", micro, "--out", micro)
    assert said.code == 0
    assert made(said.out) == []


def test_one_changed_setting_makes_what_depends_on_it_and_no_more(tower, copied: Path) -> None:
    before = fingerprint(copied)
    said = tower("run", MICRO, "--out", copied, "--set", "stages.wpo.beta=0.2", "--until", "wpo")
    assert said.code == 0, said.err
    assert made(said.out) == ["wpo", "evaluation/wpo"]
    changed = {Path(name).parts[0] for name in differences(before, fingerprint(copied))}
    # grpo still is what it was made from, but belongs to this run no longer
    assert changed == {"wpo", "evaluation", "model", "items.parquet", "scores.json", "recipe.yaml"}
    rows = json.loads((copied / "scores.json").read_text())["rows"]
    assert {row["stage"] for row in rows} == {"base", "cpt", "sft", "wpo"}
    assert tower("report", copied).code == 0
    assert json.loads((copied / "scores.json").read_text())["rows"] == rows
    assert not (copied / ".building").exists()


def test_until_stops_after_a_stage(tower, tmp_path: Path) -> None:
    said = tower("run", MICRO, "--out", tmp_path / "run", "--until", "curate")
    assert said.code == 0
    assert made(said.out) == ["corpora", "curate"]
    assert {path.name for path in (tmp_path / "run").iterdir()} == {".lock", "corpora", "curate", "recipe.yaml"}
    # a data stage names what it did not change, too: every data folder is whole
    assert {p.name for p in (tmp_path / "run/corpora").glob("*.parquet")} < {
        p.name for p in (tmp_path / "run/curate").glob("*.parquet")
    }


def test_check_fails_where_a_promise_is_not_kept(tower, micro: Path) -> None:
    promise = "expect=[{stage: sft, benchmark: translation, metric: chrF, above: %s}]"
    kept = tower("run", MICRO, "--out", micro, "--check", "--set", promise % -1000)
    assert (kept.code, "holds  sft raises translation chrF" in kept.out) == (0, True), kept.out
    broken = tower("run", MICRO, "--out", micro, "--check", "--set", promise % 1000)
    assert (broken.code, "FAILS  sft raises translation chrF" in broken.out) == (1, True), broken.out
    assert tower("run", MICRO, "--out", micro, "--set", promise % 1000).code == 0
    tower("run", MICRO, "--out", micro)


def test_translate_an_argument_lines_and_a_file(tower, micro: Path, tmp_path: Path) -> None:
    lines = ["The cat sleeps.", "", "The old house is big.", "   ", "The dog sees the cat."]
    options = ("--model", micro, "--to", "de", "--max-tokens", 12)
    alone = {line: tower("translate", *options, line).out for line in lines if line.strip()}
    assert all(text.count("\n") == 1 for text in alone.values())
    expected = "".join(alone.get(line, "\n") for line in lines)
    text = ("\ufeff" + "\r\n".join(lines)).encode()
    assert tower("translate", *options, stdin=text).out == expected
    (tmp_path / "in.txt").write_bytes(text)
    assert tower("translate", *options, "--file", tmp_path / "in.txt").out == expected
    assert tower("translate", *options, stdin=b"").out == ""
    words = tower("translate", *options, "The", "cat", "sleeps.").out
    assert words == alone["The cat sleeps."]
    plain = tower("translate", "--plain", *options, stdin=text).out
    assert plain.count("\n") == len(lines)
    assert [not line for line in plain.splitlines()][1::2] == [True, True]
    # the model directory itself, and more lines than are computed at a time
    many = "\n".join(lines[:1] * 70 + lines[2:3]).encode()
    inside = ("--model", micro / "model", *options[2:])
    assert tower("translate", *inside, stdin=many).out == alone[lines[0]] * 70 + alone[lines[2]]


def test_an_answer_that_was_cut_is_told(tower, micro: Path) -> None:
    said = tower("translate", "--model", micro, "--to", "de", "--max-tokens", 1, stdin=b"The cat.\n\nThe dog.\n")
    assert said.code == 0
    assert said.out.count("\n") == 3
    warnings = said.err.splitlines()
    assert warnings[0] == "warning: standard input:1: the answer is not whole: cut at 1 tokens"
    assert warnings[-1].startswith("warning: standard input:3: ")


def test_chat_over_standard_input(tower, micro: Path) -> None:
    said = tower("chat", "--model", micro, "--max-tokens", 8, stdin=b"How are you?\nAnd now?\n\nnot asked\n")
    assert said.code == 0
    first = tower("chat", "--model", micro, "--max-tokens", 8, stdin=b"How are you?\n").out
    assert said.out.startswith(first)
    assert len(said.out) > len(first)


def test_a_kill_of_the_terminal_says_how_to_go_on(micro: Path, tmp_path: Path) -> None:
    """Ctrl-C reaches both processes; neither prints a traceback, and the lock is free again."""
    import signal
    import time

    run = tmp_path / "run"
    code = [sys.executable, "-c", "from towerplus.cli import main; main()"]
    process = subprocess.Popen(
        [*code, "run", str(MICRO), "--out", str(run)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    recipe_text = None
    for line in process.stdout:
        if line.startswith("base ..."):
            recipe_text = (run / "recipe.yaml").read_text()
            break
    assert recipe_text, "it began"
    second = subprocess.run(
        [*code, "run", str(MICRO), "--out", str(run), "--seed", "9"], capture_output=True, text=True, env=environment()
    )
    assert (second.returncode, second.stderr) == (2, f"error: {run}: another `tower run` is at work in this folder\n")
    assert (run / "recipe.yaml").read_text() == recipe_text, "the second run left the first one's recipe alone"
    started = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert err.splitlines()[-1] == "interrupted; the same command takes it up again"
    assert "Traceback" not in err
    assert time.monotonic() - started < 20
    assert all((path / "manifest.json").is_file() for path in run.iterdir() if path.is_dir() and path.name[0] != ".")
    for path in (run / ".building").glob("*"):
        assert (path / "checkpoint.pt").is_file(), f"{path.name} is half-written"
