"""Stage `corpora`: the user's files read, checked, split and stored as records."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from towerplus import records
from towerplus.corpora import reader
from towerplus.corpora.base import Reject, format_of
from towerplus.corpora.heldout import hold_out
from towerplus.corpora.settings import CorporaSettings, ParallelSource, Source
from towerplus.errors import UserError
from towerplus.records import Conversation, Pair, Preference, Text
from towerplus.text.hashing import contained, content_hashes


class Rejects:
    """What is put aside: written to `file` as JSON lines, and counted by reason."""

    def __init__(self, file: TextIO):
        self._file = file
        self.counts: Counter[str] = Counter()

    def add(self, reject: Reject) -> None:
        entry = {"file": reject.file, "line": reject.line, "reason": reject.reason, "text": reject.text[:500]}
        self._file.write(json.dumps(entry) + "\n")  # escaped: broken input may hold what UTF-8 cannot
        self.counts[reject.reason.partition(":")[0]] += 1


def load(settings: CorporaSettings, seed: int, out: Path) -> dict[str, Any]:
    """Read every source of `settings` and write `out`/{texts,pairs,pairs-dev,pairs-test,conversations,preferences}
    .parquet (all of them, empty where there is no such source) and `rejects.jsonl` (file, line, reason, text). Returns
    the number of records in each and of rejects by reason.

    Texts are stored in NFC without white space around them. No text of the dev and test pairs, on either side and
    whatever its case and punctuation, stays in the training pairs and texts; what that takes out is in the rejects.
    Which pairs are held out depends on their content, not on `seed`, so that runs are measured on the same items.

    Raises:
        UserError: a missing, empty or unreadable file; a malformed line (unless its source says `on_error: reject`).
    """
    own = any((settings.parallel, settings.monolingual, settings.conversations, settings.preferences))
    if not own and settings.toy is None:
        raise UserError("no text; set path, such as corpora.parallel.path=data/train", "corpora.parallel")
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    counts = _own(settings, out) if own else {}
    if settings.toy is not None:
        from towerplus.corpora.toy.store import store

        counts |= store(settings.toy, seed, out)
    return counts


def _own(settings: CorporaSettings, out: Path) -> dict[str, Any]:
    """Write what the user's files hold."""
    with open(out / "rejects.jsonl", "w", encoding="utf-8") as file:
        rejects = Rejects(file)
        counts = _pairs(settings.parallel, out, rejects)
        own = itertools.chain.from_iterable(take(source, "texts", rejects) for source in settings.monolingual)
        records.write(out / "texts.parquet", Text, own if settings.monolingual else _both_sides(out / "pairs.parquet"))
        counts["texts"] = _take_out(out, "texts", ["pairs-test", "pairs-dev"], rejects)
        stream = (item for source in settings.conversations for item in take(source, "conversations", rejects))
        counts["conversations"] = records.write(out / "conversations.parquet", Conversation, stream)
        stream = (item for source in settings.preferences for item in take(source, "preferences", rejects))
        counts["preferences"] = records.write(out / "preferences.parquet", Preference, stream)
        return counts | {"rejects": dict(rejects.counts.most_common())}


def take(source: Source, kind: str, rejects: Rejects) -> Iterator[Any]:
    """The records of one source, the rest put aside. Malformed input stops with a UserError, unless the source says
    `on_error: reject`; so does a source without any record."""
    count, put_aside, first = 0, 0, None
    for item in reader(format_of(source), kind)(source):
        if isinstance(item, Reject):
            if item.malformed and source.on_error == "stop":
                raise UserError(f"{item.reason} (on_error: reject puts such lines aside)", item.where)
            rejects.add(item)
            put_aside, first = put_aside + 1, first or item
            continue
        yield item
        count += 1
        if count == source.limit:
            break
    if not count:
        why = f"{put_aside} rejected, the first at {first.where}: {first.reason}" if first else "it is empty"
        raise UserError(f"no {kind} in it: {why}", source.paths[0])


def _pairs(sources: list[ParallelSource], out: Path, rejects: Rejects) -> dict[str, Any]:
    """Write the pairs and what is held out of them."""
    held: dict[str, list[Pair]] = {"dev": [], "test": []}

    def training() -> Iterator[Pair]:
        for source in sources:
            for name, given in source.held_out().items():
                held[name] += take(given, "pairs", rejects)
            counts = {name: value for name in held if not isinstance(value := getattr(source, name), str | list)}
            yield from hold_out(take(source, "pairs", rejects), counts, held, source.paths[0])

    records.write(out / "pairs.parquet", Pair, training())
    for name, pairs in held.items():
        records.write(out / f"pairs-{name}.parquet", Pair, pairs)
    counts = {
        "pairs-test": len(held["test"]),
        "pairs-dev": _take_out(out, "pairs-dev", ["pairs-test"], rejects),
        "pairs": _take_out(out, "pairs", ["pairs-test", "pairs-dev"], rejects),
    }
    if sources and not counts["pairs"]:
        raise UserError("no pairs left to train on: their texts are all in dev or test", sources[0].paths[0])
    return counts


def _take_out(out: Path, name: str, held: list[str], rejects: Rejects) -> int:
    """Drop from a file the rows that share a text with one of the files `held`. Returns the number of rows left."""
    path, aside = out / f"{name}.parquet", out / f"{name}.parquet.tmp"
    known = {other: _hashes_of(out / f"{other}.parquet") for other in held}
    count = 0
    with pq.ParquetFile(path) as file, pq.ParquetWriter(aside, file.schema_arrow, compression="zstd") as writer:
        for batch in file.iter_batches(records.ROWS_PER_GROUP):
            columns = _text_columns(batch)
            hashes = [content_hashes(column) for column in columns]
            keep = np.ones(len(batch), bool)
            for other, set_ in known.items():
                shared = keep & np.any([contained(column, set_) for column in hashes], axis=0)
                for row in np.flatnonzero(shared):
                    text = " ||| ".join(column[row].as_py() for column in columns)
                    origin = batch.column("origin")[row].as_py()
                    rejects.add(Reject(origin, 0, f"shares a text with {other}", text, malformed=False))
                keep &= ~shared
            writer.write_batch(batch.filter(pa.array(keep)))
            count += int(keep.sum())
    aside.replace(path)
    return count


def _text_columns(batch: pa.RecordBatch) -> list[pa.Array]:
    return [batch.column(name) for name in ("text", "source", "target") if name in batch.schema.names]


def _hashes_of(path: Path) -> np.ndarray:
    """The content hashes of all texts of a file, sorted."""
    with pq.ParquetFile(path) as file:
        hashes = [content_hashes(column) for batch in file.iter_batches() for column in _text_columns(batch)]
    return np.unique(np.concatenate([np.zeros(0, np.uint64), *hashes]))


def _both_sides(path: Path) -> Iterable[Text]:
    """The pairs of a file as monolingual text."""
    for pair in records.read(path, Pair):
        yield Text(pair.source, pair.source_locale, pair.kind, pair.origin, pair.licence)
        yield Text(pair.target, pair.target_locale, pair.kind, pair.origin, pair.licence)
