"""The frontier against its definition, and its probabilities where they are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from towerplus.errors import UserError
from towerplus.evaluate.frontier import Axis, frontier, undominated
from towerplus.evaluate.statistics import mean, mean_statistics

POINTS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=7)


@given(POINTS)
def test_undominated_is_the_definition(points):
    x, y = (np.array(column, dtype=float) for column in zip(*points, strict=True))
    expected = [not any(a >= p and b >= q and (a > p or b > q) for a, b in points) for p, q in points]
    assert undominated(x, y).tolist() == expected
    assert any(expected)
    assert undominated(np.stack([x, x]), np.stack([y, y])).tolist() == [expected, expected]


def axis(*columns, names="abcdef"):
    return Axis({name: mean_statistics(values) for name, values in zip(names, columns, strict=False)}, mean)


def test_clear_cases():
    noise = np.random.default_rng(1).normal(0, 0.1, 300)
    translation = axis(noise + 3, noise + 2, noise + 1, noise + 1)
    general = axis(noise + 1, noise + 2, noise + 3, noise + 2)
    points = frontier(translation, general, seed=1)
    assert [p.name for p in points] == ["a", "b", "c", "d"]
    assert [p.on_frontier for p in points] == [True, True, True, False]
    assert [p.probability for p in points] == [1, 1, 1, 0]
    assert points[0].translation.low < points[0].translation.value < points[0].translation.high


def test_a_coin_toss_is_about_one_half():
    rng = np.random.default_rng(2)
    shared = rng.normal(0, 1, 1000)
    # the second axis is equal, so each resample's better system on the first is alone on the frontier
    a, b = shared + 1e-9, shared[::-1].copy()
    points = frontier(axis(a, b), axis(shared, shared), resamples=4000, seed=3)
    assert points[0].probability + points[1].probability == pytest.approx(1, abs=1e-3)
    assert points[0].probability == pytest.approx(0.5, abs=0.05)


def test_systems_are_seen_on_the_same_drawn_items():
    items = np.random.default_rng(4).normal(0, 5, 200)  # noisy items, but b is worse by the same bit on each
    points = frontier(axis(items, items - 0.01), axis(items, items), seed=5)
    assert [p.probability for p in points] == [1, 0]


def test_deterministic_and_bad_input():
    rows = np.random.default_rng(6).normal(0, 1, (4, 100))
    assert frontier(axis(*rows[:2]), axis(*rows[2:]), seed=9) == frontier(axis(*rows[:2]), axis(*rows[2:]), seed=9)
    with pytest.raises(UserError, match="both figures"):
        frontier(axis(rows[0]), axis(rows[0], rows[1]))
    assert frontier(axis(), axis()) == []
