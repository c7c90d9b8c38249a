"""Turn a list of one style into another."""

from random import Random

from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.item import Item, listed, render, worded
from towerplus.corpora.toy.general.vocabulary import WORDS

#: style asked for -> wordings, and the styles it can be given in
STYLES = {
    "comma": (
        ("Write on one line, separated by commas:\n{items}", "Make a comma list:\n{items}"),
        ("bullets", "numbered"),
    ),
    "bullets": (("Make a bullet list: {items}", "Write as bullets: {items}"), ("comma",)),
    "numbered": (("Make a numbered list: {items}", "Number these: {items}"), ("comma",)),
    "lines": (("Write one per line: {items}", "Put each on its own line: {items}"), ("comma",)),
}


def make(rng: Random, world: World) -> Item:
    style = rng.choice(tuple(STYLES))
    wordings, given = STYLES[style]
    rows = rng.sample(WORDS, rng.randint(2, 5))
    prompt = worded(rng, wordings, items=render(rows, rng.choice(given)))
    return Item(f"{style} {' '.join(rows)}", prompt, render(rows, style), listed(rows, style))
