"""Stage `curate`: what a data folder holds, kept or dropped with a reason, in bounded memory."""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from towerplus.curate import rules
from towerplus.curate.decontamination import Decontamination
from towerplus.curate.duplicates import Duplicates
from towerplus.curate.rows import Step, reasons
from towerplus.curate.settings import CurateSettings
from towerplus.errors import UserError

FILES = ("texts", "pairs", "conversations", "preferences")
DROPPED = pa.schema(
    [
        pa.field("file", pa.large_string(), nullable=False),
        pa.field("row", pa.int64(), nullable=False),  # from 0, in the file that was read
        pa.field("reason", pa.large_string(), nullable=False),
        pa.field("record", pa.large_string(), nullable=False),  # the row as JSON
    ]
)


def run(*, settings: CurateSettings, data: Path, model: Path | None, out: Path, seed: int) -> dict[str, Any]:
    """The stage as the pipeline calls it; what it does not write, the pipeline links into the folder."""
    return curate(data, out, settings)


def curate(inputs: Path, out: Path, settings: CurateSettings) -> dict[str, dict[str, Any]]:
    """Read texts, pairs, conversations and preferences (`.parquet`, those there are) from the folder `inputs`; write
    the kept rows under the same names and schemas to `out`, and the others to `dropped.parquet`: file, row (from 0),
    reason, record (JSON). Returns, for each file, the rows read and kept, and dropped by reason.

    Raises:
        UserError: none of the files is there, one is not Parquet, or no row of one is kept.
    """
    inputs, out = Path(inputs), Path(out)
    paths = [path for name in FILES if (path := inputs / f"{name}.parquet").is_file()]
    if not paths:
        raise UserError(f"no data to curate: none of {', '.join(FILES)} (.parquet) is there", str(inputs))
    if out.exists() and out.samefile(inputs):
        raise UserError("would overwrite the data that it reads; give another folder", str(out))
    out.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(out / "dropped.parquet", DROPPED, compression="zstd") as dropped:
        return {path.stem: _file(path, out / path.name, dropped, settings) for path in paths}


@contextmanager
def steps(settings: CurateSettings) -> Iterator[list[Step]]:
    """The steps for one file, in order; duplicates hold temporary files meanwhile."""
    with ExitStack() as stack:
        found: list[Step] = [functools.partial(rules.apply, settings=settings)]
        if settings.benchmarks:
            found.append(Decontamination(settings.benchmarks))
        if settings.duplicates:
            found.append(stack.enter_context(Duplicates()))
        yield found


def _file(path: Path, out: Path, dropped: pq.ParquetWriter, settings: CurateSettings) -> dict[str, Any]:
    read, kept, why = 0, 0, Counter[str]()
    try:
        file = pq.ParquetFile(path)
    except pa.ArrowException as error:
        raise UserError(f"not a Parquet file: {error}", str(path)) from None
    with file, pq.ParquetWriter(out, file.schema_arrow, compression="zstd") as writer, steps(settings) as chain:
        for batch in file.iter_batches(settings.batch_rows):
            verdict = _judge(batch, chain)
            keep = pc.equal(verdict, "")
            chosen = batch.filter(keep)
            writer.write_batch(chosen)
            _write_dropped(dropped, path.stem, read, batch, verdict)
            read, kept = read + len(batch), kept + len(chosen)
            why.update(reason for reason in verdict.to_pylist() if reason)
    if read and not kept:
        raise UserError(
            f"curation drops every row: {', '.join(f'{n} {reason}' for reason, n in why.items())}", str(path)
        )
    return {"read": read, "kept": kept, "dropped": dict(why.most_common())}


def _judge(batch: pa.RecordBatch, chain: Sequence[Step]) -> pa.Array:
    """The reason of each row, empty for the rows to keep."""
    for step in chain:
        batch = step(batch)
    return reasons(batch)


def _write_dropped(writer: pq.ParquetWriter, name: str, start: int, batch: pa.RecordBatch, verdict: pa.Array) -> None:
    gone = pc.indices_nonzero(pc.not_equal(verdict, ""))
    if not len(gone):
        return
    records = [json.dumps(row, ensure_ascii=False) for row in batch.take(gone).to_pylist()]
    rows = pc.add(gone.cast(pa.int64()), start)
    names = pa.array([name] * len(records), pa.large_string())
    columns = [names, rows, verdict.take(gone), pa.array(records, pa.large_string())]
    writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=DROPPED))
