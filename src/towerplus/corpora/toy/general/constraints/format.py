"""An answer in a given form: JSON with a key, in quotation marks, with a postscript, as two alternatives."""

from json import dumps
from random import Random

from towerplus.corpora.toy.general.constraints.writing import about, called, sentence
from towerplus.corpora.toy.general.facts import ATTRIBUTES, World
from towerplus.corpora.toy.general.item import Item, worded
from towerplus.corpora.toy.general.kinds.fact import ONE
from towerplus.corpora.toy.general.vocabulary import PEOPLE
from towerplus.records import Check

JSON = (
    '{question} Answer in JSON with the key "{key}".',
    'Answer in JSON with the key "{key}": {question}',
)
QUOTED = ("Write a sentence about {topic} in quotation marks.", "Describe {topic}. Wrap the answer in quotation marks.")
POSTSCRIPT = (
    "Write about {topic} and add a postscript that starts with {marker}",
    "Describe {topic}. End with a {marker} line.",
)
TWO = (
    "Write two different sentences about {topic}, separated by {separator}",
    "Describe {topic} in two ways, with {separator} between them.",
)


def make(rng: Random, world: World) -> Item:
    form = rng.choice(("json", "json", "quoted", "postscript", "two"))
    if form == "json":
        return _json(rng, world)
    topic = rng.choice(world.topics)
    # more than one topic at times, so that combinations are left for the test
    topics = [topic] if rng.random() < 0.4 else [topic, rng.choice([t for t in world.topics if t != topic])]
    named = " and ".join(called(t) for t in topics)
    one, other = sentence(rng, world, topics[0], longest=6), sentence(rng, world, topics[-1], longest=5)
    while other == one:
        other = sentence(rng, world, topics[-1], longest=5)
    if form == "quoted":
        text = one if len(topics) == 1 else f"{one} {other}"
        prompt = worded(rng, QUOTED if len(topics) == 1 else QUOTED[1:], topic=named)
        checks = (Check("instruction.format.quotation"), *about(*topics))
        return Item(f"quoted {named}", prompt, f'"{text}"', checks)
    if form == "postscript":
        marker = rng.choice(("P.S.", "P.P.S."))
        prompt = worded(rng, POSTSCRIPT, topic=named, marker=marker)
        checks = (Check("instruction.format.postscript", {"marker": marker}), *about(*topics))
        return Item(f"postscript {marker} {named}", prompt, f"{one}\n{marker} {other}", checks)
    separator = rng.choice(("***", "---", "###"))
    prompt = worded(rng, TWO, topic=named, separator=separator)
    checks = (Check("instruction.format.alternatives", {"separator": separator, "count": 2}), *about(*topics))
    return Item(f"two {separator} {named}", prompt, f"{one}\n{separator}\n{other}", checks)


def _json(rng: Random, world: World) -> Item:
    attribute, name = rng.choice(tuple(ATTRIBUTES)), rng.choice(PEOPLE)
    key = rng.choice(("answer", "result", attribute))
    value = {key: world.people[name].fact(attribute)}
    prompt = worded(rng, JSON, question=worded(rng, ONE[attribute], name=name), key=key)
    return Item(f"json {name} {attribute} {key}", prompt, dumps(value), (Check("answer.json", {"expected": value}),))
