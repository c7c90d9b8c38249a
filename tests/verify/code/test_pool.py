"""The pool: sandboxes end with it, weak modes need consent."""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import replace
from pathlib import Path

import hostile_programs as hostile
import pytest

from towerplus.errors import UserError
from towerplus.verify.code import pool, sandbox
from towerplus.verify.code.modes import Limits, Mode

LIMITS = Limits(memory=160 << 20, cpu_seconds=4, seconds=4.0)


def processes(limits):
    """Host processes of sandboxes with these limits: their command lines say so, and forks keep them."""
    found = set()
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):  # it has just ended
            if str(limits.memory).encode() in Path(f"/proc/{name}/cmdline").read_bytes():
                found.add(int(name))
    return found


def test_no_process_is_left():
    mode = sandbox.best_mode()
    limits = replace(LIMITS, memory=LIMITS.memory + 4096 * os.getpid() % (1 << 24))  # like nobody else's
    sandboxes = pool.Pool(1, mode, limits)
    for name in ("daemon", "waits_for_ever") if not mode.weak else ():
        sandboxes.run(hostile.SCRIPTS[name], hostile.SCRIPT_TESTS, 1.0)
    sandboxes.run("def add(a, b): return a + b", hostile.ADD_TESTS, 1.0)
    assert processes(limits), "those that wait for the next program"
    sandboxes.close()
    end = time.monotonic() + 10
    while processes(limits) and time.monotonic() < end:  # the kernel takes namespaces down a moment later
        time.sleep(0.05)
    assert not processes(limits)


def test_sandboxes_that_end_while_they_start_leave_nothing():
    limits = replace(LIMITS, memory=LIMITS.memory + 4096 * os.getpid() % (1 << 24) + 4)
    for milliseconds in range(40):
        with sandbox.Sandbox(sandbox.best_mode(), limits):
            time.sleep(milliseconds / 1000)
    end = time.monotonic() + 10
    while processes(limits) and time.monotonic() < end:
        time.sleep(0.05)
    assert not processes(limits)


def test_a_closed_pool_says_so():
    sandboxes = pool.Pool(1, sandbox.best_mode(), LIMITS)
    sandboxes.close()
    with pytest.raises(RuntimeError, match="no sandbox"):
        sandboxes.run("x = 1", ["assert x == 1"])


def test_weak_modes_are_refused_unless_allowed(monkeypatch):
    weak = Mode("limits", sandbox.best_mode().python)
    monkeypatch.setattr(pool, "best_mode", lambda: weak)
    monkeypatch.setattr(pool, "_pools", {})
    with pytest.raises(UserError, match="weak sandbox mode 'limits'"):
        pool.pool()
    pool.allow_weak()
    try:
        assert pool.pool().run("def f(): return 1", ["assert f() == 1", "assert f() == 2"])[0] == (True, "")
        pool.pool().close()
    finally:
        pool.allow_weak(False)
