"""Which figures each benchmark reports, and the sufficient statistics of each in the items table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from towerplus.errors import UserError
from towerplus.evaluate.statistics import Score, mean, mean_statistics
from towerplus.metrics import metric

if TYPE_CHECKING:
    import pyarrow as pa

FORMS = ("plain", "chat")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a benchmark. `column` is `passed` or a name in the JSON column `values`, which are averaged, or,
    for a `corpus` metric, the column of its statistics and the metric's name in `towerplus.metrics`."""

    name: str
    column: str
    corpus: bool = False
    share: bool = False  #: of items, 0..1
    by: str = ""  #: a column (kind, target_locale) whose values get rows of their own

    @property
    def score(self) -> Score:
        """Sums of statistics to figures."""
        return metric(self.column).score if self.corpus else mean


PASS = Figure("pass", "passed", share=True)
PASS_BY_KIND = Figure("pass", "passed", share=True, by="kind")

#: Benchmarks that are not listed report PASS.
FIGURES: dict[str, tuple[Figure, ...]] = {
    "translation": (
        Figure("accepted", "passed", share=True, by="target_locale"),
        Figure("chrF", "chrf", corpus=True, by="target_locale"),
        Figure("BLEU", "bleu", corpus=True, by="target_locale"),
    ),
    "instructed": (Figure("adherence", "passed", share=True), Figure("quality", "chrf", corpus=True)),
    "register": (Figure("formal", "formal", share=True), Figure("same_register_chrf", "same_register_chrf")),
    "general": (PASS_BY_KIND,),
    "constraint": (PASS_BY_KIND,),
    "judgement": (PASS_BY_KIND,),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """The answers of one stage in one form: ids, clusters and statistics (n, k) of the items, sorted by id."""

    items: np.ndarray
    clusters: np.ndarray
    labels: np.ndarray  #: the values of the figure's `by` column
    statistics: np.ndarray

    def only(self, keep: np.ndarray) -> Sample:
        """The items where `keep` (n,) bool holds."""
        return Sample(self.items[keep], self.clusters[keep], self.labels[keep], self.statistics[keep])


#: (stage, form) -> its answers
Samples = dict[tuple[str, str], Sample]


class Items:
    """The items table (or its Parquet file), column by column."""

    COLUMNS = ("stage", "benchmark", "kind", "item", "cluster", "prompt_form", "source_locale", "target_locale")

    def __init__(self, table: pa.Table | Path | str):
        import pyarrow.parquet as pq

        where = "items"
        if isinstance(table, str | Path):
            where = str(table)
            if not Path(table).is_file():
                raise UserError("no such file", where)
            table = pq.read_table(table)
        if missing := [name for name in (*self.COLUMNS, "passed") if name not in table.column_names]:
            raise UserError(f"no column {missing[0]!r}", where)
        self._table = table
        self._text = {name: np.array([v or "" for v in table[name].to_pylist()], dtype=str) for name in self.COLUMNS}
        self._numbers: dict[str, list] = {"passed": table["passed"].to_pylist()}

    def __getitem__(self, name: str) -> np.ndarray:
        """A text column; null is the empty string."""
        return self._text[name]

    def samples(self, figure: Figure, rows: np.ndarray) -> Samples:
        """The answers among `rows` (indices) that have what `figure` needs, by stage and form.

        UserError where an item was answered twice, or only some of the answers have statistics.
        """
        result = {}
        values = self._column(figure)
        for stage in np.unique(self["stage"][rows]):
            for form in FORMS:
                mine = rows[(self["stage"][rows] == stage) & (self["prompt_form"][rows] == form)]
                mine = mine[np.argsort(self["item"][mine], kind="stable")]
                names = self["item"][mine]
                if (twice := np.flatnonzero(names[1:] == names[:-1])).size:
                    raise UserError(f"answered twice in form {form}", self._name(mine[twice[0]]))
                column = [values[i] for i in mine]
                lacking = [i for i, value in zip(mine, column, strict=True) if value is None]
                if len(lacking) == len(mine):
                    continue
                if lacking:
                    raise UserError(
                        f"{len(lacking)} of {len(mine)} items lack {figure.column!r}", self._name(lacking[0])
                    )
                clusters = np.where(self["cluster"][mine] == "", names, self["cluster"][mine])
                labels = self[figure.by][mine] if figure.by else np.full(len(mine), "")
                statistics = np.array(column, dtype=np.float64) if figure.corpus else mean_statistics(column)
                result[str(stage), form] = Sample(names, clusters, labels, statistics)
        return result

    def _column(self, figure: Figure) -> list:
        """The statistics or values of every row; None where there are none."""
        if figure.column not in self._numbers:
            if not figure.corpus:
                parsed = [json.loads(text or "{}") for text in self._optional("values")]
                for name in {name for values in parsed for name in values} | {figure.column}:
                    self._numbers.setdefault(name, [values.get(name) for values in parsed])
            else:
                self._numbers[figure.column] = self._optional(figure.column)
        return self._numbers[figure.column]

    def _optional(self, name: str) -> list:
        present = name in self._table.column_names
        return self._table[name].to_pylist() if present else [None] * self._table.num_rows

    def _name(self, row: int) -> str:
        return " ".join(self[name][row] for name in ("stage", "benchmark", "item"))
