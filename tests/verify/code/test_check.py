"""The check `code.tests`: which part of a response is the program, what its tests may be, what it is worth."""

from __future__ import annotations

import pytest

from towerplus.errors import UserError
from towerplus.records import Check, Message, Task
from towerplus.verify import verify
from towerplus.verify.code import pool, sandbox
from towerplus.verify.code.check import code_of

TASK = Task((Message("user", "Write add(a, b)."),), "code/add")
GOOD = "def add(a, b):\n    return a + b\n"
TESTS = ["assert add(2, 3) == 5", "assert add(-1, 1) == 0", "assert add('a', 'b') == 'ab'", "assert add(0, 0) == 0"]


@pytest.fixture(scope="module", autouse=True)
def sandboxes():
    """Honest programs only, so that a weak mode does."""
    pool.allow_weak(sandbox.best_mode().weak)
    yield
    pool.allow_weak(False)


def run(response, **arguments):
    return verify(Check("code.tests", {"tests": TESTS, "timeout": 5} | arguments), response, TASK)


@pytest.mark.parametrize(
    "response",
    [
        GOOD,
        f"```python\n{GOOD}```",
        f"Here it is:\n\n```py\n{GOOD}```\n\nIt adds.",
        f"First:\n```python\ndef add(a, b): return 0\n```\nBetter:\n```\n{GOOD}```\nRun it:\n```bash\npython x.py\n```",
    ],
)
def test_passes(response):
    verdict = run(response)
    assert verdict.passed, verdict.reason


@pytest.mark.parametrize("response", ["", "\n", "Write add(a, b).", "```bash\nls\n```", "x", TESTS[0], "pass"])
def test_fails(response):
    verdict = run(response)
    assert not verdict.passed
    assert verdict.score == 0
    assert verdict.reason


def test_score_is_the_share_of_tests_that_pass():
    verdict = run("def add(a, b): return abs(a + b) if a != 2 else 0")
    assert not verdict.passed
    assert verdict.score == pytest.approx(0.5)
    assert "2 of 4 tests pass" in verdict.reason


def test_scripts_are_held_against_their_output():
    tests = [{"stdin": "3\n1\n2\n", "stdout": "1\n2\n3\n"}, {"stdin": "5\n", "stdout": "5"}]
    assert run("import sys\nfor n in sorted(map(int, sys.stdin)): print(n, '')", tests=tests).passed
    assert run("import sys\nprint(sys.stdin.readline())", tests=tests).score == pytest.approx(0.5)
    assert not run("print('1 2 3')", tests=tests).passed


def test_forms_of_tests():
    program = """
import math
from dataclasses import dataclass
class TooLow(ValueError): pass
@dataclass
class Point:
    x: int
    y: "int" = 0
class Stack:
    def __init__(self, *items): self.items = list(items)
    def push(self, item): self.items.append(item)
    def pop(self): return self.items.pop()
    def __len__(self): return len(self.items)
def root(x):
    if x < 0: raise TooLow(f"{x} is below 0")
    return math.sqrt(x)
def twice(f, x): return f(f(x))
def sort(items): items.sort()
def named(a, *, b=1): return {"a": a, "b": (b, None, 1.5, b"x", {1, 2}, 3j, 10 ** 30)}
def count():
    n = 0
    while n < 3: yield n; n += 1
LIMIT = 7
"""
    tests = [
        "try:\n    root(-1)\n    assert False\nexcept TooLow as error:\n    assert '-1 is below 0' in str(error)",
        "try:\n    root(-1)\n    assert False\nexcept ValueError:\n    pass",
        "assert math.isclose(root(2) ** 2, 2)",
        "s = Stack(1)\ns.push(2)\nassert len(s) == 2 and s.pop() == 2 and s.items == [1]\nassert isinstance(s, Stack)",
        "assert twice(lambda x: x * 3, 2) == 18",
        "data = [3, 1, 2]\nsort(data)\nassert data == [1, 2, 3]",
        "assert named(1, b=2) == {'a': 1, 'b': (2, None, 1.5, b'x', {1, 2}, 3j, 10 ** 30)}",
        "assert list(count()) == [0, 1, 2]",
        "assert LIMIT == 7",
        "assert Point(1).y == 0 and Point(1) == Point(1) and Point(1) != Point(2)",
        "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n        self.assertEqual(root(9), 3.0)",
        "def check(candidate):\n    assert candidate(4) == 2.0\ncheck(root)",
    ]
    verdict = run(program, tests=tests)
    assert verdict.passed, verdict.reason


def test_prefix_stands_before_a_completion():
    assert run("    return a + b\n", prefix="def add(a, b):\n").passed


def test_time_is_bounded():
    verdict = run("def add(a, b):\n    while True: pass", timeout=0.5)
    assert "out of time" in verdict.reason


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"tests": []}, "list of tests"),
        ({"tests": "assert add(1, 1) == 2"}, "list of tests"),
        ({"tests": ["add(1, 1) == 2"]}, "asserts nothing"),
        ({"tests": ["assert add(1, 1) =="]}, "no Python"),
        ({"tests": [{"stdin": "1"}]}, "'stdin' and 'stdout'"),
        ({"tests": [{"stdin": 1, "stdout": "1"}]}, "'stdin' and 'stdout'"),
        ({"language": "cobol"}, "cobol"),
        ({"timeout": 0}, "timeout"),
        ({"timeout": 1e9}, "timeout"),
    ],
)
def test_wrong_arguments_are_user_errors(arguments, message):
    with pytest.raises(UserError, match=message):
        run(GOOD, **arguments)


def test_code_of_takes_the_last_block():
    assert code_of("```python\na\n```\n```\nb\n```") == "b\n"
    assert code_of("no fence") == "no fence"
    assert code_of("```js\nx\n```") == ""
