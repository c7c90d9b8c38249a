"""The stage: nothing is lost, duplicates and leaks go, memory does not grow with the data."""

import json
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from towerplus import records
from towerplus.curate.duplicates import Duplicates, Seen
from towerplus.curate.run import curate, run
from towerplus.curate.settings import CurateSettings
from towerplus.errors import UserError
from towerplus.records import Conversation, Message, Pair, Preference, Text
from towerplus.text.hashing import leak_hashes, save_set

KINDS = {"texts": Text, "pairs": Pair, "conversations": Conversation, "preferences": Preference}
LEAKED = "what a wonderful day it was when all the children of the town went out"


def message(role, text):
    return (Message(role, text),)


def data_folder(folder):
    folder.mkdir()
    kept = {
        "texts": [Text(f"Haus {n}", "de") for n in range(20)],
        "pairs": [Pair(f"House {n}", f"Haus {n}", "en-US", "de") for n in range(20)],
        "conversations": [Conversation(message("user", "q") + message("assistant", f"a{n}"), "k") for n in range(5)],
        "preferences": [
            Preference(message("user", "q"), message("assistant", f"a{n}"), message("assistant", "b"), "k")
            for n in range(5)
        ],
    }
    extra = {
        "texts": [Text("Haus  3", "de"), Text("Haus 3", "nl"), Text("", "de"), Text(LEAKED.upper(), "en-GB")],
        "pairs": [Pair("House 3", "Haus 3", "en-US", "de"), Pair("House 3", "Haus %s", "en-US", "de")],
        "conversations": [Conversation(message("user", f"So: {LEAKED}!") + message("assistant", "a"), "k")],
        "preferences": [kept["preferences"][2]],
    }
    for name, kind in KINDS.items():
        records.write(folder / f"{name}.parquet", kind, kept[name] + extra[name])
    return {name: kept[name] + extra[name] for name in KINDS}


@pytest.mark.parametrize("batch_rows", [1, 3, 1000])
def test_nothing_is_lost(tmp_path, batch_rows):
    given = data_folder(tmp_path / "in")
    save_set(tmp_path / "benchmark.npy", leak_hashes([LEAKED + " to play"]))
    chosen = CurateSettings(batch_rows=batch_rows, benchmarks=[str(tmp_path / "benchmark.npy")])
    counts = curate(tmp_path / "in", tmp_path / "out", chosen)
    dropped = pq.read_table(tmp_path / "out" / "dropped.parquet").to_pylist()
    for name, kind in KINDS.items():
        rows = [entry for entry in dropped if entry["file"] == name]
        kept = list(records.read(tmp_path / "out" / f"{name}.parquet", kind))
        gone = {entry["row"]: records.from_row(kind, json.loads(entry["record"])) for entry in rows}
        rest = iter(kept)
        assert [gone[n] if n in gone else next(rest) for n in range(len(given[name]))] == given[name]
        assert list(rest) == []
        why = Counter(entry["reason"] for entry in rows)
        assert counts[name] == {"read": len(given[name]), "kept": len(kept), "dropped": dict(why)}
        schema = pq.read_schema(tmp_path / "out" / f"{name}.parquet")
        assert schema.equals(pq.read_schema(tmp_path / "in" / f"{name}.parquet"))
    assert counts["texts"]["dropped"] == {"duplicate": 1, "empty": 1, "benchmark": 1}
    assert counts["pairs"]["dropped"] == {"duplicate": 1, "markers differ": 1}
    assert counts["conversations"]["dropped"] == {"benchmark": 1}
    assert counts["preferences"]["dropped"] == {"duplicate": 1}
    assert json.loads(json.dumps(counts)) == counts


def test_a_dropped_row_does_not_make_a_duplicate(tmp_path):
    """The first row of its text that is kept, not the first that is read."""
    (tmp_path / "in").mkdir()
    long, short = Text("ab " * 400, "de", "sentence"), Text("ab " * 400, "de", "document")
    records.write(tmp_path / "in" / "texts.parquet", Text, [long, short])
    counts = curate(tmp_path / "in", tmp_path / "out", CurateSettings(rules=["too long"]))
    assert counts["texts"] == {"read": 2, "kept": 1, "dropped": {"too long": 1}}


