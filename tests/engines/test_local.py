"""The engine against `transformers` itself, and what it promises about samples, limits and stops."""

import pytest
import torch
from engine_models import make_model

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
    engine = LocalEngine(model, tokenizer, batch_rows=4)
    answers = engine.complete([ask(text) for text in PROMPTS])
    for text, (answer,) in zip(PROMPTS, answers, strict=True):
        expected = generated(model, tokenizer, text, 20)
        assert list(answer.token_ids) == expected
        assert answer.text == tokenizer.decode(expected, skip_special_tokens=True).strip()
        assert answer.outcome == ("ok" if expected[-1] in engine.ends else "truncated")
    assert not any(token in engine.ends for (answer,) in answers for token in answer.token_ids[:-1])


@pytest.mark.parametrize("temperature", [0.0, 0.7, 1.0])
def test_logprobs_are_those_of_a_full_forward(model, tokenizer, temperature):
    engine = LocalEngine(model, tokenizer)
    requests = [ask(text, n=3, temperature=temperature, top_p=0.9) for text in PROMPTS]
    for request, samples in zip(requests, engine.complete(requests), strict=True):
        for sample in samples:
            expected = recomputed(model, engine.prompt_ids([request])[0], list(sample.token_ids), temperature or 1.0)
            assert (torch.tensor(sample.logprobs) - expected).abs().max() < 1e-4


def test_samples_do_not_depend_on_the_batch(model, tokenizer):
    """One at a time, all at once, in another order, with more samples, with refills: the same samples."""
    requests = [ask(text, n=3, temperature=1.0, seed=5) for text in PROMPTS]
    together = LocalEngine(model, tokenizer).complete(requests)
    refilled = LocalEngine(model, tokenizer, batch_rows=4).complete(requests[::-1])[::-1]
    more = LocalEngine(model, tokenizer).complete([ask(text, n=5, temperature=1.0, seed=5) for text in PROMPTS])
    for index, request in enumerate(requests):
        alone = LocalEngine(model, tokenizer, batch_rows=2).complete([request])[0]
        for other in (refilled[index], more[index][:3], alone):
            assert [s.token_ids for s in other] == [s.token_ids for s in together[index]]
    assert len({s.token_ids for s in together[0]}) == 3
    other_seed = LocalEngine(model, tokenizer).complete([ask(PROMPTS[0], n=3, temperature=1.0, seed=6)])[0]
    assert {s.token_ids for s in other_seed}.isdisjoint({s.token_ids for s in together[0]})


def test_samples_follow_the_distribution(tokenizer):
    """First tokens of 4,000 samples against the softmax of the model (chi-squared over its 20 likeliest tokens)."""
    model = make_model("qwen3", initializer_range=0.1)
    engine = LocalEngine(model, tokenizer)
    n, temperature = 4000, 0.8
    samples = engine.complete([ask("the", n=n, temperature=temperature, max_tokens=1)])[0]
    with torch.no_grad():
        expected = (model(tokenizer("the", return_tensors="pt").input_ids).logits[0, -1] / temperature).softmax(-1) * n
    seen = torch.bincount(torch.tensor([s.token_ids[0] for s in samples]), minlength=len(expected))
    top = expected.topk(20).indices
    rest = n - expected[top].sum(), n - seen[top].sum()
    squared = ((seen[top] - expected[top]) ** 2 / expected[top]).sum() + (rest[1] - rest[0]) ** 2 / rest[0]
    assert squared < 45.3  # 99.9% point of chi-squared with 20 degrees of freedom
    nucleus = engine.complete([ask("the", n=500, temperature=temperature, top_p=0.05, max_tokens=1)])[0]
    order = expected.sort(descending=True)
    kept = order.indices[: int((order.values.cumsum(0) / n < 0.05).sum()) + 1].tolist()
    assert {s.token_ids[0] for s in nucleus} == set(kept)


def test_greedy_and_sampled_rows_share_a_batch(model, tokenizer):
    mixed = [ask(text, temperature=float(i % 2), seed=1) for i, text in enumerate(PROMPTS)]
    together = LocalEngine(model, tokenizer).complete(mixed)
    for request, answer in zip(mixed, together, strict=True):
        assert LocalEngine(model, tokenizer).complete([request])[0][0].token_ids == answer[0].token_ids


def test_chat_form_folds_the_system_turn_where_the_template_refuses_it(tokenizer):
    strict = make_strict(tokenizer)
    engine = LocalEngine(make_model("llama"), strict)
    asked = (Message("system", "Be brief."), Message("user", "the cat"))
    assert engine.render([asked])[0] == "<start_of_turn>user\nBe brief.\n\nthe cat<end_of_turn>\n<start_of_turn>model\n"
    assert engine.complete([Request(messages=asked, sampling=Sampling(max_tokens=4))])[0][0].outcome != "rejected"
    broken = Request(messages=(Message("system", "Be brief."),))
    fine = Request(messages=asked, sampling=Sampling(max_tokens=4))
    refused, answered = engine.complete([broken, fine])
    assert "refuses" in refused[0].detail
    assert answered[0].outcome != "rejected"


