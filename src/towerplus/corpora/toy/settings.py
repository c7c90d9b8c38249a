"""What a recipe may say about the toy world: its languages and how much of everything."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

#: what the toy world can translate into, from en-US
TARGETS = ("de", "fr", "pt-PT", "es-419", "ru")


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TaskCounts(Settings):
    """Tasks of one split, by family."""

    plain: int = Field(0, ge=0, description="translation/plain")
    unseen: int = Field(0, ge=0, description="translation/unseen: words never seen in training, given by a glossary")
    register_: int = Field(0, ge=0, alias="register", description="register/address")
    instructed: int = Field(0, ge=0, description="instructed/*: translation with a rule that can be checked")
    judgement: int = Field(0, ge=0, description="judgement/preference: the better of two translations")
    general: int = Field(0, ge=0, description="general/* and constraint/*")


class ToySettings(Settings):
    """Sizes of the toy world. The defaults suit the tiny recipe, which may train on fewer."""

    targets: tuple[str, ...] = Field(TARGETS, min_length=1, description="locales translated into, from en-US")
    words: Literal["all", "common"] = Field("all", description="common: about two thirds of the words")
    address: float = Field(0.15, ge=0, le=1, description="share of sentences that address somebody")
    kinds: tuple[str, ...] = Field((), description="kinds of general tasks, such as general/sort; default: all")
    texts: int = Field(20_000, ge=0, description="monolingual training texts")
    texts_dev: int = Field(500, ge=0)
    documents: float = Field(0.15, ge=0, le=1, description="share of documents among texts, pairs and translations")
    pairs: int = Field(12_000, ge=0, description="parallel training texts")
    pairs_dev: int = Field(500, ge=0)
    back: float = Field(0.15, ge=0, le=1, description="share of translation into en-US")
    translations: int = Field(5_000, ge=0, description="SFT conversations that translate")
    instructed: float = Field(0.35, ge=0, le=1, description="share of SFT translations with an instruction")
    judgements: int = Field(600, ge=0, description="SFT conversations that judge two translations")
    general: int = Field(12_000, ge=0, description="SFT conversations of the general side")
    preferences: int = Field(800, ge=0, description="off-policy preferences, register/address")
    judge: int = Field(1_500, ge=0, description="labelled texts for a register classifier")
    train: TaskCounts = TaskCounts(plain=1_400, register=800, instructed=2_000, judgement=400, general=2_400)
    dev: TaskCounts = TaskCounts(plain=300, unseen=30, register=100, instructed=150, judgement=50, general=300)
    test: TaskCounts = TaskCounts(plain=1_000, unseen=100, register=400, instructed=500, judgement=150, general=2_000)

    @field_validator("targets")
    @classmethod
    def _spoken(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for locale in value:
            if locale not in TARGETS:
                raise ValueError(f"the toy world does not translate into {locale!r}; choose from {', '.join(TARGETS)}")
        if len(set(value)) < len(value):
            raise ValueError("a target is named twice")
        return value
