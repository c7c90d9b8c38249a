"""What a recipe may say about evaluation."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class EvaluateSettings(BaseModel):
    """Every model stage is asked the same tasks, in each of `forms`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    split: Literal["dev", "test"] = "test"
    forms: list[Literal["plain", "chat"]] = Field(["plain", "chat"], min_length=1)
    max_tokens: int = Field(64, gt=0, description="longest answer, tokens")
    limit: int | None = Field(None, gt=0, description="at most this many tasks of each benchmark, for a quick look")
    bootstrap: int = Field(2000, ge=100, description="resamples behind each interval")
    batch_rows: int = Field(256, gt=0, description="answers generated at a time")
    enabled: bool = True

    @field_validator("forms")
    @classmethod
    def _once(cls, value: list[str]) -> list[str]:
        if len(set(value)) < len(value):
            raise ValueError("each form once")
        return value
