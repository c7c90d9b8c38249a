"""The two tables of a run: every judged answer (`items.parquet`) and every figure with its interval (`scores.json`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from towerplus.errors import UserError
from towerplus.evaluate.run import ITEMS

SCORES = "scores.json"


def conclude(
    out: Path,
    folders: Mapping[str, Path],
    order: Sequence[str],
    parents: Mapping[str, str | None],
    groups: Mapping[str, Collection[str]],
    seed: int,
    resamples: int,
) -> None:
    """Join the items of all stages and score them.

    `parents` names the stage that each one is compared with; `groups` are further benchmarks made of task kinds.
    """
    from towerplus.evaluate.scores import scores, write_scores

    parts = []
    for stage in order:
        try:
            part = pq.read_table(folders[stage] / ITEMS)
        except (pa.ArrowException, OSError) as error:
            reason = f"damaged ({type(error).__name__}); delete its folder to have it made anew"
            raise UserError(reason, str(folders[stage] / ITEMS)) from None
        parts.append(part.add_column(0, "stage", pa.array([stage] * part.num_rows, pa.large_string())))
    items = pa.concat_tables(parts)
    aside = out / f"{ITEMS}.tmp"
    try:
        pq.write_table(items, aside, compression="zstd")
        aside.replace(out / ITEMS)
    finally:
        aside.unlink(missing_ok=True)
    rows = scores(items, list(order), seed, parents=parents, groups=groups, resamples=resamples)
    write_scores(out / SCORES, rows)
