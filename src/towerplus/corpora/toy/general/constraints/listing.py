"""Name so many members of a category, in a style, some in capitals, some with one left out."""

from random import Random

from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.item import Item, render, worded
from towerplus.corpora.toy.general.vocabulary import CATEGORIES, PLURALS, number_word
from towerplus.records import Check

STYLES = {
    "comma": "separated by commas",
    "bullets": "as bullets",
    "numbered": "as a numbered list",
    "lines": "one per line",
}
WORDINGS = ("Name {n} {plural}{details}.", "Give {n} {plural}{details}.", "List {n} {plural}{details}.")
CAPITALS = ("animal", "color")


def make(rng: Random, world: World) -> Item:
    category, style, n = rng.choice(tuple(CATEGORIES)), rng.choice(tuple(STYLES)), rng.randint(2, 6)
    capitals = category in CAPITALS and rng.random() < 0.3
    left_out = rng.choice(CATEGORIES[category]) if rng.random() < 0.6 else ""
    allowed = [word for word in CATEGORIES[category] if word != left_out]
    details = f", {STYLES[style]}"
    if capitals:
        details = f" in capital letters{details}"
    if left_out:
        details += f", but not {left_out}"
    rows = rng.sample(allowed, n)
    answer = render([row.upper() for row in rows] if capitals else rows, style)
    checks = [Check("answer.members", {"allowed": allowed, "count": n, "style": style, "fold_case": capitals})]
    if capitals:
        checks.append(Check("instruction.casing.upper"))
    prompt = worded(rng, WORDINGS, n=number_word(n), plural=PLURALS[category], details=details)
    return Item(f"{category} {n} {style} {capitals} {left_out}", prompt, answer, tuple(checks))
