"""The side of the program under test. Nothing here is trusted: the program may have replaced all of it.

It was forked before the tests arrived and is asked for one thing after another: to load the program, to give a global
name, to call, to read an attribute. It answers with plain data or the number of an object that stays here.
"""

from __future__ import annotations

import os
import sys

from towerplus.verify.code.guest.wire import LONGEST, Line, decode, encode

TYPE_CHECKING = False  # to import typing takes longer than all the rest
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

#: Bytes of output that are read from a program, items that are read from an iterable.
OUTPUT = 1 << 20
ITEMS = 100_000


class Server:
    """Objects of the program by number, and what can be done with them."""

    def __init__(self, line: Line):
        self.line, self.module, self.script = line, type(sys)("program"), False
        self.objects: list[Any] = []

    def serve(self) -> None:
        """Answer until the other side goes."""
        while True:
            request = self.read(self.line.receive())
            arguments = request[1:]
            try:
                value = getattr(self, "do_" + request[0])(*arguments)
                # Lists and the like that the program has changed go back with the value.
                changed = [a if isinstance(a, list | dict | set | bytearray) else None for a in arguments[1:]]
                reply = self.write(("value", value, changed))
                if len(reply) > LONGEST:
                    raise ValueError("the value is too large")
            except BaseException as error:
                if self.script:  # in the process of a script, which ends as scripts end
                    raise
                error.__traceback__ = value = changed = None  # gives memory back
                reply = encode(("raise", [kind.__name__ for kind in type(error).__mro__], str(error)[:500]))
            self.line.send(reply)

    def read(self, data: bytes) -> Any:
        return decode(data, lambda tag, number: self.objects[number] if tag == b"o" else self.callback(number))

    def write(self, value: Any) -> bytes:
        return encode(value, self.number)

    def number(self, thing: Any) -> tuple[bytes, int]:
        self.objects.append(thing)
        return b"o", len(self.objects) - 1

    def callback(self, number: int) -> Any:
        """A function of the tests, as the program sees it."""

        def call(*arguments: Any) -> Any:
            self.line.send(self.write(("callback", number, arguments)))
            kind, value = self.read(self.line.receive())
            if kind == "raise":
                raise RuntimeError(value)
            return value

        return call

    def do_load(self, source: str) -> None:
        sys.modules["program"] = self.module
        exec(compile(source, "program.py", "exec"), self.module.__dict__)

    def do_get(self, name: str) -> tuple[str, Any]:
        """What a global name of the program is."""
        if name not in self.module.__dict__:
            return "missing", None
        value = self.module.__dict__[name]
        if isinstance(value, type(sys)):
            return "module", value.__name__
        if isinstance(value, type) and issubclass(value, BaseException):
            return "exception", [kind.__name__ for kind in value.__mro__]
        return "value", value

    def do_call(self, thing: Any, *arguments: Any) -> Any:
        return thing(*arguments)

    def do_call_named(self, thing: Any, arguments: Sequence[Any], named: dict[str, Any]) -> Any:
        return thing(*arguments, **named)

    def do_attribute(self, thing: Any, name: str) -> Any:
        return getattr(thing, name)

    def do_item(self, thing: Any, key: Any) -> Any:
        return thing[key]

    def do_store(self, thing: Any, key: Any, value: Any) -> None:
        thing[key] = value

    def do_length(self, thing: Any) -> int:
        return len(thing)

    def do_list(self, thing: Any) -> list[Any]:
        found = []
        for item in thing:
            found.append(item)
            if len(found) > ITEMS:
                raise ValueError("endless")
        return found

    def do_contains(self, thing: Any, item: Any) -> bool:
        return item in thing

    def do_equal(self, thing: Any, other: Any) -> bool:
        return bool(thing == other)

    def do_text(self, thing: Any) -> str:
        return str(thing)

    def do_instance(self, thing: Any, kind: Any) -> bool:
        return isinstance(thing, kind)

    def do_run(self, source: str, stdin: str) -> tuple[int, str]:
        """Exit code and output of the program as a script, in a process of its own, fresh for each input."""
        with open(".stdin", "w+b") as given, open(".stdout", "w+b") as output:
            os.unlink(".stdin")
            os.unlink(".stdout")
            given.write(stdin.encode())
            given.flush()
            given.seek(0)
            if not (child := os.fork()):
                self.script = True
                os.dup2(given.fileno(), 0)
                os.dup2(output.fileno(), 1)
                os.close(self.line.source)
                os.close(self.line.sink)
                sys.stdin, sys.stdout = open(0), open(1, "w")  # noqa: SIM115
                main = sys.modules["__main__"] = type(sys)("__main__")
                exec(compile(source, "program.py", "exec"), main.__dict__)
                raise SystemExit(0)  # as a script ends: buffers, threads, exit handlers
            _, status = os.waitpid(child, 0)
            return os.waitstatus_to_exitcode(status), os.pread(output.fileno(), OUTPUT, 0).decode("utf-8", "replace")


def main(source: int, sink: int) -> None:
    """Serve with standard input, output and error closed to the program."""
    null = os.open("/dev/null", os.O_RDWR)
    for place in range(3):
        os.dup2(null, place)
    Server(Line(source, sink)).serve()
