"""The local engine beside `transformers` generate, batched and padded: completions per CPU second."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from benchmarks import world
from benchmarks.harness import Report, Spread, Turn, alternate, rates, ratio
from towerplus.engines.base import Request, Sampling
from towerplus.engines.local import LocalEngine
from towerplus.records import Message
from towerplus.train.model import load_model

TOKENS = 24  # generated for each sample, at most
ENGINE, GENERATE = "this engine", "transformers generate"


@dataclass(frozen=True, slots=True)
class Work:
    """`prompts` x `samples` completions; `whole`: every one of TOKENS tokens, else until the model ends it."""

    name: str
    prompts: int
    samples: int
    whole: bool = False
    demo: bool = False


WORKS = (
    Work("64 x 24 tokens", 64, 1, whole=True),
    Work("64 prompts, answers end", 64, 1),
    Work("32 prompts x 8, answers end", 32, 8),
    Work("32 prompts x 8, 24 tokens, the demo's model", 32, 8, whole=True, demo=True),
)


def run(quick: bool = False) -> list[Report]:
    report = Report(
        "decode",
        f"Sampling at temperature 1, at most {TOKENS} tokens, float32, one thread",
        ["work", "completions / CPU s", "generate", "ratio", "tokens / answer"],
        notes=["generate gets all prompts in one batch, padded on the left, and num_return_sequences"],
    )
    for work in WORKS:
        one(work, report, rounds=1 if quick else 5)
    return [report]


def one(work: Work, report: Report, rounds: int) -> None:
    """Both answer the same prompts, as often, with other random numbers each round."""
    model, tokenizer = world.new_model(world.DEMO) if work.demo else load_model(world.policy())
    engine = LocalEngine(model, tokenizer)
    ends = sorted(engine.ends)
    if work.whole:
        engine.ends = set()
    prompts = [(Message("user", source),) for source, _ in world.sentences(work.prompts, 5)]

    def ours(number: int) -> Turn:
        sampling = Sampling(n=work.samples, seed=number + 1, temperature=1.0, max_tokens=TOKENS)
        start = time.process_time()
        answers = engine.complete([Request(messages=prompt, sampling=sampling) for prompt in prompts])
        seconds = time.process_time() - start
        found = [answer for row in answers for answer in row]
        return {"seconds": seconds, "answers": len(found), "tokens": sum(len(a.token_ids) for a in found)}

    def theirs(number: int) -> Turn:
        torch.manual_seed(number + 1)
        return generated(model, tokenizer, engine.render(prompts), work, ends)

    turns = alternate({ENGINE: ours, GENERATE: theirs}, rounds)
    ours_rates, their_rates = (rates(turns[name], "answers", "seconds") for name in (ENGINE, GENERATE))
    faster = ratio(ours_rates, their_rates)
    length = [turn["tokens"] / turn["answers"] for name in turns for turn in turns[name]]
    report.rows.append(
        [
            work.name,
            str(Spread.of(ours_rates)),
            str(Spread.of(their_rates)),
            str(faster),
            f"{sum(length) / len(length):.1f}",
        ]
    )
    report.numbers[work.name] = turns


@torch.no_grad()
def generated(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, texts: list[str], work: Work, ends: list[int]
) -> Turn:
    """The same work by `generate`, from texts to texts."""
    model.eval()
    limits: dict[str, Any] = {"min_new_tokens": TOKENS} if work.whole else {}
    start = time.process_time()
    batch = tokenizer(texts, return_tensors="pt", padding=True, padding_side="left", add_special_tokens=False)
    out = model.generate(
        batch.input_ids,
        attention_mask=batch.attention_mask,
        do_sample=True,
        temperature=1.0,
        top_k=0,
        top_p=1.0,
        num_return_sequences=work.samples,
        max_new_tokens=TOKENS,
        eos_token_id=ends,
        pad_token_id=tokenizer.pad_token_id,
        **limits,
    )
    answers = out[:, batch.input_ids.shape[1] :]
    tokenizer.batch_decode(answers, skip_special_tokens=True)
    seconds = time.process_time() - start
    return {"seconds": seconds, "answers": len(answers), "tokens": int((answers != tokenizer.pad_token_id).sum())}


if __name__ == "__main__":
    for item in run():
        item.show()
        print(item.save())
