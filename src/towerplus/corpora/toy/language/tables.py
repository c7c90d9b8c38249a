"""Noun tables, written as one line a lexeme."""

from __future__ import annotations

from dataclasses import dataclass

from towerplus.corpora.toy.language.lexicon import PROFESSIONS
from towerplus.corpora.toy.language.meaning import Thing


@dataclass(frozen=True, slots=True)
class Noun:
    """Singular, gender (m, f, n), plural and what the locale marks besides."""

    singular: str
    gender: str
    plural: str
    marks: str = ""


class Nouns(dict[str, list[Noun]]):
    """lexeme -> its nouns: preferred first, then synonyms; of professions, the preferred gender and the other."""

    def first(self, lexeme: str) -> Noun:
        return self[lexeme][0]

    def choose(self, thing: Thing, glossary: bool = False) -> list[Noun]:
        """The nouns that `thing` may be called: of the gender it has, else all; in the plural of mixed company the
        masculine first; only the second where the glossary rules."""
        entries = self[thing.lexeme]
        if len(entries) == 1:
            return entries
        if thing.lexeme in PROFESSIONS:
            if thing.gender:
                return [noun for noun in entries if noun.gender == thing.gender] or entries
            if thing.plural or thing.det == "count":
                return sorted(entries, key=lambda noun: noun.gender == "f")
            return entries
        return entries[1:2] if glossary else entries


def nouns(text: str) -> Nouns:
    """Parse lines such as ``bag: Tasche f Taschen | Beutel m Beutel``; `_` stands for a space inside a noun."""
    table = Nouns()
    for line in text.strip().splitlines():
        lexeme, _, rest = line.partition(":")
        table[lexeme] = [Noun(*(word.replace("_", " ") for word in entry.split())) for entry in rest.split("|")]
    return table
