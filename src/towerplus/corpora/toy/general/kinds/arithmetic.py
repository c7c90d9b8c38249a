"""One addition or subtraction: mostly within 20, sometimes two digits and one."""

from random import Random

from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.item import Item, number, worded

WORDINGS = {
    "+": ("What is {a} + {b}?", "Add {a} and {b}.", "{a} plus {b} is how much?"),
    "-": ("What is {a} - {b}?", "Subtract {b} from {a}.", "{a} minus {b} is how much?"),
}


def make(rng: Random, world: World) -> Item:
    sign = rng.choice("+-")
    b = rng.randint(0, 9)
    a = rng.randint(10, 89) if rng.random() < 0.15 else rng.randint(0, 10)
    if sign == "-":
        a = max(a, rng.randint(b, b + 9))
    answer = a + b if sign == "+" else a - b
    return Item(f"{a} {sign} {b}", worded(rng, WORDINGS[sign], a=a, b=b), str(answer), number(answer))