def test_turns_tell_conversations_apart(tmp_path):
    (tmp_path / "in").mkdir()
    one = Conversation((Message("user", "a b"), Message("assistant", "c")), "k")
    other = Conversation((Message("user", "a"), Message("assistant", "b c")), "k")
    same = Conversation((Message("user", "a\nb"), Message("assistant", "c")), "other kind")
    records.write(tmp_path / "in" / "conversations.parquet", Conversation, [one, other, same])
    counts = curate(tmp_path / "in", tmp_path / "out", CurateSettings())
    assert counts["conversations"]["dropped"] == {"duplicate": 1}


def test_the_stage_is_the_same_when_made_again(tmp_path):
    data_folder(tmp_path / "in")
    for name in ("a", "b"):
        out = tmp_path / name
        first = run(settings=CurateSettings(), data=tmp_path / "in", model=None, out=out, seed=1)
        again = run(settings=CurateSettings(), data=tmp_path / "in", model=None, out=out, seed=2)
        assert first == again
    names = {path.name for path in (tmp_path / "a").iterdir()}
    assert names == {*(f"{name}.parquet" for name in KINDS), "dropped.parquet"}
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in names)


def test_what_stops(tmp_path):
    (tmp_path / "in").mkdir()
    with pytest.raises(UserError, match="no data to curate"):
        curate(tmp_path / "in", tmp_path / "out", CurateSettings())
    records.write(tmp_path / "in" / "texts.parquet", Text, [Text("", "de")] * 3)
    with pytest.raises(UserError, match="drops every row: 3 empty"):
        curate(tmp_path / "in", tmp_path / "out", CurateSettings())
    with pytest.raises(UserError, match="another folder"):
        curate(tmp_path / "in", tmp_path / "in", CurateSettings())
    with pytest.raises(UserError, match=r"none\.npy: no such file"):
        curate(tmp_path / "in", tmp_path / "out", CurateSettings(benchmarks=["none.npy"]))
    shutil.copy(__file__, tmp_path / "in" / "texts.parquet")
    with pytest.raises(UserError, match="not a Parquet file"):
        curate(tmp_path / "in", tmp_path / "out", CurateSettings())


@settings(deadline=None)
@given(calls=st.lists(st.lists(st.integers(0, 40), max_size=12), max_size=12), in_memory=st.sampled_from([0, 8, 1000]))
def test_seen_is_a_set(tmp_path_factory, calls, in_memory):
    folder = tmp_path_factory.mktemp("seen")
    seen, known = Seen(folder, in_memory), set()
    for call in calls:
        wanted = []
        for value in call:
            wanted.append(value not in known)
            known.add(value)
        assert seen.add(np.array(call, np.uint64)).tolist() == wanted
    assert len(seen) == len(known)


def test_seen_merges_in_chunks_on_disk(tmp_path, monkeypatch):
    monkeypatch.setattr("towerplus.curate.duplicates._CHUNK", 7)
    values = np.random.default_rng(1).integers(0, 3000, 5000).astype(np.uint64)
    seen = Seen(tmp_path, in_memory=100)
    new = np.concatenate([seen.add(part) for part in np.split(values, 50)])
    first = np.zeros(len(values), bool)
    first[np.unique(values, return_index=True)[1]] = True
    assert (new == first).all()
    files = list(tmp_path.iterdir())
    assert 1 <= len(files) <= 12  # one a run: those that were merged are gone
    assert sum(len(np.load(path)) for path in files) > 2000


def test_duplicates_leave_no_files_behind():
    with Duplicates() as step:
        folder = Path(step._folder.name)
        assert folder.is_dir()
    assert not folder.exists()


def test_real_captions(data, tmp_path):
    """Multi30k is clean: hardly anything goes, and the two translations that are "@@" do."""
    from towerplus.corpora.load import load
    from towerplus.corpora.settings import CorporaSettings

    path = {"path": f"{data}/multi30k/train", "source_locale": "en", "target_locale": "de", "dev": 0, "test": 0}
    load(CorporaSettings.model_validate({"parallel": path | {"limit": 10_000}}), 1, tmp_path / "in")
    counts = curate(tmp_path / "in", tmp_path / "out", CurateSettings(batch_rows=1000))
    assert counts["pairs"]["read"] == 10_000
    assert counts["pairs"]["kept"] > 9_980
    dropped = pq.read_table(tmp_path / "out" / "dropped.parquet").to_pylist()
    odd = [json.loads(entry["record"])["target"] for entry in dropped if entry["reason"] == "length ratio"]
    assert set(odd) <= {"@@"}
