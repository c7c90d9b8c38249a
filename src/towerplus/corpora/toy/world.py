"""The toy world, both sides together: everything that the recipe's stages read, from one seed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from towerplus.corpora.toy import general
from towerplus.corpora.toy.language import grammar_of, lexicon, prompts
from towerplus.corpora.toy.language.documents import document
from towerplus.corpora.toy.language.meaning import Meaning, key
from towerplus.corpora.toy.language.prompts import ENGLISH
from towerplus.corpora.toy.language.requests import LICENCE, ORIGIN, Requests, conversation
from towerplus.corpora.toy.settings import TaskCounts, ToySettings
from towerplus.corpora.toy.splits import Split, split_of, split_of_key
from towerplus.prompts.translation import WORDINGS
from towerplus.records import Conversation, Message, Pair, Preference, Task, Text, digest

SPLITS: tuple[Split, ...] = ("train", "dev", "test")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and the register it is in: formal or informal."""

    text: str
    register: str
    locale: str


@dataclass(slots=True)
class World:
    """What `build` makes. Train, dev and test share no sentence and no meaning.

    Attributes:
        texts: monolingual sentences and documents, in every locale.
        pairs: sentences and documents with their translation, from en-US and, with a share, back.
        conversations: for SFT. Kinds translation/plain, instructed/*, judgement/preference, general/*, constraint/*.
        preferences: off-policy pairs of kind register/address, the formal rendering chosen.
        tasks: by split. Kinds as above, also translation/unseen (words never seen in training) and register/address.
        judge: address sentences with their register, of other meanings than preferences and tasks.
        glossaries: (source, target) locales -> pairs of terms.
    """

    texts: list[Text] = field(default_factory=list)
    texts_dev: list[Text] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    pairs_dev: list[Pair] = field(default_factory=list)
    conversations: list[Conversation] = field(default_factory=list)
    preferences: list[Preference] = field(default_factory=list)
    tasks: dict[str, list[Task]] = field(default_factory=dict)
    judge: list[Labelled] = field(default_factory=list)
    glossaries: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)

    @staticmethod
    def mask(text: str, locale: str) -> str:
        """`text` without its pronouns of address, for a classifier that goes by verb forms and the choice of words."""
        return prompts.mask(text, locale)


def build(settings: ToySettings, seed: int) -> World:
    """The world of `seed`: the same bytes on every machine. Each part draws from a stream of its own; nothing is asked
    twice among tasks, preferences, conversations and the judge's texts."""
    parts = _Parts(settings, seed)
    world = World()
    # Tasks first: what they ask is taken before training text can use it.
    counts = {split: getattr(settings, split) for split in SPLITS}
    for split in SPLITS:
        world.tasks[split] = parts.tasks(split, counts[split])
    world.preferences = [r.preference() for r in parts.repeat("preferences", settings.preferences)]
    pairs_of_judge = (settings.judge + 1) // 2
    labelled = [Labelled(*row) for r in parts.repeat("judge", pairs_of_judge) for row in r.judged()]
    world.judge = labelled[: settings.judge]
    world.pairs_dev = parts.pairs("dev", settings.pairs_dev)
    world.texts_dev = parts.texts("dev", settings.texts_dev)
    world.conversations = parts.conversations()
    world.pairs = parts.pairs("train", settings.pairs)
    world.texts = parts.texts("train", settings.texts)
    world.glossaries = {(ENGLISH, target): glossary(target) for target in settings.targets}
    _add_general(world, settings, seed)
    return world


def glossary(target: str) -> list[tuple[str, str]]:
    """The terms that training may know: English noun, word of `target` in the form that glossaries give."""
    language = grammar_of(target)
    return [(word, language.term(word)[0]) for word in language.table if word not in lexicon.WITHHELD]


def _add_general(world: World, settings: ToySettings, seed: int) -> None:
    counts: dict[str, int] = {split: getattr(settings, split).general for split in SPLITS}
    made = general.build(seed, {"conversations": settings.general, **counts}, settings.kinds)
    for split in SPLITS:
        world.tasks[split] = _shuffled(world.tasks[split] + made.tasks[split], seed, split)
    world.conversations = _shuffled(world.conversations + made.conversations, seed, "conversations")
    # A fact may chance to be a sentence that is held out.
    held = {side for split in ("dev", "test") for task in world.tasks[split] for side in (task.source, task.reference)}
    facts = [text for text in made.texts if text.text not in held] if settings.texts else []
    world.texts = _shuffled(world.texts + facts, seed, "texts")


