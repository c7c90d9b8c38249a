"""Packed sequences score as they do alone, and these tests would notice if they did not."""

from types import SimpleNamespace

import pytest
import torch
from tiny_models import ARCHITECTURES, KINDS, tiny_model

from towerplus.errors import UserError
from towerplus.train.batch import pack_rows, pad_rows
from towerplus.train.head import assert_isolated, hidden_states, token_logprobs

LENGTHS = [[9, 4, 1, 7], [2, 12], [21]]  # a sequence of one token, rows of unequal length, a row that holds one


@pytest.fixture(scope="module")
def texts():
    generator = torch.Generator().manual_seed(5)
    return [[torch.randint(101, (n,), generator=generator).tolist() for n in row] for row in LENGTHS]


def labelled(tokens: list[int]) -> tuple[list[int], list[bool]]:
    return tokens, [i > 0 for i in range(len(tokens))]


def packed(texts):
    return pack_rows([[labelled(text) for text in row] for row in texts])


def padded(texts):
    flat = [labelled(text) for row in texts for text in row]
    return pad_rows([tokens for tokens, _ in flat], [marks for _, marks in flat])


def gradient(model, scores) -> torch.Tensor:
    model.zero_grad()
    (scores.logprob * torch.arange(1, len(scores.logprob) + 1)).mean().backward()
    return torch.cat([p.grad.flatten() for p in model.parameters()])


@pytest.mark.parametrize(("architecture", "attention"), KINDS)
def test_packed_is_alone(architecture, attention, texts):
    model = tiny_model(architecture, attention)
    together, rows = token_logprobs(model, packed(texts)), token_logprobs(model, padded(texts))
    alone = [
        torch.log_softmax(model(input_ids=torch.tensor([text]), use_cache=False).logits[0, :-1], -1)
        .gather(-1, torch.tensor(text)[1:, None])
        .squeeze(-1)
        for row in texts
        for text in row
    ]
    torch.testing.assert_close(together.logprob, torch.cat(alone), atol=1e-5, rtol=0)
    torch.testing.assert_close(rows.logprob, torch.cat(alone), atol=1e-5, rtol=0)
    assert together.sequence.tolist() == rows.sequence.tolist() == rows.row.tolist()
    assert together.row.tolist() != rows.row.tolist()
    torch.testing.assert_close(together.sums(), torch.stack([part.sum() for part in alone]), atol=1e-4, rtol=0)
    torch.testing.assert_close(gradient(model, together), gradient(model, rows), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize(("architecture", "attention"), KINDS)
@pytest.mark.parametrize("slip", [{"use_cache": True}, {"attention_mask": torch.ones(3, 21, dtype=torch.int64)}])
def test_the_trap_is_real(architecture, attention, slip, texts):
    """The same call with a cache or an all-ones mask leaks; if it no longer did, the guard would be out of date."""
    model, batch = tiny_model(architecture, attention), packed(texts)
    arguments = {"input_ids": batch.input_ids, "position_ids": batch.position_ids, "use_cache": False, **slip}
    with torch.no_grad():
        leaked, isolated = model.model(**arguments).last_hidden_state, hidden_states(model, batch)
    assert (leaked - isolated)[0, :9].abs().max() < 1e-5, "the first sequence of a row has nothing before it"
    assert (leaked - isolated)[0, 9:].abs().max() > 0.1


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_self_test_passes_and_restores_the_mode(architecture):
    model = tiny_model(architecture, attention_dropout=0.5).train()
    assert_isolated(model)
    assert model.training


@pytest.mark.parametrize(("architecture", "attention"), KINDS)
def test_self_test_passes_in_bf16(architecture, attention):
    assert_isolated(tiny_model(architecture, attention).to(torch.bfloat16))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert_isolated(tiny_model(architecture, attention))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("slip", ["cache", "mask", "positions"])
def test_self_test_notices(slip, dtype, monkeypatch):
    model = tiny_model("qwen3", "sdpa").to(dtype)
    decoder = model.model

    def careless(input_ids, position_ids=None, **arguments):
        if slip == "cache":
            arguments["use_cache"] = True
        elif slip == "mask":
            arguments["attention_mask"] = torch.ones_like(input_ids)
        else:
            position_ids = None
        return decoder(input_ids=input_ids, position_ids=position_ids, **arguments)

    monkeypatch.setattr(model, "get_decoder", lambda: careless)
    with pytest.raises(UserError, match=r"packing: documents packed into one row see each other"):
        assert_isolated(model)


def test_flash_attention_rows_are_laid_end_to_end(texts, monkeypatch):
    """FlashAttention's kernels need a GPU; what is checked here is the rearrangement, under a block mask."""
    model, batch, shapes = tiny_model("llama", "sdpa"), packed(texts), []
    expected, decoder = hidden_states(model, batch), model.model

    def watched(**arguments):
        shapes.append(arguments["input_ids"].shape)
        return decoder(**arguments)

    monkeypatch.setattr(model, "get_decoder", lambda: watched)
    flash = SimpleNamespace(get_text_config=lambda: SimpleNamespace(_attn_implementation="flash_attention_2"))
    with monkeypatch.context() as patch:
        patch.setattr(model, "config", flash)
        actual = hidden_states(model, batch)
    assert shapes == [(1, 3 * 21)]
    torch.testing.assert_close(actual, expected, atol=1e-5, rtol=0)
