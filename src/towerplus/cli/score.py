"""The verb that scores answers which are in a file already: score."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def score(
    benchmark: Annotated[str, typer.Argument(help="ifeval, gsm8k, math, or tasks: our own format.")],
    data: Annotated[Path, typer.Option("--data", help="The questions, as the benchmark publishes them.")],
    answers: Annotated[Path, typer.Option("--answers", help="The answers: JSON Lines with `response`.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print counts and accuracies as JSON.")] = False,
    verdicts: Annotated[Path | None, typer.Option("--verdicts", help="Write each verdict here, JSON Lines.")] = None,
    allow_missing: Annotated[
        bool, typer.Option("--allow-missing", help="Questions without an answer count as failed.")
    ] = False,
) -> None:
    """Score answers that are in a file; no model is asked."""
    from towerplus.evaluate.benchmarks import file_scorer

    scores = file_scorer(benchmark)(data, answers, allow_missing)
    if verdicts is not None:
        rows = (json.dumps(row, ensure_ascii=False) for row in scores.verdicts)
        verdicts.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(scores.figures, ensure_ascii=False, indent=1))
    else:
        typer.echo(_aligned(scores.table))
    for note in scores.notes:
        typer.echo(f"note: {note}", err=True)


def _aligned(rows: list[tuple[str, ...]]) -> str:
    """Rows of text in columns, the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.rjust(width) if place else cell.ljust(width) for place, (cell, width) in enumerate(cells))
        for cells in (zip(row, widths, strict=True) for row in rows)
    )
    return "\n".join(line.rstrip() for line in lines)
