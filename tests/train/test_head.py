"""The chunked head gives the numbers and gradients of the whole logits."""

import pytest
import torch
from tiny_models import ARCHITECTURES, KINDS, tiny_model
from transformers import CohereConfig, CohereForCausalLM

from towerplus.errors import UserError
from towerplus.train.batch import Batch, pack_rows, pad_rows
from towerplus.train.head import PickedLogprob, assert_head, token_logprobs


@pytest.fixture(scope="module")
def batch() -> Batch:
    """Three padded rows; labels with gaps, as a conversation has."""
    generator = torch.Generator().manual_seed(3)
    lengths = [13, 6, 9]
    tokens = [torch.randint(101, (n,), generator=generator).tolist() for n in lengths]
    labels = [[i > 2 and i % 4 != 0 for i in range(n)] for n in lengths]
    return pad_rows(tokens, labels)


def whole(model, batch, temperature=1.0):
    """(T, V) log-probabilities at the labelled places and (T,) their targets, by the model's own forward pass."""
    logits = model(input_ids=batch.input_ids, use_cache=False).logits
    logp = torch.log_softmax(logits[:, :-1].double() / temperature, -1)[batch.labels_mask[:, 1:]]
    return logp, batch.input_ids[batch.labels_mask]


@pytest.mark.parametrize("chunk", [1, 5, 2048])
@pytest.mark.parametrize(("architecture", "attention"), KINDS)
def test_equals_the_model(architecture, attention, chunk, batch):
    model = tiny_model(architecture, attention)
    scores = token_logprobs(model, batch, chunk=chunk, temperature=0.7, collision=True, entropy=True)
    logp, targets = whole(model, batch, 0.7)
    expected = logp.gather(-1, targets[:, None]).squeeze(-1)
    torch.testing.assert_close(scores.logprob.double(), expected, atol=1e-5, rtol=1e-5)
    p = logp.exp()
    torch.testing.assert_close(scores.log_collision.double(), p.square().sum(-1).log(), atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(scores.entropy.double(), -(p * logp).sum(-1), atol=1e-5, rtol=1e-5)
    assert torch.equal(batch.input_ids[scores.row, scores.position], targets)
    assert not scores.log_collision.requires_grad
    assert not scores.entropy.requires_grad

    weights = torch.linspace(-1, 1, len(targets)).double()
    ours, theirs = (
        torch.autograd.grad((weights * values).sum(), list(model.parameters()), retain_graph=True)
        for values in (scores.logprob.double(), expected)
    )
    for mine, reference in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine, reference, atol=1e-4, rtol=1e-4)


def test_softcap_matters():
    """A head without Gemma 2's final softcap would fail the test above: the cap changes the numbers by far more."""
    capped = tiny_model("gemma2")
    free = tiny_model("gemma2", final_logit_softcapping=None)
    one = pad_rows([[5, 6, 7]], [[False, True, True]])
    assert (token_logprobs(capped, one).logprob - token_logprobs(free, one).logprob).abs().max() > 0.1


def test_never_a_full_logit_tensor(batch):
    """No call of the vocabulary projection sees more than `chunk` positions, nor any unlabelled one."""
    model, seen = tiny_model("qwen3"), []
    model.lm_head.register_forward_hook(lambda module, inputs, output: seen.append(output.shape))
    token_logprobs(model, batch, chunk=4)
    assert batch.labels == 13
    assert seen == [(4, 101)] * 3 + [(1, 101)]


def test_recomputes_all_chunks_but_the_last(batch):
    model, calls = tiny_model("qwen3"), []
    model.lm_head.register_forward_hook(lambda *_: calls.append(1))
    scores = token_logprobs(model, batch, chunk=4)
    assert len(calls) == 4
    scores.logprob.sum().backward()
    assert len(calls) == 4 + 3
    calls.clear()
    token_logprobs(model, batch).logprob.sum().backward()
    assert len(calls) == 1


def test_recomputation_keeps_autocast(batch):
    """The loop differentiates outside of the autocast context in which it scored."""
    model = tiny_model("gemma3")

    def gradient(chunk, **autocast):
        with torch.autocast("cpu", dtype=torch.bfloat16, **autocast):
            scores = token_logprobs(model, batch, chunk=chunk)
        assert scores.logprob.dtype == torch.float32
        return torch.cat([g.flatten() for g in torch.autograd.grad(scores.logprob.sum(), list(model.parameters()))])

    whole, chunked, exact = gradient(2048), gradient(4), gradient(2048, enabled=False)
    rounding = (whole - exact).norm() / exact.norm()
    assert 1e-4 < rounding < 0.1
    assert (chunked - whole).norm() / exact.norm() < rounding


