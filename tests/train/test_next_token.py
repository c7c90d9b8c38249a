"""Next-token loss: transformers' own, and the same however a step is cut into forward passes."""

import pytest
import torch
from tiny_models import ARCHITECTURES, tiny_model

from towerplus.train.batch import Batch, pack_rows, pad_rows
from towerplus.train.head import token_logprobs
from towerplus.train.objectives import next_token
from towerplus.train.objectives.base import averages

LENGTHS = [5, 17, 3, 9, 11, 2, 8, 14]


@pytest.fixture(scope="module")
def examples() -> list[tuple[list[int], list[bool]]]:
    """Conversations of very unequal length and share of labels, as gradient accumulation meets them."""
    generator = torch.Generator().manual_seed(8)
    tokens = [torch.randint(101, (n,), generator=generator).tolist() for n in LENGTHS]
    return [(row, [j >= 1 + i % 3 for j in range(len(row))]) for i, row in enumerate(tokens)]


def rows(examples) -> Batch:
    return pad_rows([tokens for tokens, _ in examples], [labels for _, labels in examples])


def gradients(model, batches) -> list[torch.Tensor]:
    """Gradients of one step over `batches`, the way the loop takes them."""
    model.zero_grad()
    tokens = sum(batch.labels for batch in batches)
    for batch in batches:
        next_token.loss(token_logprobs(model, batch).logprob, denominator=tokens).loss.backward()
    return [p.grad.clone() for p in model.parameters()]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_equals_transformers(architecture, examples):
    model, batch = tiny_model(architecture), rows(examples)
    labels = batch.input_ids.masked_fill(~batch.labels_mask, -100)
    theirs = model(input_ids=batch.input_ids, labels=labels, use_cache=False).loss
    part = next_token.loss(token_logprobs(model, batch, chunk=7).logprob, denominator=batch.labels)
    torch.testing.assert_close(part.loss, theirs, atol=1e-5, rtol=1e-5)
    assert averages([part])["nll"] == pytest.approx(theirs.item(), abs=1e-5)
    theirs.backward()
    expected = [p.grad.clone() for p in model.parameters()]
    for mine, reference in zip(gradients(model, [batch]), expected, strict=True):
        torch.testing.assert_close(mine, reference, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_accumulating_four_is_one_batch_of_four(architecture, examples):
    model = tiny_model(architecture)
    whole = gradients(model, [rows(examples)])
    parts = [rows(examples[i : i + 2]) for i in range(0, 8, 2)]
    assert len({part.labels for part in parts}) > 2, "passes of unequal size, or the test could not fail"
    for mine, reference in zip(gradients(model, parts), whole, strict=True):
        torch.testing.assert_close(mine, reference, atol=1e-5, rtol=1e-4)
    packed = gradients(model, [pack_rows([examples[:3], examples[3:4]]), pack_rows([examples[4:]])])
    for mine, reference in zip(packed, whole, strict=True):
        torch.testing.assert_close(mine, reference, atol=1e-5, rtol=1e-4)


def test_the_mean_of_means_is_not_it(examples):
    """What trainers did for years: averaging each pass by its own tokens. It differs visibly on these examples."""
    model = tiny_model("qwen3")
    right = gradients(model, [rows(examples)])
    model.zero_grad()
    for i in range(0, 8, 2):
        batch = rows(examples[i : i + 2])
        next_token.loss(token_logprobs(model, batch).logprob, denominator=4 * batch.labels).loss.backward()
    assert max((p.grad - g).abs().max() for p, g in zip(model.parameters(), right, strict=True)) > 1e-2


def test_metrics_add_up_over_unequal_passes(examples):
    model = tiny_model("qwen3")

    def part(chosen):
        return next_token.loss(token_logprobs(model, rows(chosen)).logprob)

    assert averages([part(examples[:1]), part(examples[1:])])["nll"] == pytest.approx(averages([part(examples)])["nll"])
    assert averages([]) == {}
