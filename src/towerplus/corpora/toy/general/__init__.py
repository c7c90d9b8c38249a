"""The toy world's general side, in English: questions, facts and instructions whose answers can be checked."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from random import Random

from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.item import Item
from towerplus.corpora.toy.general.preference import judgement_task
from towerplus.corpora.toy.general.statements import texts
from towerplus.errors import UserError
from towerplus.records import Conversation, Message, Task, Text, digest

__all__ = ["COUNTS", "KINDS", "GeneralData", "build", "judgement_task", "split_of"]

#: kind -> ("module:function" below this package, share). What a model of 0.3M parameters cannot learn for unseen
#: content (casing, arithmetic) has a small share.
KINDS: dict[str, tuple[str, float]] = {
    "general/count": ("kinds.count:make", 0.07),
    "general/first": ("kinds.ends:first", 0.04),
    "general/last": ("kinds.ends:last", 0.04),
    "general/sort": ("kinds.sort:make", 0.07),
    "general/reverse": ("kinds.reverse:make", 0.04),
    "general/odd": ("kinds.odd:make", 0.05),
    "general/case": ("kinds.case:make", 0.03),
    "general/json": ("kinds.json:make", 0.05),
    "general/list": ("kinds.list:make", 0.05),
    "general/fact": ("kinds.fact:make", 0.09),
    "general/arithmetic": ("kinds.arithmetic:make", 0.03),
    "general/program": ("kinds.program:make", 0.05),
    "general/convert": ("kinds.convert:make", 0.03),
    "constraint/words": ("constraints.words:make", 0.05),
    "constraint/sentences": ("constraints.sentences:make", 0.05),
    "constraint/include": ("constraints.include:make", 0.05),
    "constraint/exclude": ("constraints.exclude:make", 0.04),
    "constraint/ends": ("constraints.ends:make", 0.04),
    "constraint/listing": ("constraints.listing:make", 0.06),
    "constraint/format": ("constraints.format:make", 0.04),
    "constraint/combined": ("constraints.combined:make", 0.05),
}
#: how much of each split the default build has
COUNTS: dict[str, int] = {"conversations": 12_000, "train": 3_000, "dev": 400, "test": 1_200}
#: split -> share of all contents in percent; GRPO asks other questions than SFT, or there is nothing left to learn
_PERCENT = {"conversations": 62, "train": 18, "dev": 6, "test": 14}
_DRAWS = 60  # a kind that yields nothing new in so many draws a wanted item has nothing left


@dataclass(frozen=True, slots=True)
class GeneralData:
    """What `build` makes: conversations for SFT, tasks by split (train, dev, test), statements for pretraining."""

    conversations: list[Conversation]
    tasks: dict[str, list[Task]]
    texts: list[Text]


def split_of(kind: str, content: str) -> str:
    """The split that a content belongs to, whatever the seed: a hash, so no two splits ever share a question."""
    place = int(digest(kind, content), 16) % 100
    for split, share in _PERCENT.items():
        place -= share
        if place < 0:
            return split
    raise AssertionError("the shares do not add up to 100")


def build(seed: int, counts: Mapping[str, int] = COUNTS, kinds: Collection[str] = ()) -> GeneralData:
    """The general data of one seed, the same on every machine.

    `counts` says how many conversations and how many train, dev and test tasks (missing: none). Conversations may
    repeat a question with another wording or another good answer, train tasks with another wording; dev and test
    never. `kinds` are those wanted, all by default. An unknown key or kind, or more than the world can offer, raises
    UserError.
    """
    if unknown := sorted(set(counts) - set(_PERCENT)):
        raise UserError(f"unknown count {unknown[0]!r}; known: {', '.join(_PERCENT)}")
    if unknown := sorted(set(kinds) - set(KINDS)):
        raise UserError(f"unknown kind {unknown[0]!r}; known: {', '.join(KINDS)}", "corpora.toy.kinds")
    world = World(seed)
    drawn: dict[str, list[tuple[str, Item]]] = {split: [] for split in _PERCENT}
    sources = {kind: _Source(seed, kind, world) for kind in KINDS if not kinds or kind in kinds}
    missing = {split: counts.get(split, 0) for split in _PERCENT}
    while any(missing.values()):
        shares = {kind: KINDS[kind][1] for kind, source in sources.items() if not source.dry}
        if not shares:
            short = ", ".join(f"{n} {split}" for split, n in missing.items() if n)
            raise UserError(f"the toy world has no more general questions: {short} cannot be made; ask for fewer")
        wanted = {split: _divide(n, shares) for split, n in missing.items()}
        for kind in shares:
            for split, item in sources[kind].draw({split: wanted[split][kind] for split in wanted}):
                drawn[split].append((kind, item))
        missing = {split: counts.get(split, 0) - len(drawn[split]) for split in _PERCENT}
    for split, rows in drawn.items():
        Random(f"general order {seed} {split}").shuffle(rows)
    return GeneralData(
        conversations=[_conversation(kind, item) for kind, item in drawn.pop("conversations")],
        tasks={split: [_task(kind, item) for kind, item in rows] for split, rows in drawn.items()},
        texts=texts(world, seed),
    )


class _Source:
    """The items of one kind, each given once. `dry` when drawing yields little that is new."""

    def __init__(self, seed: int, kind: str, world: World):
        module, _, name = KINDS[kind][0].partition(":")
        self.make: Callable[[Random, World], Item] = getattr(importlib.import_module(f"{__name__}.{module}"), name)
        self.kind, self.world, self.dry = kind, world, False
        self.rng = Random(f"general {seed} {kind}")
        self.given: set[tuple[str, ...]] = set()

    def draw(self, wanted: dict[str, int]) -> Iterable[tuple[str, Item]]:
        """New items until each split has what it wants, or the kind is dry."""
        left, draws = dict(wanted), _DRAWS * (10 + sum(wanted.values()))
        while any(left.values()):
            draws -= 1
            if draws < 0:
                self.dry = True
                return
            item = self.make(self.rng, self.world)
            split = split_of(self.kind, item.content)
            if not left[split]:
                continue
            key = {"conversations": (item.prompt, item.answer), "train": (item.prompt,)}.get(
                split, (split, item.content)
            )
            if key not in self.given:
                self.given.add(key)
                left[split] -= 1
                yield split, item


def _divide(total: int, shares: Mapping[str, float]) -> dict[str, int]:
    """`total` in whole parts by `shares`, the largest remainders rounded up."""
    whole = sum(shares.values())
    exact = {kind: total * share / whole for kind, share in shares.items()}
    parts = {kind: int(value) for kind, value in exact.items()}
    for kind in sorted(shares, key=lambda kind: parts[kind] - exact[kind])[: total - sum(parts.values())]:
        parts[kind] += 1
    return parts


def _conversation(kind: str, item: Item) -> Conversation:
    messages = (Message("user", item.prompt), Message("assistant", item.answer))
    return Conversation(messages, kind, origin="toy", licence="Apache-2.0")


def _task(kind: str, item: Item) -> Task:
    return Task(
        messages=(Message("user", item.prompt),),
        kind=kind,
        checks=item.checks,
        reference=item.answer,
        cluster=digest(kind, item.content),
        origin="toy",
        licence="Apache-2.0",
    )
