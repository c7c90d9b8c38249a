import pytest
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu.metrics import CHRF

from towerplus.errors import UserError
from towerplus.records import Check, Message, Task
from towerplus.verify import verify

TASK = Task(
    (Message("user", "?"),), "translation/plain", source="The dog slept.", source_locale="en-US", target_locale="fr"
)
KNOWN = ["Le chien a dormi à 15\u202fh\u202f30.", "Le chien dormait à 15:30."]


def judge(response, known=KNOWN):
    return verify(Check("translation.accepted", {"accepted": known}), response, TASK)


@pytest.mark.parametrize(
    "response",
    [
        KNOWN[0],
        KNOWN[1],
        "Le chien a dormi à 15 h 30.",
        " Le  chien dormait à 15:30.\n",
        "Le chien a dormi a\u0300 15 h 30.",
    ],
)
def test_accepted_whatever_its_spaces(response):
    assert judge(response).passed


@pytest.mark.parametrize(
    "response",
    ["", "  ", "The dog slept.", "le chien dormait à 15:30.", "Le chien dormait à 15:30", "Le chien Le chien"],
)
def test_not_accepted(response):
    verdict = judge(response)
    assert not verdict.passed
    assert verdict.score < 1


@given(st.text(alphabet="Le chiendort.à ", max_size=40))
def test_score_is_the_chrf_to_the_nearest(response):
    verdict = judge(response)
    best = max(CHRF(beta=1).sentence_score(" ".join(response.split()), [k.replace("\u202f", " ")]).score for k in KNOWN)
    if not verdict.passed:
        assert verdict.score == pytest.approx(min(best / 100, 0.999), abs=1e-9)


def test_at_most_eight_are_measured():
    known = [f"mot numéro {n}" for n in "abcdefgh"] + ["zzzz xxxx"]
    assert judge("zzzz xxx", known).score < 0.3
    assert judge("zzzz xxxx", known).passed


@pytest.mark.parametrize("arguments", [{}, {"accepted": []}, {"accepted": "one"}, {"accepted": [""]}])
def test_bad_arguments(arguments):
    with pytest.raises(UserError, match="accepted"):
        verify(Check("translation.accepted", arguments), "x", TASK)
