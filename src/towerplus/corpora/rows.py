"""Rows with named columns (JSONL, TSV, Parquet) made into records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from towerplus.corpora.base import Reject, admit, is_locale, locale, origin, set_locale
from towerplus.corpora.settings import ConversationSource, ParallelSource, PreferenceSource, Source, TextSource
from towerplus.errors import UserError
from towerplus.records import Conversation, Message, Pair, Preference, Text, digest

Row = Mapping[Any, Any]
#: (file, number from 1, the row or why there is none)
Rows = Iterable[tuple[str, int, Row | Reject]]
S = TypeVar("S", bound=Source)
R = TypeVar("R", Text, Pair, Conversation, Preference)

#: what a record type can be made from: any of these sets of fields, tried in order
_FORMS: dict[str, tuple[tuple[str, ...], ...]] = {
    "texts": (("text",),),
    "pairs": (("source", "target"), ("translation",)),
    "conversations": (("messages",), ("prompt", "completion")),
    "preferences": (("chosen", "rejected"),),
}
_OPTIONAL = ("locale", "source_locale", "target_locale", "prompt", "kind", "cluster", "origin", "licence")
_ROLES = ("system", "user", "assistant")


class BadRow(Exception):
    """A row that makes no record, and why."""


def column(source: Source, field: str) -> str | int:
    """The column in which the source keeps a field."""
    return source.columns.get(field, field)


def _has(names: Collection[Any], name: str | int) -> bool:
    return name in names or (isinstance(name, str) and name.split(".")[0] in names)


def check_columns(source: Source, records: str, names: Collection[Any], where: str) -> None:
    """Raise UserError unless columns called `names` can make `records`."""
    for field in source.columns:
        known = {name for form in _FORMS[records] for name in form} | set(_OPTIONAL)
        if field not in known:
            raise UserError(f"unknown field {field!r} for {records}; known: {', '.join(sorted(known))}", "columns")
        if not _has(names, column(source, field)):
            break
    else:
        if any(all(_has(names, column(source, field)) for field in form) for form in _FORMS[records]):
            return
        field = next(field for field in _FORMS[records][0] if not _has(names, column(source, field)))
    there = ", ".join(repr(name) for name in names if isinstance(name, str))
    raise UserError(
        f"no column {column(source, field)!r} for {field!r}; there are {there or 'none'}; set columns.{field}", where
    )


def wanted(source: Source, records: str) -> set[str]:
    """The names of the columns that may be read."""
    fields = {field for form in _FORMS[records] for field in form} | set(_OPTIONAL)
    return {part for field in fields for name in [str(column(source, field))] for part in (name, name.split(".")[0])}


def build(records: str, make: Callable[[Row, S, str], R], rows: Rows, source: S) -> Iterator[R | Reject]:
    """Records of `rows` by `make(row, source, file)`; rows that make none become rejects. The columns of the first row
    of each file must fit the settings."""
    for field in ("locale", "source_locale", "target_locale"):
        set_locale(getattr(source, field, None), field)
    checked = None
    for file, number, row in rows:
        if isinstance(row, Reject):
            yield row
            continue
        if checked != file:
            check_columns(source, records, row.keys(), f"{file}:{number}")
            checked = file
        try:
            yield admit(make(row, source, file), source, file, number)
        except (BadRow, UserError) as error:
            yield Reject(file, number, str(error), str(dict(row))[:1000])


def _get(row: Row, source: Source, field: str) -> Any:
    """The value of a field; KeyError where the row has no such column."""
    name = column(source, field)
    if name in row or not isinstance(name, str):
        return row[name]
    value: Any = row
    for part in name.split("."):
        if not isinstance(value, Mapping):
            raise KeyError(name)
        value = value[part]
    return value


def _string(value: Any, field: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadRow(f"{field!r} is {type(value).__name__}, not text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadRow(f"{field!r} has half a surrogate pair") from None
    return value


def _text(row: Row, source: Source, field: str) -> str:
    try:
        return _string(_get(row, source, field), field)
    except KeyError:
        raise BadRow(f"no column {column(source, field)!r}") from None


def _optional(row: Row, source: Source, field: str) -> str:
    try:
        return _string(_get(row, source, field), field)
    except KeyError:
        return ""


def _about(row: Row, source: Source, file: str) -> dict[str, str]:
    """Origin and licence: as set, else as the row says."""
    return {
        "origin": source.origin or _optional(row, source, "origin") or origin(source, file),
        "licence": source.licence or _optional(row, source, "licence"),
    }


def _locale(row: Row, source: Source, field: str) -> str:
    if given := _optional(row, source, field):
        return locale(given)
    if tag := set_locale(getattr(source, field), field):
        return tag
    raise BadRow(f"the locale is not known; set {field}")


def text(row: Row, source: TextSource, file: str) -> Text:
    """A Text of columns text, locale?, kind?."""
    kind = _optional(row, source, "kind") or source.kind
    return Text(_text(row, source, "text"), _locale(row, source, "locale"), kind, **_about(row, source, file))


def _sides(row: Row, source: ParallelSource, file: str) -> tuple[str, str, str, str]:
    """Source, target and their locales, from two columns or from `translation: {en: ..., de: ...}`."""
    if column(source, "source") in row or "source" in source.columns or column(source, "translation") not in row:
        return (
            _text(row, source, "source"),
            _text(row, source, "target"),
            _locale(row, source, "source_locale"),
            _locale(row, source, "target_locale"),
        )
    table = _get(row, source, "translation")
    if not isinstance(table, Mapping):
        raise BadRow(f"'translation' is {type(table).__name__}, not texts by language")
    sides = []
    for place, field in enumerate(("source_locale", "target_locale")):
        tag = set_locale(getattr(source, field), field)
        keys = [key for key in table if _stands_for(key, tag)] if tag else list(table)[place : place + 1]
        if not keys or (tag is None and len(table) != 2):
            raise BadRow(f"'translation' has {', '.join(table)}: {'no ' + tag if tag else 'set ' + field}")
        sides.append((_string(table[keys[0]], f"translation.{keys[0]}"), tag or locale(keys[0])))
    return sides[0][0], sides[1][0], sides[0][1], sides[1][1]


def _stands_for(key: str, tag: str) -> bool:
    """Whether `key` means the locale `tag`: the same, or its bare language."""
    return locale(key) == tag if is_locale(key) else key.lower() == tag.split("-")[0]


def pair(row: Row, source: ParallelSource, file: str) -> Pair:
    """A Pair of columns source, target, source_locale?, target_locale?, kind?, cluster?; or of `translation`."""
    left, right, left_locale, right_locale = _sides(row, source, file)
    if left_locale == right_locale:
        raise BadRow(f"both sides are {left_locale}; set source_locale and target_locale")
    return Pair(
        left,
        right,
        left_locale,
        right_locale,
        kind=_optional(row, source, "kind") or source.kind,
        cluster=_optional(row, source, "cluster") or digest(left_locale, left),
        **_about(row, source, file),
    )


def _messages(value: Any, field: str, role: str) -> tuple[Message, ...]:
    """Messages of a list of {role, content}, or of a string that `role` says."""
    if isinstance(value, str):
        return (Message(role, _string(value, field)),)
    if not isinstance(value, list | tuple):
        raise BadRow(f"{field!r} is {type(value).__name__}, neither text nor messages")
    turns = []
    for turn in value:
        if not isinstance(turn, Mapping) or not {"role", "content"} <= set(turn):
            raise BadRow(f"{field!r} has a turn without 'role' and 'content'")
        if turn["role"] not in _ROLES:
            raise BadRow(f"{field!r} has the role {turn['role']!r}; known: {', '.join(_ROLES)}")
        turns.append(Message(turn["role"], _string(turn["content"], f"{field}.content")))
    return tuple(turns)


def _turns(row: Row, source: Source, field: str, role: str) -> tuple[Message, ...]:
    try:
        return _messages(_get(row, source, field), field, role)
    except KeyError:
        raise BadRow(f"no column {column(source, field)!r}") from None


def _ends_with_answer(messages: tuple[Message, ...], field: str) -> None:
    if not messages or messages[-1].role != "assistant":
        raise BadRow(f"{field!r} does not end with an assistant message")


def conversation(row: Row, source: ConversationSource, file: str) -> Conversation:
    """A Conversation of `messages`, or of `prompt` and `completion`."""
    if _has(row.keys(), column(source, "messages")):
        messages = _turns(row, source, "messages", "user")
    else:
        messages = _turns(row, source, "prompt", "user") + _turns(row, source, "completion", "assistant")
    _ends_with_answer(messages, "messages")
    return Conversation(messages, _optional(row, source, "kind") or source.kind, **_about(row, source, file))


def preference(row: Row, source: PreferenceSource, file: str) -> Preference:
    """A Preference of `chosen` and `rejected`, strings or messages, with or without the `prompt` before them."""
    chosen = _turns(row, source, "chosen", "assistant")
    rejected = _turns(row, source, "rejected", "assistant")
    if _has(row.keys(), column(source, "prompt")):
        prompt = _turns(row, source, "prompt", "user")
        if chosen[: len(prompt)] == prompt == rejected[: len(prompt)]:
            chosen, rejected = chosen[len(prompt) :], rejected[len(prompt) :]
    else:  # TRL's implicit prompt: the turns that both share, without the answers themselves
        shared = 0
        while shared < min(len(chosen), len(rejected)) - 1 and chosen[shared] == rejected[shared]:
            shared += 1
        prompt, chosen, rejected = chosen[:shared], chosen[shared:], rejected[shared:]
    if not prompt:
        raise BadRow("no prompt: neither a column 'prompt' nor turns that 'chosen' and 'rejected' share")
    _ends_with_answer(chosen, "chosen")
    _ends_with_answer(rejected, "rejected")
    kind = _optional(row, source, "kind") or source.kind
    return Preference(prompt, chosen, rejected, kind, **_about(row, source, file))
