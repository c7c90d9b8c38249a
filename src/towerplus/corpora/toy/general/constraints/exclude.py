"""A sentence without one or two given words, the words that first come to mind."""

from random import Random

from towerplus.corpora.toy.general.constraints.writing import about, called, keywords, sentence
from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.item import Item, worded
from towerplus.records import Check

WORDINGS = (
    "Describe {topic} without {words}.",
    "Write about {topic}. Do not use {words}.",
    "Write a sentence about {topic} but do not use {words}.",
)


def make(rng: Random, world: World) -> Item:
    topic = rng.choice(world.topics)
    answer, other = sentence(rng, world, topic), sentence(rng, world, topic)
    known = [word for word in dict.fromkeys(keywords(other, topic)) if word not in answer.rstrip(".").split()]
    if not known:
        return make(rng, world)
    words = rng.sample(known, min(len(known), rng.randint(1, 2)))
    asked = f'the word "{words[0]}"' if len(words) == 1 else f'the words "{words[0]}" and "{words[1]}"'
    prompt = worded(rng, WORDINGS, topic=called(topic), words=asked)
    checks = (Check("instruction.keywords.exclude", {"words": words}), *about(topic))
    return Item(f"{topic} {' '.join(sorted(words))}", prompt, answer, checks)
