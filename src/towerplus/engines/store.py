"""Answers kept in one SQLite file, so that nothing is generated or paid for twice.

A stored answer is found by `key`: SHA-256 of what it depends on, and of nothing else. Processes may share the file
(write-ahead log; a writer that is killed leaves either all of a batch or none of it). The file is an ordinary
database:

    answer(key TEXT PRIMARY KEY,   -- hex SHA-256, see `key`
           identity TEXT,          -- whose answer: the engine's identity
           completion TEXT)        -- JSON, the fields of `Completion`

and `PRAGMA user_version` is the number of this layout. Answers that another try could change (`exhausted`) and
refusals by the server (`rejected`) are not kept. No request is stored in the clear, only its digest.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from towerplus.engines.base import Completion, Engine, Request, Usage
from towerplus.errors import UserError

VERSION = 1
BUSY_SECONDS = 60
_KEPT = ("ok", "refused", "truncated", "invalid")


def key(identity: str, template: str, request: Request, sample: int) -> str:
    """SHA-256 over the model, the template where the request is a conversation, the messages or prompt, every sampling
    setting but `n`, and the sample's index."""
    sampling = dataclasses.asdict(request.sampling)
    del sampling["n"]
    asked: dict[str, object]
    if request.messages is None:
        asked = {"prompt": request.prompt}
    else:
        asked = {"template": template, "messages": [[m.role, m.content] for m in request.messages]}
    content = {"identity": identity, "sampling": sampling, "sample": sample, **asked}
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


class Store:
    """The file at `path`, made if it is not there; UserError if it is something else or of a later layout."""

    def __init__(self, path: Path | str):
        self.path = Path(path)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # transactions are written out below: each batch is one
            self._connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._prepare()
        except (sqlite3.Error, OSError) as error:
            message = f"cannot use it as an answer store ({error}); if it is damaged, delete it"
            raise UserError(message, str(self.path)) from None

    def _prepare(self) -> None:
        with _transaction(self._connection) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if version > VERSION or (version == 0 and tables):
                found = f"has layout {version}, this version knows {VERSION}" if version else "holds something else"
                raise UserError(f"not an answer store of ours: it {found}", str(self.path))
            connection.execute(
                "CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, identity TEXT NOT NULL, "
                "completion TEXT NOT NULL) WITHOUT ROWID"
            )
            connection.execute(f"PRAGMA user_version = {VERSION}")

    def get(self, keys: Sequence[str]) -> dict[str, Completion]:
        """The answers that are there, by key."""
        found: dict[str, Completion] = {}
        with self._told():
            for start in range(0, len(keys), 500):
                part = keys[start : start + 500]
                marks = ",".join("?" * len(part))
                rows = self._connection.execute(f"SELECT key, completion FROM answer WHERE key IN ({marks})", part)
                found.update((name, _completion(json.loads(text))) for name, text in rows)
        return found

    def put(self, identity: str, answers: dict[str, Completion]) -> None:
        """Keep `answers` by key, all or none. The first answer to a key stays: it may have been used already."""
        rows = [
            (name, identity, json.dumps(dataclasses.asdict(answer), ensure_ascii=False))
            for name, answer in answers.items()
            if answer.outcome in _KEPT
        ]
        with self._told(), _transaction(self._connection) as connection:
            connection.executemany("INSERT OR IGNORE INTO answer VALUES (?, ?, ?)", rows)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError, KeyError, TypeError) as error:  # a full disk, a damaged file
            message = f"the answer store fails ({error}); if it is damaged, delete it"
            raise UserError(message, str(self.path)) from error

    def __len__(self) -> int:
        return self._connection.execute("SELECT count(*) FROM answer").fetchone()[0]

    def close(self) -> None:
        self._connection.close()


class StoredEngine:
    """An engine that asks another only for what the store does not have."""

    def __init__(self, engine: Engine, store: Store, batch: int = 256):
        self.engine, self.store, self.batch = engine, store, batch

    @property
    def identity(self) -> str:
        return self.engine.identity

    @property
    def template(self) -> str:
        return self.engine.template

    def complete(self, requests: Sequence[Request]) -> list[list[Completion]]:
        """See `Engine.complete`. Written every `batch` requests, so that a kill loses at most one batch."""
        identity, template = self.engine.identity, self.engine.template
        keys = [[key(identity, template, r, i) for i in range(r.sampling.n)] for r in requests]
        known = self.store.get(list(dict.fromkeys(name for names in keys for name in names)))
        missing: dict[tuple[str, ...], Request] = {
            tuple(names): request
            for names, request in zip(keys, requests, strict=True)
            if any(name not in known for name in names)
        }
        queue = list(missing.items())
        for start in range(0, len(queue), self.batch):
            part = queue[start : start + self.batch]
            answered = self.engine.complete([request for _, request in part])
            fresh = {
                name: answer
                for (names, _), answers in zip(part, answered, strict=True)
                for name, answer in zip(names, answers, strict=True)
                if name not in known
            }
            self.store.put(identity, fresh)
            # another process may have been first: what the store says is what everyone gets
            known |= fresh | self.store.get(list(fresh))
        return [[known[name] for name in names] for names in keys]


def stored(engine: Engine, store: Store) -> Engine:
    """`engine`, looking into `store` first."""
    return StoredEngine(engine, store)


class _transaction:
    """BEGIN IMMEDIATE ... COMMIT, or ROLLBACK on any error: takes the write lock at once, or waits for it."""

    def __init__(self, connection: sqlite3.Connection):
        self.connection = connection

    def __enter__(self) -> sqlite3.Connection:
        self.connection.execute("BEGIN IMMEDIATE")
        return self.connection

    def __exit__(self, kind, error, trace) -> None:
        if kind is None:
            self.connection.execute("COMMIT")
        elif self.connection.in_transaction:  # on a full disk SQLite has rolled back by itself
            self.connection.execute("ROLLBACK")


def _completion(fields: dict) -> Completion:
    usage = Usage(**fields.pop("usage"))
    for name in ("token_ids", "logprobs"):
        if fields[name] is not None:
            fields[name] = tuple(fields[name])
    return Completion(**fields, usage=usage)
