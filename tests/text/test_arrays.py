"""Normal forms and hashes of arrays, against the same said plainly in Python."""

import re
import unicodedata

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from towerplus.errors import UserError
from towerplus.text import arrays, hashing
from towerplus.text.normalise import clean, normalise

# characters that this Python's Unicode tables know: Arrow's are newer
texts = st.lists(st.text(st.characters(exclude_categories=["Cs", "Cn", "Co"]), max_size=30), max_size=8)
sentences = st.lists(st.lists(st.sampled_from(list("abcd")), max_size=20).map(" ".join), max_size=6)


@settings(deadline=None)
@given(texts)
def test_array_normalise_is_the_scalar_one(items):
    assert arrays.normalise(items).to_pylist() == [normalise(item) for item in items]


@settings(deadline=None)
@given(texts)
def test_normal_forms_are_stable(items):
    assert [normalise(normalise(item)) for item in items] == [normalise(item) for item in items]
    assert [clean(clean(item)) for item in items] == [clean(item) for item in items]


def test_clean_keeps_what_is_inside():
    assert clean("  e\u0301 %s\r\n\tb \n") == "é %s\n\tb"
    assert normalise("a\u00a0\u3000b\n") == "a b"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't  STOP!", ["don", "t", "stop"]),
        ("你好, world", ["你", "好", "world"]),
        ("ﬁne ２０", ["fine", "20"]),
        ("हिन्दी", ["हिन्दी"]),
        ("…", ["..."]),  # nothing but punctuation: kept (NFC), not dropped
        ("", []),
    ],
)
def test_words(text, words):
    flat, offsets = arrays.words([text, "x", text])
    wanted = [unicodedata.normalize("NFC", text)] if text == "…" else words
    assert flat.to_pylist() == [*wanted, "x", *wanted]
    assert offsets.tolist() == [0, len(wanted), len(wanted) + 1, 2 * len(wanted) + 1]


def test_words_of_a_slice():
    array = pa.array(["a b", "c", "d e f"], pa.large_string()).slice(1)
    flat, offsets = arrays.words(array)
    assert (flat.to_pylist(), offsets.tolist()) == (["c", "d", "e", "f"], [0, 1, 4])


def test_content_hashes_see_words_only():
    one, same, other = hashing.content_hashes(["Hello, World!", "hello world", "hello word"])
    assert one == same != other
    exact = hashing.exact_hashes(["a b", "a\u00a0 b", "A b", "a b."])
    assert exact[0] == exact[1]
    assert len(set(exact.tolist())) == 3


@settings(deadline=None)
@given(sentences, st.integers(1, 5))
def test_ngrams_are_those_of_the_words(items, n):
    hashes, offsets = hashing.ngram_hashes(items, n)
    grams = [[tuple(w[i : i + n]) for i in range(len(w) - n + 1)] for w in (item.split() for item in items)]
    assert np.diff(offsets).tolist() == [len(g) for g in grams]
    flat = [gram for row in grams for gram in row]
    assert len(set(hashes.tolist())) == len(set(flat))  # equal where and only where the n-grams are
    assert len(set(zip(hashes.tolist(), flat, strict=True))) == len(set(flat))


def test_combine_minds_the_order():
    a, b = np.array([1, 2], np.uint64), np.array([2, 1], np.uint64)
    assert hashing.combine(a, b)[0] != hashing.combine(b, a)[0]
    assert hashing.combine(a, b)[0] == hashing.combine(b, a)[1]


def test_leaks():
    benchmark = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    known = hashing.leak_hashes([benchmark, "A short one."])
    thirteen = " ".join(benchmark.split()[1:])
    twelve = " ".join(benchmark.split()[2:])
    items = [f"And so {thirteen.upper()}, he said", f"And so {twelve} he said", "a SHORT one", "Not a short one", ""]
    assert hashing.leaks(items, known).tolist() == [True, False, True, False, False]
    assert not hashing.leaks(items, np.zeros(0, np.uint64)).any()


@settings(deadline=None)
@given(st.lists(st.integers(0, 50)), st.lists(st.integers(0, 50)))
def test_contained(items, known):
    found = hashing.contained(np.array(items, np.uint64), np.unique(np.array(known, np.uint64)))
    assert found.tolist() == [item in known for item in items]


def test_sets_on_disk(tmp_path):
    path = tmp_path / "set.npy"
    hashing.save_set(path, np.array([3, 1, 3], np.uint64))
    assert hashing.load_set(path).tolist() == [1, 3]
    np.save(path, np.array([3, 1], np.uint64))
    with pytest.raises(UserError, match="not sorted"):
        hashing.load_set(path)
    np.save(path, np.array([1.0]))
    with pytest.raises(UserError, match="uint64"):
        hashing.load_set(path)
    path.write_text("no")
    with pytest.raises(UserError, match=re.escape(str(path))):
        hashing.load_set(path)
    with pytest.raises(UserError, match="no such file"):
        hashing.load_set(tmp_path / "none.npy")
