"""Killed anywhere and taken up again, a run ends in the bytes of one that was never touched."""

import json
import multiprocessing
import os
import signal

import pytest
import torch
from safetensors.torch import save_file
from tiny_models import tiny_model

from towerplus.errors import UserError
from towerplus.train import checkpoint, loop
from towerplus.train.batch import pad_rows
from towerplus.train.head import token_logprobs
from towerplus.train.objectives import next_token
from towerplus.train.settings import LoopSettings

STEPS = 23


class Counter:
    """A stage's own state: what it has drawn so far steers what it does next."""

    def __init__(self):
        self.drawn = torch.zeros(3)

    def state_dict(self):
        return {"drawn": self.drawn}

    def load_state_dict(self, state):
        self.drawn = state["drawn"]


def train(out, die_at=None, steps=STEPS, **overrides):
    """A run that depends on everything a checkpoint must hold; with `die_at` it kills its own process at that step."""
    settings = LoopSettings(**{"learning_rate": 1e-2, "save_every": 5, **overrides})
    model, counter = tiny_model(), Counter()

    def compute(step):
        if step == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        counter.drawn = counter.drawn + torch.rand(3)  # the global generator
        tokens = (torch.rand(4, 9) * 50 + counter.drawn.sum() % 50).long().tolist()
        batch = pad_rows(tokens, [[False] + [True] * 8] * 4)
        yield next_token.loss(token_logprobs(model, batch).logprob, denominator=32)
        yield {"drawn": counter.drawn.sum().item()}

    def evaluate(step):
        return {"held_out": token_logprobs(model, pad_rows([[1, 2, 3]], [[False, True, True]])).logprob.sum().item()}

    loop.run(model, steps, compute, settings, out, 7, "test", [loop.Callback(4, evaluate)], counter)
    save_file({name: p.detach() for name, p in model.named_parameters()}, out / "model.safetensors")


def dies(function, *arguments):
    """Run in a process of its own that must be killed by SIGKILL."""
    child = multiprocessing.get_context("fork").Process(target=function, args=arguments)
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL


def dies_while_saving(out, moment):
    """Killed in the second checkpoint: before it is renamed into place, or right after."""
    replace, done = os.replace, []

    def deadly(source, target):
        done.append(target)
        if len(done) == 2:
            if moment == "after":
                replace(source, target)
            os.kill(os.getpid(), signal.SIGKILL)
        replace(source, target)

    os.replace = deadly
    train(out)


def content(out):
    times = [json.loads(line)["step"] for line in (out / "times.jsonl").read_text().splitlines()]
    return (out / "model.safetensors").read_bytes(), (out / "log.jsonl").read_bytes(), times


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    out = tmp_path_factory.mktemp("untouched")
    train(out)
    return content(out)


@pytest.mark.parametrize("points", [[2], [5], [6], [9, 14], [22], [4, 8, 12, 16, 20]])
def test_killed_and_resumed(points, untouched, tmp_path):
    for point in points:
        dies(train, tmp_path, point)
    train(tmp_path)
    assert content(tmp_path) == untouched


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_while_saving(moment, untouched, tmp_path):
    dies(dies_while_saving, tmp_path, moment)
    train(tmp_path)
    assert content(tmp_path) == untouched


def test_it_does_go_on(tmp_path):
    """The steps before the checkpoint are not computed again."""
    dies(train, tmp_path, 17)
    log = (tmp_path / "log.jsonl").read_bytes()
    with pytest.raises(AssertionError):
        dies(train, tmp_path, 14)  # step 14 lies before the checkpoint of step 15, so nobody dies
    assert (tmp_path / "log.jsonl").read_bytes().startswith(log[: len(log) // 2])


def test_another_run_is_refused(tmp_path):
    dies(train, tmp_path, 7)
    for change in ({"learning_rate": 2e-2}, {"steps": STEPS + 1}):
        with pytest.raises(UserError, match="other settings"):
            train(tmp_path, **change)
    train(tmp_path, save_every=4)  # how often it is saved is no other run


def test_damaged(tmp_path):
    dies(train, tmp_path, 7)
    path = tmp_path / checkpoint.NAME
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="cannot read the checkpoint"):
        train(tmp_path)
    path.write_bytes(whole)
    (tmp_path / "log.jsonl").write_bytes(b"")
    with pytest.raises(UserError, match="shorter than its checkpoint"):
        train(tmp_path)
    checkpoint.remove(tmp_path)
    checkpoint.remove(tmp_path)
    train(tmp_path)


def test_full_disk(tmp_path, monkeypatch):
    """An old checkpoint survives a failed one, and no half is left."""
    dies(train, tmp_path, 7)
    before = (tmp_path / checkpoint.NAME).read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(UserError, match="No space left"):
        train(tmp_path)
    assert (tmp_path / checkpoint.NAME).read_bytes() == before
    assert not list(tmp_path.glob("*.aside"))
