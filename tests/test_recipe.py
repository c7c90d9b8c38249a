"""Recipes are validated in whole, and every error says where."""

import json

import pytest

from towerplus.errors import UserError
from towerplus.recipe import json_schema, load, names, parse

MINIMAL = {"name": "x", "corpora": {"toy": {}}, "stages": {"base": {"learning_rate": 1e-3}}}


@pytest.mark.parametrize("name", names())
def test_shipped_recipes_are_valid(name: str) -> None:
    overrides = ["corpora.parallel.path=x.tsv"] if name == "bitext" else []
    recipe = load(name, overrides)
    assert recipe.name == name
    # what is saved with a run is the same recipe
    assert parse(recipe.resolved).resolved == recipe.resolved


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (["stages.sft.learning_rte=1"], "stages.sft.learning_rte: unknown key; did you mean 'learning_rate'?"),
        (["stages.base.model.layer=1"], "stages.base.model.layer: unknown key; did you mean 'layers'?"),
        (["stages.sft.tokens=many"], "stages.sft.tokens: "),
        (["stages.stf.tokens=1"], "--set stages.stf.tokens: no stage 'stf'; did you mean 'sft'?"),
        (["stages.sft.kind=sfd"], "stages.sft.kind: unknown kind 'sfd'; did you mean 'sft'?"),
        (["stages.sft.after=grpo"], "stages.sft.after: no model stage 'grpo' before this one"),
        (["seed=-1"], "seed must be a whole number"),
        (["stages.base.model.heads=5"], "hidden_size 96 is not a multiple of heads 5"),
        (["nonsense"], "--set takes key.path=value"),
        (["corpus.x=1"], "unknown key 'corpus'; did you mean 'corpora'?"),
    ],
)
def test_errors_say_where_and_what(overrides: list[str], said: str) -> None:
    with pytest.raises(UserError) as error:
        load("tiny", overrides)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_overrides_reach_their_place() -> None:
    recipe = load("tiny", ["stages.sft.learning_rate=1e-5", "seed=7"])
    assert recipe.stage("sft").settings.learning_rate == 1e-5
    assert recipe.seed == 7
    assert load("tiny", seed=9).seed == 9


def test_a_stage_starts_from_the_model_before_it_or_the_one_named() -> None:
    tree = MINIMAL | {
        "stages": {
            "base": {"learning_rate": 1e-3},
            "sft": {"learning_rate": 1e-3, "tokens": 1},
            "more": {"kind": "sft", "learning_rate": 1e-3, "tokens": 1, "after": "base"},
        }
    }
    recipe = parse(tree)
    assert [s.after for s in recipe.stages] == [None, "base", "base"]


def test_missing_file_and_bad_yaml(tmp_path) -> None:
    with pytest.raises(UserError, match="no recipe 'absent'"):
        load("absent")
    bad = tmp_path / "bad.yaml"
    bad.write_text("name: [\n")
    with pytest.raises(UserError, match=r"bad.yaml:2: not YAML"):
        load(str(bad))


def test_json_schema_is_json_and_knows_the_stages() -> None:
    schema = json.loads(json.dumps(json_schema()))
    assert {"stage-sft", "stage-grpo", "stage-curate", "stage-synthesize"} <= set(schema["$defs"])
    assert schema["$defs"]["stage-sft"]["properties"]["learning_rate"]
