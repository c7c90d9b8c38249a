"""Rewards: weighted means of checks, gates on top; with the real checks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stage_data import task

from towerplus.errors import UserError
from towerplus.records import Check
from towerplus.train.rewards import check_means, require_checks, reward, rewards

INCLUDE = Check("instruction.keywords.include", {"words": ["red"]})
EXACT = Check("answer.exact", {"expected": ["red house"]})
GATES = ("gate.not_empty", "gate.not_copy")


def test_mean_of_the_checks_times_the_gates():
    asked = task("Say red.", INCLUDE, EXACT)
    whole = reward("red house", asked, GATES)
    assert (whole.value, whole.passed) == (1.0, True)
    half = reward("red tree", asked, GATES)
    parts = half.checks
    assert not half.passed
    assert half.value == pytest.approx((parts[INCLUDE.kind] + parts[EXACT.kind]) / 2)
    assert set(parts) == {INCLUDE.kind, EXACT.kind, *GATES}


def test_a_gate_takes_everything():
    asked = task("Translate.", INCLUDE, source="the red house", target_locale="de")
    copied = reward("the red house", asked, GATES)
    assert copied.checks[INCLUDE.kind] == 1.0
    assert (copied.value, copied.passed) == (0.0, False)
    assert reward("the red house", asked).value == 1.0


@given(st.floats(0.1, 10), st.floats(0.1, 10))
def test_weights_are_relative(a, b):
    asked = task("Say red.", INCLUDE, EXACT)
    weights = {INCLUDE.kind: a, EXACT.kind: b}
    found = reward("red tree", asked, weights=weights)
    assert found.value == pytest.approx((a * found.checks[INCLUDE.kind] + b * found.checks[EXACT.kind]) / (a + b))
    assert reward("red tree", asked, weights={k: 3 * w for k, w in weights.items()}).value == pytest.approx(found.value)


def test_several_answers_and_their_means():
    asked = task("Say red.", INCLUDE, INCLUDE)
    found = rewards(["red", "blue", "red"], asked)
    assert [item.value for item in found] == [1.0, found[1].value, 1.0]
    assert found[1].value < 1
    assert check_means(found) == {INCLUDE.kind: pytest.approx((2 + found[1].value) / 3)}


def test_what_cannot_be_rewarded_is_an_error():
    with pytest.raises(UserError, match="without checks"):
        reward("red", task("Say red."))
    with pytest.raises(UserError, match="weights"):
        reward("red", task("Say red.", INCLUDE), weights={INCLUDE.kind: 0})
    with pytest.raises(UserError, match=r"did you mean 'answer\.exact'"):
        require_checks([task("a", Check("answer.exakt"))], ())
    with pytest.raises(UserError, match="needs the argument"):
        require_checks([task("a", Check("answer.exact"))], ())
    with pytest.raises(UserError, match="gate"):
        require_checks([], ["gate.nonesuch"])
