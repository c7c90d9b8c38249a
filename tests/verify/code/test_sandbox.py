"""The sandbox: programs pass by computing what is asked and by nothing else, and harm nothing.

The hostile programs run in strong modes only, and the tests skip where none works.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from pathlib import Path

import hostile_programs as hostile
import pytest

from towerplus.verify.code import modes, pool, sandbox
from towerplus.verify.code.modes import Limits
from towerplus.verify.code.sandbox import Sandbox

#: Small, since a flood takes all of it on a machine that others use too.
LIMITS = Limits(memory=160 << 20, cpu_seconds=4, seconds=4.0)


@pytest.fixture(scope="module")
def strong():
    """A pool in the strongest mode."""
    mode = sandbox.best_mode()
    if mode.weak:
        pytest.skip(f"bubblewrap cannot isolate here: only the mode {mode.name!r} works")
    sandboxes = pool.Pool(2, mode, LIMITS)
    yield sandboxes
    sandboxes.close()


def test_there_are_enough_hostile_programs():
    families = (hostile.FAKES, hostile.SCRIPTS, hostile.ESCAPES, hostile.FLOODS)
    assert sum(map(len, families)) >= 40


def test_honest_programs_pass(strong):
    good = "def add(a, b): return a + b\nif __name__ == '__main__': print(add(*map(int, input().split())))"
    tests = [*hostile.ADD_TESTS, *hostile.SCRIPT_TESTS]
    assert strong.run(good, tests) == [(True, "")] * 4


@pytest.mark.parametrize("name", hostile.FAKES)
def test_fakes_do_not_pass(strong, name):
    results = strong.run(hostile.FAKES[name], hostile.ADD_TESTS, 2.0)
    assert [passed for passed, _ in results] == [False, False], results
    assert all(reason for _, reason in results)


@pytest.mark.parametrize(
    "test",
    [
        "assert abs(add(2, 3) - 5) < 1e-6",
        "assert add(2, 3) in (5,)",
        "assert not add(2, 3) != 5",
        "assert [add(2, 3)] == [5]",
        "assert isinstance(add(2, 3), int) and len([add(2, 3)]) == 1 and add(2, 3) > 4",
        "try:\n    assert add(2, 3) == 5\nexcept Exception:\n    raise",
        "import unittest\nclass T(unittest.TestCase):\n    def test(self): self.assertEqual(add(2, 3), 5)",
        "def check(candidate):\n    assert candidate(2, 3) == 5\ncheck(add)",
    ],
)
@pytest.mark.parametrize("name", ["always_equal", "always_equal_object", "arithmetic_object", "shadowed_builtins",
                                  "patched_unittest", "wrong_with_cheering", "os_exit"])  # fmt: skip
def test_fakes_do_not_pass_other_forms_of_tests(strong, name, test):
    assert not strong.run(hostile.FAKES[name], [test], 2.0)[0][0]


@pytest.mark.parametrize("name", hostile.SCRIPTS)
def test_scripts_do_not_pass(strong, name):
    results = strong.run(hostile.SCRIPTS[name], hostile.SCRIPT_TESTS, 2.0)
    assert not all(passed for passed, _ in results)


@pytest.mark.parametrize("name", hostile.ESCAPES)
def test_escapes_are_refused(strong, name, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret of the host")
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
        if folder.name.startswith("pytest-of"):
            break
    with socket.create_server(("127.0.0.1", 0)) as server:
        source = hostile.ESCAPES[name].replace("SECRET", str(secret)).replace("PORT", str(server.getsockname()[1]))
        for _ in range(2 if name == "other_runs" else 1):
            assert strong.run(source, ["assert attack() is False"]) == [(True, "")]
    assert secret.read_text() == "the secret of the host"


@pytest.mark.parametrize("name", hostile.FLOODS)
def test_floods_end_and_leave_nothing(strong, name):
    temporary = set(os.listdir("/tmp"))
    results = strong.run(hostile.FLOODS[name], hostile.ADD_TESTS)
    assert not any(passed for passed, _ in results)
    assert not {f for f in set(os.listdir("/tmp")) - temporary if f.isdigit()}
    assert strong.run("def add(a, b): return a + b", hostile.ADD_TESTS) == [(True, "")] * 2


def test_memory_is_counted_over_all_processes(strong):
    assert "too much memory" in strong.run(hostile.FLOODS["memory_of_many"], hostile.ADD_TESTS)[0][1]


def test_disk_is_bounded(strong):
    source = """
import os
def written():
    for n in range(40):
        try: open(f'/tmp/{n}', 'wb').write(b'x' * (4 << 20))
        except OSError: pass
    return sum(os.stat(f'/tmp/{n}').st_blocks * 512 for n in range(40))
"""
    assert strong.run(source, ["assert 4 << 20 < written() <= 16 << 20"]) == [(True, "")]


def test_files_are_counted(strong):
    assert "too many files" in strong.run(hostile.FLOODS["files"], hostile.ADD_TESTS)[0][1]


def test_a_sandbox_runs_one_program():
    with Sandbox(sandbox.best_mode(), LIMITS) as one:
        assert one.ready()
        assert one.run("x = 1", ["assert x == 1"], 4.0) == [(True, "")]
        with pytest.raises(RuntimeError, match="one program"):
            one.run("x = 1", ["assert x == 1"], 4.0)


@pytest.mark.parametrize("name", ["unshare", "limits"])
@pytest.mark.parametrize("program", ["sys_exit_in_call", "always_equal", "writes_every_descriptor", "child_answers",
                                     "patched_server", "os_exit"])  # fmt: skip
def test_weak_modes_keep_verdicts_honest(name, program):
    """What a weak mode does not protect is the machine; these programs do it no harm."""
    for mode in modes.candidates():
        if mode.name != name:
            continue
        with contextlib.suppress(OSError), Sandbox(mode, LIMITS) as one:  # OSError: not an interpreter to be had
            if one.ready():
                results = one.run(hostile.FAKES[program], hostile.ADD_TESTS, 3.0)
                assert results is None or not any(passed for passed, _ in results)
                return
    pytest.skip(f"the mode {name!r} does not work here")


@pytest.mark.parametrize("python", ["/nowhere/python3", sys.executable])
def test_a_weak_sandbox_removes_its_folder(monkeypatch, tmp_path, python):
    monkeypatch.setattr(sandbox.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 4321)  # nothing between us and the interpreter
    monkeypatch.setattr(sandbox, "_guest_code", lambda python: b"")
    expected = contextlib.nullcontext() if Path(python).exists() else pytest.raises(OSError, match="No such file")
    with expected, Sandbox(modes.Mode("limits", python), LIMITS):
        assert list(tmp_path.iterdir())
    assert not list(tmp_path.iterdir())


def test_the_filter_is_made_for_both_architectures():
    from towerplus.verify.code import seccomp

    for machine in ("x86_64", "aarch64"):
        steps = seccomp.program(machine)
        assert len(steps) % 8 == 0
        assert len(steps) // 8 < 4096
    with pytest.raises(KeyError):
        seccomp.program("vax")
