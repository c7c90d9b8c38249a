"""What is written is read: JSONL, TSV, Parquet, Moses."""

import json
import tempfile
from pathlib import Path

import pytest
from corpora_files import read, split, write_bytes, write_jsonl, write_parquet, write_tsv
from hypothesis import given, settings
from hypothesis import strategies as st

from towerplus import records
from towerplus.corpora.settings import ConversationSource, ParallelSource, PreferenceSource, TextSource
from towerplus.errors import UserError
from towerplus.records import Conversation, Message, Pair, Preference, Text
from towerplus.text.normalise import clean

LOCALES = {"source_locale": "en-US", "target_locale": "de"}
WRITERS = {"jsonl": write_jsonl, "jsonl.gz": write_jsonl, "jsonl.zst": write_jsonl, "parquet": write_parquet}
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(clean).filter(bool)
# a line of a text file: no line feed inside, no zero byte, and no carriage return or byte order mark at its ends
line_text = any_text.filter(lambda text: not set(text) & set("\n\0\r\ufeff"))
cell_text = line_text.filter(lambda text: "\t" not in text)


def rows_of(text):
    return st.lists(st.tuples(text, text), min_size=1, max_size=6)


def sides(items):
    pairs, rejects = split(items)
    assert rejects == []
    assert all((p.source_locale, p.target_locale) == ("en-US", "de") for p in pairs)
    return [(p.source, p.target) for p in pairs]


@pytest.mark.parametrize("suffix", WRITERS)
@settings(deadline=None, max_examples=25)
@given(rows=rows_of(any_text))
def test_columns_round_trip(suffix, rows):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"x.{suffix}"
        WRITERS[suffix](path, [{"source": a, "target": b, "score": "1"} for a, b in rows])
        assert sides(read(ParallelSource(path=str(path), **LOCALES), "pairs")) == rows


@settings(deadline=None, max_examples=50)
@given(rows=rows_of(cell_text), suffix=st.sampled_from(["tsv", "tsv.gz"]), header=st.booleans())
def test_tsv_round_trip(rows, suffix, header):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"x.{suffix}"
        if header:
            write_tsv(path, [{"note": '"', "source": a, "target": b} for a, b in rows])
        else:
            write_bytes(path, "".join(f"{a}\t{b}\n" for a, b in rows).encode())
        source = ParallelSource(path=str(path), header=header, **LOCALES)
        assert sides(read(source, "pairs")) == rows


@settings(deadline=None, max_examples=50)
@given(rows=rows_of(line_text), suffix=st.sampled_from(["", ".gz", ".zst"]))
def test_moses_round_trip(rows, suffix):
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"x.{language}{suffix}" for language in ("en", "de")]
        for side, path in enumerate(paths):
            write_bytes(path, "".join(row[side] + "\n" for row in rows).encode())
        assert sides(read(ParallelSource(path=[str(path) for path in paths]), "pairs")) == rows
        assert sides(read(ParallelSource(path=f"{folder}/x", **LOCALES), "pairs")) == rows
        texts, _ = split(read(TextSource(path=str(paths[1])), "texts"))
        assert [(t.text, t.locale) for t in texts] == [(row[1], "de") for row in rows]


def test_our_own_parquet_comes_back_as_it_was(tmp_path):
    """A data folder's files are input too; the lists are not empty, so that equality says something."""
    turns = (Message("system", "s"), Message("user", "u"), Message("assistant", "a"))
    kept = {
        "texts": (Text, TextSource, [Text("a", "pt-PT", "document", "o", "CC0")]),
        "pairs": (Pair, ParallelSource, [Pair("a", "b", "de", "zh-Hans", "document", "c", "o", "MIT")]),
        "conversations": (Conversation, ConversationSource, [Conversation(turns, "general/sort", "o", "MIT")]),
        "preferences": (
            Preference,
            PreferenceSource,
            [Preference(turns[:2], turns[2:], (Message("assistant", "b"),), "register", "o", "MIT")],
        ),
    }
    for name, (kind, source, items) in kept.items():
        path = tmp_path / f"{name}.parquet"
        records.write(path, kind, items)
        assert read(source(path=str(path)), name) == items


def test_columns_can_be_named(tmp_path):
    path = write_jsonl(tmp_path / "x.jsonl", [{"meta": {"en": "a"}, "de": "b", "licence": "CC0", "origin": "web"}])
    source = ParallelSource(path=str(path), columns={"source": "meta.en", "target": "de"}, **LOCALES)
    assert read(source, "pairs") == [
        Pair("a", "b", "en-US", "de", cluster=records.digest("en-US", "a"), origin="web", licence="CC0")
    ]
    tsv = write_bytes(tmp_path / "x.tsv", b"0.9\ta\tb\n")
    assert sides(read(ParallelSource(path=str(tsv), columns={"source": 2, "target": 3}, **LOCALES), "pairs")) == [
        ("a", "b")
    ]
    own = ParallelSource(path=str(path), columns=source.columns, origin="mine", licence="MIT", **LOCALES)
    assert (read(own, "pairs")[0].origin, read(own, "pairs")[0].licence) == ("mine", "MIT")


