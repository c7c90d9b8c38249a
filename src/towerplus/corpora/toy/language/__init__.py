"""The language side of the toy world: meanings, their sampler, and one grammar a locale."""

from __future__ import annotations

import functools
import importlib
from typing import TYPE_CHECKING

from towerplus.errors import UserError

if TYPE_CHECKING:
    from towerplus.corpora.toy.language.grammar import Grammar

#: locale -> "module:class", below this package
GRAMMARS: dict[str, str] = {
    "en-US": "english:English",
    "de": "german:German",
    "fr": "french:French",
    "pt-PT": "portuguese:Portuguese",
    "es-419": "spanish:Spanish",
    "ru": "russian:Russian",
}


@functools.cache
def grammar_of(locale: str) -> Grammar:
    """The grammar of `locale`; UserError where the toy world does not speak it."""
    if locale not in GRAMMARS:
        raise UserError(f"the toy world does not speak {locale!r}; it speaks {', '.join(GRAMMARS)}")
    module, _, name = GRAMMARS[locale].partition(":")
    return getattr(importlib.import_module(f"{__name__}.{module}"), name)()
