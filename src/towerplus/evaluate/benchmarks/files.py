"""Scoring answers that are in files already: what `tower score` reads and gives back. No model is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from towerplus.corpora.base import Reject, lines
from towerplus.errors import UserError


@dataclass(frozen=True, slots=True)
class FileScores:
    """The scores of a file of answers.

    Attributes:
        figures: counts and accuracies, JSON-able.
        verdicts: a row for each verdict, with its reason.
        table: heading first, then rows of text to show.
        notes: what a reader must know beside the figures, such as missing answers.
    """

    figures: dict[str, Any]
    verdicts: list[dict[str, Any]]
    table: list[tuple[str, ...]]
    notes: list[str] = field(default_factory=list)


def objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a JSON Lines file (.gz and .zst too), each with its place, FILE:LINE; blank lines are none.

    UserError at the first line that is no JSON object.
    """
    for number, line in lines(str(path)):
        where = f"{path}:{number}"
        if isinstance(line, Reject):
            raise UserError(line.reason, where)
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            raise UserError(f"not JSON: {error.msg} at character {error.pos + 1}", where) from None
        except (RecursionError, ValueError) as error:
            raise UserError(f"not JSON that can be read: {error}", where) from None
        if not isinstance(value, dict):
            raise UserError("not a JSON object", where)
        yield where, value


def text(row: Mapping[str, Any], name: str, where: str) -> str:
    """A text of the row; UserError where it is missing or none."""
    if name not in row:
        raise UserError(f"no {name!r}; there are {', '.join(map(repr, row)) or 'none'}", where)
    if not isinstance(row[name], str):
        raise UserError(f"{name!r} is {type(row[name]).__name__}, not text", where)
    return str(row[name])


def read_answers(path: Path, names: tuple[str, ...]) -> tuple[str, dict[Any, str]]:
    """The answers of a JSON Lines file: which of `names` they go by, and `response` by its value.

    The first line tells the name; where it has none of them, the name is empty and answers go by their order, from 0.
    UserError where two different answers go by the same value.
    """
    found: dict[Any, str] = {}
    places: dict[Any, str] = {}
    by: str | None = None
    for where, row in objects(path):
        if by is None:
            by = next((name for name in names if name in row), "")
        if by and by not in row:
            raise UserError(f"no {by!r}, which the first line has", where)
        value = row[by] if by else len(found)
        if not isinstance(value, str | int):
            raise UserError(f"{by!r} is {type(value).__name__}, neither text nor a number", where)
        response = text(row, "response", where)
        if found.setdefault(value, response) != response:
            raise UserError(f"a second answer for {by} {str(value)[:60]!r}; the first is at {places[value]}", where)
        places.setdefault(value, where)
    if by is None:
        raise UserError("no answers in it", str(path))
    return by, found


def account(missing: list[str], unused: int, total: int, answers: Path, allow_missing: bool) -> list[str]:
    """Notes about answers that are not there or belong to nothing. UserError where some are missing, unless allowed.

    Args:
        missing: places of the questions without an answer.
        unused: the number of answers without a question.
    """
    notes = [f"answers to no question, left out: {unused} in {answers}"] if unused else []
    if not missing:
        return notes
    if len(missing) == total:
        raise UserError(
            f"none of the {total} questions has an answer here; do the files belong together?", str(answers)
        )
    said = f"without an answer in {answers}: {len(missing)} of {total} questions"
    if not allow_missing:
        raise UserError(f"{said}, this one first; --allow-missing counts such as failed", missing[0])
    return [*notes, f"{said}, counted as failed; the first is {missing[0]}"]
