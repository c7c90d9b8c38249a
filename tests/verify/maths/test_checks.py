"""Maths checks: the published verdicts, the laws of an equivalence, and answers that must fail."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from towerplus.errors import UserError
from towerplus.records import Check, Message, Task
from towerplus.verify import verify
from towerplus.verify.maths import checks, symbolic, worker

TASK = Task((Message("user", "How many eggs are left?"),), "maths/eggs")
needs_extra = pytest.mark.skipif(bool(symbolic.unavailable()), reason=symbolic.unavailable())


def gsm8k(response, expected, **arguments):
    return verify(Check("maths.gsm8k", {"expected": expected} | arguments), response, TASK)


def equivalent(response, expected, **arguments):
    return verify(Check("maths.equivalent", {"expected": expected} | arguments), response, TASK)


def test_gsm8k_published_verdicts(data):
    """The field is_correct of four models' solutions, one by one."""
    lines = (data / "gsm8k/example_model_solutions.jsonl").read_text().splitlines()
    counts: dict[str, int] = {}
    for row in map(json.loads, lines):
        expected = row["ground_truth"].rpartition("A: ")[2]
        for model in ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification"):
            verdict = gsm8k(row[model]["solution"], expected)
            assert verdict.passed == row[model]["is_correct"], (row[model]["solution"], verdict)
            counts[model] = counts.get(model, 0) + verdict.passed
    assert list(counts.values()) == [286, 515, 458, 742]
    assert len(lines) == 1319


@pytest.mark.parametrize("response", ["#### 9", "A: 9", "16 - 7 = 9\n#### $9.00", "\\boxed{9}", "The answer is 9."])
def test_gsm8k_passes(response):
    assert gsm8k(response, "9").passed
    assert gsm8k(response, 9).passed


@pytest.mark.parametrize(
    "response",
    ["", "How many eggs are left?", "9", "#### 8", "#### -9", "#### 9 or 10", "#### 9\n#### 10", "#### nine",
     "#### 9.01", "#### 99", "#### 9 + x", "####", "\\boxed{}", "#### 9e9"],
)  # fmt: skip
def test_gsm8k_fails(response):
    verdict = gsm8k(response, "9")
    assert not verdict.passed
    assert verdict.reason


def test_gsm8k_flexible():
    assert gsm8k("16 - 7 is 9", "9", flexible=True).passed
    assert not gsm8k("9 is 16 - 7", "9", flexible=True).passed
    assert not gsm8k("no idea", "9", flexible=True).passed
    with pytest.raises(UserError, match="not a number"):
        gsm8k("9", "nine")


def cases(data):
    for case in json.loads((data / "math_equiv/math_verify_cases.json").read_text()):
        yield case["test"], case["params"]


@needs_extra
def test_math_equiv_published_verdicts(data):
    """All 269 comparisons. As in their source, the group about LaTeX notation looks for LaTeX alone."""
    wrong, compared = [], 0
    for group, case in cases(data):
        if "config" in case:
            continue
        names = {"precision": "precision", "strict": "strict", "allow_set_relation_comp": "relations"}
        arguments = {name: case[key] for key, name in names.items() if key in case}
        if group == "test_latex_notation":
            arguments["extract"] = "latex"
        compared += 1
        verdict = equivalent(case["pred"], case["gold"], timeout=20, **arguments)
        if verdict.passed != bool(case.get("expected", case.get("result"))):
            wrong.append((case, verdict))
    assert not wrong
    assert compared == 269


@needs_extra
def test_math_equiv_choices(data):
    """The 7 cases of letters to choose from: what is read. (The check folds case; one case is published unfolded.)"""
    found = 0
    for _, case in cases(data):
        if "config" in case:
            choices = ("U",) if "('U',)" in case["config"] else ("A", "B", "C", "D")
            asked = {"extract": ("choice",), "choices": choices, "seconds": 20}
            read = [str(item) for item in worker.extract(case["pred"], asked)]
            wanted = [case["expected"][0].lower(), *case["expected"][1:]] if case["expected"] else []
            assert read == wanted, case
            found += 1
    assert found == 7


