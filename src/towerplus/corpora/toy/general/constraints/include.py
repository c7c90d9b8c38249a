"""A sentence with one or two given words."""

from random import Random

from towerplus.corpora.toy.general.constraints.writing import about, called, keywords, sentence
from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.item import Item, worded

WORDINGS = (
    "Write a sentence about {topic} with {words}.",
    "Describe {topic} and use {words}.",
    "Write about {topic}. Use {words}.",
)


def make(rng: Random, world: World) -> Item:
    topic = rng.choice(world.topics)
    answer = sentence(rng, world, topic)
    known = list(dict.fromkeys(keywords(answer, topic)))
    if not known:
        return make(rng, world)
    words = rng.sample(known, min(len(known), rng.randint(1, 2)))
    asked = f'the word "{words[0]}"' if len(words) == 1 else f'the words "{words[0]}" and "{words[1]}"'
    prompt = worded(rng, WORDINGS, topic=called(topic), words=asked)
    return Item(f"{topic} {' '.join(sorted(words))}", prompt, answer, about(topic, *words))
