"""Writers, simple enough to be right at sight, for tests of the readers."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from towerplus.corpora import reader
from towerplus.corpora.base import Reject, format_of


def write_bytes(path: Path, content: bytes) -> Path:
    """`content` as it is, or compressed as the name says."""
    if path.suffix == ".gz":
        content = gzip.compress(content)
    elif path.suffix == ".zst":
        # two frames, as parallel compressors write
        half = len(content) // 2
        content = zstandard.compress(content[:half]) + zstandard.compress(content[half:])
    path.write_bytes(content)
    return path


def write_jsonl(path: Path, rows: list[dict]) -> Path:
    return write_bytes(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode())


def write_tsv(path: Path, rows: list[dict]) -> Path:
    lines = [list(rows[0]), *(row.values() for row in rows)]
    return write_bytes(path, "".join("\t".join(line) + "\n" for line in lines).encode())


def write_parquet(path: Path, rows: list[dict]) -> Path:
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def read(source, records: str) -> list:
    return list(reader(format_of(source), records)(source))


def split(items: list) -> tuple[list, list[Reject]]:
    return [i for i in items if not isinstance(i, Reject)], [i for i in items if isinstance(i, Reject)]
