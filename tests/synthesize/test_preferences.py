"""Pairs: which answers are chosen and rejected, from where, and what is dropped and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towerplus.engines.base import Completion
from towerplus.records import Check, Message, Preference, Task
from towerplus.synthesize.preferences import Sample, choose, group_of, judge, preferences, prompt_digest
from towerplus.synthesize.settings import SynthesizeSettings


def task(prompt="Sort: b a", kind="general/sort", reference="a b", expected=("a b",)) -> Task:
    checks = (Check("answer.exact", {"expected": list(expected)}),) if expected else ()
    return Task((Message("user", prompt),), kind, checks, reference=reference, origin="test", licence="CC0")


def pair(prompt: str, chosen: str, rejected: str) -> Preference:
    answers = ((Message("assistant", text),) for text in (chosen, rejected))
    return Preference((Message("user", prompt),), *answers, "general/sort", "editor", "CC0")


def good(text: str) -> Sample:
    return Sample(text, 1.0, True)


def bad(text: str, score: float = 0.0) -> Sample:
    return Sample(text, score, False)


def test_a_correct_sample_is_chosen_and_the_worst_rejected():
    choice = choose(task(), [bad("x", 0.5), good("a b"), bad("b a", 0.1)])
    assert (choice.chosen, choice.rejected) == ("a b", "b a")
    assert (choice.chosen_from, choice.rejected_from) == ("sample", "sample")


def test_ties_go_to_the_shortest_and_to_the_closest_in_length():
    samples = [good("right, at length"), good("right"), bad("x"), bad("wrong"), bad("wrong, at length")]
    choice = choose(task(), samples)
    assert (choice.chosen, choice.rejected) == ("right", "wrong")
    choice = choose(task(reference="right, at length"), samples[2:])
    assert (choice.chosen, choice.rejected) == ("right, at length", "wrong, at length")
    assert choice.chosen_from == "reference"


def test_the_post_edit_can_come_first():
    choice = choose(task(reference="a b"), [good("a, b"), bad("b")], first="reference")
    assert (choice.chosen, choice.chosen_from) == ("a b", "reference")


def test_all_correct_gives_a_pair_only_with_one_from_elsewhere():
    assert choose(task(), [good("a b")]) == "all samples are correct"
    choice = choose(task(), [good("a b")], pair("Sort: b a", "a b", "b a"))
    assert (choice.chosen, choice.rejected) == ("a b", "b a")
    assert (choice.chosen_from, choice.rejected_from) == ("sample", "off-policy")
    assert choose(task(), [good("b a")], pair("Sort: b a", "a b", "b a")) == "both answers are the same"


def test_no_answer_that_can_be_chosen():
    assert choose(task(reference=None), [bad("x")]) == "no correct answer"
    choice = choose(task(reference=None), [bad("x")], pair("Sort: b a", "a b", "b a"))
    assert (choice.chosen, choice.rejected, choice.chosen_from) == ("a b", "x", "off-policy")
    assert choose(task(), []) == "no whole sample"
    assert choose(task(reference="x"), [bad("x")]) == "all samples are correct"  # the check knows less than the editor


@given(st.lists(st.tuples(st.text("ab", min_size=1, max_size=6), st.floats(0, 0.9)), max_size=6))
def test_laws_of_a_pair(drawn):
    samples = [good(text) if text.startswith("a") else bad(text, score) for text, score in drawn]
    choice = choose(task(reference="reference"), samples)
    if isinstance(choice, str):
        assert all(s.passed for s in samples)
        return
    assert choice.chosen != choice.rejected
    assert any(s.text == choice.rejected and not s.passed for s in samples)
    rejected = min(s.score for s in samples if s.text == choice.rejected and not s.passed)
    assert all(rejected <= s.score for s in samples if not s.passed and s.text.strip() != choice.chosen.strip())
    right = [s.text for s in samples if s.passed]
    assert choice.chosen in right if right else choice.chosen == "reference"
    assert all(len(choice.chosen) <= len(text) for text in right)


def test_cut_and_empty_answers_are_no_samples():
    completions = [
        Completion("a b"),
        Completion("b a"),
        Completion("a", "truncated", "length"),
        Completion("", "ok"),
        Completion("", "rejected"),
    ]
    assert [(s.text, s.passed) for s in judge(task(), completions)] == [("a b", True), ("b a", False)]


def test_quotas_stand_for_what_is_below_them():
    quotas = {"general": 1, "general/sort": 2, "*": 3}
    assert [group_of(kind, quotas) for kind in ("general/sort", "general/count", "generally", "register/address")] == [
        "general/sort",
        "general",
        "*",
        "*",
    ]
    assert group_of("register/address", {"general": 1}) is None


class Parrot:
    """Answers each prompt with the same answers, in turn."""

    identity = template = "parrot"

    def __init__(self, *texts: str):
        self.texts, self.asked = texts, []

    def complete(self, requests):
        self.asked += requests
        return [[Completion(self.texts[i % len(self.texts)]) for i in range(r.sampling.n)] for r in requests]


def test_quotas_are_filled_and_everything_is_counted():
    tasks = [task(f"Sort {i}") for i in range(100)]
    tasks += [task(f"Say {i}", "register/address", "a b") for i in range(10)]
    tasks += [task(f"Free {i}", "general/free", expected=()) for i in range(3)]
    others = [pair("Say 3", "a b", "b a"), pair("Other", "c", "d"), pair("Other 2", "c", "d")]
    settings = SynthesizeSettings(samples=2, pairs={"register": 20, "*": 40}, off_policy=1)
    parrot = Parrot("a b", "wrong")
    made, counts = preferences(tasks, others, parrot, settings, seed=1)
    assert counts == {
        "dropped: no checks": 3,
        "prompts": 50,
        "chosen: sample": 50,
        "rejected: sample": 50,
        "pairs: register": 10,
        "pairs: *": 40,
        "pairs: off-policy": 1,
    }
    assert [p.kind for p in made] == ["register/address"] * 10 + ["general/sort"] * 41
    assert len({prompt_digest(p.prompt) for p in made}) == 51
    assert made[0].origin == "test: sample over sample"
    assert made[-1] in others
    assert made[-1].prompt[0].content != "Say 3"
    assert preferences(tasks, others, Parrot("a b", "wrong"), settings, seed=1)[0] == made
    assert preferences(tasks, others, Parrot("a b", "wrong"), settings, seed=2)[0] != made
    assert {(r.sampling.n, r.sampling.seed, r.sampling.temperature) for r in parrot.asked} == {(2, 1, 1.0)}


def test_more_prompts_are_asked_until_the_quota_is_filled_or_none_is_left():
    mixed = [task(f"Sort {i}", expected=("b",) if i % 2 else ("a b",)) for i in range(200)]
    settings = SynthesizeSettings(samples=1, pairs={"*": 60})
    made, counts = preferences(mixed, [], Parrot("b"), settings, seed=1)
    assert len(made) == counts["pairs: *"] == counts["rejected: sample"] == counts["chosen: reference"] == 60
    assert counts["dropped: all samples are correct"] == counts["prompts"] - 60 > 20
    made, counts = preferences(mixed[:50], [], Parrot("b"), settings, seed=1)
    assert (len(made), counts["prompts"]) == (25, 50)


@pytest.mark.parametrize(("key", "value"), [("pairs", {"a": -1}), ("wordings", ["towr"]), ("samples", 0), ("nope", 1)])
def test_settings_are_checked(key, value):
    with pytest.raises(ValueError, match=key):
        SynthesizeSettings(**{key: value})
