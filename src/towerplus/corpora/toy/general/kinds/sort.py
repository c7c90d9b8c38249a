"""Sort words alphabetically, or numbers."""

from random import Random

from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.item import Item, listed, render, worded
from towerplus.corpora.toy.general.vocabulary import WORDS

WORD_WORDINGS = (
    "Sort alphabetically: {items}",
    "Put these words in alphabetical order: {items}",
    "Sort these words from A to Z.\n{items}",
)
UP_WORDINGS = (
    "Sort from small to large: {items}",
    "Put these numbers in order, smallest first: {items}",
    "Sort these numbers.\n{items}",
)
DOWN_WORDINGS = ("Sort from large to small: {items}", "Put these numbers in order, largest first: {items}")


def make(rng: Random, world: World) -> Item:
    size = rng.randint(2, 5)
    if rng.random() < 0.5:
        rows = rng.sample(WORDS, size)
        return _item(rng, WORD_WORDINGS, "words", rows, sorted(rows))
    numbers = rng.sample(range(1, rng.choice((9, 9, 9, 99)) + 1), size)
    down = rng.random() < 0.3
    answer = [str(n) for n in sorted(numbers, reverse=down)]
    return _item(
        rng, DOWN_WORDINGS if down else UP_WORDINGS, "down" if down else "up", [str(n) for n in numbers], answer
    )


def _item(rng: Random, wordings: tuple[str, ...], order: str, rows: list[str], answer: list[str]) -> Item:
    items = render(rows, "comma")
    return Item(
        f"{order} {items}", worded(rng, wordings, items=items), render(answer, "comma"), listed(answer, "comma")
    )
