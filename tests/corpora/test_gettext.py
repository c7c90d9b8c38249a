"""Catalogues, against the gettext module of the standard library."""

import gettext as standard
from pathlib import Path

import polib
import pytest
from corpora_files import read, split, write_bytes

from towerplus.corpora.gettext import names_of
from towerplus.corpora.settings import ParallelSource
from towerplus.errors import UserError
from towerplus.languages.locales import LOCALES
from towerplus.text.normalise import clean

RUSSIAN = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
SYSTEM = Path("/usr/share/locale")


def catalogue(language="ru", plural=RUSSIAN):
    made = polib.POFile()
    made.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": language, "Plural-Forms": plural}
    made += [
        polib.POEntry(msgid="_Open %s\n", msgstr="_Открыть %s\n"),
        polib.POEntry(msgid="May", msgctxt="month", msgstr="Май"),
        polib.POEntry(msgid="May", msgctxt="verb", msgstr="Может"),
        polib.POEntry(
            msgid="%d file", msgid_plural="%d files", msgstr_plural={0: "%d файл", 1: "%d файла", 2: "%d файлов"}
        ),
        polib.POEntry(msgid="Doubt", msgstr="Сомнение", flags=["fuzzy"]),
        polib.POEntry(msgid="New", msgstr=""),
        polib.POEntry(msgid="Old", msgstr="Старый", obsolete=True),
    ]
    return made


WANTED = {
    ("_Open %s", "_Открыть %s"),
    ("May", "Май"),
    ("May", "Может"),
    ("%d file", "%d файл"),
    ("%d files", "%d файла"),
    ("%d files", "%d файлов"),
}


@pytest.mark.parametrize("name", ["ru.po", "x.po", "x.po.gz", "x.mo", "ru/LC_MESSAGES/x.mo"])
def test_messages(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    made = catalogue()
    write_bytes(path, made.to_binary() if name.endswith(".mo") else str(made).encode())
    pairs, rejects = split(read(ParallelSource(path=str(path)), "pairs"))
    assert {(p.source, p.target) for p in pairs} == WANTED
    assert len(pairs) == len(WANTED)
    assert {(p.source_locale, p.target_locale, p.origin) for p in pairs} == {("en-US", "ru", path.name)}
    assert len({p.cluster for p in pairs if p.source == "%d files"}) == 1
    assert not any(reject.malformed for reject in rejects)
    if ".po" in name:  # a .mo holds none of these
        assert sorted(reject.reason for reject in rejects) == ["fuzzy", "not translated", "obsolete"]
        assert all(reject.line > 1 for reject in rejects)


def test_one_plural_form(tmp_path):
    made = polib.POFile()
    made.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Language": "ja",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    made.append(polib.POEntry(msgid="file", msgid_plural="files", msgstr_plural={0: "ファイル"}))
    made.save(str(tmp_path / "ja.po"))
    pairs = read(ParallelSource(path=f"{tmp_path}/ja.po"), "pairs")
    assert [(p.source, p.target) for p in pairs] == [("file", "ファイル"), ("files", "ファイル")]


def test_plural_forms_that_do_not_fit_are_put_aside(tmp_path):
    made = catalogue(plural="nplurals=2; plural=n != 1;")
    made[3].msgstr_plural = {0: "x"}
    made.save(str(tmp_path / "ru.po"))
    _, rejects = split(read(ParallelSource(path=f"{tmp_path}/ru.po"), "pairs"))
    assert "plural forms missing or unexplained" in {reject.reason for reject in rejects}
    made = catalogue(plural="nplurals=2; plural=__import__('os').getpid();")  # not evaluated
    made.save(str(tmp_path / "ru.po"))
    _, rejects = split(read(ParallelSource(path=f"{tmp_path}/ru.po"), "pairs"))
    assert "plural forms missing or unexplained" in {reject.reason for reject in rejects}


def test_a_folder_of_locales(tmp_path):
    for name in ("ru", "pt_BR", "kab"):
        path = tmp_path / name / "LC_MESSAGES" / "x.mo"
        path.parent.mkdir(parents=True)
        path.write_bytes(catalogue(name).to_binary())
    (tmp_path / "ru" / "LC_MESSAGES" / "broken.mo").write_bytes(b"no")
    pairs, rejects = split(read(ParallelSource(path=str(tmp_path)), "pairs"))
    assert {p.target_locale for p in pairs} == {"ru", "pt-BR"}
    assert [reject.where for reject in rejects] == [f"{tmp_path}/ru/LC_MESSAGES/broken.mo"]
    pairs = read(ParallelSource(path=str(tmp_path), target_locale="pt-BR"), "pairs")
    assert {p.target_locale for p in pairs} == {"pt-BR"}
    with pytest.raises(UserError, match=r"no catalogue matches 'de\|de_DE/"):
        read(ParallelSource(path=str(tmp_path), target_locale="de"), "pairs")
    with pytest.raises(UserError, match="set target_locale"):
        read(ParallelSource(path=f"{tmp_path}/kab/LC_MESSAGES/x.mo"), "pairs")


def test_every_locale_has_its_own_names():
    names = [name for tag in LOCALES for name in names_of(tag)]
    assert len(names) == len(set(names))
    assert names_of("es-419") == ("es_419",)
    assert names_of("zh-Hant")[0] == "zh_TW"


def test_as_the_standard_library_reads_the_catalogues_of_this_machine():
    files = sorted(SYSTEM.glob("de/LC_MESSAGES/*.mo"))[:25]
    if not files:
        pytest.skip(f"no catalogues in {SYSTEM}")
    checked = 0
    for path in files:
        with path.open("rb") as file:
            known = standard.GNUTranslations(file)._catalog
        pairs, rejects = split(read(ParallelSource(path=str(path), target_locale="de"), "pairs"))
        wanted = {
            (clean((key[0] if isinstance(key, tuple) else key).rpartition("\x04")[2]), clean(value))
            for key, value in known.items()
            if not (isinstance(key, tuple) and key[1] != 0)
        }
        # a plural message's first form is listed under its singular; the other forms are checked above
        found = {(p.source, p.target) for p in pairs}
        lost = {source for source, target in wanted - found if source and target}
        assert lost <= {clean(reject.text) for reject in rejects}, path
        checked += len(found)
    assert checked > 100
