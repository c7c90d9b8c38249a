"""What a recipe may say about training. Budgets are tokens, steps or epochs, never seconds."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ModelSettings(Settings):
    """A small decoder from scratch, or `checkpoint`: a Hugging Face directory or hub name to start from."""

    checkpoint: str | None = None
    trust_remote_code: bool = False
    architecture: Literal["qwen3", "qwen2", "llama", "gemma2", "gemma3"] = "qwen3"
    hidden_size: int = Field(96, gt=0)
    layers: int = Field(2, gt=0)
    heads: int = Field(4, gt=0)
    key_value_heads: int | None = Field(None, gt=0, description="default: as many as heads")
    intermediate_size: int = Field(192, gt=0)
    context: int = Field(512, gt=0, description="longest sequence, tokens")
    init_std: float = Field(0.08, gt=0)
    vocabulary: int = Field(1280, ge=300, description="entries of the byte-level BPE that is trained")
    chat_template: Literal["gemma", "chatml"] = "gemma"

    @model_validator(mode="after")
    def _divisible(self) -> ModelSettings:
        if self.hidden_size % self.heads:
            raise ValueError(f"hidden_size {self.hidden_size} is not a multiple of heads {self.heads}")
        return self


class OptimiserSettings(Settings):
    """AdamW."""

    learning_rate: float = Field(gt=0)
    betas: tuple[float, float] = (0.9, 0.95)
    weight_decay: float = Field(0.01, ge=0)
    clip: float = Field(1.0, gt=0, description="largest gradient norm")
    warmup_steps: int = Field(10, ge=0)
    schedule: Literal["cosine", "linear", "constant"] = "cosine"
    final_fraction: float = Field(0.1, ge=0, le=1, description="learning rate at the end, as a share of the highest")


class LoopSettings(OptimiserSettings):
    """What every training stage has: the optimiser's settings are the stage's own (`stages.sft.learning_rate`)."""

    batch_tokens: int = Field(256, gt=0, description="tokens of one forward pass, padding included")
    accumulate: int = Field(1, gt=0, description="forward passes a step")
    packing: bool = Field(False, description="rows of several documents with a block mask instead of padded rows")
    pack_length: int = Field(512, gt=0, description="length of a packed row")
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    threads: int = Field(1, ge=1, description="torch threads on a CPU; 1 is fastest below a width of about 200")
    save_every: int = Field(500, gt=0, description="steps between checkpoints")
    gradient_checkpointing: bool = False
    head_chunk: int = Field(2048, gt=0, description="labelled positions scored at a time")
    tensorboard: bool = False


class BaseSettings(LoopSettings):
    """Stage `base`: tokenizer and model from scratch on monolingual text, or a checkpoint taken over as it is."""

    kind: Literal["base"] = "base"
    model: ModelSettings = ModelSettings()
    tokens: int = Field(170_000, ge=0)


class CptSettings(LoopSettings):
    """Stage `cpt`: monolingual, parallel and instruction text in the given shares of the token budget."""

    kind: Literal["cpt"] = "cpt"
    tokens: int = Field(gt=0)
    monolingual: float = Field(0.66, ge=0, le=1)
    parallel: float = Field(0.33, ge=0, le=1)
    instructions: float = Field(0.01, ge=0, le=1)

    @model_validator(mode="after")
    def _whole(self) -> CptSettings:
        total = self.monolingual + self.parallel + self.instructions
        if abs(total - 1) > 1e-6:
            raise ValueError(f"monolingual, parallel and instructions must add up to 1, not {total:.4g}")
        return self


class SftSettings(LoopSettings):
    """Stage `sft`: conversations, loss on the answers only."""

    kind: Literal["sft"] = "sft"
    tokens: int = Field(gt=0)
    translation: float = Field(0.22, ge=0, le=1, description="share of translation among the tokens")


class WpoSettings(LoopSettings):
    """Stage `wpo` (arXiv 2406.11827): pairs of answers, weighted by how likely the policy is to give them."""

    kind: Literal["wpo"] = "wpo"
    batch_tokens: int = Field(2048, gt=0, description="tokens of one forward pass, padding included")
    objective: Literal["wpo", "nll"] = Field("wpo", description="nll: the control, likelihood of the chosen answers")
    epochs: float = Field(2, gt=0)
    pairs_per_step: int = Field(16, gt=0)
    beta: float = Field(0.1, gt=0)
    clamp: bool = Field(True, description="weights at most 1, as in the authors' code")
    nll: float = Field(0.2, ge=0, description="weight of the per-token likelihood of the chosen answers")


class GrpoSettings(LoopSettings):
    """Stage `grpo`: groups of samples, rewarded by checks."""

    kind: Literal["grpo"] = "grpo"
    batch_tokens: int = Field(2048, gt=0, description="tokens of one forward pass, padding included")
    steps: int = Field(gt=0)
    prompts_per_step: int = Field(32, gt=0)
    group: int = Field(8, gt=1, description="samples a prompt")
    temperature: float = Field(1.0, gt=0)
    max_tokens: int = Field(48, gt=0)
    clip_low: float = Field(0.2, gt=0)
    clip_high: float = Field(0.28, gt=0)
    kl: float = Field(0.0, ge=0, description="weight of the k3 estimate of the divergence from the reference")
    scale: Literal["group", "none"] = Field("group", description="divide advantages by the group's deviation or not")
    updates: int = Field(1, gt=0, description="optimiser steps on each batch of samples")
    kinds: list[str] | Literal["auto"] = Field("auto", description="auto: kinds passed at 20-80% before training")
    translation: float = Field(0.25, ge=0, le=1, description="share of translation prompts mixed in")
    other: float = Field(0.0, ge=0, le=1, description="share of prompts of all other kinds mixed in, register aside")
    truncated: Literal["mask", "penalise"] = "mask"
    gates: list[str] = ["gate.not_empty", "gate.not_copy", "gate.language"]
    partial: float = Field(0.3, ge=0, le=1, description="worth of an answer that fails, per point of its score")
    drift_limit: float = Field(
        0.1, gt=0, description="stop when |log pi_train - log pi_sampler| exceeds this on average"
    )

    @model_validator(mode="after")
    def _shares(self) -> GrpoSettings:
        if self.translation + self.other > 1:
            raise ValueError("translation and other are shares of the prompts: together at most 1")
        return self
