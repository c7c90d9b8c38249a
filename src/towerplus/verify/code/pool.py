"""Sandboxes that are started before they are needed, so that a check waits for its program and for nothing else.

Each serves one program and is thrown away: what a program leaves behind, nobody finds.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import queue
import threading
from collections.abc import Sequence
from typing import Any

from towerplus.errors import UserError
from towerplus.verify.code.modes import Limits, Mode
from towerplus.verify.code.sandbox import Sandbox, best_mode

#: How often a sandbox that did not start is replaced before the machine is blamed.
TRIES = 3

_weak_allowed = False


def allow_weak(allowed: bool = True) -> None:
    """Let programs run where only a weak mode works (see `modes`). Only whoever starts a run may say so: a recipe, a
    command line; never the data."""
    global _weak_allowed
    _weak_allowed = allowed


class Pool:
    """`size` sandboxes ready; used from any number of threads. The thread that starts them lives as long as the pool:
    bubblewrap ends its processes when the thread that started it does."""

    def __init__(self, size: int | None = None, mode: Mode | None = None, limits: Limits | None = None):
        self.mode, self.limits = mode or best_mode(), limits or Limits()
        self._ready: queue.Queue[Sandbox | None] = queue.Queue(size or min(4, os.cpu_count() or 1))
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._fill, name="sandboxes", daemon=True)
        self._thread.start()

    def run(self, program: str, tests: Sequence[Any], seconds: float | None = None) -> list[tuple[bool, str]]:
        """Whether each test passes, and why not. A program that ends its sandbox fails all of them.

        Raises RuntimeError where no sandbox starts: that is the machine's fault and not the program's.
        """
        for _ in range(TRIES):
            sandbox = self._ready.get()
            if sandbox is None:  # closed: hand the word on to whoever else waits
                self._ready.put(None)
                break
            with sandbox:
                if sandbox.ready():
                    results = sandbox.run(program, tests, seconds or self.limits.seconds)
                    return results or [(False, "the sandbox ended without a result")] * len(tests)
        raise RuntimeError("no sandbox starts")

    def close(self) -> None:
        """End all sandboxes; who still waits for one gets an error."""
        self._closing.set()
        while self._thread.is_alive():  # the thread may wait for room
            self._drain()
            self._thread.join(0.05)
        self._drain()
        self._ready.put(None)

    def _fill(self) -> None:
        while not self._closing.is_set():
            try:
                self._ready.put(Sandbox(self.mode, self.limits))
            except OSError:  # no process to be had just now
                self._closing.wait(0.1)

    def _drain(self) -> None:
        with contextlib.suppress(queue.Empty):
            while sandbox := self._ready.get_nowait():
                sandbox.close()


_pools: dict[int, Pool] = {}
_lock = threading.Lock()


def pool() -> Pool:
    """The pool of this process (a forked child gets its own). Raises UserError where only a weak mode works and nobody
    has allowed it."""
    mode = best_mode()
    if mode.weak and not _weak_allowed:
        raise UserError(
            f"only the weak sandbox mode {mode.name!r} works here, and it is not allowed: install bubblewrap, or allow "
            "weak modes where the programs are trusted"
        )
    with _lock:
        if (own := os.getpid()) not in _pools:
            _pools.clear()
            _pools[own] = Pool(mode=mode)
            atexit.register(_pools[own].close)
        return _pools[own]
