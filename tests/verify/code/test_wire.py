"""Plain data between processes: what goes in comes out, and nothing else comes out."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towerplus.verify.code.guest.wire import DEEPEST, decode, encode

ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text(st.characters())
    | st.binary()
    | st.binary().map(bytearray)
)
HASHABLE = st.integers() | st.text() | st.booleans() | st.binary() | st.tuples(st.integers(), st.text())
PLAIN = st.recursive(
    ATOMS | st.frozensets(HASHABLE) | st.sets(HASHABLE),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(HASHABLE, inner),
    max_leaves=20,
)


def same(one, other):
    """Equal, and of the same types all the way down."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(map(same, one.values(), other.values()))
    return one == other


@given(PLAIN)
def test_there_and_back(value):
    assert same(decode(encode(value)), value)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_plain_value_or_a_value_error(data):
    try:
        value = decode(data)
    except ValueError:
        return
    assert same(decode(encode(value)), value) or "nan" in repr(value)


@given(PLAIN, st.integers(0, 30), st.binary(min_size=1, max_size=3))
def test_damaged_messages_are_a_plain_value_or_a_value_error(value, place, noise):
    data = encode(value)
    for damaged in (data[:place], data[:place] + noise + data[place + 1 :], data + noise):
        try:
            encode(decode(damaged))
        except ValueError:
            continue


def test_subclasses_become_plain():
    class Sly(int):
        def __eq__(self, other):
            return True

        __hash__ = int.__hash__

    found = decode(encode([Sly(3)]))
    assert type(found[0]) is int
    assert found != [4]


def test_depth_and_other_objects():
    deep: list = []
    for _ in range(DEEPEST + 1):
        deep = [deep]
    with pytest.raises(ValueError, match="deep"):
        encode(deep)
    with pytest.raises(ValueError, match="deep"):
        decode(b"l1;" * (DEEPEST + 1) + b"N")
    with pytest.raises(TypeError, match="object"):
        encode(object())
    with pytest.raises(ValueError, match="unknown tag"):
        decode(b"o0;")
    assert math.isnan(decode(encode(math.nan)))
