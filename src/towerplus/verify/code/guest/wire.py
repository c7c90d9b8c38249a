"""Plain data between processes that do not trust each other.

A decoder that builds exact built-in types and nothing else, so that what a hostile program sends is at worst a wrong
value: never an object whose `==` says yes. (`pickle` and `marshal` run or trust what they read; `json` has no tuples.)
"""

from __future__ import annotations

import os
import select
import time

TYPE_CHECKING = False  # to import typing takes longer than all the rest
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

#: Bytes of one message, and how deep its values nest.
LONGEST = 4 << 20
DEEPEST = 100


class Ended(BaseException):
    """The other side has gone, is too late or sends what no honest side sends. Not an Exception: tests that catch
    everything must not swallow it."""


def encode(value: Any, other: Callable[[Any], tuple[bytes, int]] | None = None, depth: int = DEEPEST) -> bytes:
    """`value` as bytes; what is no plain data is named by `other`: a tag (o or k) and a number.

    Subclasses of plain types become the plain type. Raises TypeError without `other`, ValueError when nested too deep.
    """
    if depth == 0:
        raise ValueError("nested too deep")
    if value is None:
        return b"N"
    if isinstance(value, bool):
        return b"T" if value else b"F"
    if isinstance(value, int):
        return b"i%x;" % value if value >= 0 else b"j%x;" % -value
    if isinstance(value, float):
        return b"f" + float.__repr__(value).encode() + b";"
    if isinstance(value, complex):
        return b"c" + encode(value.real) + encode(value.imag)
    if isinstance(value, str):
        data = str.encode(value, "utf-8", "surrogatepass")
        return b"s%x;" % len(data) + data
    if isinstance(value, bytes | bytearray):
        return (b"b%x;" if isinstance(value, bytes) else b"B%x;") % len(value) + bytes(value)
    for kind, tag in (list, b"l"), (tuple, b"t"), (set, b"S"), (frozenset, b"z"):
        if isinstance(value, kind):
            items = list(value)
            return tag + b"%x;" % len(items) + b"".join(encode(item, other, depth - 1) for item in items)
    if isinstance(value, dict):
        parts = [encode(part, other, depth - 1) for pair in value.items() for part in pair]
        return b"d%x;" % (len(parts) // 2) + b"".join(parts)
    if other is None:
        raise TypeError(f"{type(value).__name__} is no plain data")
    tag, number = other(value)
    return tag + b"%x;" % number


def decode(data: bytes, other: Callable[[bytes, int], Any] | None = None) -> Any:
    """The value that `encode` wrote; `other` makes what was named by tag and number. Raises ValueError for all else."""
    try:
        value, end = _decode(data, 0, other, DEEPEST)
    except (TypeError, IndexError, OverflowError, MemoryError) as error:  # an unhashable key; a cut message
        raise ValueError(str(error)) from None
    if end != len(data):
        raise ValueError("more than one value")
    return value


def _decode(data: bytes, place: int, other: Callable[[bytes, int], Any] | None, depth: int) -> tuple[Any, int]:
    if depth == 0:
        raise ValueError("nested too deep")
    tag, place = data[place : place + 1], place + 1
    if tag in (b"N", b"T", b"F"):
        return {b"N": None, b"T": True, b"F": False}[tag], place
    if tag == b"c":
        real, place = _decode(data, place, None, depth - 1)
        imaginary, place = _decode(data, place, None, depth - 1)
        return complex(real, imaginary), place
    end = data.index(b";", place)
    head, place = data[place:end], end + 1
    if tag == b"f":
        return float(head), place
    number = int(head, 16)
    if tag in (b"i", b"j"):
        return number if tag == b"i" else -number, place
    if tag in (b"o", b"k") and other is not None:
        return other(tag, number), place
    if number > len(data):
        raise ValueError("longer than the message")
    if tag in (b"s", b"b", b"B"):
        part, place = data[place : place + number], place + number
        if place > len(data):
            raise ValueError("cut short")
        return part.decode("utf-8", "surrogatepass") if tag == b"s" else part if tag == b"b" else bytearray(part), place
    items = []
    for _ in range(number * (2 if tag == b"d" else 1)):
        item, place = _decode(data, place, other, depth - 1)
        items.append(item)
    if tag == b"d":
        return dict(zip(items[::2], items[1::2], strict=True)), place
    kinds: dict[bytes, Callable[[list[Any]], Any]] = {b"l": list, b"t": tuple, b"S": set, b"z": frozenset}
    if tag not in kinds:
        raise ValueError("unknown tag")
    return kinds[tag](items), place


class Line:
    """Messages over two file descriptors. `tick` is called while waiting, some fifty times a second; `deadline` is a
    time of time.monotonic()."""

    def __init__(self, source: int, sink: int, deadline: float = float("inf"), tick: Callable[[], None] = lambda: None):
        self.source, self.sink, self.deadline, self.tick = source, sink, deadline, tick
        os.set_blocking(source, False)
        os.set_blocking(sink, False)

    def send(self, data: bytes) -> None:
        """Raises Ended where the other side has gone or does not read in time."""
        for part in (b"%08x" % len(data), data):
            left = memoryview(part)
            while left:
                self._wait(self.sink, select.POLLOUT)
                try:
                    left = left[os.write(self.sink, left[: 1 << 16]) :]
                except BlockingIOError:
                    continue
                except OSError:
                    raise Ended("ended") from None

    def receive(self) -> bytes:
        """Raises Ended where the other side has gone, is too late or sends too much."""
        head = self._read(8)
        try:
            length = int(head, 16)
        except ValueError:
            raise Ended("sent no message") from None
        if not 0 <= length <= LONGEST:
            raise Ended("sent too much")
        return self._read(length)

    def _read(self, length: int) -> bytes:
        parts, left = [], length
        while left:
            self._wait(self.source, select.POLLIN)
            try:
                part = os.read(self.source, min(left, 1 << 16))
            except BlockingIOError:
                continue
            except OSError:
                part = b""
            if not part:
                raise Ended("ended")
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def _wait(self, place: int, event: int) -> None:
        poll = select.poll()
        poll.register(place, event)
        while not poll.poll(20):
            self.tick()
            if time.monotonic() > self.deadline:
                raise Ended("ran out of time")
        if time.monotonic() > self.deadline:
            raise Ended("ran out of time")
