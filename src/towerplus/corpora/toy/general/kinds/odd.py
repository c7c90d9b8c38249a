"""Which word does not belong."""

from random import Random

from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.item import Item, exact, render, worded
from towerplus.corpora.toy.general.vocabulary import CATEGORIES

WORDINGS = (
    "Which word does not belong? {words}",
    "Find the odd one out: {words}",
    "Which of these is different?\n{words}",
)


def make(rng: Random, world: World) -> Item:
    common, other = rng.sample(tuple(CATEGORIES), 2)
    odd = rng.choice(CATEGORIES[other])
    rows = [*rng.sample(CATEGORIES[common], rng.randint(2, 4)), odd]
    rng.shuffle(rows)
    return Item(" ".join(rows), worded(rng, WORDINGS, words=render(rows, "comma")), odd, exact(odd))
