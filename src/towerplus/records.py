"""The shapes that flow through the system, and how they are stored.

A record is a small frozen dataclass. On disk it is a Parquet row with the columns that TRL and `datasets` users
expect (`messages`; `prompt`, `chosen`, `rejected`), always with `origin` and `licence`. Check arguments differ from
kind to kind, so they are stored as JSON text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from towerplus.errors import UserError

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_PER_GROUP = 50_000


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation; `role` is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Check:
    """A rule that a response can be held against: a `kind` from the table in `verify` and its JSON-able arguments."""

    kind: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Text:
    """Monolingual text; `kind` is sentence or document."""

    text: str
    locale: str
    kind: str = "sentence"
    origin: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A text and its translation; `kind` is sentence or document. Pairs of one `cluster` share their source."""

    source: str
    target: str
    source_locale: str
    target_locale: str
    kind: str = "sentence"
    cluster: str = ""
    origin: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns that end with an assistant message. `kind` is a path such as translation/plain or general/sort."""

    messages: tuple[Message, ...]
    kind: str
    origin: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Preference:
    """Two answers to one prompt, the better one first; each a list of messages, as TRL stores them."""

    prompt: tuple[Message, ...]
    chosen: tuple[Message, ...]
    rejected: tuple[Message, ...]
    kind: str
    origin: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A prompt whose answers can be checked. `cluster` groups the tasks that share a source (for clustered errors)."""

    messages: tuple[Message, ...]
    kind: str
    checks: tuple[Check, ...] = ()
    source: str | None = None
    source_locale: str | None = None
    target_locale: str | None = None
    reference: str | None = None
    cluster: str = ""
    origin: str = ""
    licence: str = ""


Record = Text | Pair | Conversation | Preference | Task
R = TypeVar("R", Text, Pair, Conversation, Preference, Task)

_MESSAGES = {"messages", "prompt", "chosen", "rejected"}
_OPTIONAL = {"source", "source_locale", "target_locale", "reference"}


def digest(*parts: str) -> str:
    """Content hash (16 hex digits of SHA-256) of `parts`; how records are told apart and split."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def to_row(record: Record) -> dict[str, Any]:
    """The record as plain values, one entry a column."""
    row: dict[str, Any] = {}
    for item in fields(record):
        value = getattr(record, item.name)
        if item.name in _MESSAGES:
            value = [{"role": m.role, "content": m.content} for m in value]
        elif item.name == "checks":
            value = [
                {"kind": c.kind, "arguments": json.dumps(c.arguments, ensure_ascii=False, sort_keys=True)}
                for c in value
            ]
        row[item.name] = value
    return row


def from_row(kind: type[R], row: dict[str, Any]) -> R:
    """The record that `row` holds; a missing or unknown column raises UserError."""
    known = {item.name for item in fields(kind)}
    if unknown := sorted(set(row) - known):
        raise UserError(f"unknown column {unknown[0]!r} for {kind.__name__}; known: {', '.join(sorted(known))}")
    values = dict(row)
    for name in _MESSAGES & set(values):
        values[name] = tuple(Message(m["role"], m["content"]) for m in values[name])
    if "checks" in values:
        values["checks"] = tuple(Check(c["kind"], json.loads(c["arguments"] or "{}")) for c in values["checks"])
    try:
        return kind(**values)
    except TypeError as error:
        raise UserError(f"not a {kind.__name__}: {error}") from None


def schema(kind: type[Record]) -> pa.Schema:
    """The Arrow schema under which records of `kind` are stored."""
    import pyarrow as pa

    def struct(*names: str) -> pa.DataType:
        return pa.list_(pa.struct([pa.field(name, pa.large_string(), nullable=False) for name in names]))

    columns = []
    for item in fields(kind):
        if item.name in _MESSAGES:
            column = struct("role", "content")
        elif item.name == "checks":
            column = struct("kind", "arguments")
        else:
            column = pa.large_string()
        columns.append(pa.field(item.name, column, nullable=item.name in _OPTIONAL))
    return pa.schema(columns)


def write(path: Path, kind: type[R], records: Iterable[R]) -> int:
    """Write `records` as Parquet (zstd) and return their number. Memory stays bounded by one row group."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    layout, count, rows = schema(kind), 0, []
    with pq.ParquetWriter(path, layout, compression="zstd") as writer:
        for record in records:
            rows.append(to_row(record))
            if len(rows) == ROWS_PER_GROUP:
                writer.write_table(pa.Table.from_pylist(rows, schema=layout))
                count, rows = count + len(rows), []
        writer.write_table(pa.Table.from_pylist(rows, schema=layout))
    return count + len(rows)


def read(path: Path, kind: type[R]) -> Iterator[R]:
    """The records of a Parquet file written by `write`, in order. UserError where there is none or it is damaged."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not Path(path).is_file():
        raise UserError("no such file", str(path))
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches():
                for row in batch.to_pylist():
                    yield from_row(kind, row)
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(
            f"damaged, or not Parquet ({reason}); delete its folder to have it made anew", str(path)
        ) from None
