"""The stages base, CPT and SFT on a micro corpus: what they write, what they learn from, and that they learn."""

import json
import random
import re

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from towerplus import records
from towerplus.errors import UserError
from towerplus.records import Conversation, Message, Pair, Text
from towerplus.train import base, cpt, sft
from towerplus.train.model import weights_digest
from towerplus.train.settings import BaseSettings, CptSettings, ModelSettings, SftSettings

SUBJECTS = {"dog": "Hund", "cat": "Kater", "man": "Mann", "bird": "Vogel", "fox": "Fuchs"}
VERBS = {"sees": "sieht", "hears": "hört", "finds": "findet", "loves": "liebt"}
SMALL = ModelSettings(hidden_size=48, intermediate_size=64, heads=2, context=96, vocabulary=400)
FAST = {"learning_rate": 1e-2, "batch_tokens": 160}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    draw = random.Random(0)
    pairs, talks = [], []
    for _ in range(400):
        (s, t), (v, w), (o, p) = (draw.choice(list(words.items())) for words in (SUBJECTS, VERBS, SUBJECTS))
        pairs.append(Pair(f"The {s} {v} the {o}.", f"Der {t} {w} den {p}.", "en-US", "de"))
        ask = Message("user", f"Translate into German: {pairs[-1].source}")
        talks.append(Conversation((ask, Message("assistant", pairs[-1].target)), "translation/plain"))
        talks.append(
            Conversation(
                (Message("user", f"First noun of: {pairs[-1].source}"), Message("assistant", s)), "general/noun"
            )
        )
    texts = [Text(text, locale) for p in pairs for text, locale in ((p.source, "en-US"), (p.target, "de"))]
    records.write(folder / "texts.parquet", Text, texts)
    records.write(folder / "pairs.parquet", Pair, pairs)
    records.write(folder / "conversations.parquet", Conversation, talks)
    return folder


@pytest.fixture(scope="module")
def begun(data, tmp_path_factory):
    out = tmp_path_factory.mktemp("base")
    return out, base.run(BaseSettings(model=SMALL, tokens=12_000, **FAST), data, None, out, 1)


def log(out):
    return [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]


def answer(folder, question):
    model, tokenizer = AutoModelForCausalLM.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)
    chat = [{"role": "user", "content": question}]
    inputs = tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    out = model.generate(**inputs, max_new_tokens=30, do_sample=False)[0, inputs["input_ids"].shape[1] :]
    assert out[-1] in model.generation_config.eos_token_id, "does not stop"
    return tokenizer.decode(out, skip_special_tokens=True)


def test_base(begun):
    out, counts = begun
    assert counts["last_loss"] < 1.5 < 4.5 < counts["first_loss"]
    assert 12_000 <= counts["tokens"]["texts"] < 12_100
    assert counts["steps"] == len(log(out)) == log(out)[-1]["step"]
    assert counts["labelled_tokens"] < counts["tokens"]["texts"]
    assert counts["padding"] < 0.1
    assert counts["rejected"] == {}
    assert not list(out.glob("*checkpoint*"))
    assert {path.name for path in out.iterdir()} == {"model", "log.jsonl", "times.jsonl"}


def test_the_whole_way_to_an_answer(data, begun, tmp_path):
    """Base, CPT, SFT; the result answers each kind of question in kind, and stops. (What fits the question is learned
    later than what an answer looks like; that takes longer than a test should.)"""
    settings = CptSettings(tokens=25_000, **FAST)
    counts = cpt.run(settings, data, begun[0] / "model", tmp_path / "cpt", 1)
    shares = {name: n / sum(counts["tokens"].values()) for name, n in counts["tokens"].items()}
    assert shares == pytest.approx({"texts": 0.66, "pairs": 0.33, "conversations": 0.01}, abs=0.01)
    assert counts["epochs"]["texts"] > 1 > counts["epochs"]["conversations"]
    assert counts["last_loss"] < counts["first_loss"]

    settings = SftSettings(tokens=25_000, translation=0.6, **FAST)
    counts = sft.run(settings, data, tmp_path / "cpt/model", tmp_path / "sft", 1)
    assert counts["tokens"]["translation"] / sum(counts["tokens"].values()) == pytest.approx(0.6, abs=0.01)
    assert counts["labelled_tokens"] < 0.4 * sum(counts["tokens"].values())
    assert counts["last_loss"] < 0.8 < 2 < counts["first_loss"]
    model = tmp_path / "sft/model"
    assert answer(model, "First noun of: The fox loves the bird.") in SUBJECTS
    words = re.fullmatch(
        r"Der (\w+) (\w+) den (\w+)\.", answer(model, "Translate into German: The fox loves the bird.")
    )
    assert {words[1], words[3]} <= set(SUBJECTS.values())
    assert words[2] in VERBS.values()


