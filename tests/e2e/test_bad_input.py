"""Bad input: one clear line, exit code 2, no traceback, nothing half-written left in place."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
import zstandard

from tests.e2e.kill import MICRO, differences, environment, fingerprint
from towerplus.engines.store import Store
from towerplus.errors import UserError

QUICK = ("--set", "evaluate.enabled=false")


def assert_whole(run: Path) -> None:
    """Every folder of a run is an artifact with its manifest, and what is under way can be taken up again."""
    folders = [path for path in run.glob("*/") if path.name not in {"evaluation", "model", ".building"}]
    for path in [*folders, *run.glob("evaluation/*/")]:
        assert (path / "manifest.json").is_file(), f"{path} is half-written"
    for path in run.glob(".building/*"):
        assert (path / "checkpoint.pt").is_file(), f"{path} is half-written and cannot be taken up"
    assert not list(run.rglob("*.tmp"))


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (["stages.sft.learning_rte=1"], "stages.sft.learning_rte: unknown key; did you mean 'learning_rate'?"),
        (["stages.base.model.layer=1"], "stages.base.model.layer: unknown key; did you mean 'layers'?"),
        (["corpora.toy.test.plane=1"], "corpora.toy.test.plane: unknown key; did you mean 'plain'?"),
        (["corpora.parallel={path: x.tsv, colums: {}}"], "colums: unknown key; did you mean 'columns'?"),
        (["evaluate.form=[chat]"], "evaluate.form: unknown key; did you mean 'forms'?"),
        (["stages.sft.tokens=many"], 'stages.sft.tokens: Input should be a valid integer, unable to parse string as an integer, not "many"'),
        (["stages.sft.tokens=[1]"], "stages.sft.tokens: Input should be a valid integer, not [1]"),
        (["stages.base.model=3"], "stages.base.model: "),
        (["stages.sft=3"], "stages.sft: must be a mapping of settings"),
        (["stages=3"], "stages: a recipe needs a mapping of stages"),
        (["corpora=3"], "corpora: "),
        (["evaluate=[1]"], "evaluate: "),
        (["expect={a: 1}"], "expect: must be a list"),
        (["expect=[{stage: nosuch, benchmark: x, metric: y}]"], "expect[0].stage: no stage 'nosuch'"),
        (["seed=soon"], "seed must be a whole number from 0 to 4294967295, not 'soon'"),
        (["seed=-1"], "seed must be a whole number from 0"),
        (["seed=1.5"], "seed must be a whole number from 0"),
        (["seed=true"], "seed must be a whole number from 0"),
        (["seed=99999999999999999999"], "seed must be a whole number from 0"),
        (["stages.sft.tokens=-5"], "stages.sft.tokens: Input should be greater than 0, not -5"),
        (["stages.sft.learning_rate=.inf"], "stages.sft.learning_rate: must be a finite number, not inf"),
        (["stages.sft.betas=[.nan, 1]"], "stages.sft.betas.0: must be a finite number, not nan"),
        (["stages.sft.kind=[x]"], "stages.sft.kind: unknown kind ['x']"),
        (["stages.sft.after={}"], "stages.sft.after: no model stage {}"),
        (["stages.grpo.kinds=3"], "stages.grpo.kinds: Input should be a valid list, not 3"),
        (["stages.base.model.heads=3"], "stages.base.model: hidden_size 32 is not a multiple of heads 3"),
        (["evaluate.forms=[]"], "evaluate.forms: List should have at least 1 item"),
        (["evaluate.forms=[chat, chat]"], "evaluate.forms: each form once"),
        (["corpora.parallel={path: x.tsv, dev: true}"], "corpora.parallel.0.dev: must be a number of pairs to hold out"),
        (["corpora.parallel={path: x.tsv, test: []}"], "corpora.parallel.0.test: no path given"),
        (["corpora.parallel={path: /dev/zero}"], "/dev/zero: is a pipe or a device"),
        (["name=../x"], "name must be letters"),
        (["name=.."], "name must be letters"),
        (["stages.wpo.after=preferences"], "stages.wpo.after: no model stage 'preferences' before this one"),
        (["stages.model={kind: sft, tokens: 1, learning_rate: 1}"], "stages.model: a stage name is letters"),
        (["nonsense"], "--set takes key.path=value, not 'nonsense'"),
        (["=1"], "--set takes key.path=value, not '=1'"),
        (["stages.nosuch.tokens=1"], "--set stages.nosuch.tokens: no stage 'nosuch'"),
        (["seed.x.y=1"], "--set seed.x.y: 'seed' is not a mapping"),
        (["stages.grpo.gates=[gate.nosuch]", "stages={base: {learning_rate: 1}, grpo: {steps: 1}}"], "stages."),
        (["corpora.toy.targets=[de, xx]"], "the toy world does not translate into 'xx'"),
        (["corpora={}"], "corpora.parallel: no text; set path"),
        (["corpora={parallel: {path: no/such.tsv}}"], "no/such.tsv: no such file"),
        (["corpora={parallel: {path: ''}}"], "corpora.parallel.0.path: no path given"),
        (["stages.base.model.checkpoint=no/such/model"], "no/such/model: no such model directory"),
        (["stages.base.model.checkpoint=./nosuch"], "./nosuch: no such model directory"),
    ],
)  # fmt: skip
def test_recipes(tower, tmp_path: Path, overrides: list[str], said: str) -> None:
    sets = [word for override in overrides for word in ("--set", override)]
    assert said in tower("run", MICRO, "--out", tmp_path / "run", *QUICK, *sets).error
    assert_whole(tmp_path / "run")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name: [\n", "r.yaml:2: not YAML: "),
        (b"name: x\n\x00", "r.yaml: not YAML: "),
        (b"name: \xff\n", "r.yaml: not UTF-8 (byte 6)"),
        (b"", "r.yaml: a recipe is a mapping of name, corpora and stages"),
        (b"hello\n", "r.yaml: a recipe is a mapping of name, corpora and stages"),
        (b"name: x\nstages:\n\tbase: {}\n", "r.yaml:3: not YAML: found character '\\t' that cannot start any token"),
        (bytes(range(128)), "r.yaml: not YAML: "),
        ("name: x\n".encode("utf-16"), "r.yaml: not UTF-8 (byte 0)"),
        (b"? [a]\n: 3\n", "r.yaml:1: not YAML: a key must be a word, not a list or mapping"),
        (b"name: 2020-13-45\n", "r.yaml: not YAML that can be read: month must be in 1..12"),
        (b"name: x\nseed: " + b"9" * 5000, "r.yaml: not YAML that can be read: "),
        (b"[" * 5000, "r.yaml: not YAML that can be read: "),
        (b"!!python/object/apply:os.system [true]\n", "r.yaml:1: not YAML: could not determine a constructor"),
        (b"name: x\n---\nname: y\n", "r.yaml:2: not YAML: but found another document"),
        (b"- 1\n", "r.yaml: a recipe is a mapping of name, corpora and stages"),
        (b"name: x\nstages: {base: {learning_rate: 1}}\n1: 2\n", "r.yaml: unknown key 1"),
        (
            b"name: x\nstages:\n  base: {learning_rate: 1}\n  base: {}\n",
            "r.yaml:4: not YAML: key 'base' is given twice",
        ),
        (b"name: x\nname: y\nstages: {base: {learning_rate: 1}}\n", "r.yaml:2: not YAML: key 'name' is given twice"),
        (b"name: x\nstages: {sft: {tokens: 1, learning_rate: 1}}\n", "stages.sft: needs a model"),
        (b"name: x\nstages: {curate: {}, base: {kind: bse}}\n", "stages.base.kind: unknown kind 'bse'; did you mean"),
    ],
)
def test_recipe_files(tower, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "r.yaml"
    path.write_bytes(content)
    assert said in tower("run", path, "--out", tmp_path / "run").error
    assert not (tmp_path / "run").exists()


def test_commands(tower, tmp_path: Path) -> None:
    out = ("--out", tmp_path / "run")
    assert "no recipe 'nosuch': neither a file nor one of " in tower("run", "nosuch", *out).error
    assert "recipe micro: no stage 'sfd'; did you mean 'sft'?" in tower("run", MICRO, *out, "--until", "sfd").error
    assert "recipe micro: no stage 'sfd'" in tower("plan", MICRO, *out, "--until", "sfd").error
    assert "'--seed'" in tower("run", MICRO, *out, "--seed", "x").error
    assert tower("run", MICRO, *out, "--sed", "1").error.startswith("No such option: --sed")
    assert tower("rum", MICRO).error == "No such command 'rum'. Did you mean 'run'?"
    assert tower("run").error == "Missing argument 'recipe'."
    assert not (tmp_path / "run").exists()
    (tmp_path / "file").write_text("mine")
    assert tower("run", MICRO, "--out", tmp_path / "file").error == f"{tmp_path}/file: is a file; a run needs a folder"
    assert tower("run", MICRO, "--out", tmp_path / "file/run", *QUICK).error == f"{tmp_path}/file/run: Not a directory"
    assert (tmp_path / "file").read_text() == "mine"
    assert "no recipe.yaml in it" in tower("report", tmp_path).error
    assert "cannot write" in tower("init", tmp_path / "no/such/folder.yaml").error


def bitext(folder: Path, **parallel: object) -> Path:
    """A recipe that trains on files of the folder."""
    stages = {"instructions": {"kind": "synthesize"}, "base": {"tokens": 1000, "learning_rate": 1e-3}}
    tree = {"name": "mine", "corpora": {"parallel": parallel}, "stages": stages}
    path = folder / "mine.yaml"
    path.write_text(yaml.safe_dump(tree))
    return path


LINES = [f"Line {i} of the text." for i in range(40)]


def table(**columns: object) -> bytes:
    """A Parquet file."""
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def not_utf8() -> pa.Array:
    """A column that is called text and is none."""
    buffers = pa.array([b"Stra\xdfe"], pa.binary()).buffers()
    return pa.Array.from_buffers(pa.string(), 1, buffers)


@pytest.mark.parametrize(
    ("files", "parallel", "said"),
    [
        ({"a.en": LINES, "a.de": LINES[:-1]}, {"source_locale": "en", "target_locale": "de"}, "a.en: 40 lines, but {folder}/a.de has 39: the files are not aligned"),
        ({"a.en": LINES}, {}, "there is {folder}/a.* for en"),
        ({"a.en": [], "a.de": []}, {}, "no pairs in it: it is empty"),
        ({"a.en": [""] * 3, "a.de": [""] * 3}, {"source_locale": "en", "target_locale": "de"}, "no pairs in it: 3 rejected, the first at {folder}/a.en:1: empty text"),
        ({"a.en": LINES, "a.de": [*LINES[:6], b"Stra\xdfe", *LINES[7:]]}, {}, "{folder}/a.de:7: not UTF-8: byte 0xdf"),
        ({"a.en": LINES, "a.de": LINES}, {"target_locale": "xx"}, "target_locale: unknown locale 'xx'"),
        ({"a.en": LINES, "a.pt": LINES}, {"source_locale": "en", "target_locale": "pt"}, "target_locale: unknown locale"),
        ({"a.tsv": ["one\ttwo", "three"]}, {"source_locale": "en", "target_locale": "de"}, "a.tsv:2: 1 cells where the"),
        ({"a.jsonl": ['{"source": "x"'], }, {"source_locale": "en", "target_locale": "de"}, "a.jsonl:1: not JSON"),
        ({"a.parquet": ["no parquet"]}, {"source_locale": "en", "target_locale": "de"}, "a.parquet: not a Parquet file"),
        ({"a.parquet": table(source=["a"], goal=["b"])}, {"source_locale": "en", "target_locale": "de"}, "a.parquet: no column 'target' for 'target'; there are 'source', 'goal'; set columns.target"),
        ({"a.parquet": table(source=[1], target=[2])}, {"source_locale": "en", "target_locale": "de"}, "a.parquet:1: 'source' is int, not text"),
        ({"a.parquet": table(source=not_utf8(), target=["b"])}, {"source_locale": "en", "target_locale": "de"}, "a.parquet: has text that is not UTF-8 near row 1"),
        ({"a.parquet": table(source=LINES, target=LINES)[:300]}, {"source_locale": "en", "target_locale": "de"}, "a.parquet: not a Parquet file that can be read"),
        ({"a.jsonl": ['{"source": 3, "target": "x"}']}, {"source_locale": "en", "target_locale": "de"}, "a.jsonl:1: 'source' is int, not text"),
        ({"a.jsonl": ['{"source": "x", "target": "y"}']}, {}, "a.jsonl:1: the locale is not known; set source_locale"),
        ({"a.jsonl": ["[" * 100_000]}, {"source_locale": "en", "target_locale": "de"}, "a.jsonl:1: not JSON that can be read"),
        ({"a.tsv": ["a\tb"]}, {"source_locale": "de", "target_locale": "de"}, "a.tsv:1: both sides are de"),
        ({"a.tsv": ["a\tb"] * 9}, {"source_locale": "en", "target_locale": "de", "test": 8, "dev": 1}, "a.tsv: 9 pairs are too few to hold out 1 for dev and 8 for test"),
        ({"a.tsv": ["a\tb", "a\0\tb"]}, {"source_locale": "en", "target_locale": "de"}, "a.tsv:2: a zero byte at character 2"),
        ({"a.tsv": ["a\tb"]}, {"source_locale": "en", "target_locale": "de", "format": "tvs"}, "unknown format 'tvs'; did you mean 'tsv'?"),
        ({"a.tsv": ["a\tb"]}, {"source_locale": "en", "target_locale": "de", "columns": {"target": 3}}, "a.tsv:1: no column 3 for 'target'"),
        ({"a.tsv.zst": zstandard.compress(b"a\tb\n" * 99)[:-8]}, {"source_locale": "en", "target_locale": "de"}, "a.tsv.zst:1: damaged or cut off"),
        ({"a.tsv.gz": gzip.compress("".join(f"{line}\tb\n" for line in LINES).encode())[:-9]}, {"source_locale": "en", "target_locale": "de"}, "a.tsv.gz:40: damaged or cut off"),
        ({"a.txt.tsv/x": ["a\tb"]}, {"path": "{folder}/a.txt.tsv", "format": "tsv"}, "a.txt.tsv: is a folder; give the files in it"),
        ({"a.en": LINES}, {"source_locale": "en", "target_locale": "de"}, "a: no file for de; there are a.en"),
        ({"a.txt": LINES}, {"path": "{folder}/a.txt", "source_locale": "en", "target_locale": "de"}, "a.txt: Moses text is two aligned files"),
        ({"a.en.gz": ["not gzip"], "a.de.gz": ["not gzip"]}, {"source_locale": "en", "target_locale": "de"}, "a.en.gz:1: damaged or cut off"),
    ],
)  # fmt: skip
def test_corpora(tower, tmp_path: Path, files: dict[str, list | bytes], parallel: dict, said: str) -> None:
    for name, lines in files.items():
        if isinstance(lines, list):
            rows = [line if isinstance(line, bytes) else line.encode() for line in lines]
            lines = b"".join(row + b"\n" for row in rows)
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(lines)
    name = next(iter(files))
    single = name.removesuffix(".gz").removesuffix(".zst").endswith(("tsv", "jsonl", "parquet"))
    path = parallel.get("path", str(tmp_path / (name if single else "a"))).format(folder=tmp_path)
    recipe = bitext(tmp_path, **{**parallel, "path": path})
    assert said.format(folder=tmp_path) in tower("run", recipe, "--out", tmp_path / "run", *QUICK).error
    assert_whole(tmp_path / "run")
    assert not (tmp_path / "run/corpora").exists()


def test_work_that_could_not_end_is_not_begun(tower, tmp_path: Path) -> None:
    """Nothing to ask the models: said before the first stage, not after hours of training."""
    (tmp_path / "a.tsv").write_text("".join(f"{line}\t{line}\n" for line in LINES))
    recipe = bitext(tmp_path, path=str(tmp_path / "a.tsv"), source_locale="en-US", target_locale="de")
    tree = yaml.safe_load(recipe.read_text())
    del tree["stages"]["instructions"]
    recipe.write_text(yaml.safe_dump(tree))
    assert "stages.base: nothing to ask it: put a stage" in tower("run", recipe, "--out", tmp_path / "run").error
    assert not (tmp_path / "run").exists()


def test_model_directories_that_are_none(tower, micro: Path, tmp_path: Path) -> None:
    to = ("--to", "de", "Hi")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("{}")
    for name in ("empty", "file", "absent"):
        assert "not a model directory" in tower("translate", "--model", tmp_path / name, *to).error
        assert "not a model directory" in tower("chat", "--model", tmp_path / name).error
        checkpoint = ("--set", f"stages.base.model.checkpoint={tmp_path / name}", "--until", "base")
        assert "model directory" in tower("run", MICRO, "--out", tmp_path / "run", *QUICK, *checkpoint).error
        assert_whole(tmp_path / "run")
        assert not (tmp_path / "run/base").exists()

    def broken(name: str, change: Callable[[Path], object]) -> Path:
        folder = shutil.copytree(micro / "model", tmp_path / name)
        change(folder)
        return folder

    def cut(path: Path) -> None:
        path.write_bytes(path.read_bytes()[:2000])

    folders = [
        broken("no-weights", lambda f: (f / "model.safetensors").unlink()),
        broken("cut-weights", lambda f: cut(f / "model.safetensors")),
        broken("bad-config", lambda f: (f / "config.json").write_text("{")),
        broken("other-config", lambda f: (f / "config.json").write_text('{"model_type": "nosuch"}')),
        broken("cut-tokenizer", lambda f: cut(f / "tokenizer.json")),
    ]
    for folder in folders:
        assert str(folder) in tower("translate", "--model", folder, *to).error
        checkpoint = ("--set", f"stages.base.model.checkpoint={folder}", "--until", "base")
        assert str(folder) in tower("run", MICRO, "--out", tmp_path / "run", *QUICK, *checkpoint).error
        assert_whole(tmp_path / "run")


def test_translate_and_chat(tower, micro: Path, tmp_path: Path) -> None:
    model = ("--model", micro)
    assert tower("translate", *model, "Hi").error == "say the target locale: --to pt-PT"
    assert "unknown locale 'dee'; did you mean 'de'?" in tower("translate", *model, "--to", "dee", "Hi").error
    assert "unknown locale 'pt'" in tower("translate", *model, "--to", "de", "--from", "pt", "Hi").error
    assert "'--max-tokens'" in tower("translate", *model, "--to", "de", "--max-tokens", 0, "Hi").error
    assert "no such file" in tower("translate", *model, "--to", "de", "--file", tmp_path / "absent").error
    assert "not both" in tower("translate", *model, "--to", "de", "--file", MICRO, "Hi").error
    said = tower("translate", *model, "--to", "de", stdin=b"one\ntwo \xff\nthree\n").error
    assert said == "standard input:2: not UTF-8 (byte 5)"
    assert tower("chat", *model, stdin=b"\xff\n").error == "standard input:1: not UTF-8 (byte 1)"
    assert tower("translate", *model, "--to", "de", "\udcff").error == "'\\udcff': not UTF-8"


def test_input_that_is_odd_and_not_bad(tower, micro: Path) -> None:
    """What editors of other systems write is text all the same: a line in, a line out."""
    model = ("--model", micro, "--to", "de", "--max-tokens", 4)
    said = tower("translate", *model, stdin="\ufeffa\0b\r\n\r\n\u2028c\x85d\n".encode())
    assert (said.code, said.out.count("\n")) == (0, 3)
    assert said.out.split("\n")[1] == ""
    assert tower("translate", *model, "--file", "/dev/null").out == ""


def test_input_longer_than_the_context_is_told_with_its_line(tower, micro: Path, tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    path.write_text("The cat.\n\n" + "word " * 900 + "\nThe dog.\n")
    said = tower("translate", "--model", micro, "--to", "de", "--file", path)
    first = tower("translate", "--model", micro, "--to", "de", "The cat.").out
    assert said.error.startswith(f"{path}:3: the prompt has 18")
    assert "tokens, the context holds 512: 'word word" in said.error
    assert said.out == first + "\n", "what came before it is translated; nothing after it, and nothing is cut"
    assert "the context holds 512" in tower("chat", "--model", micro, stdin=b"word " * 900 + b"\n").error


def test_damaged_artifacts(tower, micro: Path, tmp_path: Path) -> None:
    """Files of earlier steps that were cut off or lost are named before any work, with what to do; doing it helps."""
    run = shutil.copytree(micro, tmp_path / "run")
    again = ("run", MICRO, "--out", run, "--set", "stages.wpo.beta=0.3", "--until", "wpo")

    def damaged(name: str, content: Callable[[bytes], bytes | None], *arguments: object) -> str:
        path = run / name
        whole = path.read_bytes()
        path.unlink()  # data folders share files as hard links
        if (left := content(whole)) is not None:
            path.write_bytes(left)
        try:
            said = tower(*arguments).error
        finally:
            path.write_bytes(whole)
        assert_whole(run)
        return said

    def half(content: bytes) -> bytes:
        return content[: len(content) // 2]

    files = ["preferences/preferences.parquet", *(f"sft/model/{path.name}" for path in (run / "sft/model").iterdir())]
    assert len(files) == 7
    for name in files:
        size, folder = (run / name).stat().st_size, run / name.split("/")[0]
        told = f"{run}/{name}: is damaged: {size // 2} bytes, and not {size}; delete {folder} to have it made anew"
        assert damaged(name, half, *again) == told
        assert damaged(name, lambda _: None, *again) == f"{run}/{name}: is gone; delete {folder} to have it made anew"
    flipped = damaged(files[0], lambda content: content[:99] + bytes(99) + content[198:], *again)
    assert flipped.startswith(f"{run}/{files[0]}: damaged, or not Parquet")
    told = f"{run}/evaluation/sft/items.parquet: is damaged"
    assert damaged("evaluation/sft/items.parquet", half, "report", run).startswith(told)
    assert damaged("evaluation/sft/items.parquet", half, "run", MICRO, "--out", run).startswith(told)
    assert f"{run}/recipe.yaml:2: not YAML" in damaged("recipe.yaml", lambda _: b"name: x\nstages", "report", run)
    # what is made of other files is made again without a word
    before = fingerprint(run)
    for name in ("items.parquet", "scores.json", "model/model.safetensors"):
        (run / name).write_bytes(half((run / name).read_bytes()))
    assert tower("report", run).code == 0
    assert differences(before, fingerprint(run)) == []


@pytest.mark.parametrize("content", ["", '{"digest": 1}', "\xff"])
def test_a_damaged_manifest_is_told_and_the_folder_made_anew(tower, micro: Path, tmp_path: Path, content: str) -> None:
    run = shutil.copytree(micro, tmp_path / "run")
    before = fingerprint(run)
    (run / "curate/manifest.json").write_text(content, encoding="latin-1")
    assert tower("report", run).code == 0
    said = tower("run", MICRO, "--out", run)
    assert said.code == 0, said.err
    assert "curate ...  its manifest is damaged: made anew" in said.out
    assert said.out.count("made already") == len(list(run.rglob("manifest.json"))) - 1
    assert differences(before, fingerprint(run)) == [], "the same bytes, so what was made from it stays"


@pytest.mark.parametrize(
    "damage",
    [
        lambda store: store.write_bytes(store.read_bytes()[:5000]),
        lambda store: store.write_bytes(store.read_bytes()[:4096] + b"\xff" * 400_000),
        lambda store: store.write_bytes(b"no database" * 999),
        lambda store: altered(store, "UPDATE answer SET completion = '{}'"),
        lambda store: altered(store, "UPDATE answer SET completion = '[1]'"),
        lambda store: altered(store, "UPDATE answer SET completion = 'x'"),
    ],
)
def test_damaged_answer_stores(micro: Path, tmp_path: Path, damage: Callable[[Path], object]) -> None:
    store = tmp_path / "answers.db"
    with contextlib.closing(sqlite3.connect(micro / "answers.db")) as connection:
        keys = [key for (key,) in connection.execute("SELECT key FROM answer")]
        connection.execute("VACUUM INTO ?", [str(store)])
    opened = Store(store)
    assert len(opened.get(keys)) == len(keys) > 500
    opened.close()
    damage(store)
    with pytest.raises(UserError, match=r"if it is damaged, delete it$") as told:
        Store(store).get(keys)
    assert told.value.where == str(store)


def altered(store: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(store)) as connection:
        connection.execute(statement)
        connection.commit()


def test_a_damaged_answer_store_stops_a_run_until_it_is_deleted(tower, micro: Path, tmp_path: Path) -> None:
    run = shutil.copytree(micro, tmp_path / "run", ignore=shutil.ignore_patterns("answers.db*"))
    shutil.rmtree(run / "evaluation/wpo")
    (run / "answers.db").write_bytes(b"no database" * 999)
    assert tower("run", MICRO, "--out", run).error.startswith(f"{run}/answers.db: ")  # out of the second process
    assert_whole(run)
    (run / "answers.db").unlink()
    assert tower("run", MICRO, "--out", run).code == 0
    assert differences(fingerprint(micro), fingerprint(run)) == []


def test_a_damaged_checkpoint(tower, micro: Path, tmp_path: Path) -> None:
    import torch

    run = shutil.copytree(micro, tmp_path / "run")
    shutil.rmtree(run / "wpo")
    digest = next(step.digest for step in planned(run) if step.name == "wpo")
    checkpoint = run / ".building" / f"wpo-{digest}" / "checkpoint.pt"
    checkpoint.parent.mkdir(parents=True)
    for content in (b"", b"no checkpoint", {}, [1], {"run": "another"}):
        if isinstance(content, bytes):
            checkpoint.write_bytes(content)
        else:
            torch.save(content, checkpoint)
        said = tower("run", MICRO, "--out", run).error
        assert said.startswith(f"{checkpoint}: "), said
        assert said.endswith("delete it to start over"), said
        assert checkpoint.is_file(), "nothing of the user's time is thrown away without a word"
    checkpoint.unlink()
    assert tower("run", MICRO, "--out", run).code == 0
    assert differences(fingerprint(micro), fingerprint(run)) == []


@pytest.mark.parametrize("name", ["corpora", "sft", "model", "recipe.yaml", "scores.json"])
def test_what_is_not_from_a_run_is_not_replaced(tower, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    assert tower("run", MICRO, "--out", tmp_path).error.startswith(f"{tmp_path}/{name}: is there and not from a run")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def planned(run: Path, *overrides: str) -> list:
    from towerplus import pipeline
    from towerplus.recipe import load

    return pipeline.plan(load(str(MICRO), list(overrides)), run)


DISK = """
import contextlib, gc, io, itertools, json, os, resource, shutil, subprocess, sys
from pathlib import Path
from towerplus.cli import main

