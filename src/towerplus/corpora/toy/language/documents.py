"""Short documents: two to five sentences that hang together because they share an entity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from towerplus.corpora.toy.language import lexicon as lex
from towerplus.corpora.toy.language.meaning import Meaning, Thing
from towerplus.corpora.toy.language.sample import Sampler

#: says whether a sentence may be used: a document belongs to one split as a whole
Admits = Callable[[Meaning], bool]
_TRIES = 200


def document(sampler: Sampler, admits: Admits) -> tuple[Meaning, ...]:
    """A document about a person, a thing or a place, every sentence of which `admits` allows."""
    while True:
        about = sampler.rng.choice((_person, _person, _thing, _place))
        sentences = [_admitted(make, admits) for make in about(sampler)]
        found = tuple(s for s in sentences if s is not None)
        if len(found) >= 2 and found[0] is sentences[0]:
            return found


def _admitted(make: Callable[[], Meaning], admits: Admits) -> Meaning | None:
    for _ in range(_TRIES):
        if admits(meaning := make()):
            return meaning
    return None


def _until(make: Callable[[], Meaning], good: Callable[[Meaning], bool]) -> Meaning:
    while not good(meaning := make()):
        pass
    return meaning


def _person(sampler: Sampler) -> list[Callable[[], Meaning]]:
    rng = sampler.rng
    name = rng.random() < 0.6
    who = sampler.name() if name else Thing(sampler.pick(tuple(sorted(lex.KIN))), "my")
    later = replace(who, det="pronoun")

    opens = rng.choice(("isa", "stay", "have"))

    def first() -> Meaning:
        return replace(_until(lambda: sampler.frame(opens), lambda m: m.tense == "present"), subject=who)

    def done() -> Meaning:
        found = _until(lambda: sampler.frame("act"), lambda m: m.tense == "past" and not m.mood and bool(m.time))
        return replace(found, subject=later)

    def planned() -> Meaning:
        found = _until(lambda: sampler.frame(rng.choice(("act", "go"))), lambda m: m.tense == "future" and bool(m.time))
        return replace(found, subject=later)

    def feels() -> Meaning:
        return Meaning(
            "attr", later, tense="present", adjective=rng.choice(lex.FEELINGS), time=rng.choice(("today", ""))
        )

    def owns() -> Meaning:
        return replace(sampler.frame("have"), subject=later)

    order = [owns, done, feels, planned]
    rest = rng.sample(order if opens != "have" else order[1:], rng.randint(1, 3))
    return [first, *sorted(rest, key=order.index)]


def _thing(sampler: Sampler) -> list[Callable[[], Meaning]]:
    rng = sampler.rng
    word = sampler.pick(tuple(w for w in lex.PRICED if w in lex.VERBS["buy"].objects and w not in lex.MASS))
    later = Thing(word, "pronoun")
    adjectives = [a for a in lex.attributes(word) if a not in ("expensive", "cheap", "fresh")]

    def bought() -> Meaning:
        time = rng.choice(lex.PAST_TIMES)
        place = Thing(rng.choice(("market", "shop"))) if rng.random() < 0.4 and word != "car" else None
        bought = Meaning("act", sampler.person(plural=False), "buy", Thing(word, "a"), time=time)
        return replace(bought, place=place) if place else bought

    def cost() -> Meaning:
        low, high = lex.PRICED[word]
        value: Decimal = sampler.amount(low, high)
        return Meaning("price", later, value=value, unit=rng.choice(("EUR", "USD", "GBP")), tense="past")

    def looks() -> Meaning:
        return Meaning("attr", later, tense="present", adjective=rng.choice(adjectives))

    def weighs() -> Meaning:
        return replace(_until(lambda: sampler.frame("weigh"), lambda m: m.subject.lexeme == word), subject=later)

    rest = [cost]
    if adjectives:
        rest.append(looks)
    if word in lex.WEIGHT:
        rest.append(weighs)
    return [bought, *rng.sample(rest, rng.randint(1, len(rest)))]


def _place(sampler: Sampler) -> list[Callable[[], Meaning]]:
    rng = sampler.rng
    word = sampler.pick(tuple(w for w in lex.COUNTED if w in lex.CONTENTS))

    def counted() -> Meaning:
        what, low, high = lex.COUNTED[word]
        return Meaning("population", Thing(word), object=Thing(what, "none", True), value=rng.randint(low, high))

    def holds() -> Meaning:
        return _until(lambda: sampler.exist(word), lambda m: m.object.lexeme != lex.COUNTED[word][0])

    def away() -> Meaning:
        return _until(
            lambda: replace(sampler.frame("distance"), subject=Thing(word)), lambda m: m.object.lexeme != word
        )

    rest = [holds]
    if word in ("library", "hotel", "school", "hospital", "village"):
        rest.append(away)
    return [counted, *rng.sample(rest, rng.randint(1, len(rest)))]
