"""Message catalogues of gettext (.po, .mo), the localisation data that every Linux machine has.

A message is the source, its translation the target; placeholders, mnemonics and line breaks stay as they are. Of a
plural message, the singular goes with the form that the catalogue uses for 1, and the plural with each other form.
"""

from __future__ import annotations

import glob
import struct
from collections.abc import Iterator
from gettext import c2py
from pathlib import Path
from typing import TYPE_CHECKING

from towerplus.corpora.base import Reject, admit, bare_name, files, is_locale, locale, open_bytes, origin, set_locale
from towerplus.corpora.settings import ParallelSource
from towerplus.errors import UserError
from towerplus.languages.locales import LOCALES, find
from towerplus.records import Pair, digest

if TYPE_CHECKING:
    import polib

# gettext's names where they are not the tag with an underscore, the first being the most usual
_NAMES = {
    "pt-PT": ("pt", "pt_PT"),
    "es-ES": ("es", "es_ES"),
    "zh-Hans": ("zh_CN", "zh_Hans"),
    "zh-Hant": ("zh_TW", "zh_Hant"),
    "nb": ("nb", "nb_NO", "no"),
    "en-US": ("en_US", "en"),
}
_TAGS = {name: tag for tag, names in _NAMES.items() for name in names}
#: numbers for which a plural rule is asked: they meet every category of CLDR
_NUMBERS = (*range(2, 201), 1000, 1_000_000, 0)


def names_of(tag: str) -> tuple[str, ...]:
    """The names under which gettext keeps the locale `tag`."""
    own = (tag.replace("-", "_"), f"{find(tag).language}_{find(tag).territory}")
    return _NAMES.get(tag, tuple(dict.fromkeys(own)))


def pairs(source: ParallelSource) -> Iterator[Pair | Reject]:
    """The translated messages of the source's catalogues, or of the folders that its pattern names. Fuzzy, obsolete and
    untranslated ones become rejects (not malformed)."""
    left = set_locale(source.source_locale, "source_locale") or "en-US"
    wanted = set_locale(source.target_locale, "target_locale")
    for path in files(source):
        if not Path(path).is_dir():
            yield from _catalogue(path, source, left, wanted)
            continue
        tags = [wanted] if wanted else [tag for tag in LOCALES if tag != left]
        found = [(file, tag) for tag in tags for file in _of_locale(Path(path), source.catalogues, tag)]
        if not found:
            pattern = source.catalogues.replace("{locale}", "|".join(names_of(wanted)) if wanted else "*")
            raise UserError(f"no catalogue matches {pattern!r}; set catalogues or target_locale", path)
        for file, tag in found:
            yield from _catalogue(file, source, left, tag)


def _of_locale(folder: Path, pattern: str, tag: str) -> list[str]:
    names = [glob.escape(str(folder)) + "/" + pattern.replace("{locale}", name) for name in names_of(tag)]
    return sorted({path for name in names for path in glob.glob(name)})


def _catalogue(file: str, source: ParallelSource, left: str, wanted: str | None) -> Iterator[Pair | Reject]:
    """The pairs of one catalogue. It is held in memory: catalogues are small."""
    try:
        catalogue = _parse(file)
    except (OSError, ValueError, LookupError, struct.error) as error:
        yield Reject(file, 0, f"not a message catalogue that can be read: {str(error).splitlines()[0]}")
        return
    right = wanted or _locale_of(catalogue, file)
    forms = _plural_forms(catalogue.metadata.get("Plural-Forms", ""))
    name = origin(source, file)
    for number, entry in enumerate(catalogue, 1):
        line = getattr(entry, "linenum", None) or number  # a .mo has no lines: count its messages
        if reason := _unusable(entry):
            yield Reject(file, line, reason, entry.msgid, malformed=False)
            continue
        sides = [(entry.msgid, entry.msgstr)]
        if entry.msgid_plural:
            translations = [text for _, text in sorted(entry.msgstr_plural.items(), key=lambda item: int(item[0]))]
            one, others = forms or ((0, (1,)) if len(translations) == 2 else (-1, ()))
            if max(one, *others, -1) >= len(translations) or one < 0:
                yield Reject(file, line, "plural forms missing or unexplained", entry.msgid, malformed=False)
                continue
            sides = [(entry.msgid, translations[one])]
            sides += [(entry.msgid_plural, translations[form]) for form in others]
        for text, translation in sides:
            cluster = digest(left, text)
            pair = Pair(text, translation, left, right, source.kind, cluster, name, source.licence)
            yield admit(pair, source, file, line)


def _unusable(entry: polib.POEntry | polib.MOEntry) -> str:
    """Why the entry is no translation; empty where it is one."""
    if entry.obsolete:
        return "obsolete"
    if "fuzzy" in getattr(entry, "flags", ()):
        return "fuzzy"
    translations = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return "" if translations and all(translations) else "not translated"


def _parse(file: str) -> polib.POFile | polib.MOFile:
    import polib

    with open_bytes(file) as opened:
        content = opened.read()
    if bare_name(file).suffix == ".mo":
        return polib.mofile(content)
    return polib.pofile(content.decode(polib.detect_encoding(content, binary_mode=True)).removeprefix("\ufeff"))


def _locale_of(catalogue: polib.POFile | polib.MOFile, file: str) -> str:
    """The target locale by the header, the file's name (po/de.po) or its folders (de/LC_MESSAGES/x.mo)."""
    path = bare_name(file)
    for name in (catalogue.metadata.get("Language", ""), path.stem, *(part.name for part in path.parents)):
        if name and name in _TAGS:
            return _TAGS[name]
        if name and is_locale(name):
            return locale(name)
    raise UserError("neither its header nor its name tells a locale that is known; set target_locale", file)


def _plural_forms(header: str) -> tuple[int, tuple[int, ...]] | None:
    """The form for 1, and the other forms in use (that same one if there is no other), by a header such as
    `nplurals=2; plural=(n != 1);`. None where the header says nothing."""
    fields = dict(part.strip().partition("=")[::2] for part in header.split(";") if "=" in part)
    rule = {key.strip(): value.strip() for key, value in fields.items()}.get("plural")
    if not rule:
        return None
    try:
        form = c2py(rule)
        one = form(1)
        others = sorted({form(n) for n in _NUMBERS} - {one})
    except (ValueError, RecursionError, ZeroDivisionError):
        return None
    return one, tuple(others) or (one,)
