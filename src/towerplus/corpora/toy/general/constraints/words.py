"""A text of exactly, at most or at least so many words."""

from random import Random

from towerplus.corpora.toy.general.constraints.writing import about, called
from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.item import Item, worded
from towerplus.records import Check

WORDINGS = (
    "Write about {topic} in {relation} {n} words.",
    "Describe {topic} in {relation} {n} words.",
    "Write {relation} {n} words about {topic}.",
)


def make(rng: Random, world: World) -> Item:
    topic = rng.choice(world.topics)
    relation = rng.choice(("exactly", "exactly", "at most", "at least"))
    lengths = world.sentences[topic]
    n = rng.choice([length for length in lengths if 3 <= length <= 9])
    fitting = {
        "exactly": [n],
        "at most": [length for length in lengths if length <= n],
        "at least": [length for length in lengths if n <= length <= n + 2],
    }[relation]
    answer = rng.choice(lengths[rng.choice(fitting)])
    checks = (Check("instruction.length.words", {"relation": relation, "count": n}), *about(topic))
    prompt = worded(rng, WORDINGS, topic=called(topic), relation=relation, n=n)
    return Item(f"{topic} {relation} {n}", prompt, answer, checks)
