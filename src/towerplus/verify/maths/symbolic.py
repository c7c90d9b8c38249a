"""Symbolic equivalence: math-verify in a process of its own.

Computer algebra can hang or eat memory on what a model writes, and math-verify's own time limits are signals, which
work in a main thread only. So it runs in a worker that is told what to compare, line by line, and is killed and
started anew when it does not answer in time. The worker has a memory limit of its own.
"""

from __future__ import annotations

import atexit
import functools
import importlib.util
import json
import os
import select
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from typing import Any

from towerplus.verify.base import PASSED, Verdict, failed

#: Importing sympy takes seconds on a busy machine.
START_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Settings:
    """How answers are found and compared; see `checks.equivalent`."""

    extract: tuple[str, ...] = ("latex", "expr")
    choices: tuple[str, ...] = ()
    precision: int = 6
    strict: bool = True
    relations: bool = False


@functools.cache
def unavailable() -> str:
    """Why symbolic comparison cannot run here; '' where it can."""
    if importlib.util.find_spec("math_verify") is None:
        return "math-verify is missing; pip install 'towerplus[math]'"
    return ""


class Worker:
    """One process that compares; calls from several threads wait for each other. Close it, or leave it to exit."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def equivalent(self, gold: str, response: str, settings: Settings, seconds: float) -> Verdict:
        """Whether the answer in `response` equals that in `gold`; an answer that takes longer than `seconds` fails."""
        found = self.ask({"gold": gold, "response": response, "seconds": seconds, **asdict(settings)}, 2 * seconds + 1)
        if found is None:
            return failed(f"could not be compared within {seconds:g} s")
        if not found["gold"]:
            return failed(f"no answer can be read from the expected {gold[:60]!r}")
        if not found["answer"]:
            return failed("holds no answer that can be read")
        return PASSED if found["equal"] else failed(f"{found['answer'][:80]} is not {found['gold'][:80]}")

    def ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any] | None:
        """The worker's answer; None where it died or took longer than `seconds`. Either way the next call works."""
        with self._lock:
            process = self._process or self._start()
            assert process.stdin is not None
            try:
                process.stdin.write(json.dumps(question).encode() + b"\n")
                process.stdin.flush()
                line = _line(process, seconds)
            except BrokenPipeError:
                line = b""
            if not line:
                self._stop()
                return None
            return json.loads(line)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._stop()

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "towerplus.verify.maths.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if not _line(self._process, START_SECONDS):
            self._stop()
            raise RuntimeError("the worker for symbolic maths does not start")
        return self._process

    def _stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _line(process: subprocess.Popen[bytes], seconds: float) -> bytes:
    """The next line of the process; empty where it ended or `seconds` passed before the line was whole."""
    assert process.stdout is not None
    place, end, line = process.stdout.fileno(), time.monotonic() + seconds, b""
    while not line.endswith(b"\n"):
        left = end - time.monotonic()
        if left <= 0 or not select.select([place], [], [], left)[0] or not (more := os.read(place, 1 << 16)):
            return b""
        line += more
    return line


_workers: dict[int, Worker] = {}


def worker() -> Worker:
    """The worker of this process (a forked child gets its own)."""
    if (own := os.getpid()) not in _workers:
        _workers.clear()
        _workers[own] = Worker()
        atexit.register(_workers[own].close)
    return _workers[own]
