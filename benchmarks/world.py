"""A small made-up language pair: data of realistic lengths, a tokenizer, a model of 0.9M parameters and a policy.

Sentences of pseudo-words are translated word by word through a seeded dictionary in which some words become two, so a
model learns when an answer ends, and answers have the lengths that real ones have.
"""

from __future__ import annotations

import functools
import itertools
import tempfile
from pathlib import Path

import numpy as np
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from towerplus import records
from towerplus.records import Check, Conversation, Message, Preference, Task
from towerplus.train import sft
from towerplus.train.model import build_model, save_model
from towerplus.train.settings import ModelSettings, SftSettings
from towerplus.train.tokenizer import train_tokenizer

WORDS = 800  # in each language: few enough to be one token each
#: words a sentence: log-normal. With the 11 tokens of the chat format: 28 tokens an example, 40% of them the answer's
MEDIAN, SIGMA = 6.0, 0.45
SHAPE = ModelSettings(
    architecture="llama",
    hidden_size=128,
    layers=4,
    heads=4,
    intermediate_size=256,
    vocabulary=2048,
    init_std=0.05,
)
DEMO = ModelSettings()  # the shape of `tower run tiny`
POLICY_TOKENS = 80_000


@functools.cache
def dictionary() -> dict[str, str]:
    """Source word -> its translation, one word or two."""
    random = np.random.default_rng(0)
    syllables = ["".join(pair) for pair in itertools.product("bdfgklmnprstvz", "aeiou")]

    def invent(ending: str) -> list[str]:
        found: dict[str, None] = {}
        while len(found) < WORDS:
            found["".join(random.choice(syllables, random.integers(2, 4))) + ending] = None
        return list(found)

    source, target = invent(""), invent("n")
    return {
        word: other if random.random() > 0.3 else f"{other} {target[random.integers(WORDS)]}"
        for word, other in zip(source, target, strict=True)
    }


def sentences(count: int, seed: int) -> list[tuple[str, str]]:
    """Source and translation; words by Zipf's law."""
    random = np.random.default_rng([1, seed])
    words = list(dictionary())
    weight = 1 / (2 + np.arange(WORDS))
    lengths = np.clip(np.rint(random.lognormal(np.log(MEDIAN), SIGMA, count)), 1, 40).astype(int)
    drawn = random.choice(WORDS, lengths.sum(), p=weight / weight.sum())
    found = []
    for row in np.split(drawn, np.cumsum(lengths)[:-1]):
        source = [words[i] for i in row]
        found.append((" ".join(source), " ".join(dictionary()[word] for word in source)))
    return found


def conversations(count: int, seed: int = 0) -> list[Conversation]:
    return [
        Conversation((Message("user", source), Message("assistant", target)), "general/bench")
        for source, target in sentences(count, seed)
    ]


def preferences(count: int, seed: int = 0) -> list[Preference]:
    """The rejected answer has one word in four wrong, and sometimes one more or one less."""
    random = np.random.default_rng([2, seed])
    target = list(dictionary().values())
    found = []
    for source, chosen in sentences(count, seed + 1000):
        spoilt = [word if random.random() > 0.25 else target[random.integers(WORDS)] for word in chosen.split()]
        spoilt = spoilt[: len(spoilt) - 1] if random.random() < 0.3 and len(spoilt) > 1 else spoilt
        rejected = " ".join([*spoilt, target[random.integers(WORDS)]] if " ".join(spoilt) == chosen else spoilt)
        found.append(
            Preference(
                (Message("user", source),),
                (Message("assistant", chosen),),
                (Message("assistant", rejected),),
                "general/bench",
            )
        )
    return found


def tokenizer(vocabulary: int = SHAPE.vocabulary) -> PreTrainedTokenizerFast:
    texts = [f"user\n{source}\nmodel\n{target}" for source, target in sentences(4000, 99)]
    return train_tokenizer(texts, vocabulary)


def new_model(shape: ModelSettings = SHAPE) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """An untrained model, the same each time."""
    torch.manual_seed(0)
    words = tokenizer(shape.vocabulary)
    return build_model(shape, words), words


def untrained(folder: Path, shape: ModelSettings = SHAPE) -> Path:
    """A model directory, before any training."""
    save_model(*new_model(shape), folder)
    return folder


@functools.cache
def policy() -> Path:
    """A model directory that has learned how long answers are and most of the frequent words: what preference
    training and reinforcement learning start from. Trained once a process."""
    folder = Path(tempfile.mkdtemp(prefix="bench-policy-"))
    records.write(folder / "conversations.parquet", Conversation, conversations(3000, 7))
    settings = SftSettings(learning_rate=4e-3, tokens=POLICY_TOKENS, translation=0, batch_tokens=512)
    sft.run(settings, folder, untrained(folder / "untrained"), folder / "sft", seed=0)
    return folder / "sft" / "model"


def tasks(count: int, graded: bool, seed: int = 0) -> list[Task]:
    """Prompts with checks. Graded: how near an answer is, in words and letters, so that answers hardly ever tie.
    Otherwise whether it has the right number of words, which whole groups share."""
    found = []
    for source, target in sentences(count, seed + 2000):
        letters, words = ({"count": len(text), "relation": "exactly"} for text in (target, target.split()))
        checks = (
            (Check("answer.exact", {"expected": [target]}), Check("instruction.length.characters", letters))
            if graded
            else (Check("instruction.length.words", words),)
        )
        found.append(Task((Message("user", source),), "general/bench", checks))
    return found
