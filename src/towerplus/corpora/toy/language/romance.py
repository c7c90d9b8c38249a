"""What French, Portuguese and Spanish share: two genders, adjectives on either side, frames with fixed words."""

# ruff: noqa: RUF012 (class tables are constants)
from __future__ import annotations

from dataclasses import replace

from towerplus.corpora.toy.language.grammar import Grammar, Options, Subject
from towerplus.corpora.toy.language.lexicon import human_gender
from towerplus.corpora.toy.language.meaning import Meaning, Thing
from towerplus.corpora.toy.language.rendering import Line, Part, attach, choice
from towerplus.corpora.toy.language.tables import Noun, Nouns

#: the four forms that agree: m, f, m plural, f plural
Forms = tuple[str, str, str, str]


def slot(gender: str, plural: bool) -> int:
    return (gender == "f") + 2 * plural


class Romance(Grammar):
    @property
    def table(self) -> Nouns:  # type: ignore[override]
        return self.nouns

    def citation(self, noun: Noun) -> str:
        return self.join(f"{self.articles['the'][slot(noun.gender, False)]} {noun.singular}")

    nouns: Nouns
    #: the, a, my, then your by register
    articles: dict[str, Forms] = {}
    adjectives: dict[str, Forms] = {}
    #: adjectives that stand before their noun
    before: frozenset[str] = frozenset()
    numbers: tuple[str, ...] = ()
    cities: dict[str, str] = {}
    places: dict[str, tuple[str, str]] = {}
    times: dict[str, str] = {}
    #: words of the frames: see the subclasses
    words: dict[str, str] = {}
    comparatives: dict[str, str] = {}
    often_last = True

    # -- noun phrases --------------------------------------------------------------------------------------------------

    def article(self, noun: Noun, thing: Thing, many: bool, o: Options) -> str:
        det = thing.det
        if det == "count":
            return self.number(thing.count, noun.gender)
        if det == "none":
            return self.bare(noun, many)
        if det == "your":
            det += "-" + o.register
        return self.articles[det][slot(noun.gender, many)]

    def number(self, count: int, gender: str) -> str:
        return self.numbers[count]

    def bare(self, noun: Noun, many: bool) -> str:
        """The article of a mass noun or an indefinite plural."""
        return ""

    def adjective(self, name: str, noun: Noun, many: bool) -> str:
        return self.adjectives[name][slot(noun.gender, many)]

    def phrase(self, noun: Noun, thing: Thing, o: Options, article: str | None = None) -> str:
        many = thing.plural or thing.det == "count"
        words = [self.article(noun, thing, many, o) if article is None else article]
        head = noun.plural if many else noun.singular
        if thing.adjective:
            adjective = self.adjective(thing.adjective, noun, many)
            words += [adjective, head] if thing.adjective in self.before else [head, adjective]
        else:
            words.append(head)
        return self.join(" ".join(word for word in words if word))

    def candidates(self, thing: Thing, o: Options) -> list[Noun]:
        return self.nouns.choose(thing, thing.lexeme in o.terms)

    def noun_phrase(self, thing: Thing, o: Options) -> Part:
        if thing.det == "name":
            return self.named(thing)
        return tuple(self.phrase(noun, thing, o) for noun in self.candidates(thing, o))

    def named(self, thing: Thing) -> Part:
        return self.name(thing)

    def of(self, part: Part) -> Part:
        """`part` after the preposition that joins nouns, contracted."""
        return self.after("de", part)

    def after(self, preposition: str, part: Part) -> Part:
        joined = attach(preposition, part)
        return self.join(joined) if isinstance(joined, str) else tuple(self.join(word) for word in joined)

    pronouns_subject: dict[str, str] = {}

    def subjects(self, thing: Thing, options: Options) -> list[Subject]:
        if thing.det == "we":
            return [Subject(word, "m", True, 1) for word in self.pronouns_subject["we"].split("|")]
        if thing.det == "name":
            named = self.named(thing)
            gender = human_gender(thing.lexeme)
            return [Subject(text, gender) for text in ((named,) if isinstance(named, str) else named)]
        many = thing.plural or thing.det == "count"
        if thing.det == "pronoun":
            human = thing.gender or human_gender(thing.lexeme)
            gender = human or self.candidates(thing, options)[0].gender
            return [
                Subject(word, gender, many, pronoun=True)
                for word in self.pronouns_subject[
                    ("person " if human else "thing ") + gender + (" plural" if many else "")
                ].split("|")
            ]
        return [
            Subject(self.phrase(noun, thing, options), noun.gender, many) for noun in self.candidates(thing, options)
        ]

    def object(self, thing: Thing, meaning: Meaning, options: Options) -> Part:
        return self.noun_phrase(thing, options)

    def inside(self, place: Thing) -> Part:
        if place.det == "name":
            return self.in_city(self.cities.get(place.lexeme, place.lexeme))
        return choice(self.places[place.lexeme][0])

    def in_city(self, city: str) -> str:
        return f"{self.words['in city']} {city}"

    def towards(self, place: Thing) -> Part:
        return choice(self.places[place.lexeme][1])

    def when(self, time: str) -> Part:
        return choice(self.times[time])

    def _around(self, m: Meaning) -> tuple[Part, Part]:
        adverb = m.time and (self.often_last or m.time != "often")
        return (self.inside(m.place) if m.place else ""), (self.when(m.time) if adverb else "")

    # -- frames ------------------------------------------------------------------------------------------------------

    def be(self, verb: str, many: bool) -> Part:
        """A form of `words`, as `one;many`, with `|` between what is accepted."""
        return choice(self.words[verb].split(";")[many])

    def exist(self, m: Meaning, o: Options) -> list[Line]:
        place, there, thing = self.inside(m.place), choice(self.words["there is"]), self.noun_phrase(m.object, o)
        return [(there, thing, place), (self.fronted(place), there, thing), (place, there, thing)]

    def have(self, m: Meaning, o: Options) -> list[Line]:
        return [(s.text, self.be("has", s.plural), self.noun_phrase(m.object, o)) for s in self.subjects(m.subject, o)]

    #: adjectives of passing states, where the copula differs
    passing = frozenset(("tired", "happy", "sick", "clean", "dirty", "open", "closed", "hot", "cold"))

    def attr(self, m: Meaning, o: Options) -> list[Line]:
        time = self.when(m.time) if m.time else ""
        copula = ("was" if m.tense == "past" else "is") + (" passing" if m.adjective in self.passing else "")
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            word = self.adjectives[m.adjective][slot(s.gender, s.plural)]
            made += self.arrange(s.text, self.be(copula, s.plural), (word,), "", time, self.front_time)
        return made

    def isa(self, m: Meaning, o: Options) -> list[Line]:
        gender = human_gender(m.subject.lexeme)
        entries = self.candidates(m.object, o)
        noun = next((n for n in entries if n.gender == gender), entries[0])
        return [(s.text, self.be("is", s.plural), noun.singular) for s in self.subjects(m.subject, o)]

    def compare(self, m: Meaning, o: Options) -> list[Line]:
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            forms = [self.compared(form, s) for form in self.comparatives[m.adjective].split("|")]
            for than in self.words["than"].split("|"):
                other = self.after(than, self.noun_phrase(m.object, o))
                made.append((s.text, self.be("is", s.plural), tuple(forms), other))
        return made

    def compared(self, form: str, s: Subject) -> str:
        """`mais novo,mais nova,...` gives the form that agrees; a single one does not change."""
        options = form.split(",")
        return options[slot(s.gender, s.plural)] if len(options) == 4 else options[0]

    def price(self, m: Meaning, o: Options) -> list[Line]:
        verb = "cost" if m.tense == "past" else "costs"
        return [(s.text, self.be(verb, s.plural), self.value(m, o)) for s in self.subjects(m.subject, o)]

    def weigh(self, m: Meaning, o: Options) -> list[Line]:
        return [(s.text, self.be("weighs", s.plural), self.value(m, o)) for s in self.subjects(m.subject, o)]

    def distance(self, m: Meaning, o: Options) -> list[Line]:
        origin = self.of(self.noun_phrase(m.object, o))
        away = choice(*(attach(self.words["at distance"], self.value(m, o)),))
        return [(s.text, choice(self.words["lies"]), away, origin) for s in self.subjects(m.subject, o)]

    def temperature(self, m: Meaning, o: Options) -> list[Line]:
        place, time = self.inside(m.place), self.when(m.time)
        verb = choice(self.words["degrees past" if m.time == "yesterday" else "degrees"])
        lines = [(verb, self.value(m, o), place, time), (self.fronted(time), verb, self.value(m, o), place)]
        if self.front_time:
            lines.reverse()
        return [*lines, (self.fronted(place), verb, self.value(m, o), time)]

    def weather(self, m: Meaning, o: Options) -> list[Line]:
        place, time = self.inside(m.place), self.when(m.time)
        verb = choice(self.words[m.verb + (" past" if m.time == "yesterday" else "")])
        lines = [(verb, place, time), (self.fronted(time), verb, place)]
        if self.front_time:
            lines.reverse()
        return [*lines, (self.fronted(place), verb, time)]

    def population(self, m: Meaning, o: Options) -> list[Line]:
        noun = self.nouns.first(m.object.lexeme).plural
        return [(s.text, self.be("has", False), self.value(m, o), noun) for s in self.subjects(m.subject, o)]

    def percent(self, m: Meaning, o: Options) -> list[Line]:
        time, price = (
            self.when(m.time),
            self.after(self.words["price of"], self.noun_phrase(replace(m.object, det="the"), o)),
        )
        verb = choice(self.words[m.verb])
        lines = []
        for by in self.words["by percent"].split("|"):
            value = attach(by, self.value(m, o)) if by else self.value(m, o)
            pair: list[Line] = [(price, verb, value, time), (self.fronted(time), price, verb, value)]
            lines += pair[::-1] if self.front_time else pair
        return lines

    def date(self, m: Meaning, o: Options) -> list[Line]:
        verb = choice(self.words["on is" if m.verb == "be" else m.verb])
        whens = choice(*(attach(on, self.value(m, o)) for on in self.words["on date"].split("|")))
        return [(s.text, verb, whens) for s in self.subjects(m.subject, o)]

    def at(self, m: Meaning, o: Options) -> Part:
        """At a time of the clock."""
        return attach(self.words["at time"], self.value(m, o))

    def clock(self, m: Meaning, o: Options) -> list[Line]:
        verb, when, day = choice(self.words[m.verb]), self.at(m, o), (self.when(m.time) if m.time else "")
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            made.append((s.text, verb, day, when) if self.day_first else (s.text, verb, when, day))
            if day:
                made.append((s.text, verb, when, day) if self.day_first else (s.text, verb, day, when))
                made.append((self.fronted(day), s.text, verb, when))
        return made

    day_first = True

    def appointment(self, m: Meaning, o: Options) -> list[Line]:
        day, thing = (self.when(m.time) if m.time else ""), choice(self.words["appointment"])
        when: Part
        if m.unit == "date":
            when = choice(*(attach(on, self.value(m, o)) for on in self.words["on date"].split("|")))
        else:
            when = self.at(m, o)
        made: list[Line] = []
        for s in self.subjects(m.subject, o):
            verb = self.be("has", s.plural)
            made.append((s.text, verb, thing, day, when))
            if day:
                made.append((self.fronted(day), s.text, verb, thing, when))
        return made

    def where(self, m: Meaning, o: Options) -> list[Line]:
        return [
            self.question(
                (self.words["where"], self.be("lies question", m.subject.plural), self.noun_phrase(m.subject, o))
            )
        ]

    def give(self, m: Meaning, o: Options) -> list[Line]:
        time = self.when(m.time) if m.time else ""
        to, thing = self.after(self.words["to"], self.noun_phrase(m.recipient, o)), self.noun_phrase(m.object, o)
        return [
            line
            for s in self.subjects(m.subject, o)
            for line in self.arrange(s.text, self.giving(m, s), (thing, to), "", time, self.front_time)
        ]

    def giving(self, m: Meaning, s: Subject) -> Part:
        return self.predicate(m, s)
