"""Dev and test pairs taken out of a stream of pairs by their content."""

from __future__ import annotations

import heapq
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from towerplus.errors import UserError
from towerplus.records import Pair
from towerplus.text.hashing import content_hashes

#: where the recipe gives no number: so many pairs, but at most a tenth of all
DEFAULTS = {"dev": 500, "test": 1000}
_CHUNK = 4096


def hold_out(
    pairs: Iterable[Pair], counts: Mapping[str, int | None], held: dict[str, list[Pair]], where: str = ""
) -> Iterator[Pair]:
    """The pairs to train on. The others, those whose sources have the smallest content hashes, are added to `held` when
    the stream ends: `counts["test"]` of them, then `counts["dev"]` (None: the default, a missing name: none).

    Pairs of the same source stay together, so a little less than asked may be held out. What is chosen does not depend
    on the order of the pairs, and little on their number. Memory holds what is held out and one chunk.
    """
    room = {name: DEFAULTS[name] if counts[name] is None else counts[name] or 0 for name in counts}
    capacity = sum(room.values())
    groups: dict[int, list[Pair]] = defaultdict(list)
    largest: list[int] = []  # heap of the negated hashes of `groups`
    bound = 1 << 64  # hashes from here on have been given up: their other pairs may have passed already
    total = size = 0
    for key, pair in _keyed(pairs):
        total += 1
        if key >= bound:
            yield pair
            continue
        if key not in groups:
            heapq.heappush(largest, -key)
        groups[key].append(pair)
        size += 1
        while size > capacity:
            bound = -heapq.heappop(largest)
            given_up = groups.pop(bound)
            size -= len(given_up)
            yield from given_up
    if total and sum(count or 0 for count in counts.values()) >= total:
        asked = " and ".join(f"{count} for {name}" for name, count in counts.items() if count)
        raise UserError(f"{total} pairs are too few to hold out {asked}", where)
    room = {name: min(room[name], total // 10) if counts[name] is None else room[name] for name in room}
    taken: Counter[str] = Counter()
    for key in sorted(groups):
        group = groups[key]
        name = next((name for name in ("test", "dev") if taken[name] + len(group) <= room.get(name, 0)), None)
        if name is None:
            yield from group
        else:
            taken[name] += len(group)
            held[name] += group


def _keyed(pairs: Iterable[Pair]) -> Iterator[tuple[int, Pair]]:
    iterator = iter(pairs)
    while chunk := list(itertools.islice(iterator, _CHUNK)):
        yield from zip(content_hashes([pair.source for pair in chunk]).tolist(), chunk, strict=True)
