"""The stage: what is written, held out, put aside and refused."""

import json
from collections import Counter
from pathlib import Path

import pytest
from corpora_files import write_bytes, write_jsonl
from hypothesis import given, settings
from hypothesis import strategies as st

from towerplus import records
from towerplus.corpora.heldout import hold_out
from towerplus.corpora.load import load
from towerplus.corpora.settings import CorporaSettings
from towerplus.errors import UserError
from towerplus.records import Conversation, Pair, Preference, Text
from towerplus.text.hashing import content_hashes

LOCALES = {"source_locale": "en", "target_locale": "de"}
FILES = {
    "texts": Text,
    "pairs": Pair,
    "pairs-dev": Pair,
    "pairs-test": Pair,
    "conversations": Conversation,
    "preferences": Preference,
}


def pair(source, target="t"):
    return Pair(source, target, "en-US", "de")


def stored(out, name):
    return list(records.read(out / f"{name}.parquet", FILES[name]))


def rejects(out):
    return [json.loads(line) for line in (out / "rejects.jsonl").read_text().splitlines()]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 60)), st.integers(0, 6), st.integers(0, 6), st.randoms(use_true_random=False))
def test_held_out_by_content(numbers, dev, test, random):
    """Nothing is lost, a source is on one side only, and the order of the pairs does not matter."""
    pairs = [pair(f"word{n}", f"t{i}") for i, n in enumerate(numbers)]
    counts = {"dev": dev, "test": test}
    results = []
    for _ in range(2):
        held = {"dev": [], "test": []}
        if pairs and dev + test >= len(pairs):
            with pytest.raises(UserError, match="too few to hold out"):
                list(hold_out(pairs, counts, held))
            return
        train = list(hold_out(pairs, counts, held))
        assert Counter(train + held["dev"] + held["test"]) == Counter(pairs)
        sources = [{p.source for p in part} for part in (train, held["dev"], held["test"])]
        assert sum(map(len, sources)) == len(set.union(*sources))
        assert len(held["test"]) <= test
        assert len(held["dev"]) <= dev
        results.append([sorted(p.target for p in part) for part in (train, held["dev"], held["test"])])
        random.shuffle(pairs)
    assert results[0] == results[1]


def test_held_out_exactly_where_sources_differ():
    pairs = [pair(f"word {n}") for n in range(10_000)]
    held = {"dev": [], "test": []}
    train = list(hold_out(pairs, {"dev": 30, "test": 20}, held))
    order = [pairs[i] for i in content_hashes([p.source for p in pairs]).argsort()]
    assert set(held["test"]) == set(order[:20])
    assert set(held["dev"]) == set(order[20:50])
    assert len(train) == 9950
    held = {"dev": [], "test": []}
    list(hold_out(pairs[:300], {"dev": None, "test": None}, held))
    assert (len(held["dev"]), len(held["test"])) == (30, 30)  # by default, at most a tenth of all


def test_the_whole_stage(tmp_path):
    rows = [{"source": f"Sentence number {n}.", "target": f"Satz Nummer {n}."} for n in range(200)]
    rows += [{"source": "SENTENCE  number 7", "target": "anders"}, {"source": "", "target": "leer"}]
    turns = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]
    given = {
        "parallel": {
            "path": str(write_jsonl(tmp_path / "p.jsonl", rows)),
            "dev": 10,
            "test": 20,
            "licence": "CC0",
            **LOCALES,
        },
        "conversations": {"path": str(write_jsonl(tmp_path / "c.jsonl", [{"messages": turns}]))},
        "preferences": [
            {"path": str(write_jsonl(tmp_path / "f.jsonl", [{"prompt": "q", "chosen": "a", "rejected": "b"}]))}
        ],
    }
    out = tmp_path / "out"
    counts = load(CorporaSettings.model_validate(given), 1, out)
    parts = {name: stored(out, name) for name in FILES}
    assert {name: len(items) for name, items in parts.items()} == {n: counts[n] for n in FILES}
    assert counts["pairs-dev"] in (9, 10)
    assert counts["pairs-test"] in (19, 20)
    assert counts["pairs"] + counts["pairs-dev"] + counts["pairs-test"] + sum(counts["rejects"].values()) == len(rows)
    assert len(rejects(out)) == sum(counts["rejects"].values())
    assert counts["rejects"]["empty text"] == 1
    assert rejects(out)[0]["line"] == 202
    assert [t.text for t in parts["texts"][:2]] == [parts["pairs"][0].source, parts["pairs"][0].target]
    assert {p.licence for p in parts["pairs"]} == {"CC0"}
    # no text of one part is in another
    words = {
        name: set(content_hashes([t for p in parts[name] for t in (p.source, p.target)])) for name in list(FILES)[1:4]
    }
    assert not words["pairs"] & (words["pairs-dev"] | words["pairs-test"])
    again = load(CorporaSettings.model_validate(given), 2, tmp_path / "again")
    assert again == counts
    for name in FILES:
        assert (out / f"{name}.parquet").read_bytes() == (tmp_path / "again" / f"{name}.parquet").read_bytes()
    assert sorted(p.name for p in out.iterdir()) == sorted([*(f"{n}.parquet" for n in FILES), "rejects.jsonl"])


