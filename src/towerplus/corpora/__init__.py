"""Where text comes from. A format is one module with a generator function for each record type it can give:
`texts`, `pairs`, `conversations`, `preferences`; each takes its source's settings and yields records and `Reject`s.
A new format is one new module and one line here; modules load when first used.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterator
from typing import Any

from towerplus.errors import UserError

#: format name or file suffix -> module below towerplus.corpora
FORMATS: dict[str, str] = {
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "tsv": "tsv",
    "tab": "tsv",
    "parquet": "parquet",
    "moses": "moses",
    "txt": "moses",
    "gettext": "gettext",
    "po": "gettext",
    "mo": "gettext",
}


@functools.cache
def reader(format: str, records: str) -> Callable[[Any], Iterator[Any]]:
    """The function that reads `records` (texts, pairs, conversations or preferences) from files of `format`."""
    if format not in FORMATS:
        import difflib

        near = difflib.get_close_matches(format, FORMATS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(FORMATS)}"
        raise UserError(f"unknown format {format!r}; {hint}")
    module = importlib.import_module(f"towerplus.corpora.{FORMATS[format]}")
    if not hasattr(module, records):
        able = [name for name in ("texts", "pairs", "conversations", "preferences") if hasattr(module, name)]
        raise UserError(f"the format {format!r} holds {' and '.join(able)}, not {records}")
    return getattr(module, records)
