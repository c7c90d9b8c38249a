"""What isolates a program on this machine: command lines from strong to weak, and a trial of each.

| mode | network | files | processes | memory, CPU, output |
|---|---|---|---|---|
| setpriv+bwrap (root) | none | interpreter and /usr, read only; 16 MiB of its own | own uid, counted | limited |
| bwrap (ordinary user) | none | the same | counted in its user namespace | limited |
| unshare (no bubblewrap) | none | **reads what the user can read** | counted | limited |
| limits (nothing else) | **open** | **reads and writes as the user can** | **may signal the user's own** | limited |

The last two are `weak`: `pool` refuses them unless it is told otherwise. As root they still drop to a throw-away uid.
"""

from __future__ import annotations

import contextlib
import functools
import os
import platform
import random
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

STRONG = ("setpriv+bwrap", "bwrap")
MODES = (*STRONG, "unshare", "limits")
_FIRST_UID, _UIDS = 1 << 20, 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """What one program may use. The kernel counts memory and CPU per process; the sandbox's first process sums up
    memory over all of them some fifty times a second, and wall time bounds CPU (times the cores)."""

    memory: int = 256 << 20
    processes: int = 16
    file_bytes: int = 8 << 20
    disk: int = 16 << 20
    cpu_seconds: int = 10
    seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Mode:
    """A way to isolate, with the interpreter that works in it."""

    name: str
    python: str

    @property
    def weak(self) -> bool:
        return self.name not in STRONG

    @property
    def alone(self) -> bool:
        """Whether the processes that the sandbox sees are its own."""
        return self.name != "limits"

    def processes(self, limits: Limits) -> int:
        """The limit to set. Outside a user namespace, and on kernels before 5.14 inside one too, what else an ordinary
        user runs counts as well."""
        if os.geteuid() == 0 or (self.name != "limits" and _kernel() >= (5, 14)):
            return limits.processes
        return limits.processes + _tasks(os.geteuid())

    def command(self, limits: Limits, folder: str, seccomp: int | None) -> list[str]:
        """What to run before the interpreter's arguments. `folder` is the weak modes' working folder, `seccomp` a file
        descriptor with the filter. With root's rights, every call takes another uid."""
        root = os.geteuid() == 0
        uid = _FIRST_UID + random.SystemRandom().randrange(_UIDS)
        drop = _setpriv(uid) if root else []
        if self.name in STRONG:
            return [*drop, *_bwrap(self.python, limits, seccomp), self.python]
        if self.name == "unshare":
            kinds = ["--net", "--ipc", "--pid", "--mount-proc", "--fork", "--kill-child"]
            return [_found("unshare"), *([] if root else ["--map-current-user"]), *kinds, *drop, self.python]
        if root:
            os.chown(folder, uid, uid)
        return [*drop, self.python]


def candidates() -> Iterator[Mode]:
    """Modes that could work here, strongest first, each with the interpreters that may be readable in it."""
    root = os.geteuid() == 0
    names = []
    if shutil.which("bwrap") and (not root or shutil.which("setpriv")):
        names.append("setpriv+bwrap" if root else "bwrap")
    if shutil.which("unshare") and (not root or shutil.which("setpriv")):
        names.append("unshare")
    names.append("limits")
    for name in names:
        for python in _interpreters():
            yield Mode(name, python)


@functools.cache
def _interpreters() -> tuple[str, ...]:
    own = os.path.realpath(sys.executable)
    system = (shutil.which("python3", path="/usr/bin:/usr/local/bin") or own,)
    return tuple(dict.fromkeys((own, *map(os.path.realpath, system))))


def _kernel() -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", platform.release())[:2])


def _tasks(uid: int) -> int:
    """Processes and threads of a user."""
    count = 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):  # it has just ended
            if os.stat(f"/proc/{name}").st_uid == uid:
                count += len(os.listdir(f"/proc/{name}/task"))
    return count


def _setpriv(uid: int) -> list[str]:
    who = [f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]
    return [_found("setpriv"), *who, "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"]


def _bwrap(python: str, limits: Limits, seccomp: int | None) -> Sequence[str]:
    command = [_found("bwrap"), "--unshare-all", "--die-with-parent", "--new-session", "--as-pid-1", "--clearenv"]
    command += ["--ro-bind", "/usr", "/usr"]
    for name in ("lib", "lib64", "lib32"):
        if os.path.islink(f"/{name}"):
            command += ["--symlink", os.readlink(f"/{name}"), f"/{name}"]
        elif os.path.isdir(f"/{name}"):
            command += ["--ro-bind", f"/{name}", f"/{name}"]
    if not python.startswith("/usr/"):
        prefix = os.path.dirname(os.path.dirname(python))
        command += ["--ro-bind", prefix, prefix]
    # bubblewrap's own / and /dev are file systems in memory without a limit: nothing may be written there.
    command += ["--proc", "/proc", "--dev", "/dev", "--size", str(limits.disk), "--tmpfs", "/tmp", "--chdir", "/tmp"]
    command += ["--remount-ro", "/dev", "--remount-ro", "/"]
    return command if seccomp is None else [*command, "--seccomp", str(seccomp)]


def _found(name: str) -> str:
    return shutil.which(name) or name
