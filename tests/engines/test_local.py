"""The engine against `transformers` itself, and what it promises about samples, limits and stops."""

import dataclasses

import pytest
import torch
from conftest import make_model

from towerplus.engines.base import Request, Sampling
from towerplus.engines.local import LocalEngine
from towerplus.errors import UserError
from towerplus.records import Message

PROMPTS = [
    "the",
    "der Hund sieht die Katze und die Katze sieht den Hund, und dann?",
    "o gato",
    "the cat sees the dog. " * 4,
    "1234567890 qwertz",
    "Was?",
]


def ask(text: str, **sampling) -> Request:
    return Request(prompt=text, sampling=Sampling(**{"max_tokens": 20, **sampling}))


def generated(model, tokenizer, text: str, max_tokens: int) -> list[int]:
    """Token ids that `transformers` generates greedily for one prompt alone."""
    ids = tokenizer(text, return_tensors="pt").input_ids
    out = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=max_tokens, do_sample=False)
    return out[0, ids.shape[1] :].tolist()


def recomputed(model, prompt: list[int], answer: list[int], temperature: float = 1.0) -> torch.Tensor:
    """Log-probabilities of `answer` from one full forward pass without a cache."""
    with torch.no_grad():
        logits = model(torch.tensor([prompt + answer]), use_cache=False).logits[0] / temperature
    return logits.log_softmax(-1)[len(prompt) - 1 : -1].gather(1, torch.tensor(answer)[:, None])[:, 0]


def test_greedy_is_generate(model, tokenizer):
    engine = LocalEngine(model, tokenizer, rows=4)
    answers = engine.complete([ask(text) for text in PROMPTS])
    for text, (answer,) in zip(PROMPTS, answers, strict=True):
        expected = generated(model, tokenizer, text, 20)
        assert list(answer.token_ids) == expected
        assert answer.text == tokenizer.decode(expected, skip_special_tokens=True).strip()
        assert answer.outcome == ("ok" if expected[-1] in engine.ends else "truncated")
    assert {answer.outcome for (answer,) in answers} >= {"ok"}


@pytest.mark.parametrize("temperature", [0.0, 0.7, 1.0])
def test_logprobs_are_those_of_a_full_forward(model, tokenizer, temperature):
    engine = LocalEngine(model, tokenizer)
    requests = [ask(text, n=3, temperature=temperature, top_p=0.9) for text in PROMPTS]
    for request, samples in zip(requests, engine.complete(requests), strict=True):
        for sample in samples:
            expected = recomputed(model, engine.prompt_ids(request), list(sample.token_ids), temperature or 1.0)
            assert (torch.tensor(sample.logprobs) - expected).abs().max() < 1e-4
