"""Asking and judging, with an engine whose answers are known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from towerplus import records
from towerplus.engines.base import Completion, Request
from towerplus.errors import UserError
from towerplus.evaluate import run
from towerplus.evaluate.settings import EvaluateSettings
from towerplus.metrics import metric
from towerplus.metrics.chrf import sentence_chrf
from towerplus.records import Check, Message, Task


class Scripted:
    """Answers from a table, and keeps what it was asked."""

    identity, template = "scripted", "none"

    def __init__(self, answers: dict[str, str]):
        self.answers, self.asked = answers, []

    def complete(self, requests: Sequence[Request]) -> list[list[Completion]]:
        self.asked += requests
        texts = [request.messages[-1].content if request.messages else request.prompt for request in requests]
        return [[Completion(self.answers.get(str(text), ""))] for text in texts]


def translation(source: str, reference: str) -> Task:
    checks = (Check("translation.accepted", {"accepted": [reference]}),)
    return Task((Message("user", source),), "translation/plain", checks, source, "en-US", "de", reference, source)


def sort(words: str, answer: str) -> Task:
    return Task((Message("user", f"Sort: {words}"),), "general/sort", (Check("answer.exact", {"expected": [answer]}),))


TASKS = [
    sort("b a", "a b"),
    translation("The cat sleeps.", "Die Katze schläft."),
    sort("d c", "c d"),
    translation("A line.\nAnother.", "Eine Zeile.\nNoch eine."),
    sort("f e", "e f"),
]


def test_a_limit_takes_the_first_of_each_benchmark() -> None:
    assert run.choose(TASKS, None) == TASKS
    assert run.choose(TASKS, 1) == TASKS[:2]
    assert run.choose(TASKS, 2) == TASKS[:4]


def test_chat_asks_the_messages_and_plain_asks_running_text() -> None:
    engine = Scripted({"Sort: b a": "a b"})
    answers = run.ask(engine, TASKS, "chat", 7)
    assert [answer.text for answer in answers] == ["a b", "", "", "", ""]
    assert [request.messages for request in engine.asked] == [task.messages for task in TASKS]
    assert {(r.sampling.max_tokens, r.sampling.temperature, r.sampling.n) for r in engine.asked} == {(7, 0.0, 1)}
    engine = Scripted({"Sort: b a\n": "a b"})
    assert run.ask(engine, TASKS, "plain", 7)[0].text == "a b"
    # one line is asked, one line is taken; a reference of several lines may be answered with several
    assert [request.sampling.stop for request in engine.asked] == [("\n",), ("\n",), ("\n",), (), ("\n",)]
    ends_in_colon = Task((Message("user", "English: Hi\nGerman: "),), "translation/plain")
    run.ask(engine, [ends_in_colon], "plain", 7)
    assert engine.asked[-1].prompt == "English: Hi\nGerman:", "the space belongs to the answer's first word"


def test_judging_keeps_the_order_of_the_tasks(tmp_path: Path) -> None:
    responses = ["a b", "Die Katze schläft.", "d c", "Eine Zeile.", ""]
    rows = run.judge(TASKS, responses, "chat", tmp_path)
    assert [row["benchmark"] for row in rows] == ["general", "translation", "general", "translation", "general"]
    assert [row["response"] for row in rows] == responses
    assert [row["passed"] for row in rows] == [True, True, False, False, False]
    assert len({row["item"] for row in rows}) == len(TASKS)
    again = run.judge(TASKS[::-1], responses[::-1], "plain", tmp_path)[::-1]
    assert [row["item"] for row in again] == [row["item"] for row in rows], "an item is its question"
    assert {row["prompt_form"] for row in again} == {"plain"}
    assert [(row["source_locale"], row["target_locale"]) for row in rows[:2]] == [(None, None), ("en-US", "de")]
    assert rows[0].get("chrf") is None


def test_items_say_what_was_asked_and_why_it_failed(tmp_path: Path) -> None:
    rows = run.judge(TASKS, ["a b", "Die Katze schlief.", "nonsense", "", ""], "chat", tmp_path)
    run.write_items(tmp_path / "items.parquet", rows)
    back = pq.read_table(tmp_path / "items.parquet").to_pylist()
    assert [row["prompt"] for row in back] == [task.messages[-1].content for task in TASKS]
    (verdict,) = json.loads(back[2]["verdicts"])
    assert (verdict["kind"], verdict["passed"]) == ("answer.exact", False)
    assert verdict["reason"]
    value = float(metric("chrf", "de").score(np.array(back[1]["chrf"])))
    assert value == pytest.approx(sentence_chrf("Die Katze schlief.", "Die Katze schläft."))
    assert back[1]["bleu"] is not None
    assert back[0]["chrf"] is None


def test_a_run_asks_every_form_and_keeps_its_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from towerplus.engines.local import LocalEngine

    answers = {"Sort: b a": " a b\n", "Sort: d c\n": "c d", "The cat sleeps.": "Die Katze schläft."}
    engine = Scripted(answers)
    monkeypatch.setattr(LocalEngine, "load", lambda *_, **__: engine)
    records.write(tmp_path / "tasks-test.parquet", Task, TASKS)
    settings = EvaluateSettings()
    common = {"data": tmp_path, "model": tmp_path, "seed": 1, "store": tmp_path / "answers.db"}
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        counts = run.run(settings, out=tmp_path / folder, **common)
        assert counts == {"items": 10, "tasks": 5, "answers ok": 10}
        assert len(engine.asked) == 10, "the second time nothing is asked"
    table = pq.read_table(tmp_path / "one" / run.ITEMS)
    assert table.equals(pq.read_table(tmp_path / "two" / run.ITEMS))
    passed = {(row["prompt_form"], row["prompt"]) for row in table.to_pylist() if row["passed"]}
    assert passed == {("chat", "Sort: b a"), ("plain", "Sort: d c"), ("chat", "The cat sleeps.")}
    records.write(tmp_path / "tasks-dev.parquet", Task, [])
    with pytest.raises(UserError, match="no tasks to evaluate on"):
        run.run(EvaluateSettings(split="dev"), out=tmp_path, **common)
