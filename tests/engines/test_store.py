"""The answer store: what it finds, what two processes and a killed one leave behind."""

import dataclasses
import json
import multiprocessing
import os
import signal
import sqlite3
import time

import pytest

from towerplus.engines.base import Completion, Request, Sampling, Usage
from towerplus.engines.store import Store, key, stored
from towerplus.errors import UserError
from towerplus.records import Message


class Echo:
    """An engine that answers with what it was asked and writes down each question."""

    identity, template = "echo-1", "template-1"

    def __init__(self, log=None, delay: float = 0.0):
        self.asked: list[Request] = []
        self.log, self.delay = log, delay

    def complete(self, requests):
        self.asked += requests
        answers = []
        for request in requests:
            time.sleep(self.delay)
            if self.log:
                with open(self.log, "a") as out:
                    out.write(f"{request.prompt}\n")
            outcome = "exhausted" if request.prompt == "later" else "ok"
            answers.append(
                [
                    Completion(
                        f"{request.prompt} {i} {os.getpid()}", outcome, "stop", (1, i), (-0.1, -1e-9), Usage(3, 2)
                    )
                    for i in range(request.sampling.n)
                ]
            )
        return answers


def ask(prompt: str, **sampling) -> Request:
    return Request(prompt=prompt, sampling=Sampling(**sampling))


def test_asks_only_for_what_is_missing_and_gives_back_the_same(tmp_path):
    echo = Echo()
    engine = stored(echo, Store(tmp_path / "answers.db"))
    first = engine.complete([ask("a", n=2), ask("b", n=2), ask("a", n=2)])
    assert [r.prompt for r in echo.asked] == ["a", "b"]  # twice the same question is one
    assert first[0] == first[2]
    again = stored(Echo(), Store(tmp_path / "answers.db"))
    assert again.complete([ask("b", n=2), ask("a", n=1)]) == [first[1], first[0][:1]]
    assert again.engine.asked == []
    more = again.complete([ask("a", n=3)])[0]
    assert more[:2] == first[0]
    assert [r.sampling.n for r in again.engine.asked] == [3]
    assert (again.identity, again.template) == ("echo-1", "template-1")


def test_every_part_of_a_question_is_part_of_its_key():
    base = ask("a", seed=1)
    keys = {key("m", "t", base, 0), key("m2", "t", base, 0), key("m", "t", base, 1), key("m", "t", ask("b", seed=1), 0)}
    changes = {
        "seed": 2,
        "temperature": 0.5,
        "top_p": 0.9,
        "max_tokens": 9,
        "stop": ("x",),
        "schema": {"type": "object"},
    }
    for name, value in changes.items():
        sampling = dataclasses.replace(base.sampling, **{name: value})
        keys.add(key("m", "t", dataclasses.replace(base, sampling=sampling), 0))
    turns = (Message("user", "a"),)
    chat = Request(messages=turns, sampling=base.sampling)
    keys |= {key("m", "t", chat, 0), key("m", "t2", chat, 0)}
    keys.add(key("m", "t", Request(messages=(Message("system", "a"),), sampling=base.sampling), 0))
    assert len(keys) == 4 + len(changes) + 3
    assert key("m", "t", base, 0) == key("m", "other template", ask("a", seed=1, n=7), 0)  # neither matters here
    assert set(changes) | {"n"} == {f.name for f in dataclasses.fields(Sampling)}


def test_what_another_try_could_change_is_not_kept(tmp_path):
    store = Store(tmp_path / "answers.db")
    engine = stored(Echo(), store)
    assert engine.complete([ask("later")])[0][0].outcome == "exhausted"
    assert len(store) == 0
    engine.complete([ask("later")])
    assert len(engine.engine.asked) == 2


def ask_all(path, log, start):
    start.wait()
    stored(Echo(log, 0.001), Store(path)).complete([ask(str(i), n=2) for i in range(300)])


def test_two_processes_ask_the_same(tmp_path):
    path, log = tmp_path / "answers.db", tmp_path / "log"
    context = multiprocessing.get_context("fork")
    start = context.Event()
    workers = [context.Process(target=ask_all, args=(path, log, start)) for _ in range(2)]
    for worker in workers:
        worker.start()
    start.set()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    store = Store(path)
    assert len(store) == 600
    echo = Echo()
    answers = stored(echo, store).complete([ask(str(i), n=2) for i in range(300)])
    assert echo.asked == []
    assert [a.text.split()[:2] for pair in answers for a in pair] == [
        [str(i), str(j)] for i in range(300) for j in (0, 1)
    ]


def test_the_first_answer_stays(tmp_path):
    store = Store(tmp_path / "answers.db")
    store.put("m", {"k": Completion("first")})
    Store(tmp_path / "answers.db").put("m", {"k": Completion("second")})
    assert store.get(["k", "absent"]) == {"k": Completion("first")}


@pytest.mark.parametrize("seconds", [0.15, 0.25, 0.4])
def test_a_killed_writer_leaves_whole_batches(tmp_path, seconds):
    path = tmp_path / "answers.db"
    context = multiprocessing.get_context("fork")
    start = context.Event()
    start.set()
    writer = context.Process(target=ask_all, args=(path, tmp_path / "log", start))
    writer.start()
    time.sleep(seconds)
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    store = Store(path)
    assert store._connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(store) in (0, 512, 600)  # batches of 256 requests with two samples each
    answers = stored(Echo(), store).complete([ask(str(i), n=2) for i in range(300)])
    assert len(answers) == 300
    assert len(store) == 600


def test_the_file_is_what_the_documentation_says(tmp_path):
    path = tmp_path / "deep" / "answers.db"
    stored(Echo(), Store(path)).complete([ask("secret question")])
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    ((name, identity, completion),) = connection.execute("SELECT key, identity, completion FROM answer").fetchall()
    assert name == key("echo-1", "template-1", ask("secret question"), 0)
    assert (identity, json.loads(completion)["logprobs"]) == ("echo-1", [-0.1, -1e-9])


def test_other_files_are_refused_in_one_line(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("not a database, but long enough to be read as one" * 100)
    later = tmp_path / "later.db"
    Store(later)._connection.execute("PRAGMA user_version = 99")
    other = tmp_path / "other.db"
    sqlite3.connect(other).execute("CREATE TABLE thing (a)")
    for path, reason in (
        (text, "cannot use it"),
        (later, "layout 99"),
        (other, "something else"),
        (tmp_path, "unable"),
    ):
        with pytest.raises(UserError, match=reason) as caught:
            Store(path)
        assert str(path) in str(caught.value)
