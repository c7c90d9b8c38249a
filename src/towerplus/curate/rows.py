"""What rules see of a batch: its texts, and the column `reason` (empty = kept)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

REASON = "reason"
#: a step of curation: adds to the column `reason`, changes nothing else
Step = Callable[[pa.RecordBatch], pa.RecordBatch]


def reasons(batch: pa.RecordBatch) -> pa.Array:
    """The column `reason`, all empty where the batch has none yet."""
    if REASON in batch.schema.names:
        return batch.column(REASON)
    return pa.array([""] * len(batch), pa.large_string())


def mark(batch: pa.RecordBatch, drop: np.ndarray, reason: str) -> pa.RecordBatch:
    """The batch with `reason` given to the rows of `drop` (bool) that have none."""
    column = reasons(batch)
    fresh = pc.and_(pa.array(drop, pa.bool_()), pc.equal(column, ""))
    column = pc.if_else(fresh, pa.scalar(reason, pa.large_string()), column)
    if REASON in batch.schema.names:
        return batch.set_column(batch.schema.get_field_index(REASON), REASON, column)
    return batch.append_column(REASON, column)


def is_pair(batch: pa.RecordBatch) -> bool:
    return "source" in batch.schema.names and "target" in batch.schema.names


def message_columns(batch: pa.RecordBatch) -> list[str]:
    return [name for name in ("messages", "prompt", "chosen", "rejected") if name in batch.schema.names]


def texts(batch: pa.RecordBatch) -> tuple[pa.Array, np.ndarray]:
    """Every text of the batch, and the row that each belongs to: `text`; or `source` and `target`; or the contents of
    the messages."""
    if names := message_columns(batch):
        columns = [batch.column(name) for name in names]
        arrays = [pc.struct_field(column.flatten(), "content") for column in columns]
        parents = [pc.list_parent_indices(column).to_numpy(zero_copy_only=False) for column in columns]
    else:
        arrays = [batch.column(name) for name in (("source", "target") if is_pair(batch) else ("text",))]
        parents = [np.arange(len(batch))] * len(arrays)
    arrays = [array.cast(pa.large_string()) for array in arrays]
    return pa.concat_arrays(arrays), np.concatenate(parents)


def any_of(flags: np.ndarray, parents: np.ndarray, rows: int) -> np.ndarray:
    """For each row, whether a text of it is flagged."""
    return np.bincount(parents[flags], minlength=rows) > 0


def joined(batch: pa.RecordBatch, name: str) -> pa.Array:
    """One text a row of a column of messages: each as role and content, with control characters between."""
    column = batch.column(name)
    turns = column.flatten()
    role, content = (pc.struct_field(turns, field).cast(pa.large_string()) for field in ("role", "content"))
    parts = pc.binary_join_element_wise(role, content, pa.scalar("\x01", pa.large_string()))
    offsets = (column.offsets.to_numpy() - column.offsets[0].as_py()).astype(np.int32)
    return pc.binary_join(pa.ListArray.from_arrays(offsets, parts.cast(pa.string())), "\x02").cast(pa.large_string())
