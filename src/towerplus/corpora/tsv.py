"""Tab-separated text: a tab is a tab and a quotation mark is a quotation mark; there is no quoting and no escaping."""

from __future__ import annotations

from collections.abc import Iterator

from towerplus.corpora import rows
from towerplus.corpora.base import Reject, files, lines
from towerplus.corpora.settings import ParallelSource, Source, TextSource
from towerplus.records import Pair, Text

#: what the columns hold where no header says so
_FIELDS = {"texts": ("text",), "pairs": ("source", "target")}


def read(source: Source, records: str) -> rows.Rows:
    """The rows of the source's files, by the names of the header and by numbers from 1."""
    looked_for = {rows.column(source, field) for field in _FIELDS[records]}
    names_set = {name for name in source.columns.values() if isinstance(name, str)}
    for file in files(source):
        names: list[str] | None = None
        width = 0
        for number, line in lines(file):
            if isinstance(line, Reject) or not line:
                yield file, number, line or Reject(file, number, "blank line", malformed=False)
                continue
            cells = line.split("\t")
            if names is None:
                width = len(cells)
                header = source.header
                if header is None:
                    header = bool(names_set) or looked_for <= set(cells)
                if header:
                    names = cells
                    rows.check_columns(source, records, [*names, *range(1, width + 1)], f"{file}:{number}")
                    continue
                names = list(_FIELDS[records])
            if len(cells) != width:
                reason = f"{len(cells)} cells where the first line has {width}"
                yield file, number, Reject(file, number, reason, line)
                continue
            yield file, number, dict(zip(names, cells, strict=False)) | dict(enumerate(cells, 1))


def texts(source: TextSource) -> Iterator[Text | Reject]:
    """The column `text`, or the first."""
    return rows.build("texts", rows.text, read(source, "texts"), source)


def pairs(source: ParallelSource) -> Iterator[Pair | Reject]:
    """The columns `source` and `target`, or the first two."""
    return rows.build("pairs", rows.pair, read(source, "pairs"), source)
