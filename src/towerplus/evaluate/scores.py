"""From judged answers to figures: `scores.json`, every interval and paired difference from the items alone.

A row (all keys always present, None where they do not apply):

    stage, benchmark    which model stage, on what
    kind                one kind of task (benchmarks general, constraint, judgement); None: all of them
    prompt_form         plain; chat; best: the better of the two by this metric over the whole benchmark
    metric              accepted, adherence, formal, pass: shares 0..1; chrF, BLEU, quality, same_register_chrf: 0..100
    source_locale, target_locale   of a row about one target locale; None: all of them
    value, n            the figure and the number of items behind it
    low, high           95% interval: percentile bootstrap over clusters; Wilson's for shares of 0 and 1
    delta, delta_low, delta_high   against the stage this one was made from, paired on the items that both answered;
                        in form best each stage by its own better form
    seed, signature     of the resamples; sacrebleu's signature, or what was averaged
    status              ok, or "unavailable: why", and then there is no value

`METRIC.chat_gain` (prompt_form chat) is chat minus plain of one stage; its delta is how the gain changed. Benchmark
`frontier` (prompt_form best) has the two figures of the picture, `translation` (chrF) and `general` (share of general
and constraint tasks passed), and `probability`: P(on the Pareto frontier) among all stages.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import towerplus
from towerplus.errors import UserError
from towerplus.evaluate import frontier as pareto
from towerplus.evaluate.figures import FIGURES, FORMS, PASS, Figure, Items, Sample, Samples
from towerplus.evaluate.statistics import LEVEL, RESAMPLES, replicates, wilson
from towerplus.metrics import metric

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]
COLUMNS = (
    *("stage", "benchmark", "kind", "prompt_form", "metric", "source_locale", "target_locale", "value", "n", "low"),
    *("high", "delta", "delta_low", "delta_high", "seed", "signature", "status"),
)


def scores(
    items: pa.Table | Path | str,
    stages: Sequence[str],
    seed: int,
    *,
    parents: Mapping[str, str | None] | None = None,
    groups: Mapping[str, Collection[str]] | None = None,
    resamples: int = RESAMPLES,
) -> list[Row]:
    """The rows of `scores.json` of an items table (or its Parquet file).

    Args:
        stages: in their order; each is compared with `parents[stage]`, by default with the one before.
        groups: further benchmarks, as name -> task kinds, that report `pass` (such as the kinds that GRPO trains).

    Raises UserError for missing columns, an unknown stage, an item answered twice, or statistics that only some have.
    """
    table = Items(items)
    if unknown := sorted(_named(table["stage"]) - set(stages)):
        raise UserError(f"stage {unknown[0]!r} is not among {', '.join(stages)}", "items")
    before = dict(zip(stages, [None, *stages], strict=False)) if parents is None else parents
    work = _Scoring(table, stages, before, seed, resamples)
    rows: list[Row] = []
    for benchmark in sorted(_named(table["benchmark"]), key=lambda name: ([*FIGURES, name].index(name), name)):
        for figure in FIGURES.get(benchmark, (PASS,)):
            rows += work.figure(benchmark, figure, table["benchmark"] == benchmark)
    for name, kinds in (groups or {}).items():
        rows += work.figure(name, PASS, np.isin(table["kind"], list(kinds)))
    return [*rows, *work.frontier()]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A figure and its resamples."""

    value: float
    resamples: np.ndarray

    def __sub__(self, other: _Drawn) -> _Drawn:
        return _Drawn(self.value - other.value, self.resamples - other.resamples)

    def bounds(self) -> tuple[float, float]:
        low, high = np.nanquantile(self.resamples, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return float(low), float(high)


@dataclass(frozen=True)
class _Scoring:
    """What all figures of one table share."""

    table: Items
    stages: Sequence[str]
    parents: Mapping[str, str | None]
    seed: int
    resamples: int

    def figure(self, benchmark: str, figure: Figure, where: np.ndarray) -> Iterator[Row]:
        """All rows of one figure of the items `where` (bool): over all of them, then for each value of its `by`."""
        rows = np.flatnonzero(where)
        samples = self.table.samples(figure, rows)
        best = self.best(figure, samples)
        labels = sorted(_named(self.table[figure.by][rows])) if figure.by else []
        for label in [None, *labels]:
            part = rows if label is None else rows[self.table[figure.by][rows] == label]
            mine = samples if label is None else {key: s.only(s.labels == label) for key, s in samples.items()}
            common = dict.fromkeys(COLUMNS) | {"benchmark": benchmark, "seed": self.seed}
            if label is not None:
                common[figure.by] = label
                sources = _named(self.table["source_locale"][part])
                common["source_locale"] = sources.pop() if figure.by == "target_locale" and len(sources) == 1 else None
            common["signature"] = self.signature(figure, part)
            asked = set(zip(self.table["stage"][part], self.table["prompt_form"][part], strict=True))
            answered = {key: sample for key, sample in mine.items() if len(sample.items)}
            for row in _Part(self, figure, answered, best).rows(asked):
                yield common | row

    def best(self, figure: Figure, samples: Samples) -> dict[str, str]:
        """The better form of each stage; plain where both are equal."""
        values = {key: float(figure.score(sample.statistics.sum(axis=0))) for key, sample in samples.items()}
        return {
            stage: max((form for form in FORMS if (stage, form) in values), key=lambda form: values[stage, form])
            for stage in {stage for stage, _ in samples}
        }

    def draw(self, figure: Figure, sample: Sample) -> _Drawn:
        """The figure of a sample; samples with equal clusters are resampled alike, which is what pairs them."""
        options = {"cluster": sample.clusters.tolist(), "resamples": self.resamples, "seed": self.seed}
        drawn = replicates(sample.statistics, figure.score, **options)
        return _Drawn(float(figure.score(sample.statistics.sum(axis=0))), drawn)

    def signature(self, figure: Figure, rows: np.ndarray) -> str:
        """sacrebleu's signature of corpus metrics, of each tokenizer where locales are pooled; else the mean's."""
        if not figure.corpus:
            return f"mean:{figure.column}|bs:{self.resamples}|seed:{self.seed}|version:{towerplus.__version__}"
        locales = sorted(set(self.table["target_locale"][rows]))
        made = [metric(figure.column, name).signature(1, bootstrap=self.resamples, seed=self.seed) for name in locales]
        return " + ".join(dict.fromkeys(made))

    def frontier(self) -> Iterator[Row]:
        """The rows of benchmark `frontier`: every stage that has both figures, in its better form by each."""
        where = self.table["benchmark"]
        parts = {
            "translation": (Figure("translation", "chrf", corpus=True), np.flatnonzero(where == "translation")),
            "general": (PASS, np.flatnonzero(np.isin(where, ["general", "constraint"]))),
        }
        samples: dict[str, dict[str, Sample]] = {}
        for name, (figure, rows) in parts.items():
            every = self.table.samples(figure, rows)
            samples[name] = {stage: every[stage, form] for stage, form in self.best(figure, every).items()}
        both = [stage for stage in self.stages if all(stage in found for found in samples.values())]
        axes = []
        for name, (figure, _) in parts.items():
            shared = _shared([samples[name][stage] for stage in both])
            if not shared or not len(shared[0].items):
                return
            statistics = {stage: sample.statistics for stage, sample in zip(both, shared, strict=True)}
            axes.append(pareto.Axis(statistics, figure.score, shared[0].clusters.tolist()))
        joint = f"joint bootstrap|bs:{self.resamples}|seed:{self.seed}|version:{towerplus.__version__}"
        for point in pareto.frontier(*axes, resamples=self.resamples, seed=self.seed):
            row = dict.fromkeys(COLUMNS) | {"stage": point.name, "benchmark": "frontier", "prompt_form": "best"}
            row |= {"seed": self.seed, "status": "ok"}
            for name, found in (("translation", point.translation), ("general", point.general)):
                row |= {"metric": name, "value": found.value, "n": found.n, "low": found.low, "high": found.high}
                yield row | {"signature": self.signature(*parts[name])}
            row |= {"metric": "probability", "value": point.probability, "low": None, "high": None}
            yield row | {"n": point.translation.n + point.general.n, "signature": joint}


class _Part:
    """The rows of one figure over one part of a benchmark."""

    def __init__(self, scoring: _Scoring, figure: Figure, samples: Samples, best: Mapping[str, str]):
        self.scoring, self.figure, self.samples, self.best = scoring, figure, samples, best
        self.drawn = {key: scoring.draw(figure, sample) for key, sample in samples.items()}

    def rows(self, asked: Collection[tuple[str, str]]) -> Iterator[Row]:
        """Each stage in each form, in its better form, and its gain from chat."""
        for stage in self.scoring.stages:
            parent = self.scoring.parents.get(stage) or ""
            forms = [(form, form) for form in FORMS if (stage, form) in asked]
            forms += [("best", self.best[stage])] if stage in self.best else []
            for label, form in forms:
                row: Row = {"stage": stage, "prompt_form": label, "metric": self.figure.name}
                if (stage, form) not in self.samples:
                    yield row | {"n": 0, "status": f"unavailable: no {self.figure.column!r} in the items"}
                    continue
                other = (parent, self.best.get(parent, "") if label == "best" else form)
                yield row | self.value((stage, form)) | self.delta(self.difference((stage, form), other))
            gain, count = self.difference((stage, "chat"), (stage, "plain"))
            if gain is not None:
                low, high = gain.bounds()
                row = {"stage": stage, "prompt_form": "chat", "metric": f"{self.figure.name}.chat_gain"}
                row |= {"status": "ok", "value": gain.value, "n": count, "low": low, "high": high}
                earlier, _ = self.difference((parent, "chat"), (parent, "plain"))
                yield row | self.delta((gain - earlier if earlier else None, count))

    def value(self, key: tuple[str, str]) -> Row:
        """Value, n and interval of one sample."""
        sample, drawn = self.samples[key], self.drawn[key]
        low, high = drawn.bounds()
        if self.figure.share and drawn.value in (0.0, 1.0):  # where every resample says the same
            clusters = len(set(sample.clusters))
            low, high = wilson(drawn.value * clusters, clusters)
        return {"value": drawn.value, "n": len(sample.items), "low": low, "high": high, "status": "ok"}

    def difference(self, after: tuple[str, str], before: tuple[str, str]) -> tuple[_Drawn | None, int]:
        """One sample minus another over the items that both have, and the number of these."""
        if after not in self.samples or before not in self.samples:
            return None, 0
        pair = [self.samples[after], self.samples[before]]
        if np.array_equal(pair[0].items, pair[1].items):
            return self.drawn[after] - self.drawn[before], len(pair[0].items)
        first, second = _shared(pair)
        if not len(first.items):
            return None, 0
        return self.scoring.draw(self.figure, first) - self.scoring.draw(self.figure, second), len(first.items)

    @staticmethod
    def delta(difference: tuple[_Drawn | None, int]) -> Row:
        """The columns of a difference."""
        if difference[0] is None:
            return {}
        low, high = difference[0].bounds()
        return {"delta": difference[0].value, "delta_low": low, "delta_high": high}


def _named(column: np.ndarray) -> set[str]:
    """The distinct values of a text column that are not empty."""
    return {str(value) for value in np.unique(column)} - {""}


def _shared(samples: Sequence[Sample]) -> list[Sample]:
    """The samples over the items that all of them have."""
    if not samples:
        return []
    common = samples[0].items
    for sample in samples[1:]:
        common = np.intersect1d(common, sample.items)
    return [sample.only(np.isin(sample.items, common)) for sample in samples]


def write_scores(path: Path, rows: Sequence[Row]) -> None:
    """Write rows as `{"rows": [...]}`, a row a line, aside and renamed into place."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    aside = path.with_name(path.name + ".tmp")
    try:
        aside.write_text('{"rows": [\n' + lines + "\n]}\n", encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def read_scores(path: Path) -> list[Row]:
    """The rows that `write_scores` wrote; UserError where there are none."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
        return [dict.fromkeys(COLUMNS) | row for row in rows]
    except FileNotFoundError:
        raise UserError("no such file", str(path)) from None
    except (ValueError, KeyError, TypeError):
        raise UserError('not a scores file: {"rows": [...]}', str(path)) from None


def select(rows: Iterable[Row], **wanted: Any) -> list[Row]:
    """The rows with the given values; kind and target_locale are None (all of them) unless wanted otherwise."""
    wanted = {"kind": None, "target_locale": None} | wanted
    return [row for row in rows if all(row.get(name) == value for name, value in wanted.items())]