@pytest.mark.parametrize("writer", [write_jsonl, write_parquet])
def test_translation_of_the_hub(tmp_path, writer):
    name = "x.jsonl" if writer is write_jsonl else "x.parquet"
    path = writer(tmp_path / name, [{"id": "1", "translation": {"de": "b", "en": "a", "pt_BR": "c"}}])
    assert sides(read(ParallelSource(path=str(path), **LOCALES), "pairs")) == [("a", "b")]
    brazil = ParallelSource(path=str(path), source_locale="de", target_locale="pt-BR")
    assert read(brazil, "pairs")[0].target == "c"
    _, rejects = split(read(ParallelSource(path=str(path)), "pairs"))
    assert "set source_locale" in rejects[0].reason
    two = writer(tmp_path / f"two{Path(name).suffix}", [{"translation": {"en": "a", "de": "b"}}])
    assert sides(read(ParallelSource(path=str(two)), "pairs")) == [("a", "b")]


def test_conversations_and_preferences_of_trl(tmp_path):
    user, good, bad = ({"role": r, "content": c} for r, c in [("user", "q"), ("assistant", "g"), ("assistant", "b")])
    path = write_jsonl(tmp_path / "c.jsonl", [{"messages": [user, good]}])
    wanted = Conversation((Message("user", "q"), Message("assistant", "g")), "general/user", "c.jsonl")
    assert read(ConversationSource(path=str(path)), "conversations") == [wanted]
    path = write_jsonl(tmp_path / "c.jsonl", [{"prompt": "q", "completion": "g"}])
    assert read(ConversationSource(path=str(path)), "conversations") == [wanted]
    forms = [
        {"prompt": "q", "chosen": "g", "rejected": "b"},
        {"prompt": [user], "chosen": [good], "rejected": [bad]},
        {"chosen": [user, good], "rejected": [user, bad]},
        {"prompt": "q", "chosen": [user, good], "rejected": [user, bad]},
    ]
    for form in forms:
        path = write_jsonl(tmp_path / "p.jsonl", [form])
        [one] = read(PreferenceSource(path=str(path)), "preferences")
        assert (one.prompt, one.chosen, one.rejected) == (
            (Message("user", "q"),),
            (Message("assistant", "g"),),
            (Message("assistant", "b"),),
        ), form


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"source": "a", "target": ', "not JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"source": "a"}', "no column 'target'"),
        (b'{"source": "a", "target": 3}', "'target' is int, not text"),
        (b'{"source": "a", "target": "\\ud800"}', "half a surrogate"),
        (b'{"source": "a", "target": "\xe4"}', "not UTF-8: byte 0xe4 at byte 28"),
        (b'{"source": "a", "target": "b", "target_locale": "xx"}', "unknown locale 'xx'"),
        (b"{" * 100_000, "not JSON"),
        (b"", "blank line"),
        (b'{"source": "a", "target": " "}', "empty text"),
        (b'{"source": "a", "target": "' + b"b" * 30 + b'"}', "longer than 20 characters"),
    ],
)
def test_bad_lines_are_told(tmp_path, line, reason):
    good = b'{"source": "a", "target": "b"}\n'
    path = write_bytes(tmp_path / "x.jsonl", good + line + b"\n" + good)
    pairs, [reject] = split(read(ParallelSource(path=str(path), max_length=20, **LOCALES), "pairs"))
    assert len(pairs) == 2
    assert reject.reason.startswith(reason) or reason in reject.reason
    assert reject.where == f"{path}:2"
    assert reject.malformed == (not reason.startswith(("blank", "empty", "longer")))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"messages": []}, "does not end with an assistant"),
        ({"messages": [{"role": "user", "content": "q"}]}, "does not end with an assistant"),
        ({"messages": [{"role": "bot", "content": "q"}]}, "role 'bot'"),
        ({"messages": [{"content": "q"}]}, "without 'role'"),
        ({"messages": 3}, "'messages' is int"),
        ({"messages": [{"role": "assistant", "content": ["q"]}]}, "not text"),
    ],
)
def test_bad_conversations(tmp_path, row, reason):
    path = write_jsonl(tmp_path / "x.jsonl", [row])
    [reject] = read(ConversationSource(path=str(path)), "conversations")
    assert reason in reject.reason


def test_a_preference_needs_a_prompt(tmp_path):
    path = write_jsonl(tmp_path / "x.jsonl", [{"chosen": "a", "rejected": "b"}])
    [reject] = read(PreferenceSource(path=str(path)), "preferences")
    assert "no prompt" in reject.reason


