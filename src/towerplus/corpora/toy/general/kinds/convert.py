"""Times between the 24 hour and the 12 hour clock; numbers between digits and words."""

from random import Random

from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.item import Item, exact, number, worded
from towerplus.corpora.toy.general.vocabulary import number_word

TO_12 = ("Write with am or pm: {given}", "What is {given} on the 12-hour clock?")
TO_24 = ("Write as a 24-hour time: {given}", "What is {given} on the 24-hour clock?")
TO_WORDS = ("Write {given} in words.", "How do you write {given} as a word?")
TO_DIGITS = ("Write {given} in digits.", "What number is {given}?")


def make(rng: Random, world: World) -> Item:
    kind = rng.choice(("12", "24", "words", "digits"))
    if kind in ("words", "digits"):
        value = rng.randrange(100)
        given, answer = str(value), number_word(value)
        if kind == "words":
            checks = exact(answer, answer.replace("-", " "), fold_case=True)
            return Item(f"words {given}", worded(rng, TO_WORDS, given=given), answer, checks)
        return Item(f"digits {given}", worded(rng, TO_DIGITS, given=answer), given, number(value))
    hour, minute = rng.randrange(24), rng.randrange(0, 60, 15)
    full, half = f"{hour:02}:{minute:02}", f"{hour % 12 or 12}:{minute:02} {'am' if hour < 12 else 'pm'}"
    if kind == "12":
        checks = exact(half, half.replace(" ", ""), fold_case=True)
        return Item(f"12 {full}", worded(rng, TO_12, given=full), half, checks)
    return Item(f"24 {half}", worded(rng, TO_24, given=half), full, exact(full, full.removeprefix("0")))