def test_same_seed_same_bytes(data, begun, tmp_path):
    settings = SftSettings(tokens=2_000, **FAST)
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        sft.run(settings, data, begun[0] / "model", tmp_path / name, seed)
    digests = [weights_digest(tmp_path / name / "model") for name in "abc"]
    assert digests[0] == digests[1] != digests[2]
    assert log(tmp_path / "a") == log(tmp_path / "b") != log(tmp_path / "c")


def test_packed_rows_learn_too(data, begun, tmp_path):
    settings = SftSettings(tokens=6_000, packing=True, pack_length=64, accumulate=2, **FAST)
    counts = sft.run(settings, data, begun[0] / "model", tmp_path, 1)
    assert counts["last_loss"] < 0.7 * counts["first_loss"]
    assert counts["padding"] < 0.15


def test_begin_with_a_checkpoint(data, begun, tmp_path):
    settings = BaseSettings(model=ModelSettings(checkpoint=str(begun[0] / "model")), **FAST)
    counts = base.run(settings, data, None, tmp_path / "taken", 1)
    assert counts["checkpoint"] == str(begun[0] / "model")
    assert weights_digest(tmp_path / "taken/model") == weights_digest(begun[0] / "model")
    base.run(BaseSettings(model=SMALL, tokens=0, **FAST), data, None, tmp_path / "raw", 1)
    raw = AutoModelForCausalLM.from_pretrained(tmp_path / "raw/model")
    assert torch.equal(raw.model.norm.weight, torch.ones(48))


def test_too_long_is_said(data, begun, tmp_path):
    long = Conversation((Message("user", "a " * 100), Message("assistant", "b")), "general/long")
    some = [*list(records.read(data / "conversations.parquet", Conversation))[:40], long]
    records.write(tmp_path / "conversations.parquet", Conversation, some)
    counts = sft.run(SftSettings(tokens=3_000, **FAST), tmp_path, begun[0] / "model", tmp_path / "out", 1)
    assert counts["rejected"] == {"general": {"longer than 96 tokens": 1}}


def test_shares_are_of_a_whole():
    with pytest.raises(ValueError, match=r"add up to 1, not 0\.83"):
        CptSettings(tokens=10, parallel=0.16, **FAST)


def test_bad_input(data, begun, tmp_path):
    model = begun[0] / "model"
    with pytest.raises(UserError, match=r"texts\.parquet: no such file"):
        base.run(BaseSettings(model=SMALL, **FAST), tmp_path, None, tmp_path / "out", 1)
    with pytest.raises(UserError, match="not a model directory"):
        sft.run(SftSettings(tokens=10, **FAST), data, data, tmp_path / "out", 1)
    records.write(tmp_path / "texts.parquet", Text, [])
    with pytest.raises(UserError, match="no text"):
        base.run(BaseSettings(model=SMALL, **FAST), tmp_path, None, tmp_path / "out", 1)
    general = [c for c in records.read(data / "conversations.parquet", Conversation) if c.kind == "general/noun"]
    records.write(tmp_path / "conversations.parquet", Conversation, general)
    with pytest.raises(UserError, match="no data of kind 'translation'"):
        sft.run(SftSettings(tokens=100, **FAST), tmp_path, model, tmp_path / "out", 1)
    long = Conversation((Message("user", "a " * 100), Message("assistant", "b")), "general/long")
    records.write(tmp_path / "conversations.parquet", Conversation, [long])
    with pytest.raises(UserError, match="longer than 96 tokens: 1"):
        sft.run(SftSettings(tokens=100, translation=0, **FAST), tmp_path, model, tmp_path / "out", 1)
