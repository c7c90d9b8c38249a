"""What each mode runs, and which of them rewards may use."""

from __future__ import annotations

import os
import threading

from towerplus.verify.code import modes
from towerplus.verify.code.modes import MODES, Limits, Mode

LIMITS = Limits()


def test_candidates_go_from_strong_to_weak():
    found = list(modes.candidates())
    order = [MODES.index(mode.name) for mode in found]
    assert order == sorted(order)
    assert found[-1].name == "limits"
    assert [mode.weak for mode in found] == sorted(mode.weak for mode in found)


def test_root_takes_another_user_each_time(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    commands = [Mode("setpriv+bwrap", "/usr/bin/python3").command(LIMITS, "", None) for _ in range(20)]
    users = {word for command in commands for word in command if word.startswith("--reuid=")}
    assert len(users) == 20
    for command in commands:
        assert "--no-new-privs" in command
        assert command.index("--no-new-privs") < command.index("--unshare-all")


def test_bubblewrap_leaves_nothing_to_write_but_a_small_folder():
    command = Mode("bwrap", "/opt/python/bin/python3").command(LIMITS, "", 7)
    assert "--bind" not in command
    assert {"--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--as-pid-1"} <= set(command)
    readonly = [command[i + 1] for i, word in enumerate(command) if word == "--ro-bind"]
    assert set(readonly) <= {"/usr", "/lib", "/lib64", "/lib32", "/opt/python"}
    assert [command[i + 1] for i, word in enumerate(command) if word == "--remount-ro"] == ["/dev", "/"]
    assert command[command.index("--size") + 1] == str(LIMITS.disk)
    assert command[command.index("--seccomp") + 1] == "7"


def test_an_ordinary_users_other_processes_are_allowed_for(monkeypatch):
    assert modes._tasks(os.getuid()) >= threading.active_count()
    monkeypatch.setattr(os, "geteuid", lambda: 4321)
    for kernel, more in (((5, 14), False), ((5, 13), True), ((6, 1), False), ((4, 18), True)):
        monkeypatch.setattr(modes, "_kernel", lambda kernel=kernel: kernel)
        monkeypatch.setattr(modes, "_tasks", lambda uid: 100)
        assert Mode("bwrap", "python3").processes(LIMITS) == LIMITS.processes + (100 if more else 0)
        assert Mode("limits", "python3").processes(LIMITS) == LIMITS.processes + 100
