"""What a report is made from: the artifacts in a run directory, read once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from towerplus.errors import UserError
from towerplus.report.svg import COLOURS

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """A model stage. `log` has a row a step; `manifest` is empty where there is none."""

    name: str
    manifest: dict[str, Any]
    log: list[dict[str, Any]]
    colour: int

    @property
    def main(self) -> bool:
        """Whether it is on the way to the final model; controls are not."""
        return not self.name.endswith("-control")


@dataclass(frozen=True, slots=True)
class Run:
    """A run directory: stages in their order, the rows of scores.json, the items, the recipe as text."""

    folder: Path
    stages: list[Stage]
    rows: list[Row]
    items: pa.Table
    recipe: str

    def find(self, **wanted: Any) -> Row | None:
        """The row of scores.json with these values (kind and target_locale None unless wanted otherwise) if it has
        a value."""
        wanted = {"kind": None, "target_locale": None} | wanted
        for row in self.rows:
            if row["value"] is not None and all(row.get(key) == value for key, value in wanted.items()):
                return row
        return None


def load(folder: Path) -> Run:
    """Read a run directory; UserError names what is missing or damaged."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = _json(folder / "scores.json", "rows")
    items = folder / "items.parquet"
    if not items.is_file():
        raise UserError("no such file; `tower run` makes it", str(items))
    try:
        table = pq.read_table(items)
    except pa.ArrowInvalid as error:
        raise UserError(f"not a Parquet file: {error}", str(items)) from None
    stages = []
    for i, name in enumerate(dict.fromkeys(row["stage"] for row in rows)):
        place = folder / name
        manifest = _manifest(place / "manifest.json")
        colour = i if i < COLOURS else 1 + (i - 1) % (COLOURS - 1)
        stages.append(Stage(name, manifest, _log(place / "log.jsonl"), colour))
    return Run(folder, stages, rows, table, _text(folder / "recipe.yaml"))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _manifest(path: Path) -> dict[str, Any]:
    """What a stage says about itself; nothing where that is damaged: its figures are none the worse."""
    try:
        found = json.loads(_text(path) or "{}")
    except ValueError:
        found = {}
    return found if isinstance(found, dict) else {}


def _json(path: Path, key: str) -> list[Row]:
    if not path.is_file():
        raise UserError("no such file; `tower run` makes it", str(path))
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))[key]
        if rows and all("stage" in row and "metric" in row for row in rows):
            return list(rows)
    except (ValueError, KeyError, TypeError):
        pass
    raise UserError("holds no scores", str(path))


def _log(path: Path) -> list[dict[str, Any]]:
    rows = []
    for number, line in enumerate(_text(path).splitlines(), 1):
        try:
            rows.append(json.loads(line))
        except ValueError:
            raise UserError("not a line of JSON", f"{path}:{number}") from None
    return rows


def families(log: Sequence[dict[str, Any]]) -> dict[str, dict[str, tuple[list[float], list[float]]]]:
    """What a log has to draw: family -> name -> (steps, values). The family of `reward/sort` is `reward`; loss comes
    first; bookkeeping (rates, counts, times, gradient norms) is left out."""
    result: dict[str, dict[str, tuple[list[float], list[float]]]] = {}
    for row in log:
        for key, value in row.items():
            if key in _BOOKKEEPING or isinstance(value, bool) or not isinstance(value, int | float) or value != value:
                continue
            family = min((key.split(mark, 1)[0] for mark in "/.: "), key=len)
            steps, values = result.setdefault(family, {}).setdefault(key, ([], []))
            steps.append(row.get("step", len(steps)))
            values.append(float(value))
    return dict(sorted(result.items(), key=lambda item: _FIRST.index(item[0]) if item[0] in _FIRST else len(_FIRST)))


_BOOKKEEPING = {"step", "learning_rate", "count", "tokens", "grad_norm", "elapsed", "cpu", "seconds", "epoch"}
_FIRST = ["loss", "reward", "margin", "accuracy"]
