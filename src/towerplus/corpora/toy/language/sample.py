"""Draws meanings at random: what a sentence can say, frame by frame, within the restrictions of the lexicon."""

from __future__ import annotations

import datetime
from bisect import bisect
from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate
from random import Random
from typing import Any

from towerplus.corpora.toy.language import lexicon as lex
from towerplus.corpora.toy.language.meaning import Meaning, Thing
from towerplus.corpora.toy.language.values import CURRENCIES

#: frame -> weight in ordinary sentences
FRAMES: dict[str, int] = {
    "act": 30, "give": 8, "go": 6, "stay": 6, "exist": 8, "have": 6, "attr": 8, "isa": 3, "compare": 5, "price": 5,
    "weigh": 2, "distance": 3, "temperature": 3, "population": 3, "percent": 3, "date": 3, "clock": 4,
    "appointment": 3, "weather": 3, "where": 2, "who": 3, "did": 4,
}  # fmt: skip
ADDRESS: dict[str, int] = {"ask_can": 4, "ask_please": 4, "you_lost": 2, "you_where": 2, "you_want": 2, "you_must": 2}
_FRAMES, _ADDRESS = ((list(table), list(accumulate(table.values()))) for table in (FRAMES, ADDRESS))
#: which frames hold a value, by the kind of value
VALUED: dict[str, tuple[str, ...]] = {
    "date": ("date", "appointment"), "time": ("clock", "appointment"), "number": ("population",),
    "currency": ("price",),
    "percent": ("percent",), "unit": ("weigh", "distance", "temperature"),
}  # fmt: skip
_NAMES, _KIN, _PROFESSIONS = tuple(lex.NAMES), tuple(sorted(lex.KIN)), tuple(lex.PROFESSIONS)
_VERBS, _GIVING, _STAYING, _ASK = tuple(lex.VERBS), tuple(lex.GIVING), tuple(lex.STAYING), tuple(lex.ASK)
_CONTENTS, _PRICED, _WEIGHT, _COUNTED = tuple(lex.CONTENTS), tuple(lex.PRICED), tuple(lex.WEIGHT), tuple(lex.COUNTED)
_CLEANABLE = tuple(sorted(lex.CLEANABLE))
_JOBS = tuple(word for word in lex.PROFESSIONS if word != "neighbor")


