"""American English."""

# ruff: noqa: RUF012 (class tables are constants)
from __future__ import annotations

from towerplus.corpora.toy.language.grammar import REGISTERS, Grammar, Options, Subject
from towerplus.corpora.toy.language.lexicon import MASS, human_gender
from towerplus.corpora.toy.language.meaning import Meaning, Thing
from towerplus.corpora.toy.language.rendering import Line, Part, attach, choice

NUMBERS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
PLURALS = {
    "man": "men", "woman": "women", "knife": "knives", "box": "boxes", "bus": "buses", "glass": "glasses",
    "library": "libraries", "city": "cities", "party": "parties", "tomato": "tomatoes", "photo": "photos",
}  # fmt: skip
#: verb -> third person, past; what is missing is regular
VERBS = {
    "eat": ("eats", "ate"), "drink": ("drinks", "drank"), "buy": ("buys", "bought"), "sell": ("sells", "sold"),
    "read": ("reads", "read"), "write": ("writes", "wrote"), "find": ("finds", "found"), "lose": ("loses", "lost"),
    "forget": ("forgets", "forgot"), "look_for": ("looks for", "looked for"), "see": ("sees", "saw"),
    "wash": ("washes", "washed"), "repair": ("repairs", "repaired"), "paint": ("paints", "painted"),
    "open": ("opens", "opened"), "close": ("closes", "closed"), "bring": ("brings", "brought"),
    "pick_up": ("picks up", "picked up"), "cook": ("cooks", "cooked"), "need": ("needs", "needed"),
    "give": ("gives", "gave"), "show": ("shows", "showed"), "send": ("sends", "sent"), "go": ("goes", "went"),
    "live": ("lives", "lived"), "work": ("works", "worked"), "sleep": ("sleeps", "slept"),
    "play": ("plays", "played"), "wait": ("waits", "waited"), "begin": ("begins", "began"), "end": ("ends", "ended"),
    "depart": ("leaves", "left"), "arrive": ("arrives", "arrived"), "rise": ("rises", "rose"), "fall": ("falls",
    "fell"),
}  # fmt: skip
TIMES = {
    "yesterday": "yesterday", "today": "today", "tomorrow": "tomorrow", "last_week": "last week",
    "next_week": "next week", "this_morning": "this morning", "this_evening": "this evening",
    "every_day": "every day",
    **{day: f"on {day.capitalize()}" for day in
       ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")},
}  # fmt: skip
AT = frozenset(["school", "market", "station", "hospital", "office", "airport"])
COMPARATIVES = {"big": "bigger", "small": "smaller", "old": "older", "young": "younger",
                "expensive": "more expensive", "cheap": "cheaper", "heavy": "heavier"}  # fmt: skip


def plural(noun: str) -> str:
    return PLURALS.get(noun, noun + "s")


def base(verb: str) -> str:
    return verb.replace("_", " ") if verb != "depart" else "leave"


def indefinite(words: str) -> str:
    return ("an " if words[0] in "aeiou" else "a ") + words


class English(Grammar):
    locale = "en-US"
    who_word = "who"

    def phrase(self, thing: Thing, o: Options) -> Part:
        if thing.det == "name":
            return thing.lexeme
        noun = plural(thing.lexeme) if thing.plural or thing.det == "count" else thing.lexeme
        words = f"{thing.adjective} {noun}" if thing.adjective else noun
        if thing.det in ("none", "count"):
            return f"{NUMBERS[thing.count]} {words}" if thing.count else words
        if o.loose and thing.det in ("the", "a") and not thing.plural and thing.lexeme not in MASS:
            both = ("the " + words, indefinite(words))
            return both if thing.det == "the" else both[::-1]
        if thing.det == "a":
            return indefinite(words)
        return f"{thing.det} {words}"

    def subjects(self, thing: Thing, options: Options) -> list[Subject]:
        if thing.det == "we":
            return [Subject("we", "", True, 1)]
        if thing.det == "pronoun":
            word = (
                "they"
                if thing.plural
                else {"f": "she", "m": "he", "": "it"}[thing.gender or human_gender(thing.lexeme)]
            )
            return [Subject(word, "", thing.plural, pronoun=True)]
        many = thing.plural or thing.det == "count"
        found = self.phrase(thing, options)
        return [Subject(text, "", many) for text in ((found,) if isinstance(found, str) else found)]

    def predicate(self, m: Meaning, s: Subject) -> Part:
        many, verb = s.plural, base(m.verb)
        if m.mood:
            modal = {"want": "want to" if many else "wants to", "can": "can",
                     "must": ("must", "have to" if many else "has to")}[m.mood]  # fmt: skip
            return tuple(f"{word} {verb}" for word in ((modal,) if isinstance(modal, str) else modal))
        if m.tense == "future":
            return (
                f"will not {verb}|won't {verb}".split("|")[0] if m.negative else (f"will {verb}", self._going(s, verb))
            )
        if m.negative:
            helper = "did" if m.tense == "past" else ("do" if many else "does")
            return (f"{helper} not {verb}", f"{helper}n't {verb}")
        if m.verb == "look_for" and m.tense == "present":
            return f"{'are' if many else 'is'} looking for"
        often = "often " if m.time == "often" else ""
        if m.tense == "past":
            return often + VERBS[m.verb][1]
        return often + (verb if many else VERBS[m.verb][0])

    def _going(self, s: Subject, verb: str) -> str:
        return f"{'are' if s.plural else 'is'} going to {verb}"

    def object(self, thing: Thing, meaning: Meaning, options: Options) -> Part:
        return self.phrase(thing, options)

    def inside(self, place: Thing) -> Part:
        if place.det == "name":
            return f"in {place.lexeme}"
        if place.lexeme in AT:
            return choice(f"at the {place.lexeme}", f"in the {place.lexeme}")
        return f"in the {place.lexeme}"

    def towards(self, place: Thing) -> Part:
        return f"to the {place.lexeme}"

    def when(self, time: str) -> Part:
        return TIMES[time]

    def fronted(self, time: Part) -> Part:
        return (f"{time},", str(time))

    def give(self, m: Meaning, o: Options) -> list[Line]:
        time = self.when(m.time) if m.time else ""
        to, thing = self.phrase(m.recipient, o), self.phrase(m.object, o)
        lines: list[Line] = []
        for s in self.subjects(m.subject, o):
            verb = self.predicate(m, s)
            lines += self.arrange(s.text, verb, (to, thing), "", time, False)
            lines.append((s.text, verb, thing, attach("to", to), time))
        return lines

    def exist(self, m: Meaning, o: Options) -> list[Line]:
        many = m.object.plural or m.object.det == "count"
        be, place = ("are" if many else "is"), self.inside(m.place)
        thing = self.phrase(m.object, o) if m.object.det != "a" else self.phrase(m.object, Options())
        return [(f"there {be}", thing, place), (attach_comma(place), f"there {be}", thing)]

    def have(self, m: Meaning, o: Options) -> list[Line]:
        return [(s.text, "have" if s.plural else "has", self.phrase(m.object, o)) for s in self.subjects(m.subject, o)]

    def _be(self, s: Subject, tense: str) -> str:
        return {"present": ("is", "are"), "past": ("was", "were")}[tense][s.plural]

    def attr(self, m: Meaning, o: Options) -> list[Line]:
        time = self.when(m.time) if m.time else ""
        return [(s.text, self._be(s, m.tense), m.adjective, time) for s in self.subjects(m.subject, o)]

    def isa(self, m: Meaning, o: Options) -> list[Line]:
        return [(s.text, "is", indefinite(m.object.lexeme)) for s in self.subjects(m.subject, o)]

    def compare(self, m: Meaning, o: Options) -> list[Line]:
        word = COMPARATIVES[m.adjective]
        return [
            (s.text, self._be(s, "present"), word, attach("than", self.phrase(m.object, o)))
            for s in self.subjects(m.subject, o)
        ]

    def price(self, m: Meaning, o: Options) -> list[Line]:
        cost = "cost" if m.tense == "past" else "costs"
        return [(s.text, "cost" if s.plural else cost, self.value(m, o)) for s in self.subjects(m.subject, o)]

    def weigh(self, m: Meaning, o: Options) -> list[Line]:
        return [(s.text, "weighs", self.value(m, o)) for s in self.subjects(m.subject, o)]

    def distance(self, m: Meaning, o: Options) -> list[Line]:
        return [
            (s.text, "is", self.value(m, o), attach("from", self.phrase(m.object, o)))
            for s in self.subjects(m.subject, o)
        ]

    def temperature(self, m: Meaning, o: Options) -> list[Line]:
        be, place, time = ("was" if m.time == "yesterday" else "is"), self.inside(m.place), self.when(m.time)
        return [
            ("it", be, self.value(m, o), place, time),
            ("the temperature", place, be, self.value(m, o), time),
            ("the temperature", place, time, be, self.value(m, o)),
        ]

    def weather(self, m: Meaning, o: Options) -> list[Line]:
        past, place, time = m.time == "yesterday", self.inside(m.place), self.when(m.time)
        if m.verb in ("rain", "snow"):
            what: Part = (f"it {m.verb}ed", f"it was {m.verb}ing") if past else f"it is {m.verb}ing"
        else:
            what = f"it {'was' if past else 'is'} {m.verb}"
        return [(what, place, time), (self.fronted(time), what, place)]

    def population(self, m: Meaning, o: Options) -> list[Line]:
        noun = plural(m.object.lexeme)
        return [(s.text, "has", self.value(m, o), noun) for s in self.subjects(m.subject, o)]

    def percent(self, m: Meaning, o: Options) -> list[Line]:
        verb, time = VERBS[m.verb][1], self.when(m.time)
        thing = self.phrase(m.object, o)
        return [
            ("the price of", thing, verb, attach("by", self.value(m, o)), time),
            ("the price of", thing, verb, self.value(m, o), time),
            (self.fronted(time), "the price of", thing, verb, attach("by", self.value(m, o))),
        ]

    def date(self, m: Meaning, o: Options) -> list[Line]:
        verb = "is" if m.verb == "be" else VERBS[m.verb][0]
        return [(s.text, verb, attach("on", self.value(m, o))) for s in self.subjects(m.subject, o)]

    def clock(self, m: Meaning, o: Options) -> list[Line]:
        verb = VERBS[m.verb][0]
        time = self.when(m.time) if m.time else ""
        return [(s.text, verb, attach("at", self.value(m, o)), time) for s in self.subjects(m.subject, o)]

    def appointment(self, m: Meaning, o: Options) -> list[Line]:
        when = attach("on" if m.unit == "date" else "at", self.value(m, o))
        time = self.when(m.time) if m.time else ""
        return [
            (s.text, "have" if s.plural else "has", "an appointment", when, time) for s in self.subjects(m.subject, o)
        ]

    def where(self, m: Meaning, o: Options) -> list[Line]:
        many = m.subject.plural
        return [self.question(("where", "are" if many else "is", self.phrase(m.subject, o)))]

    def did(self, m: Meaning, o: Options) -> list[Line]:
        place, time = self._around(m)
        return [
            self.question(("did", s.text, base(m.verb), self.phrase(m.object, o), place, time))
            for s in self.subjects(m.subject, o)
        ]

    # -- address: no register in English -----------------------------------------------------------------------------

    openings = {register: {"hello": "Hello", "excuse": "Excuse me"} for register in REGISTERS}
    closings = {
        register: {"thanks": "Thank you.", "day": "Have a nice day.", "regards": "Best regards"}
        for register in REGISTERS
    }

    def _asked(self, m: Meaning) -> str:
        return f"{base(m.verb)} me" if m.verb in ("show", "send", "bring", "sell") else base(m.verb)

    def ask_can(self, m: Meaning, o: Options) -> list[Line]:
        time = self.when(m.time) if m.time else ""
        core = (("can you", "could you"), self._asked(m), self.phrase(m.object, o), time)
        return self.address(m, o, [core], True)

    def ask_please(self, m: Meaning, o: Options) -> list[Line]:
        time = self.when(m.time) if m.time else ""
        return self.address(m, o, [("please", self._asked(m), self.phrase(m.object, o), time)], False)

    def you_lost(self, m: Meaning, o: Options) -> list[Line]:
        core = ("you", VERBS[m.verb][1], self.phrase(m.object, o), self.inside(m.place))
        return self.address(m, o, [core], False)

    def you_where(self, m: Meaning, o: Options) -> list[Line]:
        return self.address(m, o, [("where did you", base(m.verb), self.phrase(m.object, o))], True)

    def you_want(self, m: Meaning, o: Options) -> list[Line]:
        time = self.when(m.time) if m.time else ""
        head = "are you looking for" if m.verb == "look_for" else f"do you want to {base(m.verb)}"
        return self.address(m, o, [(head, self.phrase(m.object, o), time)], True)

    def you_must(self, m: Meaning, o: Options) -> list[Line]:
        core = (("you must", "you have to"), base(m.verb), self.phrase(m.object, o), self.inside(m.place))
        return self.address(m, o, [core], False)


def attach_comma(part: Part) -> Part:
    return tuple(word + "," for word in ((part,) if isinstance(part, str) else part))
