"""What a tiny Python program prints. The answers are computed here, never by running text."""

from collections.abc import Callable
from random import Random

from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.item import Item, exact, number, worded
from towerplus.corpora.toy.general.vocabulary import CASED
from towerplus.records import Check

WORDINGS = ("What does this print?\n{code}", "Give the output:\n{code}", "Run this program.\n{code}")


def make(rng: Random, world: World) -> Item:
    code, answer, checks = rng.choice(PROGRAMS)(rng)
    return Item(code, worded(rng, WORDINGS, code=code), answer, checks)


Program = tuple[str, str, tuple[Check, ...]]


def _digits(rng: Random) -> list[int]:
    return rng.sample(range(1, 10), rng.randint(2, 5))


def _whole_number(code: str, value: int) -> Program:
    return code, str(value), number(value)


def _length(rng: Random) -> Program:
    values = _digits(rng)
    return _whole_number(f"print(len({values}))", len(values))


def _index(rng: Random) -> Program:
    values = _digits(rng)
    place = rng.choice((0, 1, -1))
    return _whole_number(f"print({values}[{place}])", values[place])


def _extreme(rng: Random) -> Program:
    values = _digits(rng)
    function = rng.choice((max, min))
    return _whole_number(f"print({function.__name__}({values}))", function(values))


def _sorted(rng: Random) -> Program:
    values = _digits(rng)
    answer = str(sorted(values))
    return f"print(sorted({values}))", answer, exact(answer, answer.replace(" ", ""))


def _repeat(rng: Random) -> Program:
    word, times = rng.choice(CASED), rng.randint(2, 4)
    return f"for i in range({times}):\n    print('{word}')", (answer := "\n".join([word] * times)), exact(answer)


def _loop(rng: Random) -> Program:
    start, step, times = rng.randint(0, 5), rng.randint(1, 3), rng.randint(1, 4)
    return _whole_number(f"x = {start}\nfor i in range({times}):\n    x += {step}\nprint(x)", start + step * times)


def _join(rng: Random) -> Program:
    one, two = rng.sample(CASED, 2)
    return f"print('{one}' + '{two}')", (answer := one + two), exact(answer)


PROGRAMS: tuple[Callable[[Random], Program], ...] = (_length, _index, _extreme, _sorted, _repeat, _loop, _join)
