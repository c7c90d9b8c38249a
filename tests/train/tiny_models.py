"""Tiny random models of the supported architectures, in the shapes that go wrong: grouped keys and values, sliding
windows shorter than the texts, softcaps low enough to bend the logits."""

from __future__ import annotations

import torch
from transformers import (
    Gemma2Config,
    Gemma2ForCausalLM,
    Gemma3ForCausalLM,
    Gemma3TextConfig,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

torch.set_num_threads(1)  # more would only wait for one another at this size

ARCHITECTURES = {
    "llama": (LlamaForCausalLM, LlamaConfig, {}),
    "qwen2": (Qwen2ForCausalLM, Qwen2Config, {}),
    "qwen3": (Qwen3ForCausalLM, Qwen3Config, {"head_dim": 8}),
    "gemma2": (
        Gemma2ForCausalLM,
        Gemma2Config,
        {
            "head_dim": 8,
            "query_pre_attn_scalar": 8,
            "sliding_window": 5,
            "layer_types": ["sliding_attention", "full_attention"],
            "attn_logit_softcapping": 5.0,
            "final_logit_softcapping": 2.0,
        },
    ),
    "gemma3": (
        Gemma3ForCausalLM,
        Gemma3TextConfig,
        {
            "head_dim": 8,
            "query_pre_attn_scalar": 8,
            "sliding_window": 5,
            "layer_types": ["sliding_attention", "full_attention"],
        },
    ),
}

#: every architecture with the attention implementations it has; Gemma 2 softcaps attention, which sdpa cannot
KINDS = [(name, kind) for name in ARCHITECTURES for kind in ("eager", "sdpa") if (name, kind) != ("gemma2", "sdpa")]


def tiny_model(
    architecture: str = "qwen3", attention: str = "eager", *, seed: int = 0, vocabulary: int = 101, **overrides
) -> PreTrainedModel:
    """A model of two layers, width 32, about 20,000 parameters in float32, in evaluation mode; `overrides` go to its
    config. Weights are wide enough for logits to be of scale 1 or more, so that a leak or a missing softcap shows."""
    model_class, config_class, extra = ARCHITECTURES[architecture]
    settings = {
        "vocab_size": vocabulary,
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 128,
        "initializer_range": 0.3,
        "tie_word_embeddings": True,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "pad_token_id": 0,
        "attn_implementation": attention,
    }
    torch.manual_seed(seed)
    return model_class(config_class(**{**settings, **extra, **overrides})).eval()
