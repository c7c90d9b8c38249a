"""The first or the last word of a list."""

from random import Random

from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.item import Item, exact, worded
from towerplus.corpora.toy.general.vocabulary import WORDS

WORDINGS = (
    "What is the {end} word? {words}",
    "Give the {end} word: {words}",
    "Which word comes {end}?\n{words}",
)


def first(rng: Random, world: World) -> Item:
    return _make(rng, "first", 0)


def last(rng: Random, world: World) -> Item:
    return _make(rng, "last", -1)


def _make(rng: Random, end: str, place: int) -> Item:
    rows = rng.sample(WORDS, rng.randint(2, 6))
    words = " ".join(rows)
    return Item(words, worded(rng, WORDINGS, end=end, words=words), rows[place], exact(rows[place]))
