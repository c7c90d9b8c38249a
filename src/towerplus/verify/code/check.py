"""A program passes when every unit test does, in a sandbox."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Mapping
from typing import Any

from towerplus.errors import UserError
from towerplus.records import Task
from towerplus.verify.base import PASSED, Verdict, failed
from towerplus.verify.code.pool import pool

LANGUAGES = ("python",)
MOST_SECONDS = 60.0
_FENCE = re.compile(r"^```[ \t]*([\w+-]*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def tests(response: str, task: Task, arguments: Mapping[str, Any]) -> Verdict:
    """The program in the response passes all `tests`; the score is the share that passes.

    Arguments:
        tests: a list. A text is Python with at least one assertion (`assert`, `raise`, unittest classes), as in MBPP
            and HumanEval; names that it neither defines nor imports are the program's. `{"stdin", "stdout"}` runs the
            program as a script and compares its output line by line, as in APPS.
        language: python, the only one.
        prefix: code that stands before the response, as in HumanEval's completions.
        timeout: seconds of wall time for all tests together (10, at most 60).

    The program is the last fenced block of Python, or, without a fence, the whole response.
    Raises UserError for tests that cannot fail or do not parse, and where no sandbox may be used.
    """
    if (language := arguments.get("language", "python")) not in LANGUAGES:
        raise UserError(f"code.tests: unknown language {language!r}; known: {', '.join(LANGUAGES)}")
    given = arguments.get("tests")
    if not isinstance(given, list) or not given:
        raise UserError(f"code.tests needs a list of tests; got {given!r}")
    for test in given:
        if isinstance(test, str):
            _require_assertion(test)
        elif not (isinstance(test, dict) and set(test) == {"stdin", "stdout"} and all(map(_is_text, test.values()))):
            raise UserError(f"code.tests: a test is Python or has 'stdin' and 'stdout'; got {test!r}"[:300])
    seconds = arguments.get("timeout", 10)
    if not isinstance(seconds, int | float) or not 0 < seconds <= MOST_SECONDS:
        raise UserError(f"code.tests: 'timeout' is at most {MOST_SECONDS:g} seconds; got {seconds!r}")
    program = code_of(response)
    sandboxes = pool()
    if not program.strip():
        return failed("empty")
    results = sandboxes.run(str(arguments.get("prefix", "")) + program, given, float(seconds))
    if all(passed for passed, _ in results):
        return PASSED
    right = sum(passed for passed, _ in results)
    reason = next(reason for passed, reason in results if not passed)
    return failed(f"{right} of {len(results)} tests pass: {reason}", right / len(results))


def code_of(response: str) -> str:
    """The last fenced block that is Python or names no language; the whole response where there is no fence."""
    blocks = [(name.lower(), text) for name, text in _FENCE.findall(response)]
    if not blocks:
        return response
    return next((text for name, text in reversed(blocks) if name in ("", "python", "python3", "py")), "")


@functools.lru_cache(maxsize=4096)
def _require_assertion(test: str) -> None:
    """Raise UserError for a test that does not parse, or that nothing can fail."""
    try:
        nodes = list(ast.walk(ast.parse(test)))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UserError(f"code.tests: a test is no Python ({error}): {test[:80]!r}") from None
    if not any(isinstance(n, ast.Assert | ast.Raise) or getattr(n, "attr", "").startswith("assert") for n in nodes):
        raise UserError(f"code.tests: a test asserts nothing: {test[:80]!r}")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
