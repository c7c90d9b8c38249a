"""Instructions and tasks from bitext."""

from collections import Counter

import pytest

from towerplus.errors import UserError
from towerplus.prompts.translation import WORDINGS
from towerplus.records import Check, Conversation, Message, Pair, Task, read, write
from towerplus.synthesize.instructions import conversations, directions, tasks
from towerplus.synthesize.run import run
from towerplus.synthesize.settings import SynthesizeSettings

PAIRS = [Pair(f"The tree {i}.", f"Der Baum {i}.", "en-US", "de", origin="test", licence="CC0") for i in range(60)]


def test_every_pair_is_asked_for_in_one_of_several_wordings():
    made = list(conversations(PAIRS, None, seed=1))
    assert [c.messages[-1].content for c in made] == [p.target for p in PAIRS]
    assert all(
        p.source in c.messages[0].content and "German" in c.messages[0].content
        for p, c in zip(PAIRS, made, strict=True)
    )
    shapes = Counter(c.messages[0].content.replace(p.source, "{}") for p, c in zip(PAIRS, made, strict=True))
    assert len(shapes) == len(WORDINGS)
    assert {(c.kind, c.origin, c.licence) for c in made} == {("translation/sentence", "test", "CC0")}
    assert list(conversations(PAIRS, None, seed=1)) == made
    assert list(conversations(PAIRS, ["tower"], seed=1)) != made


def test_both_directions():
    both = list(directions(PAIRS[:1], True))
    assert [(p.source, p.target, p.source_locale, p.target_locale) for p in both] == [
        ("The tree 0.", "Der Baum 0.", "en-US", "de"),
        ("Der Baum 0.", "The tree 0.", "de", "en-US"),
    ]
    assert list(directions(both, True))[3] == both[0]


def test_all_translations_of_a_source_are_accepted():
    pairs = [
        *PAIRS[:2],
        Pair("The tree 0.", "Ein Baum 0.", "en-US", "de"),
        Pair("The tree 0.", "L'arbre 0.", "en-US", "fr"),
    ]
    first, second, third = tasks(pairs, ["tower"], seed=1)
    assert first.checks[0].kind == "translation.accepted"
    assert "Der Baum 0." in str(first.checks[0].arguments)
    assert "Ein Baum 0." in str(first.checks[0].arguments)
    assert (first.reference, first.cluster) == ("Der Baum 0.", third.cluster)
    assert (third.target_locale, second.reference) == ("fr", "Der Baum 1.")
    assert [t.reference for t in tasks(PAIRS, None, seed=1, limit=10)] == sorted(
        (t.reference for t in tasks(PAIRS, None, seed=1, limit=10)), key=[p.target for p in PAIRS].index
    )
    assert len(tasks(PAIRS, None, seed=1, limit=10)) == 10


def test_sides_without_text_are_no_pairs():
    empty = [Pair("", "Der Baum.", "en-US", "de"), Pair("The tree.", " ", "en-US", "de")]
    assert list(conversations(empty, None, seed=1)) == []
    assert tasks(empty, None, seed=1) == []


def test_the_stage(tmp_path):
    for name, some in (("", PAIRS[:40]), ("-dev", PAIRS[40:50]), ("-test", PAIRS[50:])):
        write(tmp_path / f"pairs{name}.parquet", Pair, some)
    settings = SynthesizeSettings(make="instructions", tasks=15, both_directions=True)
    counts = run(settings, tmp_path, None, tmp_path / "out", seed=1)
    assert counts == {"conversations": 80, "tasks-train": 15, "tasks-dev": 20, "tasks-test": 20}
    assert len(list(read(tmp_path / "out" / "conversations.parquet", Conversation))) == 80
    clusters = [
        {t.source for t in read(tmp_path / "out" / f"tasks-{s}.parquet", Task)} for s in ("train", "dev", "test")
    ]
    assert not clusters[0] & clusters[1]
    assert not clusters[1] & clusters[2]
    few = run(settings.model_copy(update={"conversations": 7}), tmp_path, None, tmp_path / "few", seed=1)
    assert few["conversations"] == 7


def test_conversations_and_tasks_that_are_there_stay(tmp_path):
    own = [Conversation((Message("user", f"Hi {i}"), Message("assistant", "Hello.")), "general/user") for i in range(3)]
    task = Task((Message("user", "Say red."),), "general/colour", (Check("answer.exact", {"expected": ["red"]}),))
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    write(data / "conversations.parquet", Conversation, own)
    write(data / "tasks-test.parquet", Task, [task])
    for name in ("", "-dev", "-test"):
        write(data / f"pairs{name}.parquet", Pair, PAIRS[:20])
    settings = SynthesizeSettings(make="instructions", conversations=5)
    counts = run(settings, data, None, out, seed=1)
    assert counts == {
        "conversations": 8,
        "conversations: kept": 3,
        "tasks-train": 20,
        "tasks-dev": 20,
        "tasks-test": 21,
        "tasks-test: kept": 1,
    }
    written = list(read(out / "conversations.parquet", Conversation))
    assert written[:3] == own
    assert {c.kind for c in written[3:]} == {"translation/sentence"}
    assert next(read(out / "tasks-test.parquet", Task)) == task
    write(data / "pairs.parquet", Pair, [Pair("", "x", "en-US", "de")])
    with pytest.raises(UserError, match="no pairs with text"):  # one's own conversations do not hide this
        run(settings, data, None, tmp_path / "none", seed=1)


def test_nothing_to_make_is_an_error(tmp_path):
    settings = SynthesizeSettings(make="instructions")
    with pytest.raises(UserError, match="no such file"):
        run(settings, tmp_path, None, tmp_path / "out", seed=1)
    write(tmp_path / "pairs.parquet", Pair, [])
    with pytest.raises(UserError, match="no pairs"):
        run(settings, tmp_path, None, tmp_path / "out", seed=1)
    with pytest.raises(UserError, match="after sft"):
        run(SynthesizeSettings(), tmp_path, None, tmp_path / "out", seed=1)
