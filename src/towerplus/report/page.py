"""`report.html`: one file with everything in it, made from a run's artifacts alone; and `frontier.svg` beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from towerplus.report import charts
from towerplus.report.examples import choose
from towerplus.report.run import Row, Run, Stage, families, load
from towerplus.report.svg import COLOURS, STYLE

#: benchmark, metric, what it is called, factor, digits: the rows of the stage table
TABLE = [
    ("translation", "accepted", "Translation accepted, %", 100.0),
    ("translation", "chrF", "Translation, chrF", 1.0),
    ("translation", "BLEU", "Translation, BLEU", 1.0),
    ("instructed", "adherence", "Translation with an instruction: followed, %", 100.0),
    ("instructed", "quality", "Translation with an instruction: chrF", 1.0),
    ("register", "formal", "Formal register, %", 100.0),
    ("register", "same_register_chrf", "Same-register chrF", 1.0),
    ("general", "pass", "General tasks passed, %", 100.0),
    ("constraint", "pass", "Constraints kept, %", 100.0),
    ("judgement", "pass", "Judgements right, %", 100.0),
    ("trained", "pass", "Kinds trained by GRPO, %", 100.0),
]


def render(run_dir: Path) -> Path:
    """Write `report.html` and `frontier.svg` into a run directory and return the path of the page.

    Raises UserError where scores or items are missing or damaged.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    run = load(Path(run_dir))
    places = _places(run)
    environment = Environment(
        loader=PackageLoader("towerplus.report", "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    css = files("towerplus.report").joinpath("page.css").read_text(encoding="utf-8")
    html = environment.get_template("page.html").render(
        title=_title(run),
        css=Markup(STYLE + css),
        stages=run.stages,
        frontier=Markup(charts.frontier(places)) if places else None,
        frontier_note=_frontier_note(run),
        summary=_summary(run),
        table=_table(run, Markup),
        gains=_gains(run, Markup),
        curves=_curves(run, Markup),
        heat=_heat(run),
        examples=choose(run),
        facts=_facts(run),
        recipe=run.recipe,
    )
    _write(run.folder / "frontier.svg", charts.frontier(places, alone=True) + "\n" if places else None)
    page = run.folder / "report.html"
    _write(page, html)
    return page


def _write(path: Path, content: str | None) -> None:
    """Write aside and rename into place; nothing to write removes what an earlier run left."""
    if content is None:
        path.unlink(missing_ok=True)
        return
    aside = path.with_name(path.name + ".tmp")
    try:
        aside.write_text(content, encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _title(run: Run) -> str:
    named = re.search(r"^name:\s*(\S+)", run.recipe, re.MULTILINE)
    return named.group(1) if named else run.folder.resolve().name


def _spread(row: Row, factor: float = 1.0) -> charts.Spread:
    low, high = (row[key] if row[key] is not None else row["value"] for key in ("low", "high"))
    return charts.Spread(row["value"] * factor, low * factor, high * factor)


def _places(run: Run) -> list[charts.Place]:
    result = []
    for stage in run.stages:
        found = [
            run.find(benchmark="frontier", metric=metric, stage=stage.name)
            for metric in ("general", "translation", "probability")
        ]
        if all(found):
            general, translation, probability = (row for row in found if row)
            spreads = _spread(general, 100.0), _spread(translation)
            result.append(charts.Place(stage.name, *spreads, probability["value"], stage.colour, stage.main))
    return result


def _frontier_note(run: Run) -> str:
    rows = {m: next((r for r in run.rows if (r["benchmark"], r["metric"]) == ("frontier", m)), None)
            for m in ("translation", "general", "probability")}  # fmt: skip
    parts = [f"{row['metric']}: n = {row['n']:,}, {row['signature']}" for row in rows.values() if row]
    return " · ".join(parts)


def _summary(run: Run) -> list[dict[str, str]]:
    """The final main stage in four figures, with the way it came."""
    main = [stage for stage in run.stages if stage.main]
    result = []
    for benchmark, metric, name, factor in TABLE:
        if (benchmark, metric) in (("translation", "chrF"), ("translation", "accepted"), ("general", "pass"),
                                   ("instructed", "adherence"), ("register", "formal")):  # fmt: skip
            found = [run.find(stage=s.name, benchmark=benchmark, metric=metric, prompt_form="best") for s in main]
            rows = [row for row in found if row]
            if len(rows) > 1:
                way = " → ".join(f"{row['value'] * factor:.1f}" for row in rows[:-1])
                result.append({"name": name, "value": f"{rows[-1]['value'] * factor:.1f}", "way": f"{way} →"})
    return result


def _cell(row: Row | None, factor: float, reach: float, markup: Any, gain: bool) -> dict[str, Any] | None:
    """What a cell of a stage table says; a gain is a difference itself, so its own change is left out."""
    if row is None:
        return None
    shown = _signed if gain else "{:.1f}".format
    cell = {"value": shown(row["value"] * factor), "low": "", "high": "", "delta": "", "mark": "", "tone": ""}
    if row["low"] is not None:
        cell |= {"low": shown(row["low"] * factor), "high": shown(row["high"] * factor)}
    if row["delta"] is not None and not gain:
        delta = charts.Spread(*(row[key] * factor for key in ("delta", "delta_low", "delta_high")))
        tone = "up" if delta.low > 0 else "down" if delta.high < 0 else "even"
        cell["delta"] = _signed(delta.value)
        cell["range"] = f"{_signed(delta.low)} to {_signed(delta.high)}"
        cell["tone"] = tone
        cell["mark"] = markup(charts.change(delta, reach, {"up": 1, "down": 3, "even": 0}[tone]))
    return cell


def _signed(value: float) -> str:
    return "0.0" if round(value, 1) == 0 else f"{value:+.1f}".replace("-", "\N{MINUS SIGN}")


def _lines(run: Run, form: str, suffix: str, markup: Any) -> list[dict[str, Any]]:
    """A line a figure, a cell a stage."""
    lines = []
    for benchmark, metric, name, factor in TABLE:
        rows = [
            run.find(stage=stage.name, benchmark=benchmark, metric=metric + suffix, prompt_form=form)
            for stage in run.stages
        ]
        found = [row for row in rows if row]
        if not found:
            continue
        reach = max(
            [
                abs(row[key]) * factor
                for row in found
                if row["delta"] is not None
                for key in ("delta_low", "delta_high")
            ],
            default=1.0,
        )
        cells = [_cell(row, factor, reach or 1.0, markup, bool(suffix)) for row in rows]
        count = sorted({row["n"] for row in found})
        n = f"{count[0]:,}" if len(count) == 1 else f"{count[0]:,} to {count[-1]:,}"
        lines.append({"name": name, "cells": cells, "n": n, "signature": found[-1]["signature"]})
    return lines


def _table(run: Run, markup: Any) -> list[dict[str, Any]]:
    return _lines(run, "best", "", markup)


def _gains(run: Run, markup: Any) -> list[dict[str, Any]]:
    return _lines(run, "chat", ".chat_gain", markup)


def _curves(run: Run, markup: Any) -> list[dict[str, Any]]:
    """A panel for each stage and family of numbers; a family with more than one line has a legend."""
    panels = []
    for stage in run.stages:
        for family, lines in families(stage.log).items():
            if all(len(steps) < 2 for steps, _ in lines.values()):
                continue
            names = sorted(lines, key=lambda name: (name != family, name))
            several = len(names) > 1
            shown = names[: 2 * COLOURS]
            series = [charts.Series(n, *lines[n], i if several else stage.colour) for i, n in enumerate(shown)]
            legend = [
                {"name": s.name.removeprefix(family).lstrip("/.: ") or family, "colour": s.colour % COLOURS,
                 "dashed": s.colour >= COLOURS, "last": f"{_tail(s.values):.3g}"}
                for s in series
            ]  # fmt: skip
            drawn = markup(charts.curves(series, f"{stage.name}: {family} over steps"))
            panels.append({"stage": stage, "name": family, "picture": drawn, "several": several,
                           "legend": legend if several else [], "hidden": len(names) - len(shown)})  # fmt: skip
    return panels


def _tail(values: Sequence[float]) -> float:
    """The mean of the last tenth."""
    last = values[-max(1, len(values) // 10) :]
    return sum(last) / len(last)


def _heat(run: Run) -> dict[str, Any] | None:
    """chrF of each stage (row) into each locale (column), shaded within the column."""
    rows = [r for r in run.rows if (r["benchmark"], r["metric"], r["prompt_form"]) == ("translation", "chrF", "best")]
    locales = sorted({r["target_locale"] for r in rows if r["target_locale"]})
    if not locales:
        return None
    value = {(r["stage"], r["target_locale"]): r["value"] for r in rows if r["value"] is not None}
    shade: dict[tuple[str, str], float] = {}
    for locale in locales:
        column = [value[s.name, locale] for s in run.stages if (s.name, locale) in value]
        low, high = min(column, default=0.0), max(column, default=0.0)
        shade |= {(s.name, locale): (value[s.name, locale] - low) / (high - low or 1.0)
                  for s in run.stages if (s.name, locale) in value}  # fmt: skip
    lines = [
        {"stage": stage, "cells": [
            {"value": f"{value[stage.name, locale]:.1f}", "shade": f"{100 * shade[stage.name, locale]:.0f}"}
            if (stage.name, locale) in value else None for locale in locales]}
        for stage in run.stages
    ]  # fmt: skip
    counts = {r["target_locale"]: r["n"] for r in rows if r["target_locale"]}
    signature = " + ".join(dict.fromkeys(r["signature"] for r in rows if r["target_locale"]))
    seed = rows[0]["seed"]
    return {
        "locales": locales,
        "lines": lines,
        "counts": [f"{counts[x]:,}" for x in locales],
        "signature": signature,
        "seed": seed,
    }


def _facts(run: Run) -> dict[str, Any]:
    """What ran: a line a stage, and what is common to all."""
    lines = []
    for stage in run.stages:
        lines.append({"stage": stage, "kind": stage.manifest.get("kind", ""), **_work(stage)})
    manifests = [stage.manifest for stage in run.stages if stage.manifest]
    common: dict[str, str] = {}
    if manifests:
        last = manifests[-1]
        common["Seed"] = str(last.get("seed", ""))
        common["Machine"] = str(last.get("machine", ""))
        common["Versions"] = ", ".join(f"{name} {version}" for name, version in last.get("versions", {}).items())
    seeds = sorted({str(row["seed"]) for row in run.rows if row.get("seed") is not None})
    common["Seed of the resamples"] = ", ".join(seeds)
    return {"lines": lines, "common": {key: value for key, value in common.items() if value}}


def _work(stage: Stage) -> dict[str, str]:
    manifest, counts = stage.manifest, stage.manifest.get("counts", {})
    shown = {k: v for k, v in counts.items() if isinstance(v, int | float | str) and not isinstance(v, bool)}
    last = stage.log[-1] if stage.log else {}
    steps = counts.get("steps", last.get("step"))
    tokens = counts.get("tokens", counts.get("count", last.get("tokens", last.get("count"))))
    rest = ", ".join(f"{k} {_count(v)}" for k, v in shown.items() if k not in ("steps", "tokens", "count"))
    return {
        "steps": _count(steps), "tokens": _count(tokens), "rest": rest, "digest": str(manifest.get("digest", "")),
        "seconds": _count(manifest.get("seconds")), "cpu_seconds": _count(manifest.get("cpu_seconds")),
    }  # fmt: skip


def _count(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value != int(value):
        return f"{value:,.4g}" if abs(value) < 100 else f"{value:,.0f}"
    return f"{int(value):,}" if isinstance(value, int | float) else str(value)
