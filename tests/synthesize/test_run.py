"""The stage `synthesize` with a model on the disk."""

import pytest
import torch

from towerplus.engines.store import Store
from towerplus.errors import UserError
from towerplus.records import Check, Message, Preference, Task, read, write
from towerplus.synthesize.run import run
from towerplus.synthesize.settings import SynthesizeSettings
from towerplus.train.model import build_model, save_model
from towerplus.train.settings import ModelSettings
from towerplus.train.tokenizer import train_tokenizer


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A random model that ends its answers now and then."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    shape = ModelSettings(
        hidden_size=32, layers=1, heads=2, intermediate_size=48, vocabulary=300, context=96, init_std=0.4
    )
    tokenizer = train_tokenizer(["red blue green"] * 5, 300, "gemma", 96)
    out = tmp_path_factory.mktemp("model")
    save_model(build_model(shape, tokenizer), tokenizer, out)
    return out


@pytest.fixture
def data(tmp_path):
    check = Check("answer.exact", {"expected": ["red"]})
    tasks = [
        Task((Message("user", f"Colour {i}?"),), "general/colour", (check,), reference="red", origin="test")
        for i in range(40)
    ]
    write(tmp_path / "tasks-train.parquet", Task, tasks)
    return tmp_path


def test_pairs_from_a_model_and_the_store(model, data):
    settings = SynthesizeSettings(samples=8, pairs={"*": 200}, max_tokens=40)
    counts = run(settings, data, model, data / "out", seed=1, store=data / "answers.db")
    made = list(read(data / "out" / "preferences.parquet", Preference))
    assert len(made) == counts["preferences"] == counts["pairs: *"] > 5
    assert all(p.chosen[0].content == "red" != p.rejected[0].content for p in made)
    kept = len(Store(data / "answers.db"))
    assert kept == 8 * 40  # every prompt was asked
    again = run(settings, data, model, data / "again", seed=1, store=data / "answers.db")
    assert again == counts
    assert list(read(data / "again" / "preferences.parquet", Preference)) == made
    assert len(Store(data / "answers.db")) == kept


def test_no_pair_is_an_error_that_says_why(model, data):
    with pytest.raises(UserError, match="no whole sample 40"):
        run(SynthesizeSettings(pairs={"*": 20}, max_tokens=1), data, model, data / "out", seed=1)
    with pytest.raises(UserError, match="no tasks of the kinds"):
        run(SynthesizeSettings(pairs={"register": 20}), data, model, data / "out", seed=1)
    assert not (data / "out" / "preferences.parquet").exists()
