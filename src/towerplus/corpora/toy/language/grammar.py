"""What every toy grammar shares: frames for subject-verb-object order, and how sentences are finished.

A grammar turns a meaning into lines (see `rendering.py`). English and the Romance languages use the frames here and say
only how their subjects, verb phrases and objects look; German (verb second, verb bracket) and Russian (cases) order
the same parts in their own way.
"""

# ruff: noqa: RUF012 (class tables are constants)
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from towerplus.corpora.toy.language import values
from towerplus.corpora.toy.language.meaning import Meaning, Thing
from towerplus.corpora.toy.language.rendering import Line, Part, attach, expand, first
from towerplus.corpora.toy.language.tables import Noun, Nouns

REGISTERS = ("formal", "informal")


@dataclass(frozen=True, slots=True)
class Options:
    """How a meaning is to be said.

    Attributes:
        register: formal | informal, for address sentences.
        terms: lexemes for which the glossary's word, the second of the lexicon, is used.
        style: how dates, times, amounts and units are written; empty for the locale's usual way.
        loose: say definite and indefinite articles alike (the source language does not tell them apart).
    """

    register: str = "formal"
    terms: frozenset[str] = frozenset()
    style: str = ""
    loose: bool = False


PLAIN = Options()


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject and what agrees with it; `gender` is the grammatical gender of the locale."""

    text: str
    gender: str
    plural: bool = False
    person: int = 3
    pronoun: bool = False


def capitalised(text: str) -> str:
    """`text` with its first letter in upper case, whatever mark stands before it."""
    for index, letter in enumerate(text):
        if letter.isalpha():
            return text[:index] + letter.upper() + text[index + 1 :]
        if letter.isdigit():
            return text
    return text


class Grammar:
    """One language. Subclasses give the locale, the lexicon, the hooks and what differs in their frames."""

    locale = ""
    #: address: phrase -> wordings, by register
    openings: dict[str, dict[str, str]] = {}
    closings: dict[str, dict[str, str]] = {}
    #: pronouns and possessives of the second person, by register, in lower case
    pronouns: dict[str, tuple[str, ...]] = {"formal": (), "informal": ()}
    #: words that tell no register, though only one of the two has them in some sentence
    neutral: frozenset[str] = frozenset()
    question_mark = "?"
    question_open = ""

    # -- what users call -------------------------------------------------------------------------------------------

    def say(self, meaning: Meaning, options: Options = PLAIN) -> str:
        """The preferred sentence."""
        return self.finish(first(self.lines(meaning, options)[0]))

    def accepted(self, meaning: Meaning, options: Options = PLAIN, limit: int = 40) -> list[str]:
        """Every accepted sentence in the register of `options`, preferred first, at most `limit`."""
        return expand(self.lines(meaning, options), self.finish, limit)

    def lines(self, meaning: Meaning, options: Options) -> list[Line]:
        """The lines of a meaning; the frame's method is named as the frame."""
        return getattr(self, meaning.frame)(meaning, options)

    def finish(self, text: str) -> str:
        """Punctuation and capitals. A sentence that ends with an abbreviation's period needs no second one."""
        text = self.join(text).replace(" ,", ",")
        if text[-1] not in ".?!":
            text += "."
        return capitalised(text)

    def join(self, text: str) -> str:
        """Sandhi between words: elision, contraction."""
        return text

    def question(self, line: Sequence[Part]) -> Line:
        """`line` as a question."""
        asked = ended(line, self.question_mark)
        return (attach(self.question_open, asked[0], ""), *asked[1:]) if self.question_open else asked

    # -- hooks -----------------------------------------------------------------------------------------------------

    def subjects(self, thing: Thing, options: Options) -> list[Subject]:
        """`thing` as a subject: one entry a gender or synonym that is possible, preferred first."""
        raise NotImplementedError

    def predicate(self, meaning: Meaning, subject: Subject) -> Part:
        """The verb phrase without its object: tense, mood, negation, agreement."""
        raise NotImplementedError

    def object(self, thing: Thing, meaning: Meaning, options: Options) -> Part:
        """A direct object."""
        raise NotImplementedError

    def inside(self, place: Thing) -> Part:
        """In or at a place."""
        raise NotImplementedError

    def towards(self, place: Thing) -> Part:
        """To a place."""
        raise NotImplementedError

    def when(self, time: str) -> Part:
        """An adverbial of time."""
        raise NotImplementedError

    def value(self, meaning: Meaning, options: Options) -> tuple[str, ...]:
        """The accepted renderings of the meaning's number, date or time."""
        return values.render(meaning, self.locale, options.style)

    def has_synonym(self, lexeme: str) -> bool:
        """Whether the lexicon has a second word for `lexeme`, for a glossary to ask for."""
        return len(self.table[lexeme]) > 1

    def term(self, lexeme: str, synonym: bool = False) -> tuple[str, tuple[str, ...]]:
        """How a glossary cites the word for `lexeme` (with its article, where there is one), and all its forms."""
        noun = self.table[lexeme][1 if synonym else 0]
        return self.citation(noun), tuple(dict.fromkeys(self.inflected(lexeme, noun)))

    #: the lexicon's nouns; English has none, its lexemes are its words
    table: Nouns

    def citation(self, noun: Noun) -> str:
        """A noun as glossaries give it."""
        return noun.singular

    def inflected(self, lexeme: str, noun: Noun) -> tuple[str, ...]:
        """Every form of a noun, the singular first."""
        return (noun.singular, noun.plural)

    # -- frames of the SVO languages ---------------------------------------------------------------------------------

    def arrange(
        self, subject: Part, verb: Part, rest: Sequence[Part], place: Part, time: Part, front: bool
    ) -> list[Line]:
        """Subject-verb-object-place-time, and the time in front; `front` says which is preferred."""
        last: Line = (subject, verb, *rest, place, time)
        if not time:
            return [last]
        head: Line = (self.fronted(time), subject, verb, *rest, place)
        return [head, last] if front else [last, head]

    def fronted(self, time: Part) -> Part:
        return tuple(word + "," for word in ((time,) if isinstance(time, str) else time))

    front_time = False

    def front(self, m: Meaning) -> bool:
        """Whether the time stands in front by preference; what is done again and again keeps it at the end."""
        return self.front_time and m.tense != "present"

    def _around(self, m: Meaning) -> tuple[Part, Part]:
        adverb = m.time and m.time != "often"
        return (self.inside(m.place) if m.place else ""), (self.when(m.time) if adverb else "")

    def act(self, m: Meaning, o: Options) -> list[Line]:
        place, time = self._around(m)
        return [
            line
            for s in self.subjects(m.subject, o)
            for line in self.arrange(
                s.text, self.predicate(m, s), (self.object(m.object, m, o),), place, time, self.front(m)
            )
        ]

    def stay(self, m: Meaning, o: Options) -> list[Line]:
        place, time = self._around(m)
        return [
            line
            for s in self.subjects(m.subject, o)
            for line in self.arrange(s.text, self.predicate(m, s), (), place, time, self.front(m))
        ]

    def go(self, m: Meaning, o: Options) -> list[Line]:
        time = self.when(m.time) if m.time else ""
        return [
            line
            for s in self.subjects(m.subject, o)
            for line in self.arrange(s.text, self.predicate(m, s), (), self.towards(m.place), time, self.front_time)
        ]

    def who(self, m: Meaning, o: Options) -> list[Line]:
        place, time = self._around(m)
        who = Subject(self.who_word, "m")
        return [self.question((who.text, self.predicate(m, who), self.object(m.object, m, o), place, time))]

    who_word = ""

    # -- address -----------------------------------------------------------------------------------------------------

    def address(self, m: Meaning, o: Options, cores: list[Line], asks: bool) -> list[Line]:
        """`cores` between the meaning's opening and closing, in the register of `o`."""
        opening = self.openings[o.register][m.opening] + "," if m.opening else ""
        closing = self.closings[o.register][m.closing] if m.closing else ""
        if m.closing == "regards":
            closing += f", {self.name(m.recipient)}."
        made: list[Line] = []
        for core in cores:
            body = self.question(core) if asks else ended(core, "." if closing else "")
            made.append((opening, *body, closing))
        return made

    def name(self, thing: Thing) -> str:
        """A person's name as the locale writes it."""
        return thing.lexeme


def ended(line: Sequence[Part], mark: str) -> Line:
    """`line` with `mark` after its last word."""
    line = list(line)
    while line[-1] == "":
        line.pop()
    last = line[-1]
    line[-1] = last + mark if isinstance(last, str) else tuple(word + mark for word in last)
    return tuple(line)
