"""IFEval (arXiv 2311.07911): 541 prompts with 834 instructions that a program can check.

The benchmark's files are read as they are published: prompts with `key`, `prompt`, `instruction_id_list`, `kwargs`;
answers with `prompt` (or `key`) and `response`. An instruction is followed strictly, or loosely: by the answer without
its first or last line or its asterisks. A prompt is when all its instructions are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from towerplus.errors import UserError
from towerplus.evaluate.benchmarks.files import FileScores, account, objects, read_answers, text
from towerplus.evaluate.statistics import Estimate, interval, mean
from towerplus.records import Check, Task
from towerplus.verify import IFEVAL, verify
from towerplus.verify.base import Verdict, failed
from towerplus.verify.instructions.loose import verify_loosely

#: the four accuracies, under lm-evaluation-harness's names; the Tower+ authors report their mean
ACCURACIES = (
    "prompt_level_strict_acc",
    "inst_level_strict_acc",
    "prompt_level_loose_acc",
    "inst_level_loose_acc",
)
_NAMES = ("prompts, strict", "instructions, strict", "prompts, loose", "instructions, loose")
_MISSING = failed("no answer")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt of the benchmark, and where its file has it."""

    key: int | str
    prompt: str
    checks: tuple[Check, ...]
    where: str


def read_prompts(path: Path) -> list[Prompt]:
    """The prompts of a file. UserError, with file and line, where one is malformed or an instruction is unknown."""
    prompts = [_prompt(row, where) for where, row in objects(path)]
    if not prompts:
        raise UserError("no prompts in it", str(path))
    seen: dict[int | str, str] = {}
    for item in prompts:
        if seen.setdefault(item.key, item.where) != item.where:
            raise UserError(f"key {item.key} is there twice; first at {seen[item.key]}", item.where)
    return prompts


def _prompt(row: Mapping[str, Any], where: str) -> Prompt:
    kinds, arguments, key = row.get("instruction_id_list"), row.get("kwargs"), row.get("key")
    if not isinstance(key, int | str):
        raise UserError("no 'key', a number or text", where)
    if not isinstance(kinds, list) or not kinds:
        raise UserError("no 'instruction_id_list' with instructions in it", where)
    if not isinstance(arguments, list) or len(arguments) != len(kinds):
        raise UserError(f"'kwargs' does not have one entry for each of the {len(kinds)} instructions", where)
    return Prompt(
        key,
        text(row, "prompt", where),
        tuple(_check(*pair, where) for pair in zip(kinds, arguments, strict=True)),
        where,
    )


def _check(kind: Any, arguments: Any, where: str) -> Check:
    if kind not in IFEVAL:
        import difflib

        near = difflib.get_close_matches(str(kind), IFEVAL, n=1)
        raise UserError(f"unknown instruction {kind!r}" + (f"; did you mean {near[0]!r}?" if near else ""), where)
    if not isinstance(arguments, dict | None):
        raise UserError(f"the arguments of {kind} are {type(arguments).__name__}, not an object", where)
    # Copies of the benchmark fill up absent arguments with null and turn whole numbers into decimals.
    given = {name: value for name, value in (arguments or {}).items() if value is not None}
    return Check(kind, {n: int(v) if isinstance(v, float) and v.is_integer() else v for n, v in given.items()})


