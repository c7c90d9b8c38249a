"""What all tasks share that ask for a text about a topic of the toy world."""

from random import Random

from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.vocabulary import ANIMALS
from towerplus.records import Check

#: words that are no use as a keyword: they are in nearly every sentence
_PLAIN = {"The", "the", "is", "a", "an", "and", "in", "of", "on", "has", "there", "lives", "live", "likes", "wears"}


def called(topic: str) -> str:
    """How a prompt calls the topic: the cow, Anna, Porto."""
    return f"the {topic}" if topic in ANIMALS else topic


def about(*topics: str) -> tuple[Check, ...]:
    """The text names its topics and does not stutter ("cow cow cow" has three words too)."""
    return (Check("instruction.keywords.include", {"words": list(topics)}), Check("gate.no_repetition", {"times": 2}))


def sentence(rng: Random, world: World, topic: str, longest: int = 99) -> str:
    """A true sentence about `topic` of at most `longest` words (every topic has one of 4)."""
    lengths = [n for n in world.sentences[topic] if n <= longest]
    return rng.choice(world.sentences[topic][rng.choice(lengths)])


def short_sentences(world: World, topic: str) -> list[str]:
    """The true sentences about `topic` of at most 6 words: at least 4, each different."""
    return [text for n, same in world.sentences[topic].items() if n <= 6 for text in same]


def keywords(text: str, topic: str) -> list[str]:
    """The words of a sentence that say something about `topic`."""
    words = text.rstrip(".").split()
    return [word for word in words if word not in _PLAIN and word != topic]
