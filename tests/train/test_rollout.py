"""Rollouts: groups with the tokens and log-probabilities that training needs."""

import pytest
import torch
from stage_data import WORDS, save_tiny, task

from towerplus.engines.local import LocalEngine
from towerplus.train.batch import pad_rows
from towerplus.train.head import token_logprobs
from towerplus.train.model import load_model
from towerplus.train.rollout import fitting, rollout


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    return LocalEngine(*load_model(save_tiny(tmp_path_factory.mktemp("model"), init_std=0.3)))


def test_the_trainer_scores_samples_as_the_sampler_did(engine):
    groups = rollout(engine, [task(word) for word in WORDS], samples=4, temperature=0.7, max_tokens=12, seed=3)
    rows = [(g.prompt, c) for g in groups for c in g.completions]
    batch = pad_rows(
        [[*prompt, *c.token_ids] for prompt, c in rows],
        [[False] * len(prompt) + [True] * len(c.token_ids) for prompt, c in rows],
    )
    with torch.no_grad():
        scores = token_logprobs(engine.model, batch, temperature=0.7)
    sampled = torch.tensor([x for _, c in rows for x in c.logprobs])
    assert (scores.logprob - sampled).abs().max() < 1e-4
    assert [len(g.completions) for g in groups] == [4] * len(WORDS)


def test_seeds_give_other_samples_and_the_same_seed_the_same(engine):
    asked = [task(word) for word in WORDS]
    first, again, other = (
        [c.token_ids for g in rollout(engine, asked, 2, 1.0, 8, seed) for c in g.completions] for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_only_tasks_that_leave_room_for_an_answer_fit(engine):
    short, long = task("red"), task("red " * 80)
    assert fitting(engine, [short, long], 10) == [short]
    assert fitting(engine, [short], engine.context) == []
