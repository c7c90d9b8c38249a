"""The verdict of a judge is read strictly."""

import pytest

from towerplus.errors import UserError
from towerplus.records import Check, Message, Task
from towerplus.verify import verify

PROMPT = "Which German translation is better?\nEnglish: A cat.\nA: Eine Katze.\nB: Ein Katze."
TASK = Task((Message("user", PROMPT),), "judgement/preference")
CHECK = Check("judgement.verdict", {"better": "A"})


@pytest.mark.parametrize(
    "response", ["Better: A", " Better: A\n", "B has the wrong gender.\nBetter: A", "A is better: no error.\nBetter: A"]
)
def test_passes(response):
    assert verify(CHECK, response, TASK).passed


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        ("", "no verdict"),
        (PROMPT, "no verdict"),
        ("A", "no verdict"),
        ("Better: AB", "no verdict"),
        ("Better: B", "prefers B"),
        ("Better: A\nBetter: B", "both"),
        ("Better: B or better: A", "both"),
        ("Better: A\nBetter: A", "twice"),
        ("Better: A or B", "does not end"),
        ("better: a", "does not end"),
        ("Better: A, because B is wrong.", "does not end"),
        ("I think Better: A", "does not end"),
    ],
)
def test_fails(response, reason):
    verdict = verify(CHECK, response, TASK)
    assert not verdict.passed
    assert reason in verdict.reason


def test_bad_argument():
    with pytest.raises(UserError, match="A or B"):
        verify(Check("judgement.verdict", {"better": "C"}), "Better: A", TASK)
