"""Intervals against brute force, closed forms, and the published paired tests."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from towerplus.errors import UserError
from towerplus.evaluate.statistics import (
    Comparison,
    holm,
    interval,
    mean,
    mean_statistics,
    paired,
    pooled,
    replicates,
    weights,
    wilson,
)
from towerplus.metrics import metric

RNG = np.random.default_rng(7)


def test_a_resample_is_the_figure_of_the_drawn_items():
    chrf = metric("chrf")
    hypotheses = ["the cat sat", "a dog", "it rains today", "no"]
    references = ["a cat sat", "the dog", "it rained", "yes"]
    rows = chrf.statistics(hypotheses, references)
    drawn = np.random.default_rng(5).integers(0, 4, size=(20, 4))
    expected = [chrf.corpus_score([hypotheses[i] for i in line], [references[i] for i in line]) for line in drawn]
    assert replicates(rows, chrf.score, resamples=20, seed=5) == pytest.approx(expected)


def test_clusters_are_drawn_whole():
    values, cluster = [1.0, 0.0, 1.0, 1.0, 0.0], ["b", "a", "b", "c", "a"]
    drawn = np.random.default_rng(3).integers(0, 3, size=(50, 3))  # b, a, c: in order of appearance
    members = [[1.0, 1.0], [0.0, 0.0], [1.0]]
    expected = [np.mean([v for i in line for v in members[i]]) for line in drawn]
    result = replicates(mean_statistics(values), mean, cluster=cluster, resamples=50, seed=3)
    assert result == pytest.approx(expected)


def test_items_in_one_cluster_make_the_interval_wider():
    values = np.repeat(RNG.integers(0, 2, 200), 5).astype(float)
    alone = interval(mean_statistics(values), mean, seed=1)
    together = interval(mean_statistics(values), mean, cluster=[i // 5 for i in range(1000)], seed=1)
    assert together.value == alone.value
    assert (together.high - together.low) / (alone.high - alone.low) == pytest.approx(math.sqrt(5), rel=0.1)


def test_the_interval_of_a_mean_is_about_normal():
    values = RNG.normal(3, 2, 800)
    estimate = interval(mean_statistics(values), mean, resamples=4000, seed=2)
    half = 1.96 * values.std() / math.sqrt(800)
    assert estimate.value == pytest.approx(values.mean())
    assert (estimate.low, estimate.high) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.1 * half)
    assert estimate.n == 800
    assert estimate.p is None


def test_weights_are_counts_and_the_same_for_a_seed():
    first = weights(30, 100, 4)
    assert (first.sum(axis=1) == 30).all()
    assert (first >= 0).all()
    assert (first == weights.__wrapped__(30, 100, 4)).all()
    assert (first != weights(30, 100, 5)).any()


def test_pairing_removes_what_the_stages_share():
    difficulty = RNG.normal(0, 10, 500)
    before = mean_statistics(difficulty + RNG.normal(0, 0.5, 500))
    after = mean_statistics(difficulty + 0.3 + RNG.normal(0, 0.5, 500))
    delta = paired(before, after, mean, seed=1)
    assert delta.low < delta.value < delta.high
    assert delta.low > 0
    assert delta.high - delta.low < 0.2 < interval(before, mean, seed=1).high - interval(before, mean, seed=1).low
    back = paired(after, before, mean, seed=1)
    assert (back.value, back.low, back.high) == pytest.approx((-delta.value, -delta.high, -delta.low))
    assert delta.p < 0.01


def test_no_difference_is_no_difference():
    rows = mean_statistics(RNG.integers(0, 2, 100))
    delta = paired(rows, rows, mean)
    assert (delta.value, delta.low, delta.high, delta.p) == (0, 0, 0, 1)


def test_paired_intervals_cover_the_true_difference():
    covered, false_alarms = 0, 0
    for trial in range(200):
        rng = np.random.default_rng(trial)
        base = rng.random(150) < 0.5
        other = np.where(rng.random(150) < 0.3, rng.random(150) < 0.5, base)
        delta = paired(mean_statistics(base), mean_statistics(other), mean, resamples=400, seed=trial)
        covered += delta.low <= 0 <= delta.high
        false_alarms += delta.p < 0.05
    assert 0.90 <= covered / 200 <= 0.99
    assert false_alarms / 200 <= 0.10


def test_pooling_averages_the_seeds_and_narrows_the_interval():
    comparisons = []
    for _ in range(3):
        base = RNG.normal(0, 1, 400)
        comparisons.append(Comparison(mean_statistics(base), mean_statistics(base + RNG.normal(0.2, 1, 400))))
    alone = [paired(c.before, c.after, mean, seed=1) for c in comparisons]
    together = pooled(comparisons, mean, seed=1)
    assert together.value == pytest.approx(np.mean([d.value for d in alone]))
    assert together.n == 1200
    width = np.mean([d.high - d.low for d in alone])
    assert (together.high - together.low) / width == pytest.approx(1 / math.sqrt(3), rel=0.12)
    assert pooled(comparisons, mean, seed=1) == together


def test_bad_input():
    rows = mean_statistics([1, 0, 1])
    with pytest.raises(UserError, match="no items"):
        interval(rows[:0], mean)
    with pytest.raises(UserError, match="3 items before, 2 after"):
        paired(rows, rows[:2], mean)
    with pytest.raises(UserError, match="3 items but 2 clusters"):
        interval(rows, mean, cluster=["a", "b"])
    with pytest.raises(UserError, match="nothing to compare"):
        pooled([], mean)
    with pytest.raises(UserError, match="5 of 4"):
        wilson(5, 4)


def test_wilson_solves_its_own_equation():
    z = 1.959963984540054
    for passed, n in [(3, 10), (81, 263), (1, 29), (998, 1000)]:
        for bound in wilson(passed, n):
            assert abs(passed / n - bound) == pytest.approx(z * math.sqrt(bound * (1 - bound) / n))
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)  # Newcombe 1998, table I
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=1e-4)
    assert wilson(20, 20) == pytest.approx((0.8389, 1), abs=1e-4)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.floats(0.001, 0.5))
@settings(max_examples=200)
def test_holm_rejects_as_the_step_down_procedure(p_values, alpha):
    rejected = set()
    for rank, i in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        if (len(p_values) - rank) * p_values[i] > alpha:
            break
        rejected.add(i)
    adjusted = holm(p_values)
    assert {i for i, p in enumerate(adjusted) if p <= alpha} == rejected
    assert (adjusted >= np.asarray(p_values)).all()


@pytest.mark.data
@pytest.mark.parametrize("name", ["BLEU", "chrF"])
def test_published_paired_bootstrap(data, name):
    """The same seed draws sacrebleu's resamples, so means, intervals and p-values come out as published."""
    folder = data / "wmt24"
    published = json.loads((folder / "expected_paired_tests_en-de.json").read_text())["bs"]["rows"]

    def statistics(system):
        return ours.statistics(lines(system), lines("refA"))

    def lines(stem):
        return (folder / "en-de" / f"{stem}.txt").read_text(encoding="utf-8").split("\n")[1:998]

    ours = metric(name)
    key = "chrF2" if name == "chrF" else name
    base = statistics("GPT-4")
    baseline = replicates(base, ours.score, seed=12345)
    assert baseline.mean() == pytest.approx(published["GPT-4"][key]["mean"], abs=1e-4)
    for system in ("Claude-3.5", "Aya23"):
        rows, expected = statistics(system), published[system][key]
        drawn = replicates(rows, ours.score, seed=12345)
        assert drawn.mean() == pytest.approx(expected["mean"], abs=1e-4)
        ordered = np.sort(drawn)
        assert (ordered[974] - ordered[25]) / 2 == pytest.approx(expected["ci"], abs=1e-4)
        sizes = np.abs(drawn - baseline)
        delta = paired(base, rows, ours.score, seed=12345)
        one_sided = ((sizes - sizes.mean() > abs(delta.value)).sum() + 1) / 1001
        assert one_sided == pytest.approx(expected["p"], abs=2e-3)
        assert (delta.p < 0.05) == (expected["p"] < 0.05)
        assert (delta.low <= 0 <= delta.high) == (expected["p"] > 0.05)