RECIPE, PLACE, WAY = sys.argv[1:]
run, results = Path(PLACE) / "run", []

def tower(label, *arguments):
    err, code = io.StringIO(), 0
    with contextlib.redirect_stderr(err), contextlib.redirect_stdout(io.StringIO()):
        try:
            main([str(a) for a in arguments])
        except SystemExit as stop:
            code = stop.code or 0
    files = sorted(str(p.relative_to(run)) for p in run.rglob("*") if p.is_file()) if run.is_dir() else []
    progress = [line for line in err.getvalue().splitlines() if ": step " not in line]
    results.append({"label": label, "code": code, "error": progress, "files": files})

def mount(*options):
    subprocess.run(["mount", *options, PLACE], check=True)

def store():
    from towerplus.engines.base import Completion
    from towerplus.engines.store import Store
    from towerplus.errors import UserError
    answers = Store(Path(PLACE) / "answers.db")
    try:
        for i in itertools.count():
            answers.put("x", {f"{i} {j}": Completion("text " * 500) for j in range(20)})
    except UserError as error:
        answers.close()
        mount("-o", "remount,size=16m")
        again = Store(Path(PLACE) / "answers.db")
        results.append({"label": "store", "code": 2, "error": ["error: " + str(error)], "files": [], "kept": len(again)})
        again.close()

