"""The side of the tests: the first process of the sandbox, which the program can neither read nor end.

It forks the program's process before the tests arrive, so that expected values are in this memory alone, and makes
itself unreadable (PR_SET_DUMPABLE). Tests run here; what they call runs over there and comes back as plain data.
"""

from __future__ import annotations

import builtins
import os
import resource
import signal
import sys
import time

from towerplus.verify.code.guest.program import main as serve
from towerplus.verify.code.guest.wire import Ended, Line, decode, encode

TYPE_CHECKING = False  # to import typing takes longer than all the rest
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType
    from typing import Any

PR_SET_DUMPABLE = 4
FILES = 2000


class ProgramExit(Exception):
    """The program called exit, or raised what no test can catch."""


class Remote:
    """An object of the program. It is equal to no plain value, whatever its own `==` says, and has no arithmetic: a
    test can only see it through calls, attributes, items and its text."""

    def __init__(self, session: Session, number: int):
        self.__dict__.update(_session=session, _number=number)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        if named:
            return self._session.ask("call_named", self, list(arguments), named)
        return self._session.ask("call", self, *arguments)

    def __getattr__(self, name: str) -> Any:
        return self._session.ask("attribute", self, name)

    def __getitem__(self, key: Any) -> Any:
        return self._session.ask("item", self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._session.ask("store", self, key, value)

    def __len__(self) -> int:
        return self._session.ask("length", self)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Any]:
        return iter(self._session.ask("list", self))

    def __contains__(self, item: Any) -> bool:
        return self._session.ask("contains", self, item) is True

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, Remote) and self._session.ask("equal", self, other) is True

    def __hash__(self) -> int:
        return self._number

    def __str__(self) -> str:
        text = self._session.ask("text", self)
        return text if isinstance(text, str) else ""

    def __instancecheck__(self, thing: Any) -> bool:
        return isinstance(thing, Remote) and self._session.ask("instance", thing, self) is True


class Session:
    """Questions to the program's process."""

    def __init__(self, line: Line):
        self.line, self.dead = line, ""
        self.errors: dict[str, type[Exception]] = {}
        self.callbacks: list[Callable[..., Any]] = []

    def ask(self, *request: Any) -> Any:
        """The value that the program answers; raises what it raised, and Ended where it answers no more."""
        if self.dead:
            raise Ended(self.dead)
        data = encode(request, self._name)
        try:
            self.line.send(data)
            while True:
                kind, value, more = decode(self.line.receive(), self._made)
                if kind != "callback":
                    break
                self.line.send(self._called(value, more))
            if kind == "raise":
                error = self._error(value)(str(more))
            else:
                _change(request[2:], more)
                return value
        except (Ended, ValueError, TypeError) as problem:
            self.dead = str(problem) if isinstance(problem, Ended) else "sent no message"
            raise Ended(self.dead) from None
        raise error

    def _name(self, thing: Any) -> tuple[bytes, int]:
        if isinstance(thing, Remote):
            return b"o", thing._number
        if not callable(thing):
            raise TypeError(f"a {type(thing).__name__} cannot be given to the program")
        self.callbacks.append(thing)
        return b"k", len(self.callbacks) - 1

    def _made(self, tag: bytes, number: int) -> Any:
        return Remote(self, number) if tag == b"o" else self.callbacks[number]

    def _called(self, number: Any, arguments: Any) -> bytes:
        try:
            return encode(("value", self.callbacks[number](*arguments)), self._name)
        except Exception as error:
            return encode(("raise", f"{type(error).__name__}: {error}"[:500]))

    def _error(self, names: Any) -> type[Exception]:
        """The exception that a test sees: the program's own by name, or the nearest built-in one."""
        for name in names:
            found = self.errors.get(name) or getattr(builtins, name, None)
            if isinstance(found, type) and issubclass(found, Exception):
                return found
        return ProgramExit

    def names(self, code: CodeType, known: dict[str, Any]) -> dict[str, Any]:
        """The program's globals that `code` mentions: functions and classes as Remote, constants as they are. Never a
        built-in name, so that no program can put its own `len` or `sorted` under a test. A module of the standard
        library that the program has imported is imported here anew."""
        found = {}
        for name in sorted(_mentioned(code)):
            if name in known or hasattr(builtins, name) or name.startswith("__"):
                continue
            kind, value = self.ask("get", name)
            if kind == "value":
                found[name] = value
            elif kind == "module" and value in sys.stdlib_module_names:
                found[name] = __import__(value)
            elif kind == "exception":
                found[name] = self.errors[name] = type(name, (self._error(value),), {})
        return found


def run_code(session: Session, source: str, number: int, namespace: dict[str, Any]) -> None:
    """Run one test; raises what it raises, AssertionError for a failing unittest class."""
    code = compile(source, f"test {number}", "exec", optimize=0)
    namespace |= session.names(code, namespace)
    before = set(map(id, namespace.values()))
    exec(code, namespace)
    if "unittest" in sys.modules:
        _unittests([value for value in namespace.values() if id(value) not in before])


