"""What a recipe may say about its text: the toy world, or your own files."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from towerplus.corpora.toy.settings import ToySettings
from towerplus.errors import UserError


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Settings):
    """Files of one format. Names may end in .gz or .zst and may hold `*`."""

    path: str | list[str]
    format: str | None = Field(None, description="jsonl, tsv, parquet, moses, txt, gettext; default: by the file name")
    columns: dict[str, str | int] = Field(
        {}, description="field -> column: a name, a path such as translation.de, or a TSV column's number from 1"
    )
    header: bool | None = Field(
        None,
        description="TSV: whether the first line names columns; default: whether it has the names looked for",
    )
    limit: int | None = Field(None, gt=0, description="records to take from the head")
    max_length: int = Field(
        10_000, gt=0, description="characters of a text, or of a whole conversation; longer: rejected"
    )
    on_error: Literal["stop", "reject"] = Field("stop", description="reject: put malformed lines aside and go on")
    licence: str = ""
    origin: str = Field("", description="default: the name of the file")

    @field_validator("path", mode="before")
    @classmethod
    def _not_empty(cls, value: Any) -> Any:
        if not value or (isinstance(value, list) and not all(value)):
            raise ValueError("no path given")
        return str(value) if hasattr(value, "__fspath__") else value

    @property
    def paths(self) -> list[str]:
        return [self.path] if isinstance(self.path, str) else self.path

    def files(self) -> list[Path]:
        """Every file that reading the source may open; a path without any raises UserError."""
        return [file for path in self.paths for file in self._expand(path)]

    def _expand(self, path: str) -> list[Path]:
        if Path(path).exists():
            if not Path(path).is_file() and not Path(path).is_dir():
                raise UserError("is a pipe or a device; text is read more than once, so it must be a file", path)
            return [Path(path)]
        found = sorted(glob.glob(path)) if "*" in path else sorted(glob.glob(glob.escape(path) + ".*"))
        if not found:
            raise UserError("no such file", path)
        return [Path(name) for name in found]


class TextSource(Source):
    """Monolingual text: lines of a text file, or a column `text`."""

    locale: str | None = Field(None, description="BCP 47, such as pt-PT; needed unless the rows or file names tell it")
    kind: Literal["sentence", "document"] = "sentence"


class ParallelSource(Source):
    """Translations: two aligned files (or the part of their names before .en and .de), columns `source` and `target`,
    or message catalogues."""

    source_locale: str | None = Field(None, description="BCP 47; default: from the file names, columns or catalogue")
    target_locale: str | None = Field(None, description="BCP 47; default: from the file names, columns or catalogue")
    kind: Literal["sentence", "document"] = "sentence"
    catalogues: str = Field(
        "{locale}/LC_MESSAGES/*.mo", description="gettext, where path is a folder: its catalogues of one locale"
    )
    dev: int | str | list[str] | None = Field(
        None, description="pairs to hold out, or files; default: a tenth of the pairs, at most 500"
    )
    test: int | str | list[str] | None = Field(
        None, description="pairs to hold out, or files; default: a tenth of the pairs, at most 1000"
    )

    @field_validator("dev", "test", mode="before")
    @classmethod
    def _number_or_files(cls, value: Any) -> Any:
        if isinstance(value, int) and (isinstance(value, bool) or value < 0):
            raise ValueError("must be a number of pairs to hold out, from 0, or files")
        return value if value is None or isinstance(value, int) else cls._not_empty(value)

    def held_out(self) -> dict[str, ParallelSource]:
        """Those of dev and test that are files, as sources of their own."""
        given = {name: value for name in ("dev", "test") if isinstance(value := getattr(self, name), str | list)}
        return {
            name: self.model_copy(update={"path": value, "limit": None, "dev": 0, "test": 0})
            for name, value in given.items()
        }

    def files(self) -> list[Path]:
        own = super().files()
        return own + [file for source in self.held_out().values() for file in source.files()]

    def _expand(self, path: str) -> list[Path]:
        if not Path(path).is_dir():
            return super()._expand(path)
        pattern = self.catalogues.replace("{locale}", "*")
        return sorted(Path(name) for name in glob.glob(f"{glob.escape(path)}/{pattern}"))


class ConversationSource(Source):
    """Conversations in the columns of TRL: `messages`, or `prompt` and `completion`."""

    kind: str = Field("general/user", description="for rows without a column `kind`")


class PreferenceSource(Source):
    """Preferences in the columns of TRL: `prompt`, `chosen`, `rejected` (strings or messages)."""

    kind: str = Field("general/user", description="for rows without a column `kind`")


def _listed(value: Any) -> Any:
    return [] if value is None else value if isinstance(value, list) else [value]


def _one_or_more(kind: type[Source]) -> BeforeValidator:
    """A recipe may give one source or a list of them."""
    return BeforeValidator(_listed, json_schema_input_type=kind | list[kind] | None)  # type: ignore[valid-type]


class CorporaSettings(Settings):
    """The text of a recipe: the toy world, your own files, or both."""

    toy: ToySettings | None = None
    parallel: Annotated[list[ParallelSource], _one_or_more(ParallelSource)] = []
    monolingual: Annotated[list[TextSource], _one_or_more(TextSource)] = Field(
        [], description="default: both sides of the parallel training text"
    )
    conversations: Annotated[list[ConversationSource], _one_or_more(ConversationSource)] = []
    preferences: Annotated[list[PreferenceSource], _one_or_more(PreferenceSource)] = []

    def files(self) -> list[Path]:
        """Every file that `load` may open, for the digest of its output; a missing one raises UserError."""
        sources = [*self.parallel, *self.monolingual, *self.conversations, *self.preferences]
        return [file for source in sources for file in source.files()]
