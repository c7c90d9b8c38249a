"""Two constraints at once over one sentence."""

from random import Random

from towerplus.corpora.toy.general.constraints.writing import about, called, keywords, sentence
from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.item import Item, worded
from towerplus.records import Check

WORDINGS = (
    "Write about {topic}, {one} and {two}.",
    "Describe {topic}, {one} and {two}.",
    "Write a sentence about {topic}, {one} and {two}.",
)


def make(rng: Random, world: World) -> Item:
    topic = rng.choice(world.topics)
    answer = sentence(rng, world, topic, longest=9)
    known = keywords(answer, topic)
    if not known:
        return make(rng, world)
    count, word = len(answer.split()), rng.choice(known)
    relation = rng.choice(("exactly", "at most"))
    absent = [w for w in keywords(sentence(rng, world, topic), topic) if w not in answer.rstrip(".").split()]
    options = {
        f"in {relation} {count} words": Check("instruction.length.words", {"relation": relation, "count": count}),
        f'with the word "{word}"': Check("instruction.keywords.include", {"words": [word]}),
        "in small letters": Check("instruction.casing.lower"),
        "in quotation marks": Check("instruction.format.quotation"),
    }
    if absent:
        options[f'without the word "{absent[0]}"'] = Check("instruction.keywords.exclude", {"words": [absent[0]]})
    one, two = rng.sample(list(options), 2)
    if "in small letters" in (one, two):
        answer = answer.lower()
    if "in quotation marks" in (one, two):
        answer = f'"{answer}"'
    prompt = worded(rng, WORDINGS, topic=called(topic), one=one, two=two)
    return Item(" | ".join((topic, *sorted((one, two)))), prompt, answer, (options[one], options[two], *about(topic)))
