"""What all readers share: rejects, files, lines, locales."""

from __future__ import annotations

import functools
import glob
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

from towerplus.corpora import FORMATS
from towerplus.corpora.settings import Source
from towerplus.errors import UserError
from towerplus.languages import locales
from towerplus.records import Conversation, Message, Pair, Preference, Text
from towerplus.text.normalise import clean

R = TypeVar("R", Text, Pair, Conversation, Preference)

#: bytes; a longer line means that the file is not text by the line
LONGEST_LINE = 1 << 26


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that gave no record.

    Attributes:
        line: from 1 (a row in Parquet, the entry's line in .po); 0 for the file in whole.
        malformed: the input is broken (the run stops, unless the source says `on_error: reject`); otherwise the line is
            merely of no use (empty, too long, not translated) and is put aside and counted.
    """

    file: str
    line: int
    reason: str
    text: str = ""
    malformed: bool = True

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


def open_bytes(path: str) -> BinaryIO:
    """A file for reading, decompressed if it ends in .gz or .zst."""
    try:
        if path.endswith(".gz"):
            return cast(BinaryIO, gzip.open(path, "rb"))
        if path.endswith(".zst"):
            import pyarrow as pa

            # not the zstandard package: it takes a file that was cut off for a whole one
            stream = pa.CompressedInputStream(pa.OSFile(path, "rb"), "zstd")
            return cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, stream)))
        return open(path, "rb")
    except FileNotFoundError:
        raise UserError("no such file", path) from None
    except IsADirectoryError:
        raise UserError("is a folder; give the files in it, such as " + str(Path(path) / "*.jsonl"), path) from None
    except OSError as error:
        raise UserError(f"cannot be read: {error.strerror or error}", path) from None


def byte_lines(path: str) -> Iterator[bytes]:
    """The lines of a file, without their line ends; memory is bounded by LONGEST_LINE."""
    number = 0
    with open_bytes(path) as file:
        try:
            while line := file.readline(LONGEST_LINE):
                number += 1
                if len(line) == LONGEST_LINE:
                    raise UserError(f"longer than {LONGEST_LINE >> 20} MiB: not a text file", f"{path}:{number}")
                yield line.removesuffix(b"\n").removesuffix(b"\r")
        except (EOFError, OSError, zlib.error) as error:
            raise UserError(f"damaged or cut off: {error}", f"{path}:{number + 1}") from None


def decode(line: bytes, path: str, number: int) -> str | Reject:
    """A line as text, or why it is none."""
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        shown = line.decode("utf-8", "backslashreplace")
        reason = f"not UTF-8: byte 0x{line[error.start]:02x} at byte {error.start + 1} of the line; convert with iconv"
        return Reject(path, number, reason, shown)
    if "\0" in text:
        return Reject(path, number, f"a zero byte at character {text.index(chr(0)) + 1}: not UTF-8 text", text)
    return text


def lines(path: str) -> Iterator[tuple[int, str | Reject]]:
    """The lines of a text file with their numbers from 1."""
    for number, line in enumerate(byte_lines(path), 1):
        yield number, decode(line, path, number)


def files(source: Source) -> list[str]:
    """The files that the source names, `*` expanded; one that does not exist raises UserError."""
    found = []
    for path in source.paths:
        names = sorted(glob.glob(path)) if "*" in path and not Path(path).exists() else [path]
        if not names or not Path(names[0]).exists():
            raise UserError("no such file", path)
        found += names
    return found


def bare_name(path: str) -> Path:
    """`path` without .gz or .zst."""
    return Path(path).with_suffix("") if path.endswith((".gz", ".zst")) else Path(path)


def suffix(path: str) -> str:
    """The suffix that tells the format or the locale: `de` for train.de.gz."""
    return bare_name(path).suffix.removeprefix(".")


def format_of(source: Source) -> str:
    """The format of a source: as set, else by the file names."""
    if source.format:
        return source.format
    suffixes = {suffix(path).lower() for path in source.paths}
    if len(suffixes) == 1 and (known := suffixes.pop()) in FORMATS:
        return known
    path = source.paths[0]
    if Path(path).is_dir():
        return "gettext"
    if len(source.paths) == 2 or is_locale(suffix(path)) or (not Path(path).exists() and glob.glob(path + ".*")):
        return "moses"
    if not Path(path).exists() and "*" not in path:
        raise UserError("no such file", path)
    raise UserError(f"cannot tell its format by its name; set format to one of {', '.join(FORMATS)}", path)


@functools.lru_cache(maxsize=1024)
def locale(tag: str) -> str:
    """The BCP 47 tag under which records store a locale. `en` is American English; other bare languages that stand for
    several locales, and unknown ones, raise UserError."""
    return "en-US" if tag.lower() == "en" else locales.find(tag).tag


def is_locale(tag: str) -> bool:
    """Whether `locale` knows `tag`."""
    try:
        return bool(locale(tag))
    except UserError:
        return False


def set_locale(tag: str | None, field: str) -> str | None:
    """A locale of the settings, resolved; UserError names the field."""
    try:
        return locale(tag) if tag else None
    except UserError as error:
        raise UserError(str(error), field) from None


def origin(source: Source, file: str) -> str:
    """Where a record says it is from."""
    return source.origin or Path(file).name


def admit(record: R, source: Source, file: str, line: int) -> R | Reject:
    """The record with its texts cleaned (NFC, no white space around), or a reject where one is empty or too long."""

    def turns(messages: tuple[Message, ...]) -> tuple[Message, ...]:
        return tuple(Message(message.role, clean(message.content)) for message in messages)

    if isinstance(record, Text):
        record = replace(record, text=clean(record.text))
        texts = [record.text]
    elif isinstance(record, Pair):
        record = replace(record, source=clean(record.source), target=clean(record.target))
        texts = [record.source, record.target]
    elif isinstance(record, Conversation):
        record = replace(record, messages=turns(record.messages))
        texts = [message.content for message in record.messages]
    else:
        prompt, chosen, rejected = turns(record.prompt), turns(record.chosen), turns(record.rejected)
        record = replace(record, prompt=prompt, chosen=chosen, rejected=rejected)
        texts = [message.content for message in prompt + chosen + rejected]
    length = max(map(len, texts)) if isinstance(record, Text | Pair) else sum(map(len, texts))
    if all(texts) and length <= source.max_length:
        return record
    reason = f"longer than {source.max_length} characters" if all(texts) else "empty text"
    return Reject(file, line, reason, " ||| ".join(texts), malformed=False)
