"""The closed world that facts are asked of: who people are (drawn by seed), what animals do, where cities lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random

from towerplus.corpora.toy.general.sentences import about_animal, about_city, about_person
from towerplus.corpora.toy.general.vocabulary import ANIMALS, CITIES, COLOURS, FOODS, JOBS, MEN, PEOPLE, PETS


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of one person. Each attribute but `pet` is one word; `pet` is two: black cat."""

    name: str
    pronoun: str
    job: str
    city: str
    food: str
    color: str
    pet: str

    def fact(self, attribute: str) -> str:
        """The value of an attribute of ATTRIBUTES."""
        return getattr(self, attribute)


#: attribute -> the values it may take
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "job": JOBS,
    "city": tuple(CITIES),
    "food": FOODS,
    "color": COLOURS,
    "pet": tuple(f"{color} {animal}" for animal in PETS for color in ("black", "brown", "gray", "white")),
}


class World:
    """The people of one seed, with the sentences that hold of every topic."""

    def __init__(self, seed: int):
        rng = Random(f"general world {seed}")
        drawn = {attribute: _spread(rng, values) for attribute, values in ATTRIBUTES.items()}
        self.people = {
            name: Person(name, "He" if name in MEN else "She", **{key: values[i] for key, values in drawn.items()})
            for i, name in enumerate(PEOPLE)
        }

    @cached_property
    def sentences(self) -> dict[str, dict[int, list[str]]]:
        """topic (a name, animal or city) -> number of words -> the true sentences of that length."""
        topics: dict[str, list[str]] = {name: about_person(person) for name, person in self.people.items()}
        topics |= {animal: about_animal(animal) for animal in ANIMALS}
        topics |= {city: about_city(city, [p.name for p in self.people.values() if p.city == city]) for city in CITIES}
        grouped: dict[str, dict[int, list[str]]] = {}
        for topic, sentences in topics.items():
            lengths = grouped.setdefault(topic, {})
            for sentence in sentences:
                lengths.setdefault(len(sentence.split()), []).append(sentence)
        return grouped

    @cached_property
    def topics(self) -> list[str]:
        """What can be written about."""
        return list(self.sentences)


def _spread(rng: Random, values: Sequence[str]) -> list[str]:
    """One value a person, each used about equally often."""
    rows: list[str] = []
    while len(rows) < len(PEOPLE):
        rows += rng.sample(values, len(values))
    return rows[: len(PEOPLE)]
