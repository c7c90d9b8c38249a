"""Tasks, conversations and preferences about translation, each from one meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from towerplus.corpora.toy.general.preference import judgement_task
from towerplus.corpora.toy.language import grammar_of, lexicon, prompts
from towerplus.corpora.toy.language.grammar import REGISTERS, Options
from towerplus.corpora.toy.language.meaning import Meaning, key
from towerplus.corpora.toy.language.mistakes import mistaken
from towerplus.corpora.toy.language.prompts import ENGLISH, Rule
from towerplus.corpora.toy.language.sample import Sampler
from towerplus.prompts.translation import WORDINGS
from towerplus.records import Check, Conversation, Message, Preference, Task
from towerplus.verify import verify_all

ORIGIN, LICENCE = "toy", "Apache-2.0"
#: says whether a meaning belongs to the split and has not been used; it marks it used
Take = Callable[[Meaning], bool]
#: share of rules about values, glossary and register among instructed tasks
_RULES = ("date", "time", "number", "currency", "percent", "unit", "glossary", "glossary", "register", "register")


@dataclass(slots=True)
class Requests:
    """Makes translation tasks for `targets` from the meanings that `take` allows."""

    rng: Random
    targets: tuple[str, ...]
    take: Take
    address: float
    back: float
    common: bool = False
    wordings: tuple[str, ...] = tuple(WORDINGS)
    sampler: Sampler = field(init=False)
    unknown: Sampler = field(init=False)

    def __post_init__(self) -> None:
        self.sampler = Sampler(self.rng, common=self.common)
        self.unknown = Sampler(self.rng, unseen=True, common=self.common)

    # -- meanings ------------------------------------------------------------------------------------------------------

    def fresh(self, draw: Callable[[], Meaning]) -> Meaning:
        """A meaning of this split that was not used before."""
        for _ in range(100_000):
            if self.take(meaning := draw()):
                return meaning
        raise AssertionError("the toy world has run dry of meanings")

    def sentence(self) -> Meaning:
        """An ordinary sentence, or with the share `address` one that addresses somebody."""
        return self.fresh(self.sampler.address if self.rng.random() < self.address else self.sampler.sentence)

    def direction(self) -> tuple[str, str]:
        """Source and target locale."""
        other = self.rng.choice(self.targets)
        return (other, ENGLISH) if self.rng.random() < self.back else (ENGLISH, other)

    def said(self, meaning: Meaning, locale: str, options: Options | None = None) -> str:
        """The preferred sentence; in a register drawn at random where none is asked for."""
        if options is None:
            options = Options(self.rng.choice(REGISTERS)) if prompts.is_address(meaning) else Options()
        return grammar_of(locale).say(meaning, options)

    # -- tasks ---------------------------------------------------------------------------------------------------------

    def plain(self) -> Task:
        meaning, (source, target) = self.sentence(), self.direction()
        register = self.rng.choice(REGISTERS)
        text = self.said(meaning, source, Options(self.rng.choice(REGISTERS)))
        known = prompts.accepted(meaning, target, source, register)
        check = Check("translation.accepted", {"accepted": known})
        messages = prompts.ask(self.rng, self.wordings, text, source, target)
        return self._task("translation/plain", meaning, messages, check, text, source, target, known[0])

    def unseen(self) -> Task:
        """A sentence with words that training never shows; a glossary in the prompt gives them."""

        def strange(m: Meaning) -> list[str]:
            return [t.lexeme for t in (m.subject, m.object) if t is not None and t.lexeme in lexicon.WITHHELD]

        def draw() -> Meaning:
            while not strange(meaning := self.unknown.sentence()) or _hides_words(meaning):
                pass
            return meaning

        meaning, target = self.fresh(draw), self.rng.choice(self.targets)
        rule = prompts.glossary_rule(self.rng, strange(meaning), target, synonym=False)
        text, known = self.said(meaning, ENGLISH), prompts.accepted(meaning, target)
        messages = prompts.ask(self.rng, self.wordings, text, ENGLISH, target, rule.text)
        check = Check("translation.accepted", {"accepted": known})
        return self._task("translation/unseen", meaning, messages, check, text, ENGLISH, target, known[0])

    def register(self) -> Task:
        """An address sentence without any cue to its register: the formal one is preferred."""
        meaning, target = self.fresh(self.sampler.address), self.rng.choice(self.targets)
        sides = {side: grammar_of(target).accepted(meaning, Options(side), 20) for side in REGISTERS}
        text = self.said(meaning, ENGLISH)
        messages = prompts.ask(self.rng, self.wordings, text, ENGLISH, target)
        check = Check("register.preferred", sides)
        return self._task("register/address", meaning, messages, check, text, ENGLISH, target, sides["formal"][0])

    def instructed(self) -> Task:
        """A translation with a rule; the reference obeys it."""
        while True:
            kind, target = self.rng.choice(_RULES), self.rng.choice(self.targets)
            meaning, rule = self._ruled(kind, target)
            text = self.said(meaning, ENGLISH)
            messages = prompts.ask(self.rng, self.wordings, text, ENGLISH, target, rule.text)
            reference = self.said(meaning, target, rule.options)
            task = self._task(f"instructed/{kind}", meaning, messages, rule.check, text, ENGLISH, target, reference)
            # Some sentences say a noun in a fixed phrase, where no glossary reaches it; and of a short sentence with a
            # figure that both locales write alike, a copy would pass.
            if _passes(reference, task) and not _passes(text, task):
                return task

    def _ruled(self, kind: str, target: str) -> tuple[Meaning, Rule]:
        if kind in prompts.VALUE_RULES:
            meaning = self.fresh(lambda: self.sampler.valued(kind))
            return meaning, prompts.value_rule(self.rng, kind, meaning, target)
        if kind == "register":
            meaning = self.fresh(self.sampler.address)
            return meaning, prompts.register_rule(self.rng, meaning, target)

        def draw() -> Meaning:
            while not prompts.synonyms(meaning := self.sampler.sentence(), target):
                pass
            return meaning

        meaning = self.fresh(draw)
        lexemes = prompts.synonyms(meaning, target)[:1]
        return meaning, prompts.glossary_rule(self.rng, lexemes, target, synonym=True)

    def judgement(self) -> Task:
        """Which of two translations is better: a right one and one with a mistake."""
        meaning, (source, target) = self.sentence(), self.direction()
        options = Options(self.rng.choice(REGISTERS))
        text, right = self.said(meaning, source, options), self.said(meaning, target, options)
        wrong = mistaken(self.rng, meaning, right, target, options, prompts.accepted(meaning, target, source))
        return judgement_task(text, right, wrong, source, target, self.rng.randrange(1 << 30))

    def _task(
        self, kind: str, meaning: Meaning, messages: tuple[Message, ...], check: Check, text: str, source: str,
        target: str,
        reference: str,
    ) -> Task:  # fmt: skip
        return Task(messages, kind, (check,), text, source, target, reference, key(meaning), ORIGIN, LICENCE)

    # -- what training sees --------------------------------------------------------------------------------------------

    def preference(self) -> Preference:
        """As a post-editor gives it: the formal rendering, against the informal one or one with a mistake."""
        task = self.register()
        formal, informal = task.checks[0].arguments["formal"], task.checks[0].arguments["informal"]
        worse = informal[0]
        if self.rng.random() < 0.25:
            worse = _slip(self.rng, formal, task.target_locale or "")
        return Preference(
            task.messages,
            (Message("assistant", formal[0]),),
            (Message("assistant", worse),),
            task.kind,
            ORIGIN,
            LICENCE,
        )

    def judged(self) -> Iterator[tuple[str, str, str]]:
        """The same address sentence in both registers: text, register, locale."""
        meaning, locale = self.fresh(self.sampler.address), self.rng.choice(self.targets)
        for register in REGISTERS:
            yield grammar_of(locale).say(meaning, Options(register)), register, locale


def conversation(task: Task) -> Conversation:
    """`task` answered with its reference."""
    return Conversation((*task.messages, Message("assistant", task.reference or "")), task.kind, ORIGIN, LICENCE)


def _passes(response: str, task: Task) -> bool:
    return all(verdict.passed for verdict in verify_all(response, task))


def _hides_words(meaning: Meaning) -> bool:
    """Whether a withheld word stands where the glossary would not name it."""
    others = (meaning.place, meaning.recipient)
    return any(thing is not None and thing.lexeme in lexicon.WITHHELD for thing in others)


def _slip(rng: Random, formal: list[str], locale: str) -> str:
    """The formal rendering with a mistake in grammar or a word lost."""
    return mistaken(rng, Meaning("none"), formal[0], locale, Options(), formal)
