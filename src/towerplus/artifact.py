"""A directory that is either whole or not there.

Work happens in `RUN/.building/NAME-DIGEST` and is renamed into place when it is whole. After a kill, work that left a
checkpoint there is taken up again; other work starts anew. `manifest.json` inside says what it was made from; its
digest covers everything that decides the content (kind, settings, seed, digests of the inputs, version) and nothing
that does not (times, machine). It also has the size of every file that later steps read, so that one which was cut
off is met before hours of work, not in their middle.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import platform
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import towerplus
from towerplus.errors import UserError

MANIFEST = "manifest.json"
BUILDING = ".building"
#: what makes an unfinished folder worth keeping (see `train.checkpoint`)
CHECKPOINT = "checkpoint.pt"
_LOGS = {".jsonl", ".pt"}  # and checkpoints, which are removed
#: what `make` writes into every manifest
_NEEDED = {"digest": str, "counts": dict, "versions": dict}
_UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}
#: a full disk or a place that cannot be written, as the libraries written in C++, Rust and C report it
_STORAGE = re.compile(
    r"no space left|is full|quota exceeded|file too large|read-only file system|readonly database|disk i/o error",
    re.IGNORECASE,
)


def digest_of(**parts: Any) -> str:
    """SHA-256 (16 hex digits) of the JSON form of `parts`."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def file_digest(path: Path) -> str:
    """SHA-256 (16 hex digits) of a file, or of the names and contents of all files below a folder."""
    result = hashlib.sha256()
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    for item in files:
        result.update(str(item.relative_to(path)).encode() if path.is_dir() else b"")
        with item.open("rb") as stream:
            while block := stream.read(1 << 20):
                result.update(block)
    return result.hexdigest()[:16]


def manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a finished artifact; None where there is none, or one that is damaged."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    sound = isinstance(found, dict) and all(isinstance(found.get(key), kind) for key, kind in _NEEDED.items())
    return found if sound else None


def is_made(folder: Path, digest: str) -> bool:
    """Whether `folder` holds the artifact with this digest."""
    found = manifest(folder)
    return found is not None and found.get("digest") == digest


def require_whole(folder: Path) -> None:
    """UserError where a file of the artifact is gone or has another size than when it was made."""
    for name, size in (manifest(folder) or {}).get("files", {}).items():
        found = (folder / name).stat().st_size if (folder / name).is_file() else None
        if found != size:
            what = "is gone" if found is None else f"is damaged: {found} bytes, and not {size}"
            raise UserError(f"{what}; delete {folder} to have it made anew", str(folder / name))


def _sizes(folder: Path) -> dict[str, int]:
    """Size of each file that later steps read; logs differ in their times and are read by nobody but people."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in _LOGS)
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}
    return {name: size for name, size in sizes.items() if name != MANIFEST and not name.startswith("tensorboard/")}


def make(
    folder: Path, digest: str, facts: dict[str, Any], work: Callable[[Path], dict[str, Any] | None]
) -> dict[str, Any]:
    """Run `work(building folder)` and rename its folder into place with a manifest; returns the manifest.

    An artifact that is already there with this digest is left alone. An older one with another digest is replaced
    only when the new one is whole. Out of space or a read-only place raises UserError.
    """
    if is_made(folder, digest):
        return manifest(folder) or {}
    name = "-".join(folder.parts[-2:]) if folder.parent.name == "evaluation" else folder.name
    root = folder.parent.parent if folder.parent.name == "evaluation" else folder.parent
    building = root / BUILDING / f"{name}-{digest}"
    with storage(building):
        if not is_made(building, digest):
            if not (building / CHECKPOINT).is_file():
                shutil.rmtree(building, ignore_errors=True)
            building.mkdir(parents=True, exist_ok=True)
            started, cpu = time.time(), time.process_time()
            counts = work(building) or {}
            result = {
                "name": folder.name,
                "digest": digest,
                **facts,
                "counts": counts,
                "files": _sizes(building),
                "versions": versions(),
                "machine": f"{platform.machine()}, {os.cpu_count()} cores",
                "seconds": round(time.time() - started, 1),
                "cpu_seconds": round(time.process_time() - cpu, 1),
            }
            write_json(building / MANIFEST, result)
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            aside = building.with_name(f"{building.name}.old")
            shutil.rmtree(aside, ignore_errors=True)
            folder.rename(aside)
            building.rename(folder)
            shutil.rmtree(aside, ignore_errors=True)
        else:
            building.rename(folder)
    return manifest(folder) or {}


def sweep(run: Path) -> None:
    """Remove unfinished work of a run that cannot be taken up again."""
    for building in (run / BUILDING).glob("*"):
        if not (building / CHECKPOINT).is_file():
            shutil.rmtree(building, ignore_errors=True)
    with suppress(OSError):
        (run / BUILDING).rmdir()  # unless something is left


@contextmanager
def storage(place: Path) -> Iterator[None]:
    """Tells a full disk or a place that cannot be written, whichever library met it, in one line."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        where = str(getattr(error, "filename", None) or place)
        if isinstance(error, OSError) and error.errno in _UNWRITABLE:
            raise UserError(f"cannot write: {os.strerror(error.errno)}", where) from error
        if found := _STORAGE.search(str(error)):
            raise UserError(f"cannot write: {found.group().lower()}", where) from error
        if isinstance(error, OSError):
            raise UserError(error.strerror or str(error), where) from error
        raise


def write_json(path: Path, value: Any) -> None:
    """Write JSON aside and rename it into place, so that readers never see half of it."""
    write_text(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a file aside and rename it into place."""
    aside = path.with_name(path.name + ".tmp")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def versions() -> dict[str, str]:
    """The versions that a result depends on."""
    from importlib.metadata import PackageNotFoundError, version

    result = {"towerplus": towerplus.__version__, "python": platform.python_version()}
    for name in ("torch", "transformers", "tokenizers", "numpy"):
        try:
            result[name] = version(name)
        except PackageNotFoundError:
            result[name] = "absent"
    return result
