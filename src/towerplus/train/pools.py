"""Which tasks GRPO asks: the kinds it trains, and those mixed in so that the model does not unlearn them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import fmean

from towerplus.engines.local import LocalEngine
from towerplus.errors import UserError
from towerplus.records import Task
from towerplus.train.rewards import rewards
from towerplus.train.rollout import rollout
from towerplus.train.settings import GrpoSettings

TRAINED, TRANSLATION, OTHER = "trained", "translation", "other"
NEVER_AUTO = (TRANSLATION, "register")  # mixed in as a share; what preferences have taught
LEARNABLE = (0.2, 0.8)  # share of passes between which groups have both good and bad answers
PROBE_TASKS, PROBE_SAMPLES = 32, 4


def pass_rates(engine: LocalEngine, tasks: Iterable[Task], settings: GrpoSettings, seed: int) -> dict[str, float]:
    """Share of sampled answers that pass, for each kind that could be trained, as the model is now."""
    by_kind: dict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        if task.kind.partition("/")[0] not in NEVER_AUTO and len(by_kind[task.kind]) < PROBE_TASKS and task.checks:
            by_kind[task.kind].append(task)
    asked = [task for kind in sorted(by_kind) for task in by_kind[kind]]
    passed: dict[str, list[bool]] = defaultdict(list)
    for group in rollout(engine, asked, PROBE_SAMPLES, settings.temperature, settings.max_tokens, seed):
        found = rewards([c.text for c in group.completions], group.task, settings.gates)
        passed[group.task.kind] += [
            r.passed and c.outcome == "ok" for r, c in zip(found, group.completions, strict=True)
        ]
    return {kind: fmean(marks) for kind, marks in passed.items()}


def learnable(rates: dict[str, float]) -> list[str]:
    """The kinds that pass at 20-80%; else the three nearest to one half that pass sometimes. UserError if none does."""
    kinds = [kind for kind, rate in rates.items() if LEARNABLE[0] <= rate <= LEARNABLE[1]]
    if not kinds:
        sometimes = [kind for kind, rate in rates.items() if 0 < rate < 1]
        kinds = sorted(sometimes, key=lambda kind: (abs(rates[kind] - 0.5), kind))[:3]
    if not kinds:
        raise UserError("no kind of task passes now and then, so rewards cannot differ; name some kinds", "kinds")
    return sorted(kinds)


def pools(tasks: Sequence[Task], kinds: Sequence[str], settings: GrpoSettings, where: str) -> dict[str, list[Task]]:
    """The tasks of the trained kinds (a kind stands for those below it), of translation, and of the other kinds."""

    def of(kind: str) -> list[Task]:
        return [task for task in tasks if task.kind == kind or task.kind.startswith(f"{kind}/")]

    found: dict[str, list[Task]] = {}
    for kind in kinds:
        if not (some := of(kind)):
            known = ", ".join(sorted({task.kind for task in tasks})) or "none"
            raise UserError(f"no tasks of kind {kind!r} that fit into the context; there are: {known}", where)
        found.setdefault(TRAINED, []).extend(some)
    if settings.translation > 0:
        found[TRANSLATION] = of(TRANSLATION)
        if not found[TRANSLATION]:
            raise UserError("no translation tasks to mix in; set translation: 0", where)
    if settings.other > 0:
        trained = {id(task) for task in found.get(TRAINED, ())}
        found[OTHER] = [
            t for t in tasks if t.checks and id(t) not in trained and t.kind.partition("/")[0] not in NEVER_AUTO
        ]
        if not found[OTHER]:
            raise UserError("no tasks of other kinds to mix in; set other: 0", where)
    if not found:
        raise UserError("neither kinds nor a share of translation: nothing to train on", "kinds")
    return found


def prompts_per_step(pools: dict[str, list[Task]], settings: GrpoSettings) -> dict[str, int]:
    """How many prompts each pool gives to a step: the shares that are mixed in, and the trained kinds (where there are
    none: translation, else the others) the rest."""
    whole = settings.prompts_per_step
    counts = {TRANSLATION: round(whole * settings.translation), OTHER: round(whole * settings.other)}
    rest = next(name for name in (TRAINED, TRANSLATION, OTHER) if name in pools)
    counts[rest] = 0
    counts[rest] = whole - sum(counts.values())
    return {name: counts[name] for name in pools if counts[name] > 0}
