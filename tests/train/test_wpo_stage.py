"""The stage `wpo` as a whole: what it teaches, its control, its log, resuming."""

import dataclasses
import json
from collections import Counter

import numpy as np
import pytest
import torch
from stage_data import WORDS, save_tiny

from towerplus.errors import UserError
from towerplus.records import Message, Preference, write
from towerplus.train import loop, wpo
from towerplus.train.answers import batches, encode_preferences
from towerplus.train.head import token_logprobs
from towerplus.train.model import load_model
from towerplus.train.settings import WpoSettings


def preference(prompt: str, chosen: str, rejected: str) -> Preference:
    return Preference(
        (Message("user", prompt),), (Message("assistant", chosen),), (Message("assistant", rejected),), "test"
    )


PAIRS = [preference(f"{a} {b}", f"{a} tree", f"{b} river") for a in WORDS for b in WORDS if a != b]
SETTINGS = WpoSettings(learning_rate=3e-3, epochs=1, pairs_per_step=8, batch_tokens=512, warmup_steps=2)


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    return save_tiny(tmp_path_factory.mktemp("start"))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    write(folder / "preferences.parquet", Preference, PAIRS)
    return folder


def margins(model, tokenizer) -> torch.Tensor:
    pairs, _, _ = encode_preferences(tokenizer, PAIRS, 96)
    return wpo.reference_logprobs(model, pairs, SETTINGS, tokenizer.pad_token_id).diff(dim=1)[:, 0].neg()


@pytest.mark.parametrize("objective", ["wpo", "nll"])
def test_it_teaches_the_preference(start, data, tmp_path, objective):
    settings = SETTINGS.model_copy(update={"objective": objective})
    counts = wpo.run(settings, data, start, tmp_path, seed=1)
    assert (counts["pairs"], counts["rejected"]) == (len(PAIRS), {})
    assert counts["steps"] == -(-len(PAIRS) // 8)
    before, after = margins(*load_model(start)), margins(*load_model(tmp_path / "model"))
    assert (after > before).float().mean() > 0.95
    assert counts["last_loss"] < counts["first_loss"]
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert len(rows) == counts["steps"]
    if objective == "wpo":
        assert rows[0]["margin"] == pytest.approx(0, abs=1e-4)
        assert rows[0]["preference"] == pytest.approx(rows[0]["weight"] * np.log(2), rel=1e-3)
        assert rows[-1]["accuracy"] > 0.9
        assert all(0 < row["weight"] <= 1 for row in rows)
    else:
        assert "margin" not in rows[0]


def test_passes_do_not_change_the_step(start, data, tmp_path):
    """One pass of 8 pairs and eight passes of one pair give the same model."""
    for name, tokens in (("one", 4096), ("many", 1)):
        settings = SETTINGS.model_copy(update={"batch_tokens": tokens, "epochs": 0.3})
        wpo.run(settings, data, start, tmp_path / name, seed=1)
    one, many = (load_model(tmp_path / name / "model")[0].state_dict() for name in ("one", "many"))
    assert max((one[name] - many[name]).abs().max() for name in one) < 2e-4


def test_resumes_to_the_same_bytes(start, data, tmp_path, monkeypatch):
    settings = SETTINGS.model_copy(update={"save_every": 3})
    wpo.run(settings, data, start, tmp_path / "whole", seed=1)
    computed = wpo._wpo

    def breaking(*arguments):
        compute = computed(*arguments)

        def stop_at_7(step):
            if step == 7:
                raise KeyboardInterrupt
            return compute(step)

        return stop_at_7

    monkeypatch.setattr(wpo, "_wpo", breaking)
    with pytest.raises(KeyboardInterrupt):
        wpo.run(settings, data, start, tmp_path / "cut", seed=1)
    monkeypatch.setattr(wpo, "_wpo", computed)
    wpo.run(settings, data, start, tmp_path / "cut", seed=1)
    for file in ("model/model.safetensors", "log.jsonl"):
        assert (tmp_path / "whole" / file).read_bytes() == (tmp_path / "cut" / file).read_bytes()


def test_steps_are_whole_epochs_of_pairs_alike_in_length(start):
    _, tokenizer = load_model(start)
    uneven = [dataclasses.replace(p, chosen=(Message("assistant", "red " * (i % 9 + 1)),)) for i, p in enumerate(PAIRS)]
    pairs, kept, _ = encode_preferences(tokenizer, uneven, 96)
    plan = wpo.plan_steps(pairs, 2, 8, seed=1)
    assert Counter(np.concatenate(plan).tolist()) == Counter(dict.fromkeys(range(len(pairs)), 2))
    assert kept == list(range(len(uneven)))
    lengths = [max(len(a.tokens) for a in pair) for pair in pairs]
    spread = np.mean([np.ptp([lengths[i] for i in step]) for step in plan])
    assert spread < 0.2 * np.ptp(lengths)
    assert any(
        (a != b).any() for a, b in zip(plan, wpo.plan_steps(pairs, 2, 8, seed=2), strict=True) if len(a) == len(b)
    )


def test_only_the_last_answer_is_scored(start):
    """Earlier turns are context; the scored text is the answer and the token that ends it; half an epoch is half."""
    model, tokenizer = load_model(start)
    turns = (Message("user", "red"), Message("assistant", "blue"), Message("user", "green"))
    pair = Preference(turns, (Message("assistant", "black tree"),), (Message("assistant", "white"),), "test")
    pairs, _, _ = encode_preferences(tokenizer, [pair], 96)
    chosen, rejected = pairs[0]
    assert tokenizer.decode(chosen.tokens[chosen.start :]) == "black tree<end_of_turn>"
    assert tokenizer.decode(rejected.tokens[rejected.start :]) == "white<end_of_turn>"
    assert chosen.tokens[: chosen.start] == rejected.tokens[: rejected.start]
    ((members, batch),) = batches(pairs, 512, 0)
    scores = token_logprobs(model, batch)
    assert members == [0]
    assert scores.sequence.tolist() == [0] * chosen.labels + [1] * rejected.labels


def test_bad_pairs_are_counted_and_none_left_is_an_error(start, tmp_path):
    bad = [preference("red", "blue", "blue"), preference("red", " ", "blue"), preference("red " * 90, "a", "b")]
    _, tokenizer = load_model(start)
    _, kept, dropped = encode_preferences(tokenizer, [*bad, PAIRS[0]], 96)
    assert kept == [3]
    assert dropped == {"both answers are the same": 1, "empty answer": 1, "longer than 96 tokens": 1}
    write(tmp_path / "preferences.parquet", Preference, bad)
    with pytest.raises(UserError, match="no preference to learn from"):
        wpo.run(SETTINGS, tmp_path, start, tmp_path / "out", seed=1)
    with pytest.raises(UserError, match="no such file"):
        wpo.run(SETTINGS, tmp_path / "nowhere", start, tmp_path / "out", seed=1)


def test_callbacks_are_called(start, data, tmp_path):
    seen = []
    callback = loop.Callback(5, lambda step: seen.append(step) or {"held_out": 1.0})
    wpo.run(SETTINGS, data, start, tmp_path, seed=1, callbacks=[callback])
    assert seen == [5, 10, 12]
