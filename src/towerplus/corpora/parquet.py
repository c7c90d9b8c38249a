"""Parquet, as `datasets` writes it."""

from __future__ import annotations

from collections.abc import Iterator

from towerplus.corpora import rows
from towerplus.corpora.base import Reject, files
from towerplus.corpora.settings import ConversationSource, ParallelSource, PreferenceSource, Source, TextSource
from towerplus.errors import UserError
from towerplus.records import Conversation, Pair, Preference, Text

_ROWS = 4096


def read(source: Source, records: str) -> rows.Rows:
    """The rows of the source's files; only the columns of use are read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for file in files(source):
        number = 0
        try:
            with pq.ParquetFile(file) as parquet:
                names = parquet.schema_arrow.names
                rows.check_columns(source, records, names, file)
                columns = [name for name in names if name in rows.wanted(source, records)]
                for batch in parquet.iter_batches(batch_size=_ROWS, columns=columns):
                    for row in batch.to_pylist():
                        number += 1
                        yield file, number, row
        except (pa.ArrowException, OSError) as error:
            raise UserError(f"not a Parquet file that can be read: {str(error).splitlines()[0]}", file) from None
        except UnicodeDecodeError as error:
            raise UserError(f"has text that is not UTF-8 near row {number + 1}: {error.reason}", file) from None


def texts(source: TextSource) -> Iterator[Text | Reject]:
    """Rows with a column `text`."""
    return rows.build("texts", rows.text, read(source, "texts"), source)


def pairs(source: ParallelSource) -> Iterator[Pair | Reject]:
    """Rows with columns `source` and `target`, or `translation`."""
    return rows.build("pairs", rows.pair, read(source, "pairs"), source)


def conversations(source: ConversationSource) -> Iterator[Conversation | Reject]:
    """Rows with `messages`, or `prompt` and `completion`."""
    return rows.build("conversations", rows.conversation, read(source, "conversations"), source)


def preferences(source: PreferenceSource) -> Iterator[Preference | Reject]:
    """Rows with `prompt`, `chosen`, `rejected`."""
    return rows.build("preferences", rows.preference, read(source, "preferences"), source)
