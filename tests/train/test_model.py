"""Models as Hugging Face directories: everyone else can load them, and what is not one is told in a line."""

import json
import shutil
import subprocess
import sys

import pytest
import torch

from towerplus.errors import UserError
from towerplus.train import model as models
from towerplus.train.model import (
    autocast,
    build_model,
    context_of,
    give_chat_format,
    load_model,
    parameters_of,
    save_model,
    weights_digest,
)
from towerplus.train.render import end_of_turn
from towerplus.train.settings import ModelSettings
from towerplus.train.tokenizer import train_tokenizer

TEXTS = ["The dog sees 12 cats.", "Der Hund sieht 12 Katzen."] * 20
SETTINGS = {"hidden_size": 32, "intermediate_size": 48, "context": 64, "vocabulary": 300}

ELSEWHERE = """
import sys, json
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "towerplus":
            raise ImportError("blocked")
sys.meta_path.insert(0, Blocked())
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
out = {}
for folder in sys.argv[1:]:
    model, tokenizer = AutoModelForCausalLM.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)
    chat = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hund 12"}]
    inputs = tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    with torch.no_grad():
        logits = model(**inputs).logits[0, -1, :5].tolist()
        produced = model.generate(**inputs, max_new_tokens=4, do_sample=False)[0, inputs["input_ids"].shape[1]:]
    out[folder] = [inputs["input_ids"].tolist(), logits, produced.tolist(), model.generation_config.eos_token_id]
assert "towerplus" not in sys.modules
print(json.dumps(out))
"""


def make(folder, architecture="qwen3", chat_format="gemma"):
    tokenizer = train_tokenizer(TEXTS, 300, chat_format, 64, architecture)
    torch.manual_seed(0)
    net = build_model(ModelSettings(architecture=architecture, **SETTINGS), tokenizer)
    save_model(net, tokenizer, folder)
    return net, tokenizer


def test_loads_without_this_package(tmp_path):
    kinds = [("qwen3", "gemma"), ("qwen2", "chatml"), ("llama", "chatml"), ("gemma2", "gemma"), ("gemma3", "gemma")]
    made = {str(tmp_path / f"{a}-{c}"): make(tmp_path / f"{a}-{c}", a, c) for a, c in kinds}
    ran = subprocess.run([sys.executable, "-c", ELSEWHERE, *made], capture_output=True, text=True, check=True)
    for folder, (ids, logits, produced, ends) in json.loads(ran.stdout.splitlines()[-1]).items():
        net, tokenizer = made[folder]
        chat = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hund 12"}]
        text = tokenizer.apply_chat_template(chat, add_generation_prompt=True, tokenize=False)
        assert "Be brief." in text
        assert tokenizer(text, add_special_tokens=False).input_ids == ids[0]
        with torch.no_grad():
            ours = net.eval()(torch.tensor(ids)).logits[0, -1]
        torch.testing.assert_close(ours[:5], torch.tensor(logits))
        assert len(produced)
        assert produced[0] == ours.argmax()
        assert set(ends) == {tokenizer.eos_token_id, end_of_turn(tokenizer)}


@pytest.mark.parametrize("architecture", ["qwen3", "qwen2", "llama", "gemma2", "gemma3"])
def test_built_as_asked(architecture, tmp_path):
    net, _ = make(tmp_path, architecture)
    matrices = [p for p in net.parameters() if p.dim() == 2]
    assert all(p.std().item() == pytest.approx(0.08, rel=0.1) for p in matrices)
    assert net.lm_head.weight is net.get_input_embeddings().weight
    assert context_of(net) == 64
    loaded, _ = load_model(tmp_path)
    assert all(torch.equal(a, b) for a, b in zip(net.parameters(), loaded.parameters(), strict=True))
    assert parameters_of(loaded) == parameters_of(net) < 60_000
    assert {p.dtype for p in loaded.parameters()} == {torch.float32}
    assert loaded.config._attn_implementation == ("eager" if architecture == "gemma2" else "sdpa")
    assert weights_digest(tmp_path) == weights_digest(tmp_path)


def test_digest_follows_the_weights(tmp_path):
    net, tokenizer = make(tmp_path / "a")
    with torch.no_grad():
        net.lm_head.weight[0, 0] += 1e-3
    save_model(net, tokenizer, tmp_path / "b")
    assert weights_digest(tmp_path / "a") != weights_digest(tmp_path / "b")
    save_model(*load_model(tmp_path / "b"), tmp_path / "c")
    assert weights_digest(tmp_path / "c") == weights_digest(tmp_path / "b")


def test_not_a_model(tmp_path):
    make(tmp_path / "good")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    shutil.copytree(tmp_path / "good", tmp_path / "unweighted")
    (tmp_path / "unweighted/model.safetensors").unlink()
    shutil.copytree(tmp_path / "good", tmp_path / "cut")
    (tmp_path / "cut/model.safetensors").write_bytes((tmp_path / "good/model.safetensors").read_bytes()[:1000])
    shutil.copytree(tmp_path / "good", tmp_path / "strange")
    (tmp_path / "strange/config.json").write_text('{"model_type": "nothing-known"}')
    reasons = {"empty": "config.json", "file": "a file", "unweighted": "no weights", "cut": "cannot load",
               "strange": "cannot load", "absent": "no such"}  # fmt: skip
    for name, reason in reasons.items():
        with pytest.raises(UserError, match=reason) as caught:
            load_model(tmp_path / name)
        assert str(tmp_path / name) in str(caught.value)
        assert "\n" not in str(caught.value)
    with pytest.raises(UserError, match="no safetensors"):
        weights_digest(tmp_path / "empty")


def test_a_base_model_learns_to_chat(tmp_path):
    net, tokenizer = make(tmp_path / "gemma")
    tokenizer.chat_template, net.generation_config.eos_token_id = None, tokenizer.eos_token_id
    rows = net.get_input_embeddings().num_embeddings
    give_chat_format(net, tokenizer, "chatml")  # its special tokens are new
    assert net.get_input_embeddings().num_embeddings == rows + 2 == len(tokenizer)
    save_model(net, tokenizer, tmp_path / "chat")
    loaded, reloaded = load_model(tmp_path / "chat")
    assert reloaded.convert_ids_to_tokens(loaded.generation_config.eos_token_id) == ["<eos>", "<|im_end|>"]
    give_chat_format(loaded, reloaded, "gemma")  # has one already
    assert "im_start" in reloaded.chat_template


def test_no_emulated_bf16(monkeypatch):
    cpu = torch.device("cpu")
    monkeypatch.setattr(models, "native_bf16", lambda where: False)
    with autocast("auto", cpu):
        assert not torch.is_autocast_enabled("cpu")
    with pytest.raises(UserError, match="native bf16"):
        autocast("bf16", cpu)
    monkeypatch.setattr(models, "native_bf16", lambda where: True)
    with autocast("bf16", cpu):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.bfloat16