def test_padding_does_not_matter(batch):
    wider = Batch(
        torch.nn.functional.pad(batch.input_ids, (0, 7), value=9), torch.nn.functional.pad(batch.labels_mask, (0, 7))
    )
    for architecture in ARCHITECTURES:
        model = tiny_model(architecture)
        a, b = token_logprobs(model, batch), token_logprobs(model, wider)
        torch.testing.assert_close(a.logprob, b.logprob, atol=1e-5, rtol=0)


def test_no_labels_is_zero_tokens_and_zero_gradient():
    model = tiny_model("llama")
    scores = token_logprobs(model, pad_rows([[4, 5]], [[False, False]]), collision=True)
    assert scores.logprob.shape == scores.log_collision.shape == (0,)
    assert scores.sums().tolist() == [0.0]
    scores.logprob.sum().backward()
    assert all(p.grad is None or not p.grad.any() for p in model.parameters())


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_self_test_passes(architecture):
    assert_head(tiny_model(architecture).train())
    assert_head(tiny_model(architecture).to(torch.bfloat16))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert_head(tiny_model(architecture))


def test_self_test_notices_logits_it_does_not_know():
    config = CohereConfig(
        vocab_size=50, hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, logit_scale=0.1
    )
    with pytest.raises(UserError, match=r"model: CohereForCausalLM computes its logits in a way that is not supported"):
        assert_head(CohereForCausalLM(config))


def test_bad_batches_are_refused():
    with pytest.raises(ValueError, match="first token of a sequence"):
        pad_rows([[4, 5]], [[True, True]])
    with pytest.raises(ValueError, match="first token of a sequence"):
        pack_rows([[([4, 5], [False, True]), ([6, 7], [True, False])]])
    with pytest.raises(ValueError, match="labels_mask has shape"):
        pad_rows([[4, 5]], [[False]])
    with pytest.raises(ValueError, match="both position_ids and segments"):
        Batch(torch.zeros(1, 2).long(), torch.zeros(1, 2).bool(), position_ids=torch.zeros(1, 2).long())


def test_batch_bookkeeping():
    batch = pack_rows(
        [[([4, 5], [False, True]), ([6, 7, 8], [False, False, True])], [([9], [False])]], ids=[30, 31, 32]
    )
    assert batch.segments.tolist() == [[0, 0, 1, 1, 1], [2, 0, 0, 0, 0]]
    assert batch.position_ids.tolist() == [[0, 1, 0, 1, 2], [0, 0, 0, 0, 0]]
    assert (batch.labels, batch.sequences, batch.packed) == (2, 3, True)
    moved = batch.to("cpu")
    assert torch.equal(moved.ids, torch.tensor([30, 31, 32]))
    assert pad_rows([[1], [2, 3]], [[False], [False, True]], pad=7).input_ids.tolist() == [[1, 7], [2, 3]]


def test_picked_log_probabilities_are_those_of_log_softmax():
    torch.manual_seed(0)
    given, tokens, weight = torch.randn(7, 50) * 5, torch.randint(50, (7,)), torch.randn(7)
    reference = given.double().requires_grad_()
    logp = torch.log_softmax(reference, dim=-1)
    (logp.gather(-1, tokens[:, None]).squeeze(-1) * weight).sum().backward()

    logits = given.clone().requires_grad_()
    picked, collision, entropy = PickedLogprob.apply(logits * 1, tokens, True, True)
    (picked * weight).sum().backward()
    torch.testing.assert_close(picked.double(), logp.gather(-1, tokens[:, None]).squeeze(-1), rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(logits.grad.double(), reference.grad, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(collision.double(), torch.logsumexp(2 * logp, -1), rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(entropy.double(), -(logp.exp() * logp).sum(-1), rtol=1e-5, atol=1e-5)
    assert not collision.requires_grad
    assert not entropy.requires_grad


def test_logits_that_something_else_needs_are_not_overwritten_in_silence():
    logits = torch.randn(3, 5, requires_grad=True)
    squared = logits.exp()  # whose backward pass needs the result
    picked, *_ = PickedLogprob.apply(squared, torch.tensor([0, 1, 2]), False, False)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        picked.sum().backward()