training = ["run", RECIPE, "--out", run, "--until", "cpt", "--set", "evaluate.enabled=false"]
if WAY == "tmpfs":
    for size in (96, 320, 480):
        mount("-t", "tmpfs", "-o", f"size={size}k", "tmpfs")
        tower(f"{size} KiB", *training)
        if size != 480:
            subprocess.run(["umount", PLACE], check=True)
    mount("-o", "remount,size=8m")
    tower("room again", *training)
    store()
    gc.collect()  # what failed before may still hold files open
    mount("-o", "remount,ro")
    tower("read-only, all there", *training)
    tower("read-only, more to do", *training[:4], "--until", "sft")
    tower("read-only report", "report", run)
    tower("read-only place", "run", RECIPE, "--out", Path(PLACE) / "new")
    tower("read-only init", "init", Path(PLACE) / "mine.yaml")
else:  # no more than so many bytes a file
    for size in (4, 24, 60):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size << 10, resource.RLIM_INFINITY))
        tower(f"{size} KiB", *training)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    tower("room again", *training)
print(json.dumps(results))
"""


def disk(way: str, place: Path) -> dict[str, dict]:
    """Runs of the micro recipe on a disk that is full or read-only; `place` holds nothing of it afterwards."""
    place.mkdir()
    inside = ["unshare", "--map-root-user", "--mount"] if os.getuid() else ["unshare", "--mount"]
    command = [*(inside if way == "tmpfs" else []), sys.executable, "-c", textwrap.dedent(DISK), MICRO, place, way]
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, env=environment(), check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {item["label"]: item for item in json.loads(done.stdout.splitlines()[-1])}


def may_mount() -> bool:
    inside = ["unshare", "--map-root-user", "--mount"] if os.getuid() else ["unshare", "--mount"]
    try:
        mount = [*inside, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        return subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def assert_told(item: dict, words: str) -> None:
    assert item["code"] == 2, item
    assert len(item["error"]) == 1, item
    assert item["error"][0].startswith("error: "), item
    assert words.lower() in item["error"][0].lower(), item


def assert_files_whole(files: list[str]) -> None:
    folders = {name.split("/")[0] for name in files if "/" in name} - {".building"}
    assert all(f"{name}/manifest.json" in files for name in folders), files
    building = {name.split("/")[1] for name in files if name.startswith(".building/")}
    assert all(f".building/{name}/checkpoint.pt" in files for name in building), files
    assert not [name for name in files if name.endswith(".tmp")], files


def test_full_and_read_only_disks(tmp_path: Path) -> None:
    if not may_mount():
        pytest.skip("neither root nor user namespaces: no file system of a given size can be mounted")
    found = disk("tmpfs", tmp_path / "disk")
    sizes = [name for name in found if name.endswith("KiB")]
    for size in sizes:
        assert_told(found[size], "no space left")
        assert_files_whole(found[size]["files"])
    # the disk was full at different stages
    reached = [sum(name.endswith("manifest.json") for name in found[size]["files"]) for size in sizes]
    assert reached[0] == 0 < reached[-1], reached
    assert found["room again"]["code"] == 0, found["room again"]
    assert "cpt/manifest.json" in found["room again"]["files"]
    assert_told(found["store"], "full")
    assert found["store"]["kept"] % 20 == 0, "a batch of answers is kept in whole or not at all"
    for label in ("read-only, all there", "read-only, more to do", "read-only place"):
        assert_told(found[label], "read-only file system")
    assert_told(found["read-only report"], "no evaluated model")
    assert_told(found["read-only init"], "cannot write")
    assert found["read-only, more to do"]["files"] == found["room again"]["files"]


def test_files_that_cannot_grow(tmp_path: Path) -> None:
    """The same without any privilege: the system lets no file grow beyond so many bytes."""
    found = disk("limit", tmp_path / "disk")
    sizes = [name for name in found if name.endswith("KiB")]
    for size in sizes:
        assert_told(found[size], "file too large")
        assert_files_whole(found[size]["files"])
    assert "base/manifest.json" not in found[sizes[-1]]["files"]
    assert "corpora/manifest.json" in found[sizes[-1]]["files"]
    assert found["room again"]["code"] == 0, found["room again"]


def test_a_folder_that_may_not_be_written(tower, tmp_path: Path) -> None:
    if os.getuid() == 0:
        pytest.skip("root may write everywhere; see test_full_and_read_only_disks")
    tmp_path.chmod(0o500)
    try:
        assert "Permission denied" in tower("run", MICRO, "--out", tmp_path / "run", *QUICK).error
    finally:
        tmp_path.chmod(0o700)