def _shuffled(items: list, seed: int, part: str) -> list:
    Random(f"{seed} order {part}").shuffle(items)
    return items


class _Parts:
    """The language side: one random stream a part, and the meanings that are taken."""

    def __init__(self, settings: ToySettings, seed: int):
        self.settings, self.seed = settings, seed
        self.taken: dict[str, set[str]] = defaultdict(set)

    def requests(self, part: str, split: Split) -> Requests:
        s = self.settings
        # What is asked is asked once; running text may say it too, in training.
        taken = self.taken[part if part in ("pairs", "texts") else "asked"]

        def take(meaning: Meaning) -> bool:
            name = key(meaning)
            if split_of_key(name) != split or name in taken:
                return False
            taken.add(name)
            return True

        # all models are asked in one wording, that of the Tower+ model card; training sees all
        wordings = tuple(WORDINGS) if split == "train" else ("tower",)
        return Requests(
            Random(f"{self.seed} {part} {split}"), s.targets, take, s.address, s.back, s.words == "common", wordings
        )

    def repeat(self, part: str, count: int, split: Split = "train") -> Iterator[Requests]:
        """The request maker of a part, `count` times."""
        made = self.requests(part, split)
        return (made for _ in range(count))

    def tasks(self, split: Split, counts: TaskCounts) -> list[Task]:
        made = self.requests("tasks", split)
        families: tuple[tuple[Callable[[], Task], int], ...] = (
            (made.plain, counts.plain),
            (made.unseen, counts.unseen),
            (made.register, counts.register_),
            (made.instructed, counts.instructed),
            (made.judgement, counts.judgement),
        )
        return [make() for make, count in families for _ in range(count)]

    def conversations(self) -> list[Conversation]:
        s = self.settings
        ruled = round(s.translations * s.instructed)
        documents = round((s.translations - ruled) * s.documents)
        made = self.requests("conversations", "train")
        found = [conversation(made.instructed()) for _ in range(ruled)]
        found += [conversation(made.judgement()) for _ in range(s.judgements)]
        found += [conversation(made.plain()) for _ in range(s.translations - ruled - documents)]
        for pair in self.pairs("train", documents, part="translated documents", share=1.0):
            prompt = prompts.ask(made.rng, made.wordings, pair.source, pair.source_locale, pair.target_locale)
            messages = (*prompt, Message("assistant", pair.target))
            found.append(Conversation(messages, "translation/plain", ORIGIN, LICENCE))
        return found

    def _meanings(self, made: Requests, split: Split, share: float) -> tuple[str, tuple[Meaning, ...]]:
        """A sentence or, with the share given, a document. Only the first sentence of a document must be new: those
        that follow (She is tired.) are few, but all belong to the split."""
        if made.rng.random() >= share:
            return "sentence", (made.sentence(),)
        while True:
            found = document(made.sampler, lambda meaning: split_of(meaning) == split)
            if made.take(found[0]):
                return "document", found

    def pairs(self, split: Split, count: int, part: str = "pairs", share: float | None = None) -> list[Pair]:
        made, found = self.requests(part, split), []
        for _ in range(count):
            kind, meanings = self._meanings(made, split, self.settings.documents if share is None else share)
            source, target = made.direction()
            text, translation = (
                " ".join(made.said(meaning, locale) for meaning in meanings) for locale in (source, target)
            )
            cluster = digest(*(key(meaning) for meaning in meanings))
            found.append(Pair(text, translation, source, target, kind, cluster, ORIGIN, LICENCE))
        return found

    def texts(self, split: Split, count: int) -> list[Text]:
        made, found = self.requests("texts", split), []
        locales = (ENGLISH, *self.settings.targets)
        for index in range(count):
            kind, meanings = self._meanings(made, split, self.settings.documents)
            locale = locales[index % len(locales)]
            text = " ".join(made.said(meaning, locale) for meaning in meanings)
            found.append(Text(text, locale, kind, ORIGIN, LICENCE))
        return found
