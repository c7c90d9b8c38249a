"""The process behind `symbolic`: a question a line (JSON) on standard input, an answer a line on standard output."""

from __future__ import annotations

import json
import logging
import os
import resource
import sys
from collections.abc import Mapping, Sequence
from typing import Any

#: Bytes of address space; expressions that swell beyond it fail instead of filling the machine.
MEMORY = 2 << 30


def targets(settings: Mapping[str, Any]) -> list[Any]:
    """What math-verify shall look for, in its own terms."""
    from math_verify import ExprExtractionConfig, LatexExtractionConfig, StringExtractionConfig

    known = {
        "latex": LatexExtractionConfig,
        "expr": ExprExtractionConfig,
        "choice": lambda: StringExtractionConfig(strings=tuple(settings["choices"]), try_extract_without_anchor=True),
    }
    return [known[name]() for name in settings["extract"]]


def extract(text: str, settings: Mapping[str, Any]) -> list[Any]:
    """What math-verify reads from `text`: expressions of sympy and strings; empty where nothing can be read."""
    from math_verify import parse

    return parse(text, targets(settings), parsing_timeout=max(1, round(settings["seconds"])))


def compare(question: Mapping[str, Any]) -> dict[str, Any]:
    """Both answers as text, and whether they are equal."""
    from math_verify import verify

    gold, answer = extract(question["gold"], question), extract(question["response"], question)
    equal = verify(
        gold,
        answer,
        float_rounding=question["precision"],
        strict=question["strict"],
        allow_set_relation_comp=question["relations"],
        timeout_seconds=max(1, round(question["seconds"])),
    )
    return {"gold": _text(gold), "answer": _text(answer), "equal": bool(gold and answer and equal)}


def _text(found: Sequence[Any]) -> str:
    """The string that the answer was read from; printing the expression itself may take for ever."""
    strings = [item for item in found if isinstance(item, str)]
    return strings[0] if strings else "an expression" if found else ""


def main() -> None:
    """Answer until standard input ends."""
    logging.disable(logging.CRITICAL)
    # What a library prints must not stand between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    import math_verify  # noqa: F401  the slow part, before the memory limit and the first question

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        try:
            found = compare(json.loads(line))
        except (ArithmeticError, AttributeError, MemoryError, RecursionError, TypeError, ValueError) as error:
            found = {"gold": "?", "answer": type(error).__name__, "equal": False}
        print(json.dumps(found), file=answers, flush=True)


if __name__ == "__main__":
    main()
