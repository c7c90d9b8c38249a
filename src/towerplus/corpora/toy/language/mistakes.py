"""Translations that a machine gets wrong: what preferences and judgements hold against the right ones."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from towerplus.corpora.toy.language import grammar_of, lexicon
from towerplus.corpora.toy.language.grammar import Options
from towerplus.corpora.toy.language.meaning import Meaning, Thing

#: articles, possessives and endings that a machine mixes up, by locale
CONFUSED: dict[str, dict[str, str]] = {
    "en-US": {"a": "an", "an": "a", "is": "are", "are": "is", "has": "have", "have": "has", "was": "were"},
    "de": {
        "der": "die", "die": "das", "das": "der", "den": "dem", "dem": "den", "ein": "eine", "eine": "ein",
        "einen": "ein", "Ihr": "Ihre", "Ihre": "Ihren", "Ihren": "Ihr", "dein": "deine", "deine": "deinen",
        "deinen": "dein", "mein": "meine", "meine": "mein", "ist": "sind", "hat": "haben", "haben": "hat", "im": "in",
    },
    "fr": {
        "le": "la", "la": "le", "un": "une", "une": "un", "du": "de la", "au": "à la", "votre": "vos", "ton": "ta",
        "ta": "ton", "mon": "ma", "ma": "mon", "a": "ont", "est": "sont",
    },
    "pt-PT": {
        "o": "a", "a": "o", "um": "uma", "uma": "um", "no": "na", "na": "no", "do": "da", "da": "do", "seu": "sua",
        "sua": "seu", "teu": "tua", "tua": "teu", "meu": "minha", "minha": "meu",
    },
    "es-419": {"el": "la", "la": "el", "un": "una", "una": "un", "al": "a la", "del": "de la", "su": "sus",
    "tu": "tus", "mi": "mis"},
    "ru": {
        "в": "на", "на": "в", "мой": "моя", "моя": "мой", "ваш": "ваша", "вашу": "ваш", "свой": "своя", "свою": "свой",
        "твой": "твоя", "твою": "твой", "у": "от", "два": "две", "две": "два",
    },
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")


def mistaken(rng: Random, meaning: Meaning, text: str, locale: str, options: Options, accepted: list[str]) -> str:
    """`text`, a right translation of `meaning` in `locale`, with one mistake: a word dropped, said twice or changed
    into the wrong gender, number or case, or another noun. Never one of `accepted`."""
    right = set(accepted)
    makers = [_confused, _confused, _dropped, _repeated, _misnamed]
    rng.shuffle(makers)
    for make in [*makers, _dropped, _repeated]:
        wrong = make(rng, meaning, text, locale, options)
        if wrong and wrong not in right:
            return wrong
    raise AssertionError(f"no mistake found for {text!r}")


def _confused(rng: Random, meaning: Meaning, text: str, locale: str, options: Options) -> str:
    table = CONFUSED[locale]
    places = [found for found in _WORD.finditer(text) if found.start() and found[0] in table]
    if not places:
        return ""
    found = rng.choice(places)
    return text[: found.start()] + table[found[0]] + text[found.end() :]


def _dropped(rng: Random, meaning: Meaning, text: str, locale: str, options: Options) -> str:
    words = text.split(" ")
    inner = [i for i in range(1, len(words) - 1) if words[i].isalpha()]
    if not inner:
        return ""
    place = rng.choice(inner)
    return " ".join(words[:place] + words[place + 1 :])


def _repeated(rng: Random, meaning: Meaning, text: str, locale: str, options: Options) -> str:
    words = text.split(" ")
    place = rng.randrange(1, len(words)) if len(words) > 1 else 0
    return " ".join([*words[:place], words[place - 1 if place else 0].rstrip(".,?!"), *words[place:]])


def _misnamed(rng: Random, meaning: Meaning, text: str, locale: str, options: Options) -> str:
    """Another noun where the object was."""
    thing = meaning.object
    if thing is None or thing.det in ("name", "pronoun") or meaning.frame in ("population", "isa"):
        return ""
    words = [w for w in lexicon.OBJECTS + lexicon.FRUIT if w not in lexicon.WITHHELD and w != thing.lexeme]
    other = Thing(rng.choice(words), thing.det if thing.det != "none" else "the", thing.plural, "", thing.count)
    return grammar_of(locale).say(replace(meaning, object=other), options)
