"""Monolingual text about the toy world, for pretraining: its facts, and how its words and numbers work.

Only facts and rules are told, never the question that a task asks about them.
"""

from __future__ import annotations

from random import Random

from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.sentences import person_clauses
from towerplus.corpora.toy.general.vocabulary import CASED, CATEGORIES, WORDS, number_word
from towerplus.records import Text


def texts(world: World, seed: int) -> list[Text]:
    """All statements in a drawn order: sentences, and a short document for each person."""
    rng = Random(f"general texts {seed}")
    rows = [Text(text, "en-US", "sentence", "toy", "Apache-2.0") for text in dict.fromkeys(_sentences(world, rng))]
    rows += [Text(text, "en-US", "document", "toy", "Apache-2.0") for text in _documents(world, rng)]
    rng.shuffle(rows)
    return rows


def _sentences(world: World, rng: Random) -> list[str]:
    rows = [text for lengths in world.sentences.values() for same in lengths.values() for text in same]
    for category, members in CATEGORIES.items():
        article = "an" if category[0] in "aeiou" else "a"
        rows += [f"{word} is {article} {category}." for word in members]
    for word in CASED:
        rows += [f"{word} in capital letters is {word.upper()}.", f"{word.title()} with a capital, {word} without."]
    for number in range(1, 21):
        rows.append(f"After {number - 1} comes {number}: {number_word(number - 1)}, {number_word(number)}.")
    for hour in range(13, 24):
        rows.append(f"{hour} hours is {hour - 12} pm.")
    for word in WORDS:
        rows.append(f"{word} starts with the letter {word[0]}.")
    return rows


def _documents(world: World, rng: Random) -> list[str]:
    rows = []
    for person in world.people.values():
        for _ in range(4):
            clauses = list(person_clauses(person).values())
            rng.shuffle(clauses)
            subjects = [person.name, *[person.pronoun] * (len(clauses) - 1)]
            rows.append(" ".join(f"{subject} {clause}." for subject, clause in zip(subjects, clauses, strict=True)))
    return rows
