"""True sentences about people, animals and cities, in many lengths, from a handful of clauses."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from towerplus.corpora.toy.general.vocabulary import ANIMALS, CITIES, number_word

if TYPE_CHECKING:
    from towerplus.corpora.toy.general.facts import Person


def person_clauses(person: Person) -> dict[str, str]:
    """attribute -> the clause that states it, without its subject."""
    return {
        "job": f"is a {person.job}",
        "city": f"lives in {person.city}",
        "food": f"likes {person.food}",
        "color": f"wears {person.color}",
        "pet": f"has a {person.pet}",
    }


def about_person(person: Person) -> list[str]:
    """Sentences of 3 to 10 words."""
    clauses = [*person_clauses(person).values(), f"is a {person.job} in {person.city}"]
    return [*(f"{person.name} {clause}." for clause in clauses), *_joined(person.name, clauses)]


def about_animal(animal: str) -> list[str]:
    """Sentences of 3 to 12 words."""
    adjective, does, eats, lives, legs = ANIMALS[animal]
    clauses = [does, f"is {adjective}", f"eats {eats}", f"lives {lives}"]
    clauses.append(f"has {number_word(legs) if legs else 'no'} legs")
    simple = [f"The {animal} {clause}." for clause in [*clauses, f"{does} {lives}"]]
    attributive = [f"The {adjective} {animal} {clause}." for clause in clauses if clause != f"is {adjective}"]
    return [*simple, *attributive, *_joined(f"The {animal}", clauses)]


def about_city(city: str, people: list[str]) -> list[str]:
    """Sentences of 4 to 9 words."""
    country = CITIES[city]
    rows = [f"{city} is in {country}.", f"{city} is an old city.", f"{city} is an old city in {country}."]
    for name in people:
        rows += [
            f"{name} lives in {city}.",
            f"{city} is the city of {name}.",
            f"{city} is in {country} and {name} lives there.",
        ]
        rows.append(f"{city} is an old city and {name} lives there.")
    rows += [f"{a} and {b} live in {city}." for a, b in permutations(people, 2)]
    return rows


def _joined(subject: str, clauses: list[str]) -> list[str]:
    """Two clauses under one subject, in both orders, where they share no word that says something."""
    return [
        f"{subject} {one} and {two}."
        for one, two in permutations(clauses, 2)
        if not {word for word in one.split() if len(word) > 3} & {word for word in two.split() if len(word) > 3}
    ]
