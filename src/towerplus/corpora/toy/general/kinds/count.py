"""How many words, or how many of a category, a list has."""

from random import Random

from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.item import Item, number, worded
from towerplus.corpora.toy.general.vocabulary import CATEGORIES, PLURALS, THINGS, WORDS

WORDINGS = (
    "How many words are there? {words}",
    "Count the words: {words}",
    "Give the number of words in this list.\n{words}",
)
CATEGORY_WORDINGS = ("How many {plural} are there? {words}", "Count the {plural}: {words}")


def make(rng: Random, world: World) -> Item:
    size = rng.randint(2, 7)
    if rng.random() < 0.6:
        words = " ".join(rng.sample(WORDS, size))
        return Item(words, worded(rng, WORDINGS, words=words), str(size), number(size))
    category = rng.choice(("animal", "color", "food"))
    wanted = rng.randint(1, size - 1)
    rows = rng.sample(CATEGORIES[category], wanted) + rng.sample(THINGS, size - wanted)
    rng.shuffle(rows)
    words = " ".join(rows)
    prompt = worded(rng, CATEGORY_WORDINGS, plural=PLURALS[category], words=words)
    return Item(f"{category} {words}", prompt, str(wanted), number(wanted))