class Sampler:
    """An endless source of meanings. Withheld lexemes appear only where `unseen` is asked for, uncommon ones unless
    `common` is."""

    def __init__(self, rng: Random, unseen: bool = False, common: bool = False):
        self.rng = rng
        self.unseen = unseen
        self.missing = lex.UNCOMMON if common else frozenset()
        if not unseen:
            self.missing |= lex.WITHHELD
        self.sizes, self.costs = self._chains(lex.SIZES), self._chains(lex.COSTS)
        self.known: dict[tuple[str, ...], tuple[str, ...]] = {}

    # -- entry points --------------------------------------------------------------------------------------------------

    def sentence(self) -> Meaning:
        """Any ordinary sentence."""
        return self.frame(self._weighted(_FRAMES))

    def address(self) -> Meaning:
        """A sentence that addresses somebody, with an opening or a closing."""
        return self.frame(self._weighted(_ADDRESS))

    def valued(self, kind: str) -> Meaning:
        """A sentence with a date, time, number, currency, percent or unit."""
        meaning = self.frame(self.choose(VALUED[kind]))
        while meaning.unit in ("date", "time") and meaning.unit != kind:
            meaning = self.frame(self.choose(VALUED[kind]))
        return meaning

    def _weighted(self, table: tuple[list[str], list[int]]) -> str:
        names, bounds = table
        return names[bisect(bounds, self.rng.random() * bounds[-1])]

    def frame(self, name: str) -> Meaning:
        return getattr(self, "_" + name)()

    # -- parts ---------------------------------------------------------------------------------------------------------

    def pick(self, words: tuple[str, ...]) -> str:
        """One of `words` that this world has; where it has none of them, one that is not withheld."""
        known = self.known.get(words)
        if known is None:
            rest = tuple(word for word in words if word not in lex.WITHHELD or self.unseen)
            known = self.known[words] = tuple(word for word in words if word not in self.missing) or rest
        return self.choose(known)

    def _chains(self, chains: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """Chains to compare along, of the words that this world has."""
        known = [tuple(word for word in chain if word not in self.missing) for chain in chains]
        return [chain for chain in known if len(chain) > 1]

    def choose(self, words: Sequence[Any]) -> Any:
        """One of `words`; several times as fast as Random.choice, which this code would spend most of its time in."""
        return words[int(self.rng.random() * len(words))]

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def name(self) -> Thing:
        return Thing(self.choose(_NAMES), "name")

    def city(self) -> Thing:
        return Thing(self.choose(lex.CITIES), "name")

    def person(self, plural: bool = True) -> Thing:
        """Somebody: a name, kin, a profession, a man or a woman."""
        draw = self.rng.random()
        if draw < 0.4:
            return self.name()
        if draw < 0.6:
            return Thing(self.pick(_KIN), "my")
        many = plural and self.chance(0.15)
        if draw < 0.8:
            return Thing(self.pick(_PROFESSIONS), "the", many)
        word = self.choose(lex.PEOPLE)
        adjective = self.choose(lex.attributes(word)) if self.chance(0.25) and not many else ""
        return Thing(word, "the", many, adjective)

    def thing(
        self, words: tuple[str, ...], indefinite: float = 0.5, counted: float = 0.15, described: float = 0.35
    ) -> Thing:
        """A noun phrase over one of `words`, with an adjective or a number at times."""
        word = self.pick(words)
        choices = lex.attributes(word)
        adjective = self.choose(choices) if choices and self.chance(described) else ""
        if word in lex.MASS:
            return Thing(word, "none" if self.chance(indefinite) and not adjective else "the", False, adjective)
        if counted and word not in lex.ANIMALS and lex.human_gender(word) == "" and self.chance(counted):
            return Thing(word, "count", True, adjective, self.rng.randint(2, 10))
        return Thing(word, "a" if self.chance(indefinite) else "the", False, adjective)

    def _known(self, words: tuple[str, ...], described: float = 0.3) -> Thing:
        return self.thing(words, indefinite=0, counted=0, described=described)

    def _time(self, tense: str, share: float = 0.7) -> str:
        if tense == "present":
            return self.choose(lex.HABITS)
        return self.choose(lex.PAST_TIMES if tense == "past" else lex.FUTURE_TIMES) if self.chance(share) else ""

    def _day(self) -> datetime.date:
        return datetime.date(2018, 1, 1) + datetime.timedelta(days=self.rng.randrange(365 * 13))

    def _clock_time(self) -> datetime.time:
        return datetime.time(self.rng.randint(6, 22), self.choose((0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55)))

    def amount(self, low: int, high: int) -> Decimal:
        if high > 5_000:
            return Decimal(self.rng.randrange(low, high, 50))
        if high > 100:
            return Decimal(self.rng.randint(low, high))
        return Decimal(self.rng.randint(low * 20, high * 20)) * 5 / Decimal(100)

    def _tenths(self, low: int, high: int) -> Decimal:
        tenths = self.rng.randint(low * 10, high * 10)
        return Decimal(tenths) / 10 if tenths % 10 else Decimal(tenths // 10)

    # -- frames --------------------------------------------------------------------------------------------------------

    def _act(self) -> Meaning:
        verb = self.pick(_VERBS)
        rule = lex.VERBS[verb]
        mood = self.choose(rule.moods) if rule.moods and self.chance(0.15) and "present" not in rule.tenses[:1] else ""
        tense = "present" if mood else self.choose(rule.tenses)
        habit = tense == "present" and not mood
        if verb == "need" or (verb == "look_for" and habit):
            return Meaning("act", self.person(), verb, self.thing(rule.objects), tense="present")
        once = verb in ("lose", "forget", "find", "look_for")
        thing = self.thing(rule.objects, 0.2 if once else 0.5, 0 if habit or once else 0.15, 0.1 if habit else 0.35)
        if habit and verb in ("buy", "sell"):
            thing = self.thing(lex.FOOD if verb == "buy" else ("bread", "cheese", "fish", "milk"), 1.0, 0, 0)
        elif habit and verb in ("eat", "drink", "read", "wash", "cook"):
            thing = Thing(thing.lexeme, "none" if thing.lexeme in lex.MASS else ("the" if verb == "wash" else "a"))
        elif verb == "write":
            thing = Thing("letter", "a")
        subject = self.person()
        if tense == "past" and self.chance(0.1):
            subject = Thing("we", "we", True)
        negative = (
            tense == "past"
            and not mood
            and thing.det in ("the", "a", "none")
            and not thing.adjective
            and self.chance(0.15)
        )
        time = (
            self._time(tense) if not mood else (self.choose(("today", *lex.FUTURE_TIMES)) if self.chance(0.5) else "")
        )
        placed = rule.places and not negative and self.chance(0.35 if habit or time else 0.6)
        place = Thing(self.pick(rule.places)) if placed else None
        if thing.lexeme in ("door", "window", "bed") and place is not None and verb not in ("open", "close", "paint"):
            place = None
        return Meaning("act", subject, verb, thing, place=place, time=time, tense=tense, mood=mood, negative=negative)

    def _give(self) -> Meaning:
        verb = self.choose(_GIVING)
        tense = "past" if self.chance(0.7) else "future"
        subject, recipient = self.person(), self.person(plural=False)
        while recipient.lexeme == subject.lexeme:
            recipient = self.person(plural=False)
        thing = self.thing(lex.GIVING[verb], described=0.2, counted=0.1)
        return Meaning("give", subject, verb, thing, recipient, time=self._time(tense), tense=tense)

    def _go(self) -> Meaning:
        tense = "past" if self.chance(0.6) else "future"
        subject = Thing("we", "we", True) if tense == "past" and self.chance(0.15) else self.person()
        return Meaning(
            "go", subject, "go", place=Thing(self.pick(lex.WALKABLE)), time=self._time(tense, 1.0), tense=tense
        )

    def _stay(self) -> Meaning:
        verb = self.choose(_STAYING)
        subject = self.person()
        if verb == "live":
            place = self.city() if self.chance(0.8) else Thing(self.pick(lex.STAYING[verb]))
            return Meaning("stay", subject, verb, place=place, tense="present")
        if verb == "play":
            subject = Thing(self.choose(("girl", "boy", "cat", "dog")), "the", self.chance(0.4))
        elif verb == "sleep" and self.chance(0.5):
            subject = Thing(self.choose(("cat", "dog")), "the", self.chance(0.3))
        place = Thing(self.pick(lex.STAYING[verb]))
        tense = "past" if self.chance(0.6) else "present"
        if tense == "present" and verb in ("wait", "sleep", "play"):
            tense = "past"
        time = self._time("past", 0.8) if tense == "past" else ("every_day" if self.chance(0.3) else "")
        return Meaning("stay", subject, verb, place=place, time=time, tense=tense)

    def _exist(self) -> Meaning:
        return self.exist(self.pick(_CONTENTS))

    def exist(self, room: str) -> Meaning:
        """What there is in a place."""
        word = self.pick(lex.CONTENTS[room])
        choices = lex.attributes(word)
        adjective = self.choose(choices) if choices and self.chance(0.3) else ""
        if self.chance(0.55):
            most = 3 if word in lex.PLACES and word != "room" else 10
            thing = Thing(word, "count", True, adjective, self.rng.randint(2, most))
        else:
            thing = Thing(word, "a", False, adjective)
        return Meaning("exist", object=thing, place=Thing(room), tense="present")

    def _have(self) -> Meaning:
        word = self.pick(lex.HAVING)
        choices = lex.attributes(word)
        adjective = self.choose(choices) if choices and self.chance(0.45) else ""
        counted = self.chance(0.35) and word not in ("house", "garden", "passport")
        thing = Thing(word, "count" if counted else "a", counted, adjective, self.rng.randint(2, 5) if counted else 0)
        return Meaning("have", self.person(), "have", thing, tense="present")

    def _attr(self) -> Meaning:
        draw = self.rng.random()
        if draw < 0.4:
            feeling = self.choose(lex.FEELINGS)
            past = feeling != "tired" and self.chance(0.4)
            subject = self.person()
            if subject.adjective:
                subject = Thing(subject.lexeme, subject.det, subject.plural)
            time = self.choose(("yesterday", "last_week") if past else ("today", ""))
            return Meaning("attr", subject, tense="past" if past else "present", adjective=feeling, time=time)
        if draw < 0.55:
            past = self.chance(0.4)
            return Meaning(
                "attr", Thing(self.pick(lex.OPEN_CLOSED)), tense="past" if past else "present",
                adjective=self.choose(("open", "closed")), time="yesterday" if past else "today",
            )  # fmt: skip
        if draw < 0.75:
            subject = Thing(self.pick(_CLEANABLE), "the", self.chance(0.3))
            return Meaning("attr", subject, tense="present", adjective=self.choose(lex.STATES))
        word = self.pick(lex.OBJECTS + lex.ANIMALS + ("house", "garden", "kitchen", "hotel"))
        choices = tuple(a for a in lex.attributes(word) if a != "fresh") + (("heavy",) if word in lex.HEAVY else ())
        if not choices:
            return self._attr()
        colour = self.choose(choices)
        return Meaning("attr", Thing(word, "the", self.chance(0.25)), tense="present", adjective=colour)

    def _isa(self) -> Meaning:
        subject = self.name() if self.chance(0.5) else Thing(self.pick(_KIN), "my")
        return Meaning("isa", subject, "be", Thing(self.pick(_JOBS), "a"), tense="present")

    def _compare(self) -> Meaning:
        def pair(chain: tuple[str, ...]) -> tuple[str, str]:
            low, high = sorted(self.rng.sample(range(len(chain)), 2))
            return chain[low], chain[high]

        draw = self.rng.random()
        if draw < 0.3:
            adjective = self.choose(("old", "young"))
            first, second = self.name(), self.person(plural=False)
            while second.lexeme == first.lexeme or second.adjective:
                second = self.person(plural=False)
            if self.chance(0.5):
                first, second = second, first
            return Meaning("compare", first, object=second, adjective=adjective, tense="present")
        kinds = ("big", "small") if draw < 0.7 else ("expensive", "cheap")
        low, high = pair(self.choose(self.sizes if draw < 0.7 else self.costs))
        adjective = self.choose(kinds)
        if adjective in ("big", "expensive"):
            low, high = high, low
        return Meaning("compare", Thing(low), object=Thing(high), adjective=adjective, tense="present")

    def _price(self) -> Meaning:
        word = self.pick(_PRICED)
        adjective = self.choose(lex.attributes(word) or ("",)) if self.chance(0.4) else ""
        if adjective in ("expensive", "cheap"):
            adjective = ""
        tense = "past" if self.chance(0.4) else "present"
        value, unit = self.amount(*lex.PRICED[word]), self.choose(CURRENCIES)
        many = word not in lex.MASS and self.chance(0.15)
        return Meaning("price", Thing(word, "the", many, adjective), value=value, unit=unit, tense=tense)

    def _weigh(self) -> Meaning:
        word = self.pick(_WEIGHT)
        adjective = self.choose(lex.attributes(word) or ("",)) if self.chance(0.4) else ""
        return Meaning("weigh", Thing(word, "the", False, adjective), value=self._tenths(*lex.WEIGHT[word]), unit="kg")

    def _distance(self) -> Meaning:
        places = ("school", "market", "park", "station", "library", "hospital", "office", "hotel", "airport", "museum",
        "castle", "village")  # fmt: skip
        first, second = self.pick(places), self.pick(places)
        while second == first:
            second = self.pick(places)
        return Meaning("distance", Thing(first), object=Thing(second), value=self._tenths(1, 30), unit="km")

    def _temperature(self) -> Meaning:
        time = self.choose(("today", "yesterday"))
        return Meaning(
            "temperature", place=self.city(), value=Decimal(self.rng.randint(2, 38)), unit="celsius", time=time
        )

    def _population(self) -> Meaning:
        where = self.pick(_COUNTED)
        what, low, high = lex.COUNTED[where]
        adjective = self.choose(("big", "small", "new", "old")) if self.chance(0.4) and where != "library" else ""
        if where in ("village", "city") and adjective == "new":
            adjective = "old"
        if adjective not in lex.attributes(where):
            adjective = ""
        many = Thing(what, "none", True)
        return Meaning(
            "population", Thing(where, "the", False, adjective), object=many, value=self.rng.randint(low, high)
        )

    def _percent(self) -> Meaning:
        word = self.pick(lex.PRICES_MOVE)
        many = word not in lex.MASS
        time = self.choose(("last_week", "yesterday", "monday", "tuesday", "wednesday", "thursday", "friday"))
        value = self._tenths(1, 25)
        verb = self.choose(("rise", "fall"))
        return Meaning("percent", verb=verb, object=Thing(word, "none", many), value=value, unit="percent", time=time)

    def _date(self) -> Meaning:
        verb = self.choose(("be", "be", "begin", "end"))
        word = self.choose(("course", "concert", "party") if verb == "end" else lex.EVENTS)
        return Meaning("date", Thing(word), verb, value=self._day(), unit="date", tense="present")

    def _clock(self) -> Meaning:
        draw, value = self.rng.random(), self._clock_time()
        day = self.choose(lex.FUTURE_TIMES[1:8]) if self.chance(0.35) else ""
        if draw < 0.5:
            return Meaning("clock", Thing(self.choose(lex.VEHICLES)), self.choose(("depart", "arrive")), value=value,
            unit="time", time=day, tense="present")  # fmt: skip
        if draw < 0.8:
            verb = self.choose(("open", "close"))
            value = value.replace(hour=self.rng.randint(6, 11) if verb == "open" else self.rng.randint(16, 22))
            return Meaning(
                "clock", Thing(self.pick(lex.OPEN_CLOSED)), verb, value=value, unit="time", time=day, tense="present"
            )
        return Meaning("clock", Thing(self.choose(lex.EVENTS)), self.choose(("begin", "end")), value=value,
        unit="time", time=day, tense="present")  # fmt: skip

    def _appointment(self) -> Meaning:
        person = self.person()
        if self.chance(0.5):
            return Meaning("appointment", person, "have", value=self._day(), unit="date", tense="present")
        day = self.choose(("today", *lex.FUTURE_TIMES[:8]))
        return Meaning("appointment", person, "have", value=self._clock_time(), unit="time", time=day, tense="present")

    def _weather(self) -> Meaning:
        time, what = self.choose(("today", "yesterday")), self.choose(("rain", "snow", "cold", "warm"))
        return Meaning("weather", verb=what, place=self.city(), time=time)

    def _where(self) -> Meaning:
        word = self.pick(lex.MINE)
        det = self.choose(("the", "my"))
        adjective = self.choose(lex.attributes(word) or ("",)) if self.chance(0.4) else ""
        return Meaning("where", Thing(word, det, self.chance(0.25), adjective), tense="present")

    def _who(self) -> Meaning:
        return self._asked("who")

    def _did(self) -> Meaning:
        return self._asked("did")

    def _asked(self, frame: str) -> Meaning:
        verb = self.choose(
            (
                "buy",
                "sell",
                "find",
                "lose",
                "forget",
                "see",
                "wash",
                "repair",
                "paint",
                "open",
                "close",
                "bring",
                "pick_up",
            )
        )
        subject = None
        if frame == "did":
            subject = self.person()
            while subject.lexeme in lex.KIN:
                subject = self.person()
        thing = self.thing(lex.VERBS[verb].objects, indefinite=0.3, counted=0)
        if verb == "see" and thing.lexeme not in lex.ANIMALS:
            thing = Thing(self.pick(lex.ANIMALS), thing.det)
        return Meaning(frame, subject, verb, thing, time=self._time("past", 0.7), tense="past")

    # -- address -------------------------------------------------------------------------------------------------------

    def _framed(self, thanks: bool, letter: bool = False) -> dict[str, Any]:
        """Opening and closing; at least one of them, so that the register shows in the choice of words as well. What
        may stand in a letter may end with regards."""
        opening = self.choose(("hello", "hello", "excuse", ""))
        closings = ("thanks" if thanks else "day",) + (("regards",) if letter and opening != "excuse" else ())
        closing = self.choose(closings) if not opening or self.chance(0.45) else ""
        return {"opening": opening, "closing": closing, "recipient": self.name() if closing == "regards" else None}

    def _your(self, words: tuple[str, ...]) -> Thing:
        word = self.pick(words)
        choices = tuple(a for a in lex.attributes(word) if a not in ("expensive", "cheap", "fresh"))
        return Thing(word, "your", False, self.choose(choices) if choices and self.chance(0.2) else "")

    def _ask_can(self) -> Meaning:
        verb = self.pick(_ASK)
        time = self.choose(lex.ASK_TIMES) if self.chance(0.55) else ""
        return Meaning("ask_can", verb=verb, object=self._your(lex.ASK[verb]), time=time, **self._framed(True))

    def _ask_please(self) -> Meaning:
        verb = self.pick(_ASK)
        time = self.choose(lex.ASK_TIMES) if self.chance(0.55) else ""
        letter = verb in ("send", "bring", "pick_up", "sell", "read")
        return Meaning(
            "ask_please", verb=verb, object=self._your(lex.ASK[verb]), time=time, **self._framed(True, letter)
        )

    def _you_lost(self) -> Meaning:
        verb = self.choose(("forget", "lose"))
        things = tuple(word for word in lex.MINE if word in lex.VERBS[verb].objects)
        place = Thing(self.pick((*lex.VERBS[verb].places, "office", "shop", "hospital")))
        return Meaning("you_lost", verb=verb, object=self._your(things), place=place, **self._framed(False, True))

    def _you_where(self) -> Meaning:
        verb = self.choose(("buy", "find"))
        things = tuple(word for word in lex.MINE if word in lex.VERBS[verb].objects)
        return Meaning("you_where", verb=verb, object=self._your(things), **self._framed(False))

    def _you_want(self) -> Meaning:
        verb = self.choose(("look_for", "sell", "wash", "repair", "read", "pick_up"))
        things = tuple(word for word in lex.MINE if word in lex.VERBS[verb].objects)
        time = self.choose(lex.ASK_TIMES) if verb != "look_for" and self.chance(0.5) else ""
        return Meaning(
            "you_want", verb=verb, object=self._your(things), time=time, tense="present", **self._framed(False)
        )

    def _you_must(self) -> Meaning:
        verb = self.choose(("show", "pick_up"))
        places = {"show": ("station", "airport", "hotel", "museum", "library"), "pick_up": ("station", "airport",
        "office", "shop", "hotel")}  # fmt: skip
        things = ("ticket", "passport", "letter", "bag", "photo") if verb == "show" else lex.ASK[verb]
        return Meaning("you_must", verb=verb, object=self._your(things), place=Thing(self.pick(places[verb])),
        tense="present", **self._framed(False, True))  # fmt: skip
