"""Translation instructions and translation tasks from bitext."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from towerplus.prompts.translation import WORDINGS, translation_prompt
from towerplus.records import Check, Conversation, Message, Pair, Task, digest


def reversed_pair(pair: Pair) -> Pair:
    """The same two texts, the other way round."""
    return Pair(
        pair.target,
        pair.source,
        pair.target_locale,
        pair.source_locale,
        pair.kind,
        pair.cluster,
        pair.origin,
        pair.licence,
    )


def directions(pairs: Iterable[Pair], both: bool) -> Iterator[Pair]:
    """`pairs`, each followed by its reverse where `both`."""
    for pair in pairs:
        yield pair
        if both:
            yield reversed_pair(pair)


def conversations(pairs: Iterable[Pair], wordings: Sequence[str] | None, seed: int) -> Iterator[Conversation]:
    """One a pair: an instruction in a wording drawn by `seed`, and the translation. Pairs with an empty side, which
    readers let through where the format has them, give none."""
    names = list(wordings or WORDINGS)
    draw = np.random.default_rng([seed, 0])
    for pair in pairs:
        wording = names[draw.integers(len(names))]
        if pair.source.strip() and pair.target.strip():
            prompt = translation_prompt(pair.source, pair.source_locale, pair.target_locale, wording)
            answer = Message("assistant", pair.target)
            yield Conversation((*prompt, answer), f"translation/{pair.kind}", pair.origin, pair.licence)


def tasks(pairs: Iterable[Pair], wordings: Sequence[str] | None, seed: int, limit: int | None = None) -> list[Task]:
    """Translation tasks, one a source and target locale: every translation that the pairs have for it is accepted.

    At most `limit`, drawn by `seed`; in the order in which the sources come.
    """
    names = list(wordings or WORDINGS)
    accepted: dict[tuple[str, str, str], list[Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.source.strip() and pair.target.strip():
            accepted[pair.source, pair.source_locale, pair.target_locale].append(pair)
    groups = list(accepted.values())
    draw = np.random.default_rng([seed, 1])
    chosen = range(len(groups))
    if limit is not None and limit < len(groups):
        chosen = np.sort(draw.permutation(len(groups))[:limit]).tolist()
    made = []
    for index in chosen:
        group = groups[index]
        pair = group[0]
        wording = names[draw.integers(len(names))]
        made.append(
            Task(
                messages=translation_prompt(pair.source, pair.source_locale, pair.target_locale, wording),
                kind=f"translation/{pair.kind}",
                checks=(Check("translation.accepted", {"accepted": list(dict.fromkeys(p.target for p in group))}),),
                source=pair.source,
                source_locale=pair.source_locale,
                target_locale=pair.target_locale,
                reference=pair.target,
                cluster=pair.cluster or digest(pair.source_locale, pair.source),
                origin=pair.origin,
                licence=pair.licence,
            )
        )
    return made
