"""Questions about the facts of the toy world: one fact, two at once, yes or no, who, the same or not."""

from collections.abc import Callable
from random import Random

from towerplus.corpora.toy.general.facts import ATTRIBUTES, World
from towerplus.corpora.toy.general.item import Item, exact, listed, number, render, worded
from towerplus.corpora.toy.general.sentences import person_clauses
from towerplus.corpora.toy.general.vocabulary import ANIMALS, CITIES, PEOPLE

ONE = {
    "job": ("What is {name}'s job?", "What does {name} do?"),
    "city": ("Where does {name} live?", "What is {name}'s city?"),
    "food": ("What does {name} like to eat?", "What is {name}'s food?"),
    "color": ("What color does {name} wear?", "What is {name}'s color?"),
    "pet": ("What pet does {name} have?", "What is {name}'s pet?"),
}
YES_NO = {
    "job": "Is {name} a {value}?",
    "city": "Does {name} live in {value}?",
    "food": "Does {name} like {value}?",
    "color": "Does {name} wear {value}?",
    "pet": "Does {name} have a {value}?",
}
SAME = {
    "job": ("Do {a} and {b} have the same job?",),
    "city": ("Do {a} and {b} live in the same city?",),
    "food": ("Do {a} and {b} like the same food?",),
    "color": ("Do {a} and {b} wear the same color?",),
}
TWO = ("What are {name}'s {one} and {two}?", "Give {name}'s {one} and {two}.")
SENTENCE = ("Say in a sentence: {name}'s {attribute}.", "Write a sentence about {name}'s {attribute}.")


def make(rng: Random, world: World) -> Item:
    return rng.choice(FORMS)(rng, world)


def _one(rng: Random, world: World) -> Item:
    attribute, name = rng.choice(tuple(ATTRIBUTES)), rng.choice(PEOPLE)
    value = world.people[name].fact(attribute)
    return Item(f"one {name} {attribute}", worded(rng, ONE[attribute], name=name), value, _said(value))


def _sentence(rng: Random, world: World) -> Item:
    attribute, name = rng.choice(tuple(ATTRIBUTES)), rng.choice(PEOPLE)
    person = world.people[name]
    answer = f"{name} {person_clauses(person)[attribute]}."
    prompt = worded(rng, SENTENCE, name=name, attribute=attribute)
    return Item(f"sentence {name} {attribute}", prompt, answer, exact(answer, answer[:-1]))


def _two(rng: Random, world: World) -> Item:
    name, (one, two) = rng.choice(PEOPLE), rng.sample(tuple(ATTRIBUTES), 2)
    values = [world.people[name].fact(one), world.people[name].fact(two)]
    prompt = worded(rng, TWO, name=name, one=one, two=two)
    return Item(f"two {name} {one} {two}", prompt, render(values, "comma"), listed(values, "comma"))


def _yes_no(rng: Random, world: World) -> Item:
    attribute, name = rng.choice(tuple(YES_NO)), rng.choice(PEOPLE)
    truth = world.people[name].fact(attribute)
    value = truth if rng.random() < 0.5 else rng.choice(ATTRIBUTES[attribute])
    answer = "Yes" if value == truth else "No"
    return Item(
        f"is {name} {attribute} {value}", YES_NO[attribute].format(name=name, value=value), answer, _said(answer)
    )


def _same(rng: Random, world: World) -> Item:
    attribute, a = rng.choice(tuple(SAME)), rng.choice(PEOPLE)
    value = world.people[a].fact(attribute)
    others = [n for n in PEOPLE if n != a and (world.people[n].fact(attribute) == value)]
    b = rng.choice(others) if others and rng.random() < 0.5 else rng.choice([n for n in PEOPLE if n != a])
    answer = "Yes" if world.people[b].fact(attribute) == value else "No"
    return Item(
        f"same {attribute} {min(a, b)} {max(a, b)}", worded(rng, SAME[attribute], a=a, b=b), answer, _said(answer)
    )


def _who(rng: Random, world: World) -> Item:
    """Two facts that hold of one person only."""
    name, (one, two) = rng.choice(PEOPLE), rng.sample(tuple(ATTRIBUTES), 2)
    person = world.people[name]
    if any(
        p.fact(one) == person.fact(one) and p.fact(two) == person.fact(two)
        for p in world.people.values()
        if p != person
    ):
        return _who(rng, world)
    clauses = person_clauses(person)
    return Item(f"who {name} {one} {two}", f"Who {clauses[one]} and {clauses[two]}?", name, exact(name, f"{name}."))


def _animal(rng: Random, world: World) -> Item:
    animal = rng.choice(tuple(ANIMALS))
    _, _, eats, lives, legs = ANIMALS[animal]
    about = rng.choice(("eats", "lives", "legs"))
    if about == "legs":
        prompt = worded(rng, ("How many legs does a {a} have?", "Give the number of legs of a {a}."), a=animal)
        return Item(f"legs {animal}", prompt, str(legs), number(legs))
    if about == "eats":
        prompt = worded(rng, ("What does a {a} eat?", "What does the {a} eat?"), a=animal)
        return Item(f"eats {animal}", prompt, eats, _said(eats))
    return Item(
        f"lives {animal}",
        worded(rng, ("Where does a {a} live?", "Where is the {a}'s home?"), a=animal),
        lives,
        _said(lives),
    )


def _city(rng: Random, world: World) -> Item:
    city = rng.choice(tuple(CITIES))
    if rng.random() < 0.5:
        name = rng.choice([n for n in PEOPLE if world.people[n].city == city])
        prompt = worded(rng, ("In which country does {name} live?", "What is {name}'s country?"), name=name)
        return Item(f"country {name}", prompt, CITIES[city], _said(CITIES[city]))
    prompt = worded(rng, ("Which country is {city} in?", "In which country is {city}?"), city=city)
    return Item(f"country {city}", prompt, CITIES[city], _said(CITIES[city]))


def _said(value: str) -> tuple:
    """`value`, with or without a full stop or an article."""
    return exact(value, f"{value}.", f"a {value}", f"a {value}.", fold_case=True)


FORMS: tuple[Callable[[Random, World], Item], ...] = (
    _one,
    _one,
    _sentence,
    _two,
    _two,
    _yes_no,
    _yes_no,
    _same,
    _who,
    _animal,
    _city,
)
