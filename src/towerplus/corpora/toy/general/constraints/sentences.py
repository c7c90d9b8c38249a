"""So many sentences about one topic or two."""

from random import Random

from towerplus.corpora.toy.general.constraints.writing import about, called, short_sentences
from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.item import Item, worded
from towerplus.corpora.toy.general.vocabulary import number_word
from towerplus.records import Check

WORDINGS = (
    "Write {n} {unit} about {topic}.",
    "Describe {topic} in {n} {unit}.",
    "Say {n} {unit} about {topic}.",
)


def make(rng: Random, world: World) -> Item:
    n = rng.randint(1, 4)
    topics = rng.sample(world.topics, 2 if n > 1 and rng.random() < 0.7 else 1)
    # the topics take turns; no sentence twice
    short = [short_sentences(world, topic) for topic in topics]
    picked = [rng.sample(rows, min(len(rows), n)) for rows in short]
    rows = [picked[place % len(topics)][place // len(topics)] for place in range(n)]
    prompt = worded(
        rng,
        WORDINGS,
        n=number_word(n),
        unit="sentence" if n == 1 else "sentences",
        topic=" and ".join(called(topic) for topic in topics),
    )
    checks = (Check("instruction.length.sentences", {"relation": "exactly", "count": n}), *about(*topics))
    return Item(f"{n} {' '.join(topics)}", prompt, " ".join(rows), checks)
