import pytest

from towerplus.errors import UserError
from towerplus.records import Check, Message, Task
from towerplus.verify import verify

TASK = Task(
    (Message("user", "?"),),
    "register/address",
    source="Hello, can you show me your ticket?",
    source_locale="en-US",
    target_locale="de",
)
FORMAL = ["Guten Tag, können Sie mir Ihr Ticket zeigen?", "Guten Tag, können Sie mir Ihre Fahrkarte zeigen?"]
INFORMAL = ["Hallo, kannst du mir dein Ticket zeigen?"]
MARKERS = {
    "formal": {"pronoun": ["sie", "ihr", "ihre"], "verb": ["können"], "lexis": ["guten", "tag"]},
    "informal": {"pronoun": ["du", "dein"], "verb": ["kannst"], "lexis": ["hallo"]},
}


def preferred(response):
    return verify(Check("register.preferred", {"formal": FORMAL, "informal": INFORMAL}), response, TASK)


def used(response, register="formal"):
    return verify(Check("register.used", {"register": register, "markers": MARKERS}), response, TASK)


def test_formal_is_preferred():
    assert all(preferred(text).passed for text in FORMAL)
    informal, wrong, empty = (
        preferred(INFORMAL[0]),
        preferred("Guten Tag, können Sie mir Ihr Buch zeigen?"),
        preferred(""),
    )
    assert not informal.passed
    assert "informal" in informal.reason
    assert 0 < informal.score < 0.6
    assert 0 < wrong.score < 0.6
    assert empty.score == 0


def test_a_copy_of_the_source_is_not_preferred():
    assert not preferred(TASK.source).passed


@pytest.mark.parametrize(
    ("response", "register", "passed"),
    [
        (FORMAL[0], "formal", True),
        (FORMAL[0], "informal", False),
        (INFORMAL[0], "informal", True),
        (INFORMAL[0], "formal", False),
        ("Hallo, können Sie mir Ihr Ticket zeigen?", "formal", False),  # mixed
        ("Zeigen Sie Ihr Ticket!", "formal", False),  # one place only
        ("KÖNNEN SIE MIR DAS TICKET ZEIGEN?", "formal", True),
        ("", "formal", False),
        (TASK.source, "formal", False),
    ],
)
def test_used(response, register, passed):
    verdict = used(response, register)
    assert verdict.passed is passed
    assert (verdict.score == 1) is passed


def test_places_count_not_words():
    assert used("Sie Ihr Ihre").score < used("Können Sie?").score == 1


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"register": "polite", "markers": MARKERS},
        {"register": "formal"},
        {"register": "formal", "markers": {"formal": {}}},
    ],
)
def test_bad_arguments(arguments):
    with pytest.raises(UserError):
        verify(Check("register.used", arguments), "x", TASK)