def test_text_of_the_test_set_leaves_the_training_data(tmp_path):
    train = write_bytes(tmp_path / "train.tsv", b"a cat\teine Katze\nDogs!\tHunde\na bird\tein Vogel\n")
    test = write_bytes(tmp_path / "test.tsv", b"dogs\tDie Hunde\ncats\tEin  VOGEL.\n")
    dev = write_bytes(tmp_path / "dev.tsv", b"DOGS\tx\na fish\tein Fisch\n")
    mono = write_bytes(tmp_path / "mono.de", b"Ein Vogel\nein Haus\nein Fisch!\n")
    given = {
        "parallel": {"path": str(train), "dev": str(dev), "test": [str(test)], **LOCALES},
        "monolingual": {"path": str(mono)},
    }
    counts = load(CorporaSettings.model_validate(given), 1, tmp_path / "out")
    assert [p.source for p in stored(tmp_path / "out", "pairs")] == ["a cat"]
    assert [p.source for p in stored(tmp_path / "out", "pairs-dev")] == ["a fish"]
    assert len(stored(tmp_path / "out", "pairs-test")) == 2
    assert stored(tmp_path / "out", "texts") == [Text("ein Haus", "de", origin="mono.de")]
    assert counts["rejects"] == {"shares a text with pairs-test": 4, "shares a text with pairs-dev": 1}


def test_malformed_lines_stop_or_are_put_aside(tmp_path):
    path = write_bytes(tmp_path / "x.jsonl", b'{"source": "a", "target": "b"}\n{"sou\n\xff\n')
    given = {"path": str(path), "dev": 0, "test": 0, **LOCALES}
    with pytest.raises(UserError, match=r"x.jsonl:2: not JSON.*on_error"):
        load(CorporaSettings.model_validate({"parallel": given}), 1, tmp_path / "a")
    counts = load(CorporaSettings.model_validate({"parallel": given | {"on_error": "reject"}}), 1, tmp_path / "b")
    assert counts["pairs"] == 1
    assert sum(counts["rejects"].values()) == 2
    assert [(r["file"], r["line"], r["text"]) for r in rejects(tmp_path / "b")] == [
        (str(path), 2, '{"sou'),
        (str(path), 3, "\\xff"),
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "corpora.parallel: no text; set path"),
        ({"parallel": {"path": "none.tsv"}}, "none.tsv: no such file"),
        ({"parallel": {"path": "empty.tsv", **LOCALES}}, "empty.tsv: no pairs in it: it is empty"),
        (
            {"parallel": {"path": "blank.tsv", **LOCALES}},
            "no pairs in it: 2 rejected, the first at blank.tsv:1: blank line",
        ),
        ({"parallel": {"path": "one.tsv", "test": 1, "dev": 1, **LOCALES}}, "1 pairs are too few to hold out"),
        ({"parallel": {"path": "one.tsv", "test": "one.tsv", **LOCALES}}, "no pairs left to train on"),
        ({"parallel": {"path": "one.tsv"}}, "set source_locale"),
        ({"monolingual": {"path": "one.tsv", "locale": "klingon"}}, "locale: unknown locale 'klingon'"),
        ({"monolingual": {"path": "."}}, "texts"),
    ],
)
def test_one_clear_line(tmp_path, monkeypatch, given, message):
    monkeypatch.chdir(tmp_path)
    for name, content in (("empty.tsv", b""), ("blank.tsv", b"\n\n"), ("one.tsv", b"a\tb\n")):
        write_bytes(Path(name), content)
    with pytest.raises(UserError) as caught:
        load(CorporaSettings.model_validate(given), 1, tmp_path / "out")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_limit(tmp_path):
    path = write_bytes(tmp_path / "x.tsv", b"a\tb\nc\td\ne\tf\nbroken\n")
    given = {"path": str(path), "limit": 2, "dev": 0, "test": 0, **LOCALES}
    assert load(CorporaSettings.model_validate({"parallel": given}), 1, tmp_path / "out")["pairs"] == 2


def test_settings_say_what_files_they_need(tmp_path):
    for name in ("x.en", "x.de", "dev.en", "dev.de"):
        write_bytes(tmp_path / name, b"a\n")
    given = {"parallel": {"path": f"{tmp_path}/x", "dev": [f"{tmp_path}/dev.en", f"{tmp_path}/dev.de"]}}
    one = CorporaSettings.model_validate(given)
    assert sorted(path.name for path in one.files()) == ["dev.de", "dev.en", "x.de", "x.en"]
    assert CorporaSettings.model_validate(one.model_dump(mode="json")) == one
    with pytest.raises(UserError, match="no such file"):
        CorporaSettings.model_validate({"monolingual": {"path": f"{tmp_path}/none.txt"}}).files()
    for wrong in ({"path": ""}, {"path": []}, {"path": "x", "dev": -1}, {"path": "x", "limit": 0}, {"pth": "x"}):
        with pytest.raises(ValueError, match="validation error"):
            CorporaSettings.model_validate({"parallel": wrong})


def test_multi30k(data, tmp_path):
    """29,000 + 1,014 + 1,000 captions, as published, from the part of their file names before the language."""
    folder = data / "multi30k"
    parallel = {"path": f"{folder}/train", "dev": f"{folder}/val", "test": f"{folder}/test_2016_flickr", **LOCALES}
    counts = load(CorporaSettings.model_validate({"parallel": parallel}), 1, tmp_path)
    assert counts["pairs"] + sum(counts["rejects"].values()) == 29_000
    assert (counts["pairs-dev"], counts["pairs-test"]) == (1014, 1000)
    assert counts["rejects"] == {"shares a text with pairs-dev": 2}
    first = stored(tmp_path, "pairs-test")[0]
    assert first.source == "A man in an orange hat starring at something."
    assert first.target == "Ein Mann mit einem orangefarbenen Hut, der etwas anstarrt."
