"""The general side of the toy world: its references pass, tricks do not, its splits are apart, it is the same again."""

import time
from collections import Counter, defaultdict

import pytest

from towerplus.corpora.toy.general import COUNTS, KINDS, build, judgement_task, split_of
from towerplus.corpora.toy.general.facts import World
from towerplus.corpora.toy.general.kinds.program import PROGRAMS
from towerplus.corpora.toy.general.vocabulary import CATEGORIES, CITIES, number_word
from towerplus.errors import UserError
from towerplus.verify import verify_all

SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def worlds():
    return {seed: build(seed) for seed in SEEDS}


def passes(response, task):
    return all(verdict.passed for verdict in verify_all(response, task))


def test_counts_and_kinds(worlds):
    for data in worlds.values():
        assert len(data.conversations) == COUNTS["conversations"]
        for split in ("train", "dev", "test"):
            assert len(data.tasks[split]) == COUNTS[split]
            assert {task.kind for task in data.tasks[split]} == set(KINDS)


def test_references_pass_and_tricks_fail(worlds):
    for data in worlds.values():
        for tasks in data.tasks.values():
            for task in tasks:
                prompt = task.messages[0].content
                assert task.checks
                assert passes(task.reference, task), (prompt, task.reference)
                assert not passes("", task)
                assert not passes(prompt, task), prompt


def test_chatter_fails_where_the_answer_is_known(worlds):
    for task in worlds[1].tasks["test"]:
        if any(check.kind in ("answer.exact", "answer.json", "answer.list") for check in task.checks):
            assert not passes(f"Sure! The answer is {task.reference}", task)
            assert not passes(f"{task.reference}\n{task.reference}", task)


def test_splits_share_no_question(worlds):
    for data in worlds.values():
        asked = {split: {task.messages[0].content for task in tasks} for split, tasks in data.tasks.items()}
        asked["conversations"] = {conversation.messages[0].content for conversation in data.conversations}
        clusters = {split: {task.cluster for task in tasks} for split, tasks in data.tasks.items()}
        for one in asked:
            for other in set(asked) - {one}:
                assert not asked[one] & asked[other]
                assert not clusters.get(one, set()) & clusters.get(other, set())
        for split in ("dev", "test"):
            assert len(clusters[split]) == len(data.tasks[split]), "no content twice"
        for tasks in data.tasks.values():
            assert len({task.messages[0].content for task in tasks}) == len(tasks)
        pairs = [(c.messages[0].content, c.messages[1].content) for c in data.conversations]
        assert len(set(pairs)) == len(pairs)


def test_splits_hold_across_seeds(worlds):
    """A content that one seed tests, no other seed trains on."""
    tested = {task.cluster for data in worlds.values() for task in data.tasks["test"]}
    trained = {task.cluster for data in worlds.values() for task in data.tasks["train"]}
    assert not tested & trained
    shares = Counter(split_of("general/count", str(i)) for i in range(20_000))
    assert shares["conversations"] / 20_000 == pytest.approx(0.62, abs=0.02)
    assert shares["test"] / 20_000 == pytest.approx(0.14, abs=0.02)


def test_deterministic_and_seeded(worlds):
    assert build(1) == worlds[1]
    assert worlds[1].conversations != worlds[2].conversations
    assert worlds[1].texts != worlds[2].texts


def test_quick():
    start = time.process_time()
    build(5)
    assert time.process_time() - start < 3


def test_counts_are_checked():
    with pytest.raises(UserError, match="unknown count 'tests'"):
        build(1, {"tests": 3})
    small = build(1, {"test": 30})
    assert (len(small.conversations), len(small.tasks["train"]), len(small.tasks["test"])) == (0, 0, 30)


def test_shares(worlds):
    found = Counter(conversation.kind for conversation in worlds[1].conversations)
    whole = sum(share for _, share in KINDS.values())
    for kind, (_, share) in KINDS.items():
        # a kind that runs out leaves its share to the others
        assert 0.8 * share / whole < found[kind] / COUNTS["conversations"] < 1.2 * share / whole, kind


def test_short_and_of_few_words(worlds):
    lengths = [len(c.messages[0].content.split()) + len(c.messages[1].content.split()) for c in worlds[1].conversations]
    assert sum(lengths) / len(lengths) < 20
    assert max(lengths) < 60


def test_facts_agree_everywhere(worlds):
    """What a test asks of a person is what the texts say."""
    texts = {text.text for text in worlds[1].texts}
    world = World(1)
    for person in world.people.values():
        for told in (f"is a {person.job}", f"lives in {person.city}", f"likes {person.food}", f"has a {person.pet}"):
            assert f"{person.name} {told}." in texts
    jobs = defaultdict(set)
    for task in worlds[1].tasks["test"]:
        words = task.messages[0].content.rstrip("?").split()
        if task.kind == "general/fact" and words[0] == "What" and words[-1] == "do":
            jobs[words[2]].add(task.reference)
    assert all(found == {world.people[name].job} for name, found in jobs.items())


def test_texts(worlds):
    for data in worlds.values():
        assert {text.locale for text in data.texts} == {"en-US"}
        assert {text.kind for text in data.texts} == {"sentence", "document"}
        prompts = {task.messages[0].content for tasks in data.tasks.values() for task in tasks}
        assert not prompts & {text.text for text in data.texts}


def test_programs_print_what_is_said():
    """Python itself is the independent reference; the programs are ours, so running them is safe."""
    import contextlib
    import io
    from random import Random

    rng = Random(0)
    for program in PROGRAMS:
        for _ in range(50):
            code, answer, _ = program(rng)
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(code, {})
            assert out.getvalue().rstrip("\n") == answer, code


def test_vocabulary():
    members = [word for words in CATEGORIES.values() for word in words]
    assert len(set(members)) == len(members), "an odd one out must belong to one category only"
    assert [number_word(n) for n in (0, 13, 20, 47, 99)] == ["zero", "thirteen", "twenty", "forty-seven", "ninety-nine"]
    world = World(4)
    assert {person.city for person in world.people.values()} == set(CITIES), "each city is somebody's"


def test_judgement():
    tasks = [judgement_task(f"Cat {i}.", f"Katze {i}.", f"Katz {i}.", "en-US", "de", seed=1) for i in range(200)]
    letters = Counter(task.reference[-1] for task in tasks)
    assert 70 < letters["A"] < 130, "the order says nothing"
    for i, task in enumerate(tasks):
        assert passes(task.reference, task)
        assert not passes("Better: " + ("B" if task.reference[-1] == "A" else "A"), task)
        assert f"{task.reference[-1]}: Katze {i}." in task.messages[0].content
        assert "German" in task.messages[0].content
        assert task.target_locale is None
    assert tasks[0] == judgement_task("Cat 0.", "Katze 0.", "Katz 0.", "en-US", "de", seed=1)
    with pytest.raises(UserError, match="same"):
        judgement_task("Cat.", "Katze.", "Katze. ", "en-US", "de", seed=1)
