"""The toy world as a whole: what its references, splits and counts promise."""

import dataclasses
import re
import subprocess
import sys
from collections import Counter

import pytest
from pydantic import ValidationError

from towerplus.corpora.toy.language import grammar_of, lexicon
from towerplus.corpora.toy.settings import ToySettings
from towerplus.corpora.toy.world import build
from towerplus.records import digest, from_row, to_row
from towerplus.verify import verify_all
from towerplus.verify.register import words

COUNTS = {
    "train": {"plain": 80, "register": 60, "instructed": 150, "judgement": 30, "general": 80},
    "dev": {"plain": 40, "unseen": 10, "register": 20, "instructed": 60, "judgement": 10, "general": 30},
    "test": {"plain": 150, "unseen": 40, "register": 60, "instructed": 200, "judgement": 30, "general": 80},
}
SMALL = ToySettings(
    texts=900,
    texts_dev=60,
    pairs=900,
    pairs_dev=60,
    translations=300,
    judgements=40,
    general=120,
    preferences=80,
    judge=101,
    **COUNTS,
)


@pytest.fixture(scope="module", params=[1, 2, 3])
def world(request):
    return build(SMALL, request.param)


#: Have a nice day; Best regards, Anna: these close sentences of every split
STOCK = {
    phrase.rstrip(".")
    for locale in ("en-US", *SMALL.targets)
    for table in grammar_of(locale).closings.values()
    for phrase in table.values()
}


def sentences(texts):
    parts = {part for text in texts for part in re.split(r"(?<=[^\d][.?])\s+", text) if len(part.split()) > 2}
    return {part for part in parts if not part.startswith(tuple(STOCK))}


def everything(world):
    for name in ("texts", "texts_dev", "pairs", "pairs_dev", "conversations", "preferences"):
        yield from getattr(world, name)
    for tasks in world.tasks.values():
        yield from tasks


def test_every_reference_passes_the_checks_of_its_task(world):
    for tasks in world.tasks.values():
        for task in tasks:
            verdicts = verify_all(task.reference, task)
            assert verdicts, task.kind
            assert all(verdict.passed for verdict in verdicts), (task, verdicts)


def test_empty_copied_and_foreign_answers_fail(world):
    for task in world.tasks["test"]:
        if task.source:
            assert not any(verdict.passed for verdict in verify_all("", task))
            assert not all(verdict.passed for verdict in verify_all(task.source, task)), task


def test_counts_and_kinds(world):
    assert len(world.pairs) == 900
    assert len(world.preferences) == 80
    assert len(world.judge) == 101
    assert len(world.conversations) == 300 + 40 + 120
    assert len([text for text in world.texts if re.search(r"\w", text.text)]) >= 900
    for split, tasks in world.tasks.items():
        families = Counter(task.kind.partition("/")[0] for task in tasks)
        counts = COUNTS[split]
        assert families["translation"] == counts["plain"] + counts.get("unseen", 0)
        assert families["instructed"] == counts["instructed"]
        assert families["register"] == counts["register"]
        assert families["judgement"] == counts["judgement"]
        assert families["general"] + families["constraint"] == counts["general"]
    rules = {task.kind for task in world.tasks["test"] if task.kind.startswith("instructed/")}
    assert len(rules) == 8


def test_splits_share_no_source_no_reference_and_no_meaning(world):
    held = {split: [t for t in world.tasks[split] if t.source] for split in ("dev", "test")}
    seen = sentences(side for pair in world.pairs for side in (pair.source, pair.target))
    seen |= sentences(text.text for text in world.texts)
    seen |= sentences(m.content for c in world.conversations for m in c.messages)
    seen |= sentences(task.source for task in world.tasks["train"] if task.source)
    for tasks in held.values():
        assert not seen & sentences(side for task in tasks for side in (task.source, task.reference))
    dev = sentences(t.source for t in held["dev"]) | sentences(p.source for p in world.pairs_dev)
    assert not dev & sentences(t.source for t in held["test"])
    clusters = {split: {t.cluster for t in world.tasks[split]} for split in world.tasks}
    assert not clusters["train"] & clusters["test"]
    assert not clusters["dev"] & clusters["test"]