def score_files(data: Path, answers: Path, allow_missing: bool = False) -> FileScores:
    """Score a file of answers against a file of prompts.

    Raises:
        UserError: a malformed line, an unknown instruction, a prompt without an answer (unless `allow_missing`).
    """
    prompts = read_prompts(data)
    by, found = read_answers(answers, ("prompt", "key"))
    if not by:
        raise UserError("answers need 'prompt' or 'key' beside 'response'", str(answers))
    asked = [prompt.prompt if by == "prompt" else prompt.key for prompt in prompts]
    missing = [prompt.where for prompt, name in zip(prompts, asked, strict=True) if name not in found]
    notes = account(missing, len(found.keys() - set(asked)), len(prompts), answers, allow_missing)
    judged = [_judge(prompt, found.get(name)) for prompt, name in zip(prompts, asked, strict=True)]
    figures, estimates = _figures(prompts, judged, len(missing))
    verdicts = [
        {"key": prompt.key, "instruction": check.kind, "strict": strict.passed, "loose": loose.passed}
        | {"reason": strict.reason}
        for prompt, pairs in zip(prompts, judged, strict=True)
        for check, (strict, loose) in zip(prompt.checks, pairs, strict=True)
    ]
    return FileScores(figures, verdicts, _table(figures, estimates), notes)


def _judge(prompt: Prompt, response: str | None) -> list[tuple[Verdict, Verdict]]:
    """The strict and the loose verdict of each instruction of a prompt."""
    if response is None:
        return [(_MISSING, _MISSING)] * len(prompt.checks)
    # Without the prompt in it: to repeat it is no fault by the benchmark's own rules.
    task, pairs = Task((), "ifeval"), []
    try:
        for check in prompt.checks:
            strict = verify(check, response, task)
            pairs.append((strict, verify_loosely(check, response, task, strict)))
    except UserError as error:
        raise UserError(str(error), prompt.where) from None
    return pairs


def _figures(
    prompts: list[Prompt], judged: list[list[tuple[Verdict, Verdict]]], missing: int
) -> tuple[dict[str, Any], dict[str, Estimate]]:
    """Counts and accuracies, with bootstrap intervals over prompts."""
    columns = []
    for mode in (0, 1):
        followed = [[pair[mode].passed for pair in pairs] for pairs in judged]
        columns += [[(all(row), 1) for row in followed], [(sum(row), len(row)) for row in followed]]
    statistics = np.concatenate([np.asarray(column, dtype=np.float64) for column in columns], axis=1)
    estimates = {name: interval(statistics[:, 2 * i : 2 * i + 2], mean) for i, name in enumerate(ACCURACIES)}
    estimates["mean"] = interval(statistics, lambda s: np.mean([mean(s[..., i : i + 2]) for i in (0, 2, 4, 6)], axis=0))
    kinds: dict[str, list[int]] = {}
    for prompt, pairs in zip(prompts, judged, strict=True):
        for check, (strict, loose) in zip(prompt.checks, pairs, strict=True):
            counts = kinds.setdefault(check.kind, [0, 0, 0])
            counts[:] = counts[0] + 1, counts[1] + strict.passed, counts[2] + loose.passed
    totals = statistics.sum(axis=0).astype(int).tolist()
    figures: dict[str, Any] = {
        "benchmark": "ifeval",
        "prompts": len(prompts),
        "instructions": totals[3],
        "missing": missing,
        **{name: estimate.value for name, estimate in estimates.items()},
        "correct": dict(zip(ACCURACIES, totals[::2], strict=True)),
        "interval": {name: [estimate.low, estimate.high] for name, estimate in estimates.items()},
        "by_instruction": {
            kind: dict(zip(("n", "strict", "loose"), counts, strict=True)) for kind, counts in sorted(kinds.items())
        },
    }
    return figures, estimates


def _table(figures: Mapping[str, Any], estimates: Mapping[str, Estimate]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("ifeval", "followed", "of", "%", "95% interval")]
    for name, shown in zip(ACCURACIES, _NAMES, strict=True):
        total = figures["instructions" if name.startswith("inst") else "prompts"]
        rows.append((shown, str(figures["correct"][name]), str(total), *_percent(estimates[name])))
    return [*rows, ("mean of the four", "", "", *_percent(estimates["mean"]))]


def _percent(estimate: Estimate) -> tuple[str, str]:
    return f"{100 * estimate.value:.2f}", f"{100 * estimate.low:.1f} to {100 * estimate.high:.1f}"
