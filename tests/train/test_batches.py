"""The order of the data: shares by tokens, whole epochs, little padding, and a pure function of the seed."""

import time
from collections import Counter

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from towerplus.errors import UserError
from towerplus.train.batches import Plan
from towerplus.train.encode import Examples


def examples(lengths: list[int], first: int = 1) -> Examples:
    """Example i consists of the token ``first + i`` alone, all but its first place labelled."""
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    tokens = np.repeat(np.arange(first, first + len(lengths), dtype=np.int32), lengths)
    labelled = np.ones(len(tokens), bool)
    labelled[offsets[:-1]] = False
    return Examples(tokens, labelled, offsets)


LENGTHS = st.lists(st.integers(2, 40), min_size=1, max_size=60)


@settings(deadline=None, max_examples=50)
@given(LENGTHS, LENGTHS, st.integers(1, 3000), st.integers(1, 3000), st.integers(1, 200), st.booleans())
def test_laws(a, b, budget_a, budget_b, batch_tokens, packed):
    sources = {"a": examples(a), "b": examples(b, 1000)}
    pack = max(40, batch_tokens) if packed else None
    plan = Plan(sources, {"a": budget_a, "b": budget_b}, 3, batch_tokens, pack, pad=0)
    seen, cells, used = Counter(), 0, 0
    for index in range(len(plan)):
        batch = plan.batch(index)
        assert batch.labels == plan.labels[index]
        cells += batch.input_ids.numel()
        if packed:
            assert batch.input_ids.numel() <= max(batch_tokens, pack)
            assert (batch.position_ids[batch.input_ids == 0] == 0).all()
        else:
            assert batch.input_ids.numel() <= batch_tokens or len(batch.input_ids) == 1
        for row in range(len(batch.input_ids)):
            ids = batch.input_ids[row]
            used += int((ids > 0).sum())
            filled = ids[ids > 0]
            assert (ids[: len(filled)] > 0).all()  # padding last
            for segment in batch.segments[row, : len(filled)].unique() if packed else [None]:
                here = ids > 0 if segment is None else (ids > 0) & (batch.segments[row] == segment)
                (example,) = ids[here].unique().tolist()
                length = a[example - 1] if example < 1000 else b[example - 1000]
                assert int(here.sum()) == length  # whole
                assert batch.labels_mask[row][here].tolist() == [False] + [True] * (length - 1)
                if packed:
                    assert batch.position_ids[row][here].tolist() == list(range(length))
                seen[example] += 1
    assert plan.padding == pytest.approx(1 - used / cells)
    for name, lengths, first, budget in (("a", a, 1, budget_a), ("b", b, 1000, budget_b)):
        counts = [seen[first + i] for i in range(len(lengths))]
        assert max(counts) - min(counts) <= 1  # whole epochs before any repeats
        tokens = sum(n * length for n, length in zip(counts, lengths, strict=True))
        assert plan.tokens[name] == tokens
        assert budget <= tokens < budget + max(lengths)
        assert plan.epochs[name] == pytest.approx(sum(counts) / len(lengths), abs=1e-3)


def drawn(count: int, seed: int = 0) -> Examples:
    return examples(np.random.default_rng(seed).integers(5, 60, count).tolist())


def order(plan: Plan) -> list[list[int]]:
    return [plan.batch(i).ids.tolist() for i in range(len(plan))]


def test_a_pure_function_of_the_seed():
    sources, budgets = {"a": drawn(500), "b": drawn(200, 1)}, {"a": 9000, "b": 4000}
    plans = [Plan(sources, budgets, seed, 256) for seed in (1, 1, 2)]
    assert order(plans[0]) == order(plans[1]) != order(plans[2])
    late = plans[0].batch(7)  # whatever was asked for before
    assert torch.equal(late.input_ids, Plan(sources, budgets, 1, 256).batch(7).input_ids)


def test_mixed_and_shuffled():
    """Both sources everywhere in the run, and no march through the lengths."""
    sources = {"a": drawn(3000), "b": drawn(3000, 1)}
    plan = Plan(sources, {"a": 60_000, "b": 30_000}, 1, 512)
    flat = [i for batch in order(plan) for i in batch]
    half = len(flat) // 2
    share = [sum(i < 3000 for i in part) / len(part) for part in (flat[:half], flat[half:])]
    assert share == pytest.approx([2 / 3, 2 / 3], abs=0.04)
    widths = [plan.batch(i).input_ids.shape[1] for i in range(len(plan))]
    assert abs(np.corrcoef(widths, np.arange(len(widths)))[0, 1]) < 0.2


def test_little_padding_and_fast():
    source = {"a": drawn(100_000)}
    budget = {"a": len(source["a"].tokens)}
    for pack, limit in ((None, 0.01), (128, 0.005)):
        started = time.process_time()
        plan = Plan(source, budget, 1, 512, pack)
        assert time.process_time() - started < 1.5  # about 0.2 s on an idle core
        assert plan.padding < limit
        assert int(plan.labels.sum()) == budget["a"] - 100_000


def test_steps_take_their_parts():
    plan = Plan({"a": drawn(50)}, {"a": 1500}, 1, 128)
    parts = [list(plan.parts(step, 4)) for step in range(plan.steps(4))]
    assert [index for part in parts for index in part] == list(range(len(plan)))
    assert all(len(part) == 4 for part in parts[:-1])
    assert 1 <= len(parts[-1]) <= 4


def test_bad_input():
    with pytest.raises(UserError, match="no data of kind 'b'"):
        Plan({"a": drawn(5), "b": examples([])}, {"a": 10, "b": 10}, 1, 64)
    with pytest.raises(UserError, match="nothing to train on"):
        Plan({"a": drawn(5)}, {"a": 0}, 1, 64)
    with pytest.raises(ValueError, match="does not fit"):
        Plan({"a": examples([65])}, {"a": 10}, 1, 64, 64)