def test_withheld_words_appear_in_unseen_tasks_only(world):
    german = grammar_of("de").table
    hidden = {w for lexeme in lexicon.WITHHELD for w in words(german.first(lexeme).singular)}
    for text in world.texts:
        if text.locale == "de":
            assert not hidden & set(words(text.text))
    for task in world.tasks["test"]:
        if task.kind == "translation/unseen":
            assert "lossary" in task.messages[0].content
            assert any(re.search(rf"\b{lexeme}", task.source) for lexeme in lexicon.WITHHELD)


def test_address_is_formal_as_often_as_not_except_where_preferred(world):
    formal = [preference.chosen[0].content for preference in world.preferences]
    assert len(set(formal)) > 60
    for preference in world.preferences:
        assert preference.chosen != preference.rejected
    german = [p.target for p in world.pairs if p.target_locale == "de"]
    polite = sum(
        "Sie" in words_of(text) or "Ihr" in text for text in german if re.search(r"Sie|Ihr|\bdu\b|\bdein", text)
    )
    familiar = sum(bool(re.search(r"\bdu\b|\bdein", text)) for text in german)
    assert 0.25 < polite / (polite + familiar) < 0.75


def words_of(text):
    return re.findall(r"\w+", text)


def test_the_judge_sees_other_sentences_and_both_registers(world):
    asked = {task.source for tasks in world.tasks.values() for task in tasks}
    assert Counter(item.register for item in world.judge)["formal"] in (50, 51)
    preferred = {p.chosen[0].content for p in world.preferences}
    assert not preferred & {item.text for item in world.judge}
    assert asked
    for item in world.judge[:20]:
        masked = world.mask(item.text, item.locale)
        assert masked != item.text or item.locale == "es-419"


def test_records_survive_storage_and_name_their_origin(world):
    for record in everything(world):
        assert record.origin
        assert record.licence == "Apache-2.0"
    for task in world.tasks["test"][:200]:
        assert from_row(type(task), to_row(task)) == task


def test_documents_share_an_entity(world):
    documents = [pair for pair in world.pairs if pair.kind == "document"]
    assert 0.05 < len(documents) / len(world.pairs) < 0.3
    for pair in documents:
        for side in (pair.source, pair.target):
            assert 2 <= len(re.findall(r"[.?](?=\s|$)", side)) <= 7, side


def fingerprint(world):
    return digest(*(repr(to_row(record)) for record in everything(world)), repr(world.judge), repr(world.glossaries))


def test_same_seed_same_bytes_in_another_process():
    script = (
        "from tests.corpora.toy.test_world import *\n"
        "print(fingerprint(build(SMALL.model_copy(update={'texts': 60, 'pairs': 60, 'translations': 40}), 7)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "4", "PATH": ""},
    )
    here = build(SMALL.model_copy(update={"texts": 60, "pairs": 60, "translations": 40}), 7)
    assert run.stdout.split()[-1] == fingerprint(here)


def test_other_seeds_other_worlds_but_the_same_splits():
    one, two = (build(SMALL.model_copy(update={"texts": 100, "pairs": 100, "general": 20}), seed) for seed in (4, 5))
    assert fingerprint(one) != fingerprint(two)
    trained = {task.source for task in one.tasks["train"] if task.source}
    assert not trained & {task.source for task in two.tasks["test"] if task.source}


def test_fewer_targets():
    made = build(SMALL.model_copy(update={"targets": ("fr",), "texts": 40, "pairs": 40}), 1)
    locales = {locale for pair in made.pairs for locale in (pair.source_locale, pair.target_locale)}
    assert locales == {"en-US", "fr"}
    assert set(made.glossaries) == {("en-US", "fr")}
    assert ("bag", "le sac") in made.glossaries["en-US", "fr"]


@pytest.mark.parametrize("bad", [{"targets": ["ja"]}, {"targets": []}, {"texts": -1}, {"back": 2}, {"sentences": 3}])
def test_bad_settings_are_refused(bad):
    with pytest.raises(ValidationError):
        ToySettings(**bad)


def test_settings_import_nothing_heavy():
    script = (
        "import sys, towerplus.corpora.toy.settings\n"
        "print([m for m in ('torch', 'pyarrow', 'numba', 'numpy') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_labelled_texts_are_plain_values(world):
    assert {item.name for item in dataclasses.fields(world.judge[0])} == {"text", "register", "locale"}
