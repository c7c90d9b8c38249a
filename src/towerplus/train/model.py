"""Models: built from settings or loaded, saved as the Hugging Face directories that everyone's tools read."""

from __future__ import annotations

import copy
import hashlib
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import torch
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoTokenizer,
    GenerationConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import logging as transformers_logging

from towerplus.engines.local import require_fit
from towerplus.errors import UserError
from towerplus.prompts.chat import FORMATS
from towerplus.train.render import end_of_turn, special_ids
from towerplus.train.settings import ModelSettings

transformers_logging.disable_progress_bar()


def device() -> torch.device:
    """Where this process trains."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def native_bf16(where: torch.device) -> bool:
    """Whether the hardware multiplies bf16 itself; elsewhere it is emulated, 35-50 times slower than fp32."""
    if where.type == "cuda":
        return torch.cuda.get_device_capability(where) >= (8, 0)
    return torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()


def autocast(precision: str, where: torch.device) -> AbstractContextManager:
    """The context of a forward pass. Master weights are fp32 always; `auto` is bf16 on a GPU that has it, else fp32.

    For fp32 this is no context at all: autocast costs time on every operation of a small model.
    """
    if precision == "auto":
        precision = "bf16" if where.type == "cuda" and native_bf16(where) else "fp32"
    if precision == "fp32":
        return nullcontext()
    if not native_bf16(where):
        raise UserError(f"this {where.type} has no native bf16; use auto or fp32", "precision")
    return torch.autocast(where.type, dtype=torch.bfloat16)


def build_model(settings: ModelSettings, tokenizer: PreTrainedTokenizerBase) -> PreTrainedModel:
    """A decoder with random weights (from torch's global generator) for `tokenizer`, fp32, on the CPU."""
    head_dim = settings.hidden_size // settings.heads
    values = {
        "vocab_size": len(tokenizer),
        "hidden_size": settings.hidden_size,
        "num_hidden_layers": settings.layers,
        "num_attention_heads": settings.heads,
        "num_key_value_heads": settings.key_value_heads or settings.heads,
        "head_dim": head_dim,
        "intermediate_size": settings.intermediate_size,
        "max_position_embeddings": settings.context,
        "initializer_range": settings.init_std,
        "tie_word_embeddings": True,
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
    }
    if settings.architecture in ("gemma2", "gemma3"):
        # their attention is scaled by this instead of the head's own width
        values["query_pre_attn_scalar"] = head_dim
    name = {"gemma3": "gemma3_text"}.get(settings.architecture, settings.architecture)
    config = AutoConfig.for_model(name, **values)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32, attn_implementation=_attention(config))
    model.generation_config = _generation(tokenizer, model.generation_config)
    return model


def load_model(
    path: str | Path, trust_remote_code: bool = False, dtype: torch.dtype = torch.float32
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The model (on the CPU) and tokenizer of a Hugging Face directory or hub name; UserError if it is neither."""
    name = str(path)
    folder = Path(path)
    if folder.is_file():
        raise UserError("a file, not a model directory", name)
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise UserError("not a model directory: it has no config.json", name)
        if not any(folder.glob("*.safetensors")) and not any(folder.glob("*.bin")):
            raise UserError("not a model directory: it has no weights (*.safetensors)", name)
    elif name.startswith((".", "/", "~")) or name.count("/") != 1:
        raise UserError("no such model directory", name)
    try:
        config = AutoConfig.from_pretrained(name, trust_remote_code=trust_remote_code)
        attention = _attention(config)
        model = AutoModelForCausalLM.from_pretrained(
            name, config=config, dtype=dtype, attn_implementation=attention, trust_remote_code=trust_remote_code
        )
        tokenizer = AutoTokenizer.from_pretrained(name, trust_remote_code=trust_remote_code)
    # a broken directory fails in many ways (OSError, ValueError, KeyError, SafetensorError, JSONDecodeError)
    except Exception as error:
        reason = (str(error).strip().splitlines() or [""])[0]
        raise UserError(f"cannot load the model: {type(error).__name__}: {reason[:300]}", name) from error
    require_fit(model, tokenizer, name)
    if not tokenizer.is_fast:
        raise UserError("needs a fast tokenizer (tokenizer.json)", name)
    tokenizer.padding_side = "right"
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return model, tokenizer


def give_chat_format(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, name: str) -> None:
    """Give a base model one of our chat formats: template, special tokens, rows for those it did not have. A model
    that has a chat template keeps it."""
    if tokenizer.chat_template:
        return
    layout = FORMATS[name]
    known = special_ids(tokenizer)
    missing = [token for token in layout.special_tokens if tokenizer.convert_tokens_to_ids(token) not in known]
    tokenizer.add_special_tokens({"extra_special_tokens": missing}, replace_extra_special_tokens=False)
    tokenizer.chat_template = layout.template
    if len(tokenizer) > model.get_input_embeddings().num_embeddings:
        model.resize_token_embeddings(len(tokenizer), mean_resizing=False)


def save_model(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, out: Path) -> None:
    """Write weights (safetensors), configuration, tokenizer, chat template and generation configuration to `out`."""
    model.generation_config = _generation(tokenizer, model.generation_config)
    try:
        model.save_pretrained(out)
        tokenizer.save_pretrained(out)
    except OSError as error:
        raise UserError(f"cannot write the model: {error.strerror or error}", str(out)) from None


def context_of(model: PreTrainedModel) -> int:
    """The longest sequence that the model takes, tokens."""
    return int(model.config.get_text_config().max_position_embeddings)


def parameters_of(model: PreTrainedModel) -> int:
    """The number of parameters, tied ones counted once."""
    return sum(p.numel() for p in model.parameters())


def weights_digest(path: Path) -> str:
    """SHA-256 over the safetensors files of a model directory, names and bytes, in name order."""
    files = sorted(Path(path).glob("*.safetensors"))
    if not files:
        raise UserError("no safetensors files", str(path))
    total = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            total.update(f"{file.name}\0{hashlib.file_digest(stream, 'sha256').hexdigest()}\n".encode())
    return total.hexdigest()


def _attention(config: AutoConfig) -> str:
    """sdpa, unless attention scores are soft-capped (Gemma 2), which sdpa cannot do."""
    return "eager" if getattr(config.get_text_config(), "attn_logit_softcapping", None) else "sdpa"


def _generation(tokenizer: PreTrainedTokenizerBase, config: GenerationConfig | None) -> GenerationConfig:
    """`config` with the ends of a text and of an answer both stopping generation."""
    config = copy.deepcopy(config) if config else GenerationConfig()
    config._from_model_config = False  # or transformers takes it for leftovers and rebuilds it
    stated = config.eos_token_id
    ends = list(stated) if isinstance(stated, list) else [stated]
    ends = [tokenizer.eos_token_id, end_of_turn(tokenizer), *ends]
    config.eos_token_id = list(dict.fromkeys(i for i in ends if i is not None))
    config.pad_token_id = tokenizer.pad_token_id
    config.bos_token_id = tokenizer.bos_token_id
    return config
