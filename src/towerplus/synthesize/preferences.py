"""Preference pairs from the model's own answers, as Tower+ and the second version of WPO's data make them.

The better answer is a sample that passes every check of its task, or the reference (the post-edit); the worse one is
the sample with the lowest score. Of equally good samples the shortest is chosen and of equally bad ones the one
closest in length to the chosen is rejected: without this the model learns to write longer or shorter.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from towerplus.engines.base import Completion, Engine, Request, Sampling
from towerplus.records import Message, Preference, Task, digest
from towerplus.synthesize.settings import SynthesizeSettings
from towerplus.verify import verify_all

REST = "*"


@dataclass(frozen=True, slots=True)
class Sample:
    """An answer of the model and how it was judged."""

    text: str
    score: float
    passed: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """The two answers of a pair and where each is from: sample, reference or off-policy."""

    chosen: str
    rejected: str
    chosen_from: str
    rejected_from: str


def prompt_digest(messages: Sequence[Message]) -> str:
    """How prompts are told apart."""
    return digest(*(part for m in messages for part in (m.role, m.content)))


def judge(task: Task, completions: Iterable[Completion]) -> list[Sample]:
    """The whole, non-empty answers among `completions`, scored by the checks of `task`."""
    samples = []
    for completion in completions:
        if completion.outcome != "ok" or not completion.text:
            continue  # a cut answer has no end to learn from, an empty one nothing else
        verdicts = verify_all(completion.text, task)
        passed = all(v.passed for v in verdicts)
        samples.append(Sample(completion.text, fmean(v.score for v in verdicts), passed))
    return samples


def choose(
    task: Task, samples: Sequence[Sample], off_policy: Preference | None = None, first: str = "sample"
) -> Choice | str:
    """The pair that `samples` give, or why there is none.

    Args:
        off_policy: a pair for the same prompt from elsewhere: its answers stand in where there is no correct one or
            no wrong one.
        first: "sample" prefers a correct sample to the reference as the chosen answer, "reference" the other way.
    """
    good = sorted({s.text for s in samples if s.passed}, key=lambda text: (len(text), text))
    bad = [s for s in samples if not s.passed]
    candidates = {"sample": good[0] if good else None, "reference": task.reference}
    if off_policy is not None:
        candidates["off-policy"] = off_policy.chosen[-1].content
    order = [first, *(name for name in candidates if name != first)]
    chosen_from = next((name for name in order if candidates.get(name)), None)
    if chosen_from is None:
        return "no correct answer"
    chosen = candidates[chosen_from]
    bad = [s for s in bad if s.text.strip() != chosen.strip()]
    if bad:
        worst = min(bad, key=lambda s: (s.score, abs(len(s.text) - len(chosen)), s.text))
        return Choice(chosen, worst.text, chosen_from, "sample")
    if off_policy is None:
        return "all samples are correct" if samples else "no whole sample"
    rejected = off_policy.rejected[-1].content
    if rejected.strip() == chosen.strip():
        return "both answers are the same"
    return Choice(chosen, rejected, chosen_from, "off-policy")


def group_of(kind: str, quotas: Mapping[str, int]) -> str | None:
    """The quota that tasks of `kind` count towards: the longest that is the kind or above it, else the rest."""
    parts = kind.split("/")
    for end in range(len(parts), 0, -1):
        if (name := "/".join(parts[:end])) in quotas:
            return name
    return REST if REST in quotas else None


def preferences(
    tasks: Iterable[Task], off_policy: Sequence[Preference], engine: Engine, settings: SynthesizeSettings, seed: int
) -> tuple[list[Preference], dict[str, int]]:
    """Pairs for `tasks`, up to the quotas of `settings.pairs`, and counts of what was made and why prompts gave none.

    Tasks are drawn in an order fixed by `seed`, and asked until a quota is filled or its tasks are used up.
    """
    groups: dict[str, list[Task]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for task in tasks:
        group = group_of(task.kind, settings.pairs)
        if group is None:
            continue
        if task.checks:
            groups[group].append(task)
        else:
            counts["dropped: no checks"] += 1
    others = {prompt_digest(p.prompt): p for p in off_policy}
    pairs: list[Preference] = []
    for group, quota in settings.pairs.items():
        pool = groups[group]
        order = np.random.default_rng([seed, zlib.crc32(group.encode())]).permutation(len(pool))
        made = _fill(quota, [pool[i] for i in order], others, engine, settings, seed, counts)
        counts[f"pairs: {group}"] = len(made)
        pairs += made
    used = {prompt_digest(p.prompt) for p in pairs}
    spare = [p for p in off_policy if prompt_digest(p.prompt) not in used]
    extra = np.random.default_rng([seed, 1]).permutation(len(spare))[: settings.off_policy]
    counts["pairs: off-policy"] = len(extra)
    return pairs + [spare[i] for i in extra], dict(counts)


def _fill(
    quota: int,
    pool: Sequence[Task],
    off_policy: Mapping[str, Preference],
    engine: Engine,
    settings: SynthesizeSettings,
    seed: int,
    counts: Counter[str],
) -> list[Preference]:
    """Up to `quota` pairs from the first tasks of `pool`, asked in parts as large as what is missing."""
    sampling = Sampling(
        n=settings.samples,
        seed=seed,
        temperature=settings.temperature,
        top_p=settings.top_p,
        max_tokens=settings.max_tokens,
    )
    made: list[Preference] = []
    start = 0
    while start < len(pool) and len(made) < quota:
        part = pool[start : start + max(quota - len(made), 32)]
        start += len(part)
        answers = engine.complete([Request(messages=task.messages, sampling=sampling) for task in part])
        for task, completions in zip(part, answers, strict=True):
            if len(made) == quota:
                break
            counts["prompts"] += 1
            other = off_policy.get(prompt_digest(task.messages))
            choice = choose(task, judge(task, completions), other, settings.chosen)
            if isinstance(choice, str):
                counts[f"dropped: {choice}"] += 1
                continue
            counts[f"chosen: {choice.chosen_from}"] += 1
            counts[f"rejected: {choice.rejected_from}"] += 1
            made.append(_preference(task, choice))
    return made


def _preference(task: Task, choice: Choice) -> Preference:
    return Preference(
        prompt=task.messages,
        chosen=(Message("assistant", choice.chosen),),
        rejected=(Message("assistant", choice.rejected),),
        kind=task.kind,
        origin=f"{task.origin}: {choice.chosen_from} over {choice.rejected_from}",
        licence=task.licence,
    )
