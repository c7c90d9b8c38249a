"""An artifact is whole or not there, whatever happens while it is made."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from towerplus import artifact
from towerplus.errors import UserError


def build(text: str, calls: list[Path] | None = None):
    """Work that writes `text`, and says where it was asked to."""

    def work(folder: Path) -> dict:
        if calls is not None:
            calls.append(folder)
        (folder / "sub").mkdir(exist_ok=True)
        (folder / "sub/data.json").write_text(text)
        (folder / "log.jsonl").write_text("{}\n")
        return {"length": len(text)}

    return work


def test_work_is_done_aside_and_once(tmp_path: Path) -> None:
    calls: list[Path] = []
    made = artifact.make(tmp_path / "a", "d1", {"seed": 3}, build("one", calls))
    assert calls == [tmp_path / ".building/a-d1"], "not in its place"
    assert (made["name"], made["digest"], made["seed"], made["counts"]) == ("a", "d1", 3, {"length": 3})
    assert made["files"] == {"sub/data.json": 3}, "logs differ in their times"
    assert artifact.is_made(tmp_path / "a", "d1")
    assert not artifact.is_made(tmp_path / "a", "d2")
    assert artifact.make(tmp_path / "a", "d1", {}, build("two", calls)) == made == artifact.manifest(tmp_path / "a")
    assert len(calls) == 1
    assert list((tmp_path / ".building").iterdir()) == []
    # evaluations lie one folder deeper and are made in the same place
    artifact.make(tmp_path / "evaluation/a", "d1", {}, build("three", calls))
    assert calls[-1] == tmp_path / ".building/evaluation-a-d1"


def test_another_digest_replaces_the_folder_only_when_it_is_whole(tmp_path: Path) -> None:
    artifact.make(tmp_path / "a", "d1", {}, build("one"))

    def fails(folder: Path) -> None:
        build("two")(folder)
        assert (tmp_path / "a/sub/data.json").read_text() == "one"
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        artifact.make(tmp_path / "a", "d2", {}, fails)
    assert artifact.is_made(tmp_path / "a", "d1")
    assert (tmp_path / "a/sub/data.json").read_text() == "one"
    artifact.sweep(tmp_path)
    assert not (tmp_path / ".building").exists()
    (tmp_path / "a/of-the-older-one").touch()
    artifact.make(tmp_path / "a", "d2", {}, build("two"))
    assert (tmp_path / "a/sub/data.json").read_text() == "two"
    assert not (tmp_path / "a/of-the-older-one").exists()
    assert list((tmp_path / ".building").iterdir()) == []


def test_work_with_a_checkpoint_is_taken_up_and_other_work_begun_anew(tmp_path: Path) -> None:
    seen = []

    def cut_off(folder: Path) -> None:
        (folder / "half").touch()
        (folder / artifact.CHECKPOINT).touch()
        raise KeyboardInterrupt

    def goes_on(folder: Path) -> None:
        seen.extend(sorted(path.name for path in folder.iterdir()))
        (folder / artifact.CHECKPOINT).unlink(missing_ok=True)

    with pytest.raises(KeyboardInterrupt):
        artifact.make(tmp_path / "a", "d1", {}, cut_off)
    artifact.sweep(tmp_path)  # leaves what can be taken up
    artifact.make(tmp_path / "a", "d1", {}, goes_on)
    assert seen == [artifact.CHECKPOINT, "half"]
    left = tmp_path / ".building/b-d1"
    left.mkdir(parents=True)
    (left / "half").touch()
    artifact.make(tmp_path / "b", "d1", {}, lambda folder: seen.append(list(folder.iterdir())))
    assert seen[-1] == []


KILLED = """
import os, signal, sys
from pathlib import Path
from towerplus import artifact
run, moment = Path(sys.argv[1]), int(sys.argv[2])
count, rename = 0, os.rename
def dying(*arguments):
    global count
    if (count := count + 1) == moment:
        os.kill(os.getpid(), signal.SIGKILL)
    rename(*arguments)
