"""localisation.glossary: the terms of a glossary, used as it says."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from towerplus.errors import UserError
from towerplus.languages.formats import normalise
from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed
from towerplus.verify.localisation import spans
from towerplus.verify.localisation.renderings import is_copy

KIND = "localisation.glossary"
#: A response with a larger share of its letters in terms is a list of terms, ...
DUMP = 0.8
#: ... unless the terms make up more than this share of the source's letters too.
MOST_OF_SOURCE = 0.6


@dataclass(frozen=True, slots=True)
class Terms:
    """Forms to look for (folded), longest first, with the indices of their terms (two terms may share a form); each
    term's name and count, and the letters that the terms have in the source."""

    forms: tuple[tuple[str, tuple[int, ...]], ...]
    names: tuple[str, ...]
    counts: tuple[int, ...]
    source_letters: int


def check(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """Argument `terms`: a list of {source, target: accepted forms, count (1 when absent)}. Each term must stand at
    least `count` times in one of its forms, whatever the case, on word boundaries (anywhere in scripts that part no
    words); what counts for a longer form does not count for a shorter one inside it. The score is the share of the
    terms found. A response that is little more than the terms fails."""
    try:
        key = tuple(
            (
                term["source"],
                (forms,) if isinstance(forms := term["target"], str) else tuple(forms),
                term.get("count", 1),
            )
            for term in arguments["terms"]
        )
    except (KeyError, TypeError) as error:
        raise UserError(f"{KIND}: terms are a list of {{source, target, count}}; trouble with {error}") from None
    if is_copy(response, task):
        return failed("the source, copied")
    terms = _terms(key)
    text = _fold(response)
    taken: list[tuple[int, int]] = []
    found = [0] * len(terms.names)
    for form, indices in terms.forms:
        start = text.find(form)
        while start >= 0:
            end = start + len(form)
            if spans.word(text, start, end) and spans.free(taken, start, end):
                taken.append((start, end))
                lacking = [index for index in indices if found[index] < terms.counts[index]]
                found[(lacking or indices)[0]] += 1
                start = end - 1
            start = text.find(form, start + 1)
    for name, count, wanted in zip(terms.names, found, terms.counts, strict=True):
        if count < wanted:
            reached = sum(min(pair) for pair in zip(found, terms.counts, strict=True))
            return failed(f"{name}: {count} of {wanted}", reached / sum(terms.counts))
    if _is_dump(text, taken, task, terms):
        return failed("a list of the terms, not a translation")
    return PASSED


def _is_dump(text: str, taken: list[tuple[int, int]], task: Task, terms: Terms) -> bool:
    letters = _letters(text)
    inside = sum(_letters(text[start:end]) for start, end in taken)
    if not task.source or inside <= DUMP * letters:
        return False
    return terms.source_letters < MOST_OF_SOURCE * _letters(task.source)


@functools.lru_cache(maxsize=4096)
def _terms(key: tuple[tuple[str, tuple[str, ...], int], ...]) -> Terms:
    forms: dict[str, list[int]] = {}
    for index, (source, targets, count) in enumerate(key):
        if not targets or not all(targets) or count < 1:
            raise UserError(f"{KIND}: the term {source!r} needs a target form and a count of at least 1")
        for target in targets:
            indices = forms.setdefault(_fold(target), [])
            if index not in indices:
                indices.append(index)
    return Terms(
        forms=tuple(sorted(((form, tuple(of)) for form, of in forms.items()), key=lambda item: -len(item[0]))),
        names=tuple(targets[0] for _, targets, _ in key),
        counts=tuple(count for *_, count in key),
        source_letters=sum(_letters(source) * count for source, _, count in key),
    )


def _fold(text: str) -> str:
    return normalise(text).casefold()


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))
