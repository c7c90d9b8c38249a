"""Format given fields as JSON."""

from json import dumps
from random import Random

from towerplus.corpora.toy.general.facts import ATTRIBUTES, World
from towerplus.corpora.toy.general.item import Item, worded
from towerplus.corpora.toy.general.vocabulary import PEOPLE
from towerplus.records import Check

WORDINGS = (
    "Write as JSON: {given}",
    "Give these fields as a JSON object: {given}",
    "Turn this into JSON.\n{given}",
)
KEYS = ("job", "city", "food", "color")


def make(rng: Random, world: World) -> Item:
    fields: dict[str, str | int] = {"name": rng.choice(PEOPLE)}
    if rng.random() < 0.4:
        fields["age"] = rng.randint(1, 20)
    fields |= {key: rng.choice(ATTRIBUTES[key]) for key in rng.sample(KEYS, rng.randint(1, 3))}
    rows = list(fields.items())
    rng.shuffle(rows)
    value = dict(rows)
    given = ", ".join(f"{key} {field}" for key, field in rows)
    return Item(given, worded(rng, WORDINGS, given=given), dumps(value), (Check("answer.json", {"expected": value}),))
