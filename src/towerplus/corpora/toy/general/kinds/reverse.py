"""Reverse the order of a short list."""

from random import Random

from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.item import Item, listed, render, worded
from towerplus.corpora.toy.general.vocabulary import WORDS

WORDINGS = ("Reverse this list: {items}", "Write this list backwards: {items}", "Say these in reverse order.\n{items}")


def make(rng: Random, world: World) -> Item:
    rows = rng.sample(WORDS, rng.randint(2, 5))
    items = render(rows, "comma")
    return Item(items, worded(rng, WORDINGS, items=items), render(rows[::-1], "comma"), listed(rows[::-1], "comma"))