@needs_extra
@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ("$\\frac{1}{2}$", "0.5"),
        ("So $x = \\boxed{\\frac{\\sqrt{2}}{2}}$.", "$\\frac{1}{\\sqrt{2}}$"),
        ("$(x+1)^2$", "$x^2+2x+1$"),
        ("\\boxed{2, 1}", "$\\{1, 2\\}$"),
        ("The answer is 12.", "12"),
        ("1,000", "1000"),
    ],
)
def test_equivalent(response, expected):
    verdict = equivalent(response, expected, timeout=20)
    assert verdict.passed, verdict.reason


@needs_extra
@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ("", "1"),
        ("How many eggs are left?", "1"),
        ("$x+2$", "$x+1$"),
        ("\\boxed{3} or \\boxed{4}", "3"),
        ("I do not know.", "$\\frac{1}{2}$"),
        ("0.5000001", "1"),
        ("$(1, 2]$", "$[1, 2]$"),
    ],
)
def test_not_equivalent(response, expected):
    verdict = equivalent(response, expected, timeout=20)
    assert not verdict.passed
    assert verdict.reason


FRACTIONS = st.fractions(min_value=-1000, max_value=1000, max_denominator=50)


def forms(value: Fraction) -> list[str]:
    """Ways to write a number that the exact path reads."""
    sign, top, bottom = "-" if value < 0 else "", abs(value.numerator), value.denominator
    latex = f"{sign}\\frac{{{top}}}{{{bottom}}}"
    found = [f"{sign}{top}/{bottom}", latex, f"${latex}$", f"It is $\\boxed{{{latex}}}$.", f" {sign}{top}/{bottom} "]
    if bottom == 1:
        found += [f"{sign}{top}", f"{sign}{top}.0", f"\\boxed{{{sign}{top}}}", f"{sign}00{top}"]
    return found


def exact(one, other):
    return checks._exact(one, other, 6)


@given(FRACTIONS)
def test_every_form_equals_every_other_form(value):
    for one in forms(value):
        for other in forms(value):
            verdict = exact(one, other)
            assert verdict is not None
            assert verdict.passed, (one, other)


@given(FRACTIONS, FRACTIONS)
def test_symmetric(one, other):
    for mine in forms(one):
        for theirs in forms(other):
            there, back = exact(mine, theirs), exact(theirs, mine)
            assert (there and there.passed) == (back and back.passed)
            assert there is None or there.passed == (one == other)


@needs_extra
@settings(max_examples=15, deadline=None)
@given(FRACTIONS, FRACTIONS)
def test_the_exact_path_says_what_math_verify_says(one, other):
    asked = symbolic.Settings()
    for gold, answer in ((one, other), (one, one)):
        mine = exact(forms(answer)[2], forms(gold)[2])
        if mine is not None:
            theirs = symbolic.worker().equivalent(forms(gold)[2], forms(answer)[2], asked, 20.0)
            assert mine.passed == theirs.passed


@needs_extra
@settings(max_examples=20, deadline=None)
@given(st.sampled_from(["\\sqrt{2}", "x^2-1", "(1, 2)", "\\{1, 2, 3\\}", "2\\pi", "[0, 1)", "\\frac{x}{y}", "x = 3"]))
def test_reflexive(text):
    assert equivalent(f"Thus $\\boxed{{{text}}}$.", f"${text}$", timeout=20).passed


@pytest.mark.parametrize("arguments", [{"expected": ""}, {}, {"expected": "1", "extract": "prose"}, {"expected": [1]}])
def test_wrong_arguments(arguments):
    with pytest.raises(UserError):
        verify(Check("maths.equivalent", arguments), "1", TASK)


def test_without_the_extra_nothing_stands_in(monkeypatch):
    monkeypatch.setattr(symbolic, "unavailable", lambda: "math-verify is missing; pip install 'towerplus[math]'")
    with pytest.raises(UserError, match=r"towerplus\[math\]"):
        equivalent("1", "1")
    assert gsm8k("#### 1", "1").passed
