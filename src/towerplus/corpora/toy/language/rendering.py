"""Sets of sentences, kept small: a line is a sequence of parts, a part one string or several that mean the same.

A grammar answers with lines, the preferred order of words first, and each part has its preferred wording first.
Training text only ever needs the first of all; the accepted set is spelled out when a task asks for it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence

Part = str | tuple[str, ...]
Line = tuple[Part, ...]

ACCEPTED_AT_MOST = 40


def first(line: Line) -> str:
    """The preferred wording of `line`; empty parts leave no gap."""
    words = (part if isinstance(part, str) else part[0] for part in line)
    return " ".join(word for word in words if word)


def expand(lines: Iterable[Line], finish: Callable[[str], str], limit: int = ACCEPTED_AT_MOST) -> list[str]:
    """Every sentence that `lines` allow, at most `limit`, without repeats. Sentences that depart from the preferred
    one in fewer places come first, so that the limit cuts the far-fetched ones."""
    ranked: list[tuple[int, int, str]] = []
    for distance, line in enumerate(lines):
        choices = [list(enumerate((part,) if isinstance(part, str) else part)) for part in line]
        for combination in itertools.product(*choices):
            rank = distance + sum(index for index, _ in combination)
            ranked.append((rank, len(ranked), " ".join(word for _, word in combination if word)))
    ranked.sort()
    return list(dict.fromkeys(finish(text) for _, _, text in ranked))[:limit]


def choice(*wordings: str | Sequence[str]) -> tuple[str, ...]:
    """One part of all `wordings`, flattened, without repeats; `a|b` in a string also means a choice."""
    flat: list[str] = []
    for item in wordings:
        flat.extend(item.split("|") if isinstance(item, str) else item)
    return tuple(dict.fromkeys(flat))


def attach(head: str, part: Part, glue: str = " ") -> Part:
    """`head` before every wording of `part`."""
    if isinstance(part, str):
        return head + glue + part
    return tuple(head + glue + word for word in part)
