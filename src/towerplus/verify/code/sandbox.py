"""One sandbox, for one program: started, given a job once, gone."""

from __future__ import annotations

import contextlib
import functools
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from towerplus.errors import UserError
from towerplus.verify.code import seccomp
from towerplus.verify.code.guest.wire import decode, encode
from towerplus.verify.code.modes import Limits, Mode, candidates

#: How long a sandbox may take to start on a busy machine, and to end after its program has.
START_SECONDS = 30.0
GRACE_SECONDS = 2.0
ANSWER = 1 << 18

_GUEST = "towerplus.verify.code.guest"
_MODULES = ("wire", "program", "tester")
# The sandbox sees no file of ours: code arrives on standard input, compiled, as modules under their own names.
_BOOT = """
import marshal, os, sys
def read(left):
    data = b""
    while len(data) < left:
        part = os.read(0, left - len(data))
        if not part: raise SystemExit(1)
        data += part
    return data
size, *numbers = map(int, sys.argv[1:])
for name, code in marshal.loads(read(size)):
    module = sys.modules[name] = type(sys)(name)
    exec(code, module.__dict__)
module.main(*numbers)
"""
_COMPILE = """
import marshal, sys
pairs = marshal.loads(sys.stdin.buffer.read())
sys.stdout.buffer.write(marshal.dumps([(name, compile(text, name, "exec", optimize=2)) for name, text in pairs]))
"""


class Sandbox:
    """Isolated processes that wait for a program. `run` works once.

    Starting returns at once; the processes get ready meanwhile.
    """

    def __init__(self, mode: Mode, limits: Limits):
        self.limits = limits
        self._used = False
        code = _guest_code(mode.python)
        most = (limits.memory, mode.processes(limits), limits.file_bytes, limits.cpu_seconds)
        numbers = (len(code), *most, int(mode.alone))
        self._folder = tempfile.mkdtemp(prefix="towerplus-sandbox-") if mode.weak else ""
        filter_end = _filter() if not mode.weak and seccomp.supported() else None
        try:
            command = mode.command(limits, self._folder, filter_end)
            self._process = subprocess.Popen(
                [*command, "-I", "-S", "-B", "-X", "utf8", "-c", _BOOT, *map(str, numbers)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=self._folder or "/",
                env={},
                pass_fds=() if filter_end is None else (filter_end,),
                start_new_session=True,
            )
        except OSError:
            if self._folder:
                shutil.rmtree(self._folder, ignore_errors=True)
            raise
        finally:
            if filter_end is not None:
                os.close(filter_end)
        self._write(code)

    def ready(self) -> bool:
        """Wait until the program can be run; False where the sandbox did not start."""
        return self._read(1, time.monotonic() + START_SECONDS) == b"+"

    def run(self, program: str, tests: Sequence[Any], seconds: float) -> list[tuple[bool, str]] | None:
        """Whether each test passes, and why not; None where no result came. Raises RuntimeError at a second call."""
        if self._used:
            raise RuntimeError("a sandbox runs one program")
        self._used = True
        job = encode({"program": program, "tests": list(tests), "seconds": seconds})
        end = time.monotonic() + seconds + GRACE_SECONDS
        self._write(b"%08x" % len(job) + job)
        answer = self._read(ANSWER, end)
        try:
            results = [(bool(passed), str(reason)) for passed, reason in decode(answer[8:])]
        except (ValueError, TypeError):
            return None
        return results if len(results) == len(tests) else None

    def close(self) -> None:
        """End all its processes and remove its files."""
        # The whole group: bubblewrap's child waits for ever where only its parent is killed at the start. Later it has
        # a group of its own, and ends with its parent or, by then, with its input.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()
        self._process.wait()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    def _write(self, data: bytes) -> None:
        stream = self._process.stdin
        assert stream is not None
        with contextlib.suppress(BrokenPipeError):
            stream.write(data)
            stream.flush()

    def _read(self, most: int, end: float) -> bytes:
        """Up to `most` bytes, until the output ends or time is up."""
        assert self._process.stdout is not None
        place, parts, left = self._process.stdout.fileno(), [], most
        while left and (wait := end - time.monotonic()) > 0 and select.select([place], [], [], wait)[0]:
            part = os.read(place, left)
            if not part:
                break
            parts.append(part)
            left -= len(part)
        return b"".join(parts)


@functools.cache
def best_mode() -> Mode:
    """The strongest mode that runs a program here; each is tried. Raises UserError where none does."""
    for mode in candidates():
        try:
            with Sandbox(mode, Limits()) as sandbox:
                if sandbox.ready() and sandbox.run("def f(): return 1", ["assert f() == 1"], 10.0) == [(True, "")]:
                    return mode
        except (OSError, subprocess.SubprocessError):
            continue
    raise UserError("no way to run a program in a process of its own works here; `tower doctor` says what is missing")


@functools.cache
def _guest_code(python: str) -> bytes:
    """The modules of `guest`, compiled by the interpreter that will run them."""
    import marshal

    pairs = [(f"{_GUEST}.{name}", (files(_GUEST) / f"{name}.py").read_text(encoding="utf-8")) for name in _MODULES]
    command = [python, "-I", "-S", "-B", "-c", _COMPILE]
    done = subprocess.run(command, input=marshal.dumps(pairs, 4), stdout=subprocess.PIPE, check=True, cwd="/", env={})
    return done.stdout


def _filter() -> int:
    """A file descriptor from which the seccomp filter can be read once."""
    source, sink = os.pipe()
    os.write(sink, seccomp.program())
    os.close(sink)
    return source
