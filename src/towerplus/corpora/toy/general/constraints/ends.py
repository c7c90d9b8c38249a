"""A sentence that starts or ends with given words."""

from random import Random

from towerplus.corpora.toy.general.constraints.writing import about, called, sentence
from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.item import Item, worded
from towerplus.records import Check

WORDINGS = {
    "end": (
        'Write a sentence about {topic} that ends with "{text}"',
        'Describe {topic} and end with "{text}"',
    ),
    "start": (
        'Write a sentence about {topic} that starts with "{text}"',
        'Describe {topic} and start with "{text}"',
    ),
}


def make(rng: Random, world: World) -> Item:
    topic, place = rng.choice(world.topics), rng.choice(tuple(WORDINGS))
    answer = sentence(rng, world, topic)
    words = answer.split()
    size = rng.randint(1, 2)
    text = " ".join(words[-size:] if place == "end" else words[: size + 1])
    checks = (Check(f"instruction.keywords.{place}", {"text": text}), *about(topic))
    return Item(f"{topic} {place} {text}", worded(rng, WORDINGS[place], topic=called(topic), text=text), answer, checks)
