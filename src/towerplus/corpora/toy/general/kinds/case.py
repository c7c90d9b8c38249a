"""Write words in capital letters, in small letters or with a capital at the head of each."""

from random import Random

from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.item import Item, exact, worded
from towerplus.corpora.toy.general.vocabulary import CASED

WORDINGS = {
    "upper": ("Write in capital letters: {words}", "Put this in upper case: {words}"),
    "lower": ("Write in small letters: {words}", "Put this in lower case: {words}"),
    "title": ("Write each word with a capital first letter: {words}", "Put this in title case: {words}"),
}


def make(rng: Random, world: World) -> Item:
    how = rng.choice(tuple(WORDINGS))
    words = " ".join(rng.sample(CASED, rng.randint(1, 3)))
    given = rng.choice((words.upper(), words.title())) if how == "lower" else words
    answer = {"upper": words.upper(), "lower": words, "title": words.title()}[how]
    return Item(f"{how} {given}", worded(rng, WORDINGS[how], words=given), answer, exact(answer))
