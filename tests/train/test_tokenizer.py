"""The byte-level BPE: lossless, deterministic, and the same when transformers loads it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoTokenizer

from towerplus.errors import UserError
from towerplus.prompts.chat import FORMATS
from towerplus.train.model import build_model, save_model
from towerplus.train.render import end_of_turn
from towerplus.train.settings import ModelSettings
from towerplus.train.tokenizer import train_tokenizer

TEXTS = [
    "The dog's house (No. 12) costs 1,200.50 euros.",
    "Der Hund sieht 12 Katzen.\n\nUnd nun?",
    "कुत्ता घर देखता है।",
    "Собака видит кошек",
    "狗看见十二只猫。",
] * 20
TOKENIZER = train_tokenizer(TEXTS, 600)


@given(st.text())
def test_any_text_comes_back(text):
    ids = TOKENIZER(text, add_special_tokens=False, split_special_tokens=True).input_ids
    assert TOKENIZER.decode(ids) == text


def test_pieces():
    tokens = TOKENIZER.tokenize("Der Hund sieht 1234 Katzen")
    assert [token for token in tokens if any(c.isdigit() for c in token)] == ["1", "2", "3", "4"]
    assert "ĠHund" in tokens
    assert "ĠKatzen" in tokens
    assert len(TOKENIZER.tokenize("कुत्ता")) == 1  # vowel signs stay with their letters


def test_same_texts_same_tokenizer():
    again = train_tokenizer(iter(TEXTS), 600)
    assert again.backend_tokenizer.to_str() == TOKENIZER.backend_tokenizer.to_str()
    assert len(TOKENIZER) <= 600
    assert train_tokenizer(TEXTS, 300).backend_tokenizer.to_str() != TOKENIZER.backend_tokenizer.to_str()


@pytest.mark.parametrize("chat_format", sorted(FORMATS))
@pytest.mark.parametrize("architecture", ["qwen3", "qwen2", "llama", "gemma2", "gemma3"])
def test_loads_beside_any_model(architecture, chat_format, tmp_path):
    """transformers chooses the class of a tokenizer by the model beside it, and some classes bring their own rules."""
    tokenizer = train_tokenizer(TEXTS, 600, chat_format, 128, architecture)
    save_model(build_model(ModelSettings(architecture=architecture), tokenizer), tokenizer, tmp_path)
    loaded = AutoTokenizer.from_pretrained(tmp_path)
    turns = [{"role": "user", "content": "Say 12"}, {"role": "assistant", "content": "Hund"}]
    for text in [*TEXTS[:5], "  two  spaces\n \n", tokenizer.apply_chat_template(turns, tokenize=False)]:
        assert loaded(text).input_ids == tokenizer(text).input_ids
        assert loaded.decode(loaded(text, add_special_tokens=False).input_ids) == text
    assert (loaded.pad_token, loaded.bos_token, loaded.eos_token) == ("<pad>", "<bos>", "<eos>")
    assert loaded.chat_template == FORMATS[chat_format].template
    assert loaded.convert_ids_to_tokens(end_of_turn(loaded)) == FORMATS[chat_format].end
    assert loaded.model_max_length == 128


def test_begins_as_chats_begin():
    for name, layout in FORMATS.items():
        tokenizer = train_tokenizer(TEXTS, 600, name)
        chat = tokenizer.apply_chat_template([{"role": "user", "content": "a"}], tokenize=False)
        assert (tokenizer("a").input_ids[0] == tokenizer.bos_token_id) == chat.startswith("<bos>")
        assert all(len(tokenizer(token, add_special_tokens=False).input_ids) == 1 for token in layout.special_tokens)


def test_bad_input():
    with pytest.raises(UserError, match="too small"):
        train_tokenizer(TEXTS, 260)
    with pytest.raises(UserError, match="no text"):
        train_tokenizer([], 600)