os.rename = os.replace = dying
artifact.make(run / "a", "d2", {}, lambda folder: (folder / "data.json").write_text("new") and None)
print(count)
"""


@pytest.mark.parametrize("moment", [1, 2, 3])
def test_a_kill_at_any_rename_leaves_no_half(tmp_path: Path, moment: int) -> None:
    """The renames: the manifest into its folder, the older artifact aside, the new one into place."""
    artifact.make(tmp_path / "a", "d1", {}, build("one"))
    command = [sys.executable, "-c", KILLED, str(tmp_path), str(moment)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    # between the last two there is no folder, and never a wrong one
    assert (tmp_path / "a").exists() == (moment < 3)
    assert not (tmp_path / "a").exists() or artifact.is_made(tmp_path / "a", "d1")
    calls: list[Path] = []
    artifact.make(tmp_path / "a", "d2", {}, build("new", calls))
    assert artifact.is_made(tmp_path / "a", "d2")
    assert len(calls) == (moment == 1), "what was whole is only put into its place"
    artifact.sweep(tmp_path)
    assert not (tmp_path / ".building").exists()


def test_digests_cover_names_and_contents_and_nothing_else(tmp_path: Path) -> None:
    for name, text in (("a/x", "1"), ("a/y", "2"), ("b/x", "1"), ("b/y", "2"), ("c/x", "2"), ("c/y", "1")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    os.utime(tmp_path / "b/x", (1, 1))
    a, b, c = (artifact.file_digest(tmp_path / name) for name in "abc")
    assert a == b != c
    (tmp_path / "b/x").rename(tmp_path / "b/z")
    assert artifact.file_digest(tmp_path / "b") != a
    assert artifact.digest_of(x=1, y=[2]) == artifact.digest_of(y=[2], x=1) != artifact.digest_of(x=1, y=[3])
    assert len(a) == 16


def test_a_file_that_is_lost_or_cut_off_is_named(tmp_path: Path) -> None:
    artifact.make(tmp_path / "a", "d1", {}, build("one"))
    artifact.require_whole(tmp_path / "a")
    artifact.require_whole(tmp_path / "none")
    (tmp_path / "a/log.jsonl").write_text("longer than it was\n")
    (tmp_path / "a/new").touch()
    artifact.require_whole(tmp_path / "a")
    (tmp_path / "a/sub/data.json").write_text("o")
    with pytest.raises(UserError, match=f"is damaged: 1 bytes, and not 3; delete {tmp_path}/a to have it made anew"):
        artifact.require_whole(tmp_path / "a")
    (tmp_path / "a/sub/data.json").unlink()
    with pytest.raises(UserError, match="is gone"):
        artifact.require_whole(tmp_path / "a")


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "{}", '{"digest": "d1"}', '{"digest": "d1", "counts": null}'])
def test_a_damaged_manifest_is_none(tmp_path: Path, text: str) -> None:
    artifact.make(tmp_path / "a", "d1", {}, build("one"))
    (tmp_path / "a" / artifact.MANIFEST).write_text(text)
    assert artifact.manifest(tmp_path / "a") is None
    assert not artifact.is_made(tmp_path / "a", "d1")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "x", "there"), "there: cannot write: No space left on device"),
        (PermissionError(errno.EACCES, "x"), "here: cannot write: Permission denied"),
        (RuntimeError("IoError: File too large (os error 27)"), "here: cannot write: file too large"),
        (NotADirectoryError(errno.ENOTDIR, "Not a directory"), "here: Not a directory"),
    ],
)
def test_storage_that_fails_is_told(error: Exception, said: str) -> None:
    with pytest.raises(UserError) as told, artifact.storage(Path("here")):
        raise error
    assert str(told.value) == said


def test_a_bug_is_not_taken_for_full_storage() -> None:
    with pytest.raises(RuntimeError, match="shapes differ"), artifact.storage(Path("here")):
        raise RuntimeError("shapes differ")


def test_files_are_written_aside(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    artifact.write_json(path, {"a": "ä"})
    assert json.loads(path.read_text(encoding="utf-8")) == {"a": "ä"}
    with pytest.raises(UnicodeEncodeError):
        artifact.write_text(path, "\ud800")
    assert json.loads(path.read_text(encoding="utf-8")) == {"a": "ä"}
    assert [item.name for item in tmp_path.iterdir()] == ["x.json"]
