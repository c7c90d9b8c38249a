"""What a recipe may say about a stage that makes data."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class SynthesizeSettings(BaseModel):
    """Stage `synthesize`: preference pairs from a model's own answers, or translation instructions from bitext."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["synthesize"] = "synthesize"
    make: Literal["preferences", "instructions"] = "preferences"

    # preferences
    samples: int = Field(4, gt=0, description="answers of the model to each prompt")
    temperature: float = Field(1.0, gt=0)
    top_p: float = Field(1.0, gt=0, le=1)
    max_tokens: int = Field(64, gt=0)
    pairs: dict[str, int] = Field(
        {"register": 800, "translation": 300, "*": 400},
        description="how many pairs of each kind of task; a kind stands for what is below it, * for all others",
    )
    chosen: Literal["sample", "reference"] = Field(
        "sample", description="what is chosen first: a correct sample of the model, or the post-edit"
    )
    off_policy: int = Field(
        0, ge=0, description="further pairs taken from preferences.parquet as they are; others stand in where they must"
    )

    # instructions
    wordings: list[str] | None = Field(None, description="names of translation prompts; default: all")
    conversations: int | None = Field(None, gt=0, description="at most so many; default: one a pair")
    both_directions: bool = Field(False, description="translate from the target language as well")
    tasks: int = Field(2000, ge=0, description="training pairs that become tasks to be rewarded")

    @field_validator("pairs")
    @classmethod
    def _counts(cls, pairs: dict[str, int]) -> dict[str, int]:
        if wrong := [kind for kind, count in pairs.items() if count < 0]:
            raise ValueError(f"pairs.{wrong[0]} is negative")
        return pairs

    @field_validator("wordings")
    @classmethod
    def _known(cls, wordings: list[str] | None) -> list[str] | None:
        from towerplus.prompts.translation import WORDINGS

        for name in wordings or ():
            if name not in WORDINGS:
                raise ValueError(f"unknown wording {name!r}; known: {', '.join(WORDINGS)}")
        return wordings
