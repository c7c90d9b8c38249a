"""What a run writes down: the same rows in the same bytes, whole lines, and a line now and then for people."""

import io
import json
import sys

import pytest

from towerplus.errors import UserError
from towerplus.train import log


def test_same_rows_same_bytes(tmp_path):
    rows = [{"step": 1, "loss": 1 / 3, "count": 10**9, "name": "é"}, {"step": 2, "loss": 1.23456789e-7, "bad": None}]
    for name in ("a", "b"):
        written = log.Log(tmp_path / name)
        for row in rows:
            written.write(row)
        assert written.size() == (tmp_path / name).stat().st_size > 0, "on the disk, not in a buffer"
        written.close()
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    back = [json.loads(line) for line in (tmp_path / "a").read_text().splitlines()]
    assert back[0] == {"step": 1, "loss": 0.333333, "count": 10**9, "name": "é"}
    assert back[1]["loss"] == 1.23457e-7


def test_it_goes_on_from_where_the_checkpoint_was(tmp_path):
    path = tmp_path / "log.jsonl"
    first = log.Log(path)
    first.write({"step": 1})
    kept = first.size()
    first.write({"step": 2, "lost": True})
    first.close()
    with path.open("ab") as stream:
        stream.write(b'{"step": 3, "half')  # what a kill leaves
    second = log.Log(path, kept)
    second.write({"step": 2})
    second.close()
    assert path.read_text() == '{"step": 1}\n{"step": 2}\n'
    with pytest.raises(UserError, match="shorter than its checkpoint says"):
        log.Log(path, 1000)
    with pytest.raises(UserError, match="cannot write"):
        log.Log(tmp_path / "no" / "log.jsonl")


class Clock:
    """Time that passes when it is told to."""

    def __init__(self, monkeypatch):
        self.now = 100.0
        monkeypatch.setattr(log.time, "monotonic", lambda: self.now)


def test_without_a_terminal_a_line_every_half_minute_and_at_the_end(monkeypatch):
    clock, said = Clock(monkeypatch), io.StringIO()
    monkeypatch.setattr(sys, "stderr", said)
    ticker = log.Ticker("sft", 100, done=20)
    for step, seconds in ((21, 1), (22, 10), (40, 20), (41, 1), (100, 8)):
        clock.now += seconds
        ticker.show(step, 2.5, last=step == 100)
    ticker.close()
    assert said.getvalue().splitlines() == [
        "sft: step 40/100, 0.6/s, 93 s left, loss 2.500",  # 20 steps of this sitting in 31 s
        "sft: step 100/100, 2.0/s, 0 s left, loss 2.500",
    ]


def test_a_ticker_before_the_first_step(monkeypatch):
    clock, said = Clock(monkeypatch), io.StringIO()
    monkeypatch.setattr(sys, "stderr", said)
    clock.now += 60
    ticker = log.Ticker("sft", 10)
    ticker.show(0, float("nan"), last=True)
    assert "step 0/10, 0.0/s, inf s left, loss nan" in said.getvalue()


def test_on_a_terminal_a_bar(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    clock, said = Clock(monkeypatch), Terminal()
    monkeypatch.setattr(sys, "stderr", said)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    ticker = log.Ticker("sft", 10)
    clock.now += 1
    ticker.show(5, 2.5)
    ticker.close()
    assert "5/10" in said.getvalue()
    assert "loss 2.500" in said.getvalue()


def test_the_board_gets_numbers_and_nothing_else(tmp_path):
    log.Board(tmp_path / "none", wanted=False).write({"step": 1, "loss": 1.0})
    assert not (tmp_path / "none").exists()
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    board = log.Board(tmp_path / "board", wanted=True)
    board.write({"step": 7, "loss": 0.5, "kind": "text", "none": None})
    board.close()
    events = EventAccumulator(str(tmp_path / "board")).Reload()
    assert events.Tags()["scalars"] == ["loss"]
    assert [(event.step, event.value) for event in events.Scalars("loss")] == [(7, 0.5)]


def test_a_board_that_cannot_be_is_told(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(UserError, match=r"towerplus\[tensorboard\]"):
        log.Board(tmp_path, wanted=True)
