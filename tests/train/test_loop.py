"""The loop: accumulation is exact, the schedule is the formula, failure is loud, evaluation disturbs nothing."""

import json
import math
from itertools import pairwise

import pytest
import torch
from tiny_models import tiny_model

from towerplus.errors import UserError
from towerplus.train import loop
from towerplus.train.batch import pad_rows
from towerplus.train.head import token_logprobs
from towerplus.train.objectives import next_token
from towerplus.train.optimiser import build_optimiser, learning_rate
from towerplus.train.settings import LoopSettings

SETTINGS = {"learning_rate": 1e-2, "warmup_steps": 2, "save_every": 1000}
STEPS = 6


def rows(step: int) -> list[list[int]]:
    """Eight sequences of unequal lengths."""
    draw = torch.Generator().manual_seed(step)
    lengths = torch.randint(3, 12, (8,), generator=draw).tolist()
    return [torch.randint(1, 101, (n,), generator=draw).tolist() for n in lengths]


def learner(model, parts=1):
    """The next-token loss over the rows of a step, in `parts` passes."""

    def compute(step):
        sequences = rows(step)
        total = sum(len(s) - 1 for s in sequences)
        for i in range(parts):
            some = sequences[i * len(sequences) // parts : (i + 1) * len(sequences) // parts]
            batch = pad_rows(some, [[False] + [True] * (len(s) - 1) for s in some])
            yield next_token.loss(token_logprobs(model, batch).logprob, denominator=total)

    return compute


def train(out, parts=1, steps=STEPS, callbacks=(), compute=None, **overrides):
    model = tiny_model()
    settings = LoopSettings(**{**SETTINGS, **overrides})
    done = loop.run(model, steps, (compute or learner)(model, parts), settings, out, 1, "test", callbacks)
    return model, done, [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]


def same(a, b, **tolerance):
    for x, y in zip(a.parameters(), b.parameters(), strict=True):
        torch.testing.assert_close(x, y, **tolerance) if tolerance else torch.testing.assert_close(x, y, rtol=0, atol=0)


def test_four_passes_are_one(tmp_path):
    """Sums over a global token count: unequal parts weigh by their tokens."""
    one, done, log = train(tmp_path / "one")
    four, _, log4 = train(tmp_path / "four", parts=4)
    same(one, four, rtol=1e-4, atol=1e-5)
    for a, b in zip(log, log4, strict=True):
        assert (a["loss"], a["grad_norm"]) == pytest.approx((b["loss"], b["grad_norm"]), rel=1e-4)
        assert a["count"] == b["count"]
    assert done.count == sum(len(s) - 1 for step in range(STEPS) for s in rows(step))
    assert [row["step"] for row in log] == list(range(1, STEPS + 1))


def test_equals_a_loop_by_hand(tmp_path):
    ours, _, log = train(tmp_path, clip=0.5)
    model = tiny_model().train()
    optimiser = torch.optim.AdamW(model.parameters(), betas=(0.9, 0.95), weight_decay=0.01)
    for group in build_optimiser(model, LoopSettings(**SETTINGS)).param_groups:
        assert {p.dim() >= 2 for p in group["params"]} == {group["weight_decay"] > 0}
    optimiser.param_groups[0]["params"] = [p for p in model.parameters() if p.dim() >= 2]
    gains = [p for p in model.parameters() if p.dim() < 2]
    optimiser.add_param_group({"params": gains, "weight_decay": 0.0})
    for step in range(STEPS):
        total, count = 0.0, 0
        for tokens in rows(step):  # one at a time, without padding, through the model's own logits
            logits = model(input_ids=torch.tensor([tokens]), use_cache=False).logits[0, :-1]
            total = total + torch.nn.functional.cross_entropy(logits, torch.tensor(tokens[1:]), reduction="sum")
            count += len(tokens) - 1
        loss = total / count
        loss.backward()
        for group in optimiser.param_groups:
            group["lr"] = log[step]["learning_rate"]
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5)
        assert (log[step]["loss"], log[step]["grad_norm"]) == pytest.approx((loss.item(), norm.item()), rel=1e-3)
        optimiser.step()
        optimiser.zero_grad()
    same(ours, model, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("schedule", ["cosine", "linear", "constant"])
def test_schedule(schedule):
    settings = LoopSettings(learning_rate=2.0, warmup_steps=4, schedule=schedule, final_fraction=0.1)
    rates = [learning_rate(settings, step, 25) for step in range(25)]
    assert rates[:5] == pytest.approx([0.4, 0.8, 1.2, 1.6, 2.0])
    assert rates[-1] == pytest.approx(2.0 if schedule == "constant" else 0.2)
    assert rates[14] == pytest.approx(2.0 if schedule == "constant" else 1.1)  # half way
    assert all(a >= b for a, b in pairwise(rates[4:]))
    for steps in (1, 2, 3, 5):  # shorter than the warm-up
        short = [learning_rate(settings, step, steps) for step in range(steps)]
        assert all(0 < rate <= 2.0 for rate in short)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_loss_that_is_no_number_stops_the_run(tmp_path, bad):
    def spoiled(model, parts):
        def compute(step):
            for part in learner(model)(step):
                yield part._replace(loss=part.loss * bad) if step == 3 else part

        return compute

    with pytest.raises(UserError, match=f"loss is {bad} at step 4.*learning_rate"):
        train(tmp_path, compute=spoiled, save_every=4)
    assert not (tmp_path / "checkpoint.pt").exists()  # nothing spoiled is kept
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [row["step"] for row in log] == [1, 2, 3]


def test_evaluation_disturbs_nothing(tmp_path):
    def noisy(model, parts):
        def compute(step):
            draw = torch.rand(())  # a stage that samples
            for part in learner(model)(step):
                yield part._replace(loss=part.loss * draw)

        return compute

    seen = []

    def evaluate(step):
        seen.append((step, torch.is_grad_enabled()))
        return {"held_out": torch.rand(()).item()}

    plain, *_ = train(tmp_path / "plain", compute=noisy)
    watched, _, log = train(tmp_path / "watched", compute=noisy, callbacks=[loop.Callback(4, evaluate)])
    same(plain, watched)
    assert watched.training
    assert seen == [(4, False), (6, False)]
    assert [row["step"] for row in log if "held_out" in row] == [4, 6]


def test_steps_without_a_loss_and_notes(tmp_path):
    def compute_some(model, parts):
        def compute(step):
            yield {"reward": step / 2}
            if step != 2:
                yield from learner(model)(step)

        return compute

    _, _, log = train(tmp_path, compute=compute_some)
    assert [row["reward"] for row in log] == [0, 0.5, 1, 1.5, 2, 2.5]
    assert ["loss" in row for row in log] == [True, True, False, True, True, True]


def test_memory_saving_changes_nothing(tmp_path):
    plain, *_ = train(tmp_path / "plain")
    saving, *_ = train(tmp_path / "saving", gradient_checkpointing=True)
    same(plain, saving, rtol=1e-4, atol=1e-5)


def test_settings_of_torch_are_put_back(tmp_path):
    before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    train(tmp_path, threads=torch.get_num_threads() + 1, steps=1)
    assert (torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()) == before


def test_tells_where_it_is(tmp_path, capsys):
    train(tmp_path)
    assert "test: step 6/6" in capsys.readouterr().err
    times = [json.loads(line) for line in (tmp_path / "times.jsonl").read_text().splitlines()]
    assert times[-1]["step"] == STEPS
    assert times[-1]["elapsed"] > 0


def test_tensorboard(tmp_path):
    reader = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    _, _, log = train(tmp_path, tensorboard=True)
    events = reader.EventAccumulator(str(tmp_path / "tensorboard"))
    events.Reload()
    assert [e.value for e in events.Scalars("loss")] == pytest.approx([row["loss"] for row in log], rel=1e-5)


def test_read_only_output(tmp_path):
    (tmp_path / "log.jsonl").mkdir()
    with pytest.raises(UserError, match="cannot write"):
        train(tmp_path, steps=1)
