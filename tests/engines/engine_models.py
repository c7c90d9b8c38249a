"""Tiny random models of every supported architecture and a tokenizer, made here and now."""

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    Gemma2Config,
    Gemma2ForCausalLM,
    Gemma3ForCausalLM,
    Gemma3TextConfig,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from towerplus.prompts.chat import FORMATS

torch.set_num_threads(1)

ARCHITECTURES = ("llama", "qwen2", "qwen3", "gemma2", "gemma3")


def make_tokenizer() -> PreTrainedTokenizerFast:
    """A byte-level BPE with Gemma's turns, trained on a few lines."""
    chat = FORMATS["gemma"]
    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=299,
        special_tokens=["<pad>", "<bos>", "<eos>", *chat.special_tokens],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    core.train_from_iterator(["the cat sees the dog", "der Hund sieht die Katze", "o gato vê o cão"] * 20, trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core, pad_token="<pad>", bos_token="<bos>", eos_token="<eos>", padding_side="left"
    )
    tokenizer.chat_template = chat.template
    return tokenizer


def make_model(architecture: str, vocabulary: int = 299, window: int = 12, seed: int = 0, **changes):
    """A random model whose answers vary (large initial weights); the sliding windows are shorter than the prompts."""
    shape = {
        "vocab_size": vocabulary,
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "intermediate_size": 64,
        "max_position_embeddings": 128,
        "initializer_range": 0.3,
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "tie_word_embeddings": True,
        **changes,
    }
    layer_types = ["sliding_attention", "full_attention"]
    torch.manual_seed(seed)
    if architecture == "llama":
        model = LlamaForCausalLM(LlamaConfig(**shape))
    elif architecture == "qwen2":
        shape.pop("head_dim")
        model = Qwen2ForCausalLM(Qwen2Config(**shape))
    elif architecture == "qwen3":
        model = Qwen3ForCausalLM(Qwen3Config(**shape))
    elif architecture == "gemma2":
        model = Gemma2ForCausalLM(
            Gemma2Config(**shape, sliding_window=window, layer_types=layer_types, query_pre_attn_scalar=8)
        )
    else:
        model = Gemma3ForCausalLM(
            Gemma3TextConfig(**shape, sliding_window=window, layer_types=layer_types, query_pre_attn_scalar=8)
        )
    # several end tokens, so that some greedy answers of a random model end and some do not
    model.generation_config.eos_token_id = [2, 4, *range(9, 299, 10)]
    model.generation_config.pad_token_id = 0
    return model.eval()
