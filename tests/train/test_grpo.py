"""GRPO against an independent numpy version in float64. Parity with TRL is in test_trl.py."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from towerplus.train.objectives import grpo
from towerplus.train.objectives.base import averages

CLIP = {"clip_low": 0.2, "clip_high": 0.28}


def numpy_grpo(logprob, old, advantage, low, high, kl, reference):
    """Token by token, with the cases of the clip spelled out."""
    total = 0.0
    for new, before, a, ref in zip(logprob, old, advantage, reference, strict=True):
        ratio = math.exp(new - before)
        if (a > 0 and ratio > 1 + high) or (a < 0 and ratio < 1 - low):
            ratio = 1 + high if a > 0 else 1 - low
        total += -ratio * a + kl * (math.exp(ref - new) - (ref - new) - 1)
    return total


def tokens(count, seed):
    generator = np.random.default_rng(seed)
    old = generator.normal(-2, 1, count)
    return old + generator.normal(0, 0.5, count), old, generator.normal(0, 1.5, count), generator.normal(-2, 1, count)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.04]))
def test_equals_numpy(count, seed, kl):
    new, old, advantage, reference = map(torch.tensor, tokens(count, seed))
    part = grpo.loss(new, old, advantage, **CLIP, denominator=17.0, reference_logprob=reference, kl=kl)
    expected = numpy_grpo(*tokens(count, seed)[:3], 0.2, 0.28, kl, reference.numpy())
    assert part.loss.item() == pytest.approx(expected / 17.0, rel=1e-9, abs=1e-12)
    metrics = averages([part])
    d = reference - new
    assert metrics["kl"] == pytest.approx((d.exp() - d - 1).mean().item(), rel=1e-9)
    assert metrics["drift"] == pytest.approx((new - old).abs().mean().item())


def test_gradient_stops_where_clipped_and_nowhere_else():
    ratio = torch.tensor([1.3, 1.3, 0.7, 0.7, 1.25, 0.85, 1.3])
    advantage = torch.tensor([1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 0.0])
    new = ratio.log().requires_grad_()
    part = grpo.loss(new, torch.zeros(7), advantage, **CLIP, denominator=1.0, entropy=torch.full((7,), 0.5))
    part.loss.backward()
    expected = torch.tensor([0.0, 1.3, -0.7, 0.0, -1.25, 0.85, 0.0])  # -r A where free, 0 where clipped
    torch.testing.assert_close(new.grad, expected)
    assert averages([part])["clipped"] == pytest.approx(2 / 7)
    assert averages([part])["entropy"] == pytest.approx(0.5)


def test_on_policy_is_policy_gradient():
    """At pi = pi_old the gradient is that of -A log pi, whatever the clip; kl adds nothing where pi = ref."""
    old, advantage = torch.tensor([-1.0, -2.0, -0.5]), torch.tensor([0.7, -1.1, 2.0])
    new = old.clone().requires_grad_()
    grpo.loss(new, old, advantage, **CLIP, denominator=3.0, reference_logprob=old, kl=0.5).loss.backward()
    torch.testing.assert_close(new.grad, -advantage / 3.0)


def test_small_divergence_keeps_its_digits():
    """exp(d) - d - 1 is about d^2 / 2 for small d; with exp in float32 it would be rounding error, even negative."""
    d = torch.linspace(-3e-3, 3e-3, 50)
    for exact, one in zip(d.double(), d[:, None], strict=True):
        zero = torch.zeros(1)
        part = grpo.loss(zero, zero, zero, **CLIP, denominator=1.0, reference_logprob=one, kl=1.0)
        assert part.loss.item() == pytest.approx((exact**2 / 2 + exact**3 / 6).item(), rel=1e-2)


def test_passes_of_a_step_add_up():
    new, old, advantage, reference = map(torch.tensor, tokens(12, 0))

    def part(where):
        return grpo.loss(
            new[where],
            old[where],
            advantage[where],
            **CLIP,
            denominator=12.0,
            reference_logprob=reference[where],
            kl=0.1,
        )

    parts = [part(slice(0, 2)), part(slice(2, 12))]
    assert sum(p.loss for p in parts).item() == pytest.approx(part(slice(None)).loss.item())
    assert averages(parts) == pytest.approx(averages([part(slice(None))]))


REWARDS = arrays(
    np.float64, array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=8), elements=st.sampled_from([0, 0.1, 0.7, 1])
)


@settings(max_examples=60, deadline=None)
@given(REWARDS)
def test_advantages(rewards):
    for scale in ("group", "none"):
        advantages, live = grpo.group_advantages(torch.tensor(rewards), scale)
        for row, got, alive in zip(rewards, advantages.numpy(), live.tolist(), strict=True):
            assert alive == (len(set(row)) > 1)
            if not alive:
                assert not got.any()
                continue
            deviation = math.sqrt(sum((r - row.mean()) ** 2 for r in row) / (len(row) - 1))
            np.testing.assert_allclose(
                got, (row - row.mean()) / (deviation + 1e-4 if scale == "group" else 1), atol=1e-12
            )
            assert abs(got.mean()) < 1e-12


def test_equal_rewards_give_exactly_nothing():
    """The mean of eight times .1 is not .1 in float32; divided by the deviation's epsilon it would be a gradient."""
    advantages, live = grpo.group_advantages(torch.full((1, 7), 0.1))
    assert not live.any()
    assert torch.equal(advantages, torch.zeros(1, 7))


def test_bad_input():
    one = torch.zeros(1)
    with pytest.raises(ValueError, match="at least 2 answers"):
        grpo.group_advantages(torch.zeros(3, 1))
    with pytest.raises(ValueError, match="not a finite number"):
        grpo.group_advantages(torch.tensor([[0.0, float("nan")]]))
    with pytest.raises(ValueError, match="needs the reference"):
        grpo.loss(one, one, one, **CLIP, denominator=1.0, kl=0.1)
