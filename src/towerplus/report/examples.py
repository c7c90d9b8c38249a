"""Ten items that show what the stages learned: chosen by rule, not by taste."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from towerplus.report.diff import compare
from towerplus.report.run import Run

COUNT = 10
#: what happened to an item between the first and the last main stage -> how many of the ten at least, if there are
GROUPS = {"learned": 6, "lost": 2, "never": 1, "always": 1}
#: the figure by which a stage's form is chosen for a benchmark
FIGURE = {"translation": "accepted", "instructed": "adherence", "register": "formal"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one stage said: whether it passed, in pieces against the reference, and why it failed."""

    stage: str
    colour: int
    form: str
    passed: bool
    pieces: list[tuple[str, str]]
    reason: str


@dataclass(frozen=True, slots=True)
class Example:
    """An item with all answers; `group` is one of GROUPS."""

    group: str
    kind: str
    locale: str
    prompt: str
    source: str
    reference: str
    answers: list[Answer]


def choose(run: Run) -> list[Example]:
    """At most ten items, spread over benchmarks; the same items give the same choice."""
    wanted = ("stage", "benchmark", "kind", "item", "prompt_form", "target_locale", "response", "passed")
    extra = [name for name in ("prompt", "source", "reference", "verdicts") if name in run.items.column_names]
    forms = {
        (stage.name, benchmark): _form(run, stage.name, benchmark)
        for stage in run.stages
        for benchmark in set(run.items["benchmark"].to_pylist())
    }
    answers: dict[tuple[str, str], dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in run.items.select([*wanted, *extra]).to_pylist():
        if forms[row["stage"], row["benchmark"]] == row["prompt_form"]:
            answers[row["benchmark"], row["item"]][row["stage"]] = row
    main = [stage.name for stage in run.stages if stage.main]
    pools: dict[str, dict[str, list[dict[str, dict[str, Any]]]]] = defaultdict(lambda: defaultdict(list))
    for key in sorted(answers, key=lambda key: hashlib.sha256("\x1f".join(key).encode()).digest()):
        passed = [answers[key][name]["passed"] for name in main if name in answers[key]]
        if passed:
            pools[_group(passed)][key[0]].append(answers[key])
    quota = dict(GROUPS)
    picked: list[tuple[str, dict[str, dict[str, Any]]]] = []
    for group in [*GROUPS, *GROUPS]:  # the second time around, to fill up
        while quota[group] > 0 and len(picked) < COUNT and pools[group]:
            # the benchmark that was shown least so far
            shown = [item[next(iter(item))]["benchmark"] for _, item in picked]
            benchmark = min(pools[group], key=lambda name: (shown.count(name), [*FIGURE, name].index(name), name))
            picked.append((group, pools[group][benchmark].pop(0)))
            quota[group] -= 1
            if not pools[group][benchmark]:
                del pools[group][benchmark]
        if len(picked) < COUNT and group == list(GROUPS)[-1]:
            quota = dict.fromkeys(GROUPS, COUNT)
    return [_example(run, group, item) for group, item in picked]


def _group(passed: list[bool]) -> str:
    if passed[-1]:
        return "always" if all(passed) else "learned"
    return "lost" if any(passed) else "never"


def _form(run: Run, stage: str, benchmark: str) -> str:
    """The form in which a stage did better."""
    metric = FIGURE.get(benchmark, "pass")
    best = run.find(stage=stage, benchmark=benchmark, metric=metric, prompt_form="best")
    plain = run.find(stage=stage, benchmark=benchmark, metric=metric, prompt_form="plain")
    return "plain" if plain and best and plain["value"] == best["value"] else "chat"


def _example(run: Run, group: str, item: dict[str, dict[str, Any]]) -> Example:
    first = item[next(iter(item))]
    reference = first.get("reference") or ""
    answers = []
    for stage in run.stages:
        if stage.name not in item:
            continue
        row = item[stage.name]
        pieces = list(compare(reference, row["response"])) if reference else [("same", row["response"])]
        verdicts = json.loads(row.get("verdicts") or "[]")
        reason = "; ".join(v["reason"] for v in verdicts if not v.get("passed", True) and v.get("reason"))
        answers.append(Answer(stage.name, stage.colour, row["prompt_form"], row["passed"], pieces, reason))
    prompt = first.get("prompt") or first.get("source") or ""
    return Example(
        group, first["kind"], first["target_locale"] or "", prompt, first.get("source") or "", reference, answers
    )