def test_tsv_has_no_quoting_and_minds_its_width(tmp_path):
    content = 'source\ttarget\n"a\t\'b"\nx\n"c"\td\te\n'
    path = write_bytes(tmp_path / "x.tsv", content.encode())
    pairs, rejects = split(read(ParallelSource(path=str(path), **LOCALES), "pairs"))
    assert [(p.source, p.target) for p in pairs] == [('"a', "'b\"")]
    assert [(r.line, r.reason) for r in rejects] == [
        (3, "1 cells where the first line has 2"),
        (4, "3 cells where the first line has 2"),
    ]


def test_windows_files(tmp_path):
    path = write_bytes(tmp_path / "x.tsv", "\ufeffsource\ttarget\r\na\tb\r\n".encode())
    assert sides(read(ParallelSource(path=str(path), **LOCALES), "pairs")) == [("a", "b")]


def fails(source, records, message):
    with pytest.raises(UserError, match=message) as caught:
        read(source, records)
    assert "\n" not in str(caught.value)


def test_what_stops(tmp_path):
    one = str(write_jsonl(tmp_path / "x.jsonl", [{"src": "a", "tgt": "b"}]))
    fails(ParallelSource(path=one, **LOCALES), "pairs", "no column 'source'.*'src', 'tgt'.*columns.source")
    fails(ParallelSource(path=one, columns={"source": "x"}, **LOCALES), "pairs", "no column 'x'")
    fails(ParallelSource(path=one, columns={"sauce": "src"}, **LOCALES), "pairs", "unknown field 'sauce'")
    parquet = str(write_parquet(tmp_path / "x.parquet", [{"src": "a"}]))
    fails(ParallelSource(path=parquet, **LOCALES), "pairs", "no column 'source'.*'src'")
    tsv = str(write_bytes(tmp_path / "x.tsv", b"a\tb\n"))
    fails(ParallelSource(path=tsv, columns={"source": "en"}, **LOCALES), "pairs", "x.tsv:1: no column 'en'.*'a', 'b'")
    fails(
        ParallelSource(path=tsv, source_locale="xx", target_locale="de"), "pairs", "source_locale: unknown locale 'xx'"
    )
    fails(ParallelSource(path=str(tmp_path / "none.tsv"), **LOCALES), "pairs", "none.tsv: no such file")
    fails(ParallelSource(path=str(tmp_path / "none"), **LOCALES), "pairs", "none: no such file")
    fails(ParallelSource(path=tsv, format="csv", **LOCALES), "pairs", "unknown format 'csv'; did you mean 'tsv'")
    fails(ConversationSource(path=tsv), "conversations", "'tsv' holds texts and pairs, not conversations")
    odd = str(write_bytes(tmp_path / "x.odd", b"a\n"))
    fails(TextSource(path=odd), "texts", "set format to one of")
    fails(TextSource(path=odd, format="txt"), "texts", "set locale")
    fails(
        ParallelSource(path=str(write_bytes(tmp_path / "y.parquet", b"no")), **LOCALES), "pairs", "not a Parquet file"
    )
    for suffix in ("gz", "zst"):
        whole = write_bytes(tmp_path / f"x.jsonl.{suffix}", json.dumps({"source": "a", "target": "b"}).encode() * 99)
        whole.write_bytes(whole.read_bytes()[:-9])
        fails(ParallelSource(path=str(whole), **LOCALES), "pairs", "damaged or cut off")


def test_moses_files_must_fit(tmp_path):
    for name, count in (
        ("x.en", 3),
        ("x.de", 2),
        ("x.fr", 3),
        ("x.fr.gz", 3),
        ("y.en", 1),
        ("y.pt", 1),
        ("x.en.bak", 9),
    ):
        write_bytes(tmp_path / name, b"a\n" * count)
    fails(ParallelSource(path=[f"{tmp_path}/x.en", f"{tmp_path}/x.de"]), "pairs", "x.en: 3 lines, but .*x.de has 2")
    fails(ParallelSource(path=f"{tmp_path}/x"), "pairs", "for de, en, fr, fr; set source_locale")
    fails(ParallelSource(path=f"{tmp_path}/x", source_locale="en", target_locale="it"), "pairs", "no file for it")
    fails(ParallelSource(path=f"{tmp_path}/x", source_locale="en", target_locale="fr"), "pairs", "several files for fr")
    fails(ParallelSource(path=[f"{tmp_path}/x.en"] * 2), "pairs", "two aligned files")
    fails(ParallelSource(path=f"{tmp_path}/y"), "pairs", "y.pt: its name does not tell.*set target_locale")
    assert (
        read(ParallelSource(path=f"{tmp_path}/y", source_locale="en", target_locale="pt-PT"), "pairs")[0].target == "a"
    )


def test_a_star_stands_for_many_files(tmp_path):
    for name in "ab":
        write_jsonl(tmp_path / f"{name}.jsonl", [{"text": name}])
    texts = read(TextSource(path=f"{tmp_path}/*.jsonl", locale="de"), "texts")
    assert [(t.text, t.origin) for t in texts] == [("a", "a.jsonl"), ("b", "b.jsonl")]
