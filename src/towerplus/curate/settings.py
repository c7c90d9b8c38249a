"""What a recipe may say about which text is kept."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Rule = Literal[
    "empty",
    "too long",
    "length ratio",
    "identical sides",
    "markers differ",
    "digits differ",
    "wrong script",
    "repetition",
    "no preference",
]
RULES: tuple[Rule, ...] = Rule.__args__  # type: ignore[attr-defined]


class CurateSettings(BaseModel):
    """Stage `curate`: rules, duplicates, benchmark leaks. A row keeps the first reason that applies to it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["curate"] = "curate"
    rules: list[Rule] = Field(list(RULES), description="those that apply, in this order")
    max_chars: int = Field(1000, gt=0, description="characters of a sentence")
    max_document_chars: int = Field(20_000, gt=0, description="characters of a document or of a conversation")
    length_ratio: float = Field(
        3.0, gt=1, description="how far lengths may be from what the two languages lead to expect"
    )
    identical_words: int = Field(5, gt=0, description="sides alike are a copy from so many words on; names are shorter")
    digits: float = Field(0.5, ge=0, le=1, description="least share of numbers that both sides have")
    script: float = Field(0.5, ge=0, le=1, description="least share of letters in the locale's script")
    repeats: int = Field(5, gt=1, description="times that one to eight words may not follow themselves")
    duplicates: bool = Field(True, description="drop all but the first of rows with equal text")
    benchmarks: list[str] = Field([], description="hash sets (.npy) of texts that must not be trained on")
    batch_rows: int = Field(20_000, gt=0, description="rows in memory at a time")
