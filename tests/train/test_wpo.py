"""WPO against an independent numpy version of the formula in float64, and the pitfalls other implementations fell into.
Parity with TRL is in test_trl.py."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_models import tiny_model

from towerplus.train.batch import pack_rows, pad_rows
from towerplus.train.head import token_logprobs
from towerplus.train.objectives import wpo
from towerplus.train.objectives.base import averages


def numpy_wpo(logits, answers, reference, beta, clamp, nll):
    """The paper's formula pair by pair: `logits` and `answers` are lists of (length, V) arrays and token lists, chosen
    and rejected in turn. Returns the loss as a mean over pairs, the weights and the margins."""
    losses, weights, margins = [], [], []
    for i in range(0, len(answers), 2):
        logp, s, first = [], [], None
        for z, tokens in zip(logits[i : i + 2], answers[i : i + 2], strict=True):
            p = np.exp(z - z.max(1, keepdims=True))
            p /= p.sum(1, keepdims=True)
            picked = p[np.arange(len(tokens)), tokens]
            logp.append(np.log(picked).sum())
            s.append(np.exp(np.mean(np.log(picked / (p**2).sum(1)))))
            first = -np.log(picked).mean() if first is None else first
        weight = min(1.0, s[0] * s[1]) if clamp else s[0] * s[1]
        margin = beta * ((logp[0] - reference[i]) - (logp[1] - reference[i + 1]))
        losses.append(weight * math.log1p(math.exp(-margin)) + nll * first)
        weights.append(weight)
        margins.append(margin)
    return np.mean(losses), np.array(weights), np.array(margins)


def flat(logits, answers):
    """What the head would give for these logits, in float64."""
    logp = [torch.log_softmax(z, -1) for z in logits]
    logprob = torch.cat([rows.gather(1, torch.tensor(a)[:, None])[:, 0] for rows, a in zip(logp, answers, strict=True)])
    collision = torch.cat([torch.logsumexp(2 * rows, -1) for rows in logp]).detach()
    return logprob, collision, torch.repeat_interleave(torch.arange(len(answers)), torch.tensor([*map(len, answers)]))


@st.composite
def pairs(draw):
    count, vocabulary = draw(st.integers(1, 4)), draw(st.integers(2, 9))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    lengths = [draw(st.integers(1, 6)) for _ in range(2 * count)]
    scale = draw(st.sampled_from([0.0, 0.3, 2.0, 8.0]))
    logits = [scale * generator.normal(size=(n, vocabulary)) for n in lengths]
    answers = [generator.integers(vocabulary, size=n).tolist() for n in lengths]
    return logits, answers, generator.normal(-3, 2, size=2 * count)


@settings(max_examples=60, deadline=None)
@given(pairs(), st.sampled_from([0.01, 0.1, 1.0]), st.booleans(), st.sampled_from([0.0, 0.2]))
def test_equals_numpy(data, beta, clamp, nll):
    logits, answers, reference = data
    part = wpo.loss(
        *flat([torch.tensor(z) for z in logits], answers),
        torch.tensor(reference),
        beta=beta,
        clamp=clamp,
        nll=nll,
        denominator=len(answers) // 2,
    )
    expected, weights, margins = numpy_wpo(logits, answers, reference, beta, clamp, nll)
    assert part.loss.item() == pytest.approx(expected, rel=1e-9)
    metrics = averages([part])
    assert metrics["weight"] == pytest.approx(weights.mean(), rel=1e-9)
    assert metrics["margin"] == pytest.approx(margins.mean(), rel=1e-9, abs=1e-12)
    assert metrics["accuracy"] == pytest.approx((margins > 0).mean())


@settings(max_examples=20, deadline=None)
@given(pairs(), st.booleans())
def test_weight_carries_no_gradient(data, clamp):
    """Central differences of the loss with the weights held at their value, against autograd."""
    logits, answers, reference = data
    tensors = [torch.tensor(z, requires_grad=True) for z in logits]
    count = len(answers) // 2
    part = wpo.loss(*flat(tensors, answers), torch.tensor(reference), beta=0.5, clamp=clamp, denominator=count)
    (gradient,) = torch.autograd.grad(part.loss, tensors[:1])
    _, weights, _ = numpy_wpo(logits, answers, reference, 0.5, clamp, 0.0)

    def held(first):
        margins = numpy_wpo([first, *logits[1:]], answers, reference, 0.5, clamp, 0.0)[2]
        return np.mean(weights * np.log1p(np.exp(-margins)))

    place, step = (len(answers[0]) - 1, answers[0][-1]), np.zeros_like(logits[0])
    step[place] = 1e-5
    numeric = (held(logits[0] + step) - held(logits[0] - step)) / 2e-5
    assert gradient[place].item() == pytest.approx(numeric, rel=1e-4, abs=1e-8)


def weight_of(chosen, rejected, clamp=True):
    """Weight of one pair whose answers have the given (log p, log sum p^2) at every token."""
    logprob, collision = (
        torch.tensor([x[i] for x in (*chosen, *rejected)], dtype=torch.float64, requires_grad=not i) for i in range(2)
    )
    sequence = torch.tensor([0] * len(chosen) + [1] * len(rejected))
    part = wpo.loss(logprob, collision, sequence, torch.zeros(2, dtype=torch.float64), beta=0.1, clamp=clamp)
    return part.sums["weight"].item()


def test_limits_of_the_weight():
    uniform = [(-math.log(50), -math.log(50))] * 4
    assert weight_of(uniform, uniform) == pytest.approx(1.0)
    certain = [(-1e-9, -2e-9)] * 4
    assert weight_of(certain, certain) == pytest.approx(1.0)
    foreign = [(-12.0, -0.1)] * 4
    assert weight_of(foreign, certain) == pytest.approx(math.exp(-11.9))
    likely = [(math.log(0.5), math.log(0.25))] * 4  # p = .5, the rest spread thin: s is about 2
    assert weight_of(likely, uniform, clamp=False) == pytest.approx(2.0)
    assert weight_of(likely, uniform) == 1.0


def test_weight_does_not_depend_on_length():
    """100 tokens at -.8 weigh as much as 1: an implementation that sums gives exp(-80)."""
    short, long = [(-0.8, -0.5)], [(-0.8, -0.5)] * 100
    assert weight_of(short, short) == pytest.approx(weight_of(long, long))
    assert weight_of(short, long) == pytest.approx(math.exp(-0.6))


@pytest.fixture(scope="module")
def preferences():
    """Three pairs: prompts of 3 to 5 tokens, answers of 1 to 9."""
    generator = torch.Generator().manual_seed(2)

    def draw(n):
        return torch.randint(101, (n,), generator=generator).tolist()

    examples = []
    for start, chosen, rejected in [(3, 4, 9), (5, 1, 3), (4, 7, 2)]:
        prompt = draw(start)
        examples += [(prompt + draw(n), [False] * start + [True] * n) for n in (chosen, rejected)]
    return examples


REFERENCE = torch.tensor([-20.0, -41.0, -4.0, -13.0, -33.0, -9.0])


def of_model(model, batch, reference, denominator):
    scores = token_logprobs(model, batch, collision=True, chunk=5)
    return wpo.loss(
        scores.logprob,
        scores.log_collision,
        scores.sequence,
        reference,
        beta=0.1,
        nll=0.2,
        denominator=denominator,
    )


def gradients(model, part):
    return torch.autograd.grad(part.loss, list(model.parameters()))


def rows(examples, **arguments):
    return pad_rows(*zip(*examples, strict=True), **arguments)


def test_one_batch_is_its_pairs_one_by_one(preferences):
    """Batch above 1, padding (of any token) and accumulation: the same loss and gradients as pair by pair unpadded, and
    as packed rows."""
    model = tiny_model("gemma2")
    together = of_model(model, rows(preferences, pad=77), REFERENCE, 3)
    single = [of_model(model, rows(preferences[i : i + 2]), REFERENCE[i : i + 2], 3) for i in (0, 2, 4)]
    packed = of_model(model, pack_rows([preferences[:3], preferences[3:]]), REFERENCE, 3)
    expected = [sum(parts) for parts in zip(*(gradients(model, part) for part in single), strict=True)]
    assert averages(single) == pytest.approx(averages([together]), rel=1e-4)
    for other in (together, packed):
        torch.testing.assert_close(other.loss, sum(part.loss for part in single), atol=1e-5, rtol=1e-5)
        for mine, reference in zip(gradients(model, other), expected, strict=True):
            torch.testing.assert_close(mine, reference, atol=1e-4, rtol=1e-3)


def test_equals_numpy_on_a_model(preferences):
    model, batch = tiny_model("qwen2"), rows(preferences)
    with torch.no_grad():
        logits = model(input_ids=batch.input_ids, use_cache=False).logits.double().numpy()
    answers = [[t for t, mark in zip(*example, strict=True) if mark] for example in preferences]
    starts = [len(tokens) - len(answer) for (tokens, _), answer in zip(preferences, answers, strict=True)]
    picked = [logits[i, start - 1 : start - 1 + len(answers[i])] for i, start in enumerate(starts)]
    expected, weights, _ = numpy_wpo(picked, answers, REFERENCE.double().numpy(), 0.1, True, 0.2)
    part = of_model(model, batch, REFERENCE, 3)
    assert part.loss.item() == pytest.approx(expected, rel=1e-5)
    assert part.sums["weight"].item() == pytest.approx(weights.sum(), rel=1e-4)


def test_bad_input():
    one = torch.zeros(1)
    with pytest.raises(ValueError, match="not pairs"):
        wpo.loss(one, one, torch.tensor([0]), torch.zeros(1), beta=0.1)
    with pytest.raises(ValueError, match=r"at least one token; their lengths: \[1, 0\]"):
        wpo.loss(one, one, torch.tensor([0]), torch.zeros(2), beta=0.1)
    with pytest.raises(ValueError, match="at least one token"):
        wpo.loss(one, one, torch.tensor([4]), torch.zeros(2), beta=0.1)