def run_script(session: Session, source: str, test: dict[str, str]) -> None:
    """Run the program with the input of one test and compare lines, white space at their ends aside."""
    status, output = session.ask("run", source, test["stdin"])
    if status != 0:
        raise AssertionError(f"the program ends with exit code {status}")
    if not isinstance(output, str) or _lines(output) != _lines(test["stdout"]):
        raise AssertionError("other output")


def run_tests(line: Line, job: dict[str, Any]) -> list[tuple[bool, str]]:
    """Whether each test passes, and why not."""
    session, namespace = Session(line), {"__name__": "tests"}
    tests, source = job["tests"], job["program"]
    results: list[tuple[bool, str]] = []
    try:
        if any(isinstance(test, str) for test in tests):
            session.ask("load", source)
        for number, test in enumerate(tests):
            reason = ""
            try:
                if isinstance(test, str):
                    run_code(session, test, number, namespace)
                else:
                    run_script(session, source, test)
            except Exception as error:
                reason = f"{type(error).__name__}: {error}".removesuffix(": ")
            except SystemExit:
                reason = "the test called exit"
            if session.dead:  # whatever the test made of it
                raise Ended(session.dead)
            results.append((not reason, reason[:300]))
    except Ended as end:
        results += [(False, f"the program {end}")] * (len(tests) - len(results))
    except Exception as error:
        reason = f"the program does not load: {type(error).__name__}: {error}"[:300]
        results += [(False, reason)] * (len(tests) - len(results))
    return results


def _unittests(values: list[Any]) -> None:
    import unittest

    for kind in values:
        if isinstance(kind, type) and issubclass(kind, unittest.TestCase) and kind.__module__ == "tests":
            result = unittest.TestResult()
            unittest.defaultTestLoader.loadTestsFromTestCase(kind).run(result)
            if not result.wasSuccessful() or not result.testsRun or result.skipped:
                problems = [text.strip().splitlines()[-1] for _, text in result.failures + result.errors]
                raise AssertionError(problems[0] if problems else "no test ran")


def _change(arguments: tuple[Any, ...], changed: Any) -> None:
    """Give the lists, dicts and sets that were passed the content they have after the call."""
    for mine, theirs in zip(arguments, changed, strict=False):
        if type(mine) is not type(theirs) or mine == theirs:
            continue
        if isinstance(mine, list | bytearray):
            mine[:] = theirs
        elif isinstance(mine, dict | set):
            mine.clear()
            mine.update(theirs)


def _mentioned(code: CodeType) -> set[str]:
    return set(code.co_names).union(*(_mentioned(part) for part in code.co_consts if isinstance(part, type(code))))


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]


class Watch:
    """Ends the program when all its processes together use too much: limits of the kernel are per process."""

    def __init__(self, memory: int):
        self.memory, self.page = memory, os.sysconf("SC_PAGE_SIZE")

    def __call__(self) -> None:
        total = 0
        for name in os.listdir("/proc"):
            if name.isdigit():
                try:
                    with open(f"/proc/{name}/statm", "rb") as stream:
                        total += int(stream.read().split()[1]) * self.page
                except OSError:  # it has just ended
                    continue
        if total > self.memory:
            raise Ended("uses too much memory")
        room = os.statvfs(".")
        if room.f_files - room.f_ffree > FILES:
            raise Ended("makes too many files")


def _no_watch() -> None:
    pass


def limit(memory: int, processes: int, file_bytes: int, seconds: int) -> None:
    """Limits of this process and of all that it starts, for good."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def dumpable(yes: bool) -> None:
    """Whether processes of the same user may read this one. Raises OSError where it cannot be set."""
    import ctypes

    if ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, int(yes), 0, 0, 0):
        raise OSError("PR_SET_DUMPABLE failed")


def main(memory: int, processes: int, file_bytes: int, seconds: int, alone: bool) -> None:
    """Run one job from standard input and write its results to standard output. `alone`: no process that this one
    may signal or see is anybody else's."""
    dumpable(False)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the first process of a namespace gets no signal without a handler
    limit(memory, processes, file_bytes, seconds)
    there, mine = os.pipe(), os.pipe()
    if not (child := os.fork()):
        dumpable(True)
        os.setsid()
        os.close(there[1])
        os.close(mine[0])
        serve(there[0], mine[1])
        return  # a script has ended
    os.close(there[0])
    os.close(mine[1])
    os.write(1, b"+")
    job = decode(Line(0, 1).receive())
    watch = Watch(memory) if alone else _no_watch
    line = Line(mine[0], there[1], time.monotonic() + job["seconds"], watch)
    try:
        results = run_tests(line, job)
    finally:
        if alone:
            os.kill(-1, signal.SIGKILL)
        else:
            os.killpg(child, signal.SIGKILL)
    Line(0, 1).send(encode(results))
    os._exit(0)