def make_strict(tokenizer):
    """The same tokenizer with a template that raises on a system turn, as Gemma's own does."""
    import copy

    strict = copy.deepcopy(tokenizer)
    strict.chat_template = (
        "{% for m in messages %}{% if m['role'] == 'system' %}{{ raise_exception('no system role') }}{% endif %}"
        "{{ '<start_of_turn>' + m['role'] + '\\n' + m['content'] + '<end_of_turn>\\n' }}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}"
    )
    return strict


def test_stop_strings_end_the_answer_and_are_cut(tokenizer):
    model = make_model("qwen3")
    model.generation_config.eos_token_id = 2
    engine = LocalEngine(model, tokenizer)
    (whole,) = engine.complete([ask("the dog", temperature=1.0, max_tokens=30)])[0]
    stop = tokenizer.decode(whole.token_ids[10:13])
    assert stop in whole.text
    (cut,) = engine.complete([ask("the dog", temperature=1.0, max_tokens=30, stop=("never", stop))])[0]
    assert cut.text == whole.text[: whole.text.index(stop)].strip()
    assert (cut.outcome, cut.finish) == ("ok", "stop")
    assert cut.token_ids == whole.token_ids[: len(cut.token_ids)]
    assert len(cut.token_ids) <= 13


def test_what_does_not_fit_is_said_and_never_cut(tokenizer):
    engine = LocalEngine(make_model("llama", max_position_embeddings=32, eos_token_id=None), tokenizer)
    engine.ends = set()
    long, empty, fits, schema = engine.complete(
        [ask("the cat " * 40), ask(""), ask("the cat " * 5, max_tokens=100, n=2), ask("the", schema={"type": "object"})]
    )
    assert (long[0].outcome, long[0].text) == ("rejected", "")
    assert "the context holds 32" in long[0].detail
    assert empty[0].detail == "the prompt is empty"
    assert [f.outcome for f in fits] == ["truncated"] * 2
    assert fits[0].usage.prompt_tokens + fits[0].usage.completion_tokens == 32
    assert "is full" in fits[0].detail
    assert schema[0].outcome == "rejected"


def test_each_prompt_is_prefilled_once(tokenizer):
    engine = LocalEngine(make_model("llama"), tokenizer)
    seen = []
    hook = engine.model.model.register_forward_pre_hook(
        lambda module, args, kwargs: seen.append(kwargs["input_ids"].shape), with_kwargs=True
    )
    engine.complete([ask(text, n=8, temperature=1.0) for text in PROMPTS])
    hook.remove()
    assert [shape[0] for shape in seen if shape[1] > 1] == [len(PROMPTS)]
    assert seen[1][0] == 8 * len(PROMPTS)
    assert [shape[0] for shape in seen[1:]] == sorted((shape[0] for shape in seen[1:]), reverse=True)
    assert seen[-1][0] < seen[1][0]  # finished rows leave


def test_load_gives_the_same_answers_and_identity(tmp_path, tokenizer):
    model = make_model("gemma3")
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    memory, disk = LocalEngine(model, tokenizer), LocalEngine.load(tmp_path)
    requests = [ask(text, temperature=1.0) for text in PROMPTS]
    assert memory.complete(requests) == disk.complete(requests)
    assert memory.identity == disk.identity
    assert memory.template == disk.template
    with torch.no_grad():
        model.model.norm.weight[0] += 1e-3
    assert memory.identity != disk.identity


def test_training_mode_is_left_as_it_was(tokenizer):
    engine = LocalEngine(make_model("llama"), tokenizer)
    engine.model.train()
    engine.complete([ask("the")])
    assert engine.model.training
    assert engine.complete([]) == []


def test_bad_directories_are_user_errors(tmp_path, tokenizer):
    with pytest.raises(UserError, match="not a model directory"):
        LocalEngine.load(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "nonesuch"}')
    with pytest.raises(UserError, match="cannot load the model"):
        LocalEngine.load(tmp_path)
    bare = make_strict(tokenizer)
    bare.chat_template = None
    with pytest.raises(UserError, match="plain form"):
        LocalEngine(make_model("llama"), bare).complete([Request(messages=(Message("user", "Hi"),))])


def test_the_order_of_requests_is_kept(tokenizer):
    engine = LocalEngine(make_model("qwen2"), tokenizer)
    requests = [ask(text) for text in PROMPTS * 3]
    answers = engine.complete(requests)
    assert answers[: len(PROMPTS)] == answers[len(PROMPTS) : 2 * len(PROMPTS)]
