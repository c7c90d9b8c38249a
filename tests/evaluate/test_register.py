"""The classifier of registers: trained on texts of its own, blind to pronouns, right on texts it has not seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from towerplus import records
from towerplus.corpora.toy.settings import TaskCounts, ToySettings
from towerplus.corpora.toy.store import store
from towerplus.evaluate.register import MASK, RegisterClassifier, ngrams
from towerplus.records import Task, Text

LOCALES = ("de", "fr")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with little in it but registers."""
    counts = {"train": TaskCounts(register=40), "dev": TaskCounts(), "test": TaskCounts(register=120)}
    toy = ToySettings(
        targets=LOCALES, texts=0, texts_dev=0, pairs=10, pairs_dev=5, translations=5, judgements=0, general=10,
        preferences=40, judge=800, **counts,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("toy")
    store(toy, 3, folder)
    return folder


@pytest.fixture(scope="module")
def classifier(data: Path) -> RegisterClassifier:
    return RegisterClassifier.load(data)


def held_out(data: Path) -> list[tuple[str, str, str]]:
    """(text, register, locale) of the renderings of the test tasks, a few of each."""
    found = []
    for task in records.read(data / "tasks-test.parquet", Task):
        (arguments,) = [check.arguments for check in task.checks if check.kind == "register.preferred"]
        for register in ("formal", "informal"):
            found += [(text, register, task.target_locale or "") for text in arguments[register][:2]]
    return found


def test_it_learns_from_texts_that_no_stage_asks_about(data: Path) -> None:
    labelled = list(records.read(data / "register.parquet", Text))
    assert {(text.locale, text.kind) for text in labelled} == {(x, y) for x in LOCALES for y in ("formal", "informal")}
    assert not {text.text for text in labelled} & {text for text, _, _ in held_out(data)}


def test_accuracy_on_held_out_texts(data: Path, classifier: RegisterClassifier) -> None:
    texts = held_out(data)
    assert len(texts) >= 400
    for locale in LOCALES:
        verdicts = [(classifier.classify(text, locale), register) for text, register, place in texts if place == locale]
        said = [(verdict, register) for verdict, register in verdicts if verdict]
        assert len(said) >= 0.9 * len(verdicts), f"{locale}: it has to say something"
        right = sum(verdict == register for verdict, register in said)
        assert right >= 0.97 * len(said), f"{locale}: {right} of {len(said)}"


def test_it_does_not_go_by_pronouns(data: Path, classifier: RegisterClassifier) -> None:
    """The checks that reward training go by pronouns; the judge of the outcome must not be fooled by them alone."""
    pronouns = json.loads((data / "pronouns.json").read_text(encoding="utf-8"))
    assert {"Sie", "du"} <= set(pronouns["de"]) | {word.capitalize() for word in pronouns["de"]} | {"du"}
    masked = classifier.masked("Können Sie mir Ihr Ticket zeigen?", "de")
    assert masked.count(MASK) == 2
    assert "Ticket" in masked
    for word in pronouns["de"]:
        assert classifier.classify(word, "de") is None, word
    swapped = classifier.log_odds("Können du mir dein Ticket zeigen?", "de")
    assert swapped == classifier.log_odds("Können Sie mir Ihr Ticket zeigen?", "de")


def test_thin_evidence_belongs_to_neither(classifier: RegisterClassifier) -> None:
    assert classifier.classify("", "de") is None
    assert classifier.classify("xyzzy", "de") is None
    assert classifier.classify("Guten Tag", "ja") is None, "a locale that it has not learned"
    assert classifier.log_odds("Guten Tag", "ja") == 0


def test_the_odds_are_those_of_naive_bayes() -> None:
    """Two texts, counted by hand: add-one smoothing over the n-grams that either side has."""
    classifier = RegisterClassifier({"de": ["x"]})
    classifier.train([Text("ab", "de", "formal"), Text("a", "de", "informal")])
    formal, informal = ngrams("ab"), ngrams("a")
    assert formal == ["^a", "ab", "b$", "^ab", "ab$", "^ab$"]
    assert informal == ["^a", "a$", "^a$"]
    known = len(set(formal) | set(informal))
    from math import log

    totals = log(len(informal) + known) - log(len(formal) + known)
    expected = {"^a": log(2) - log(2) + totals, "ab": log(2) - log(1) + totals, "a$": log(1) - log(2) + totals}
    assert classifier.log_odds("ab", "de") == pytest.approx(
        sum({**expected, "b$": expected["ab"], "^ab": expected["ab"], "ab$": expected["ab"], "^ab$": expected["ab"]}[g]
            for g in formal)
    )  # fmt: skip
    assert classifier.log_odds("a", "de") == pytest.approx(expected["^a"] + 2 * expected["a$"])
