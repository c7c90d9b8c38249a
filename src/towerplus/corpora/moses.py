"""Plain text by the line: one file of sentences, or two aligned ones as the Moses toolkit has them (x.en, x.de)."""

from __future__ import annotations

import glob
from collections.abc import Iterator
from pathlib import Path

from towerplus.corpora.base import (
    Reject,
    admit,
    byte_lines,
    decode,
    files,
    is_locale,
    lines,
    locale,
    origin,
    set_locale,
    suffix,
)
from towerplus.corpora.settings import ParallelSource, TextSource
from towerplus.errors import UserError
from towerplus.records import Pair, Text, digest


def texts(source: TextSource) -> Iterator[Text | Reject]:
    """One text a line; without a set locale, the file's name tells it (news.de.gz)."""
    for file in files(source):
        tag = set_locale(source.locale, "locale") or _named_locale(file, "locale")
        name = origin(source, file)
        for number, line in lines(file):
            if isinstance(line, Reject):
                yield line
            else:
                yield admit(Text(line, tag, source.kind, name, source.licence), source, file, number)


def pairs(source: ParallelSource) -> Iterator[Pair | Reject]:
    """Line n of the one file with line n of the other. A pair of which either line is not UTF-8 is one reject."""
    (left, left_locale), (right, right_locale) = _sides(source)
    counts = [_count(left), _count(right)]
    if counts[0] != counts[1]:
        raise UserError(f"{counts[0]} lines, but {right} has {counts[1]}: the files are not aligned line by line", left)
    name = origin(source, left)
    for number, (one, other) in enumerate(zip(byte_lines(left), byte_lines(right), strict=True), 1):
        text, translation = decode(one, left, number), decode(other, right, number)
        if isinstance(text, Reject):
            yield text
        elif isinstance(translation, Reject):
            yield translation
        else:
            cluster = digest(left_locale, text)
            pair = Pair(text, translation, left_locale, right_locale, source.kind, cluster, name, source.licence)
            yield admit(pair, source, left, number)


def _count(path: str) -> int:
    return sum(1 for _ in byte_lines(path))


def _named_locale(file: str, field: str) -> str:
    """The locale that a file's suffix names."""
    if is_locale(suffix(file)):
        return locale(suffix(file))
    raise UserError(f"its name does not tell a locale that is known; set {field}", file)


def _sides(source: ParallelSource) -> list[tuple[str, str]]:
    """The two files and their locales."""
    wanted = [set_locale(source.source_locale, "source_locale"), set_locale(source.target_locale, "target_locale")]
    if len(source.paths) == 1:
        paths = _of_prefix(source.paths[0], wanted)
    elif len(source.paths) == 2:
        paths = files(source)
    else:
        raise UserError(f"Moses text is two aligned files, not {len(source.paths)}", source.paths[0])
    if len(paths) != 2 or paths[0] == paths[1]:
        raise UserError("Moses text is two aligned files", source.paths[0])
    fields = ("source_locale", "target_locale")
    tags = [tag or _named_locale(path, field) for tag, path, field in zip(wanted, paths, fields, strict=True)]
    if tags[0] == tags[1]:
        raise UserError(f"both sides are {tags[0]}; set source_locale and target_locale", source.paths[0])
    return list(zip(paths, tags, strict=True))


def _of_prefix(prefix: str, wanted: list[str | None]) -> list[str]:
    """The files prefix.SOURCE and prefix.TARGET, with or without .gz or .zst."""
    there = [path for path in sorted(glob.glob(glob.escape(prefix) + ".*")) if Path(path).is_file()]
    there = [path for path in there if path.removeprefix(prefix).count(".") == 1 + path.endswith((".gz", ".zst"))]
    if not there and Path(prefix).is_file():
        raise UserError("Moses text is two aligned files; give both, or the part before .en and .de", prefix)
    if not there:
        raise UserError("no such file, and none whose name begins so and ends in a locale", prefix)
    if None in wanted:
        if len(there) == 2 and wanted == [None, None]:
            return there
        found = ", ".join(suffix(path) for path in there)
        raise UserError(f"there is {prefix}.* for {found}; set source_locale and target_locale", prefix)
    chosen = []
    for tag in wanted:
        assert tag is not None
        names = [path for path in there if is_locale(suffix(path)) and locale(suffix(path)) == tag]
        names = names or [path for path in there if suffix(path).lower() == tag.split("-")[0]]
        if len(names) != 1:
            found = ", ".join(Path(path).name for path in names or there)
            raise UserError(f"{'several files' if names else 'no file'} for {tag}; there are {found}", prefix)
        chosen += names
    return chosen
