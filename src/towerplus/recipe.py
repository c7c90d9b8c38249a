"""What a recipe may say: plain YAML, validated in whole before any work starts.

A recipe names its corpora, then its stages in order. Each stage has a `kind` (default: its name) whose settings
belong to the package that does the work; `after` names the model it starts from and `data` the data folder it reads
(default: the latest before it), so a recipe can branch, for controls and ablations.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.resources
import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from towerplus.corpora.settings import CorporaSettings
from towerplus.curate.settings import CurateSettings
from towerplus.errors import UserError
from towerplus.evaluate.settings import EvaluateSettings
from towerplus.synthesize.settings import SynthesizeSettings
from towerplus.train.settings import BaseSettings, CptSettings, GrpoSettings, SftSettings, WpoSettings


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of stage: its settings, the function that runs it (`module:name`), and what it makes."""

    settings: type[BaseModel]
    runner: str
    makes: Literal["data", "model"]

    def run(self, **arguments: Any) -> dict[str, Any]:
        module, _, name = self.runner.partition(":")
        return getattr(importlib.import_module(f"towerplus.{module}"), name)(**arguments)


KINDS: dict[str, Kind] = {
    "curate": Kind(CurateSettings, "curate.run:run", "data"),
    "synthesize": Kind(SynthesizeSettings, "synthesize.run:run", "data"),
    "base": Kind(BaseSettings, "train.base:run", "model"),
    "cpt": Kind(CptSettings, "train.cpt:run", "model"),
    "sft": Kind(SftSettings, "train.sft:run", "model"),
    "wpo": Kind(WpoSettings, "train.wpo:run", "model"),
    "grpo": Kind(GrpoSettings, "train.grpo:run", "model"),
}
CORPORA = "corpora"
RESERVED = {CORPORA, "model", "evaluation"}
_TYPE = re.compile(r"(str|int|float|bool)$|\w+\[")


class Expectation(BaseModel):
    """A gain that the recipe promises: `metric` of `benchmark` rises from the stage before to `stage`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stage: str
    benchmark: str
    metric: str
    form: Literal["plain", "chat", "best"] = "best"
    above: float = Field(0.0, description="the delta must be larger")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: what it is called, what it does with which settings, and the stages whose output it reads."""

    name: str
    kind: str
    settings: BaseModel
    after: str | None
    data: str

    @property
    def makes(self) -> Literal["data", "model"]:
        return KINDS[self.kind].makes


@dataclass(frozen=True, slots=True)
class Recipe:
    """A validated recipe. `resolved` is the whole of it, defaults included, as it is saved with a run."""

    name: str
    seed: int
    corpora: CorporaSettings
    stages: tuple[Stage, ...]
    evaluate: EvaluateSettings
    expect: tuple[Expectation, ...]

    @property
    def resolved(self) -> dict[str, Any]:
        stages = {}
        for stage in self.stages:
            links = {"kind": stage.kind, "after": stage.after, "data": stage.data}
            stages[stage.name] = links | stage.settings.model_dump(mode="json", exclude={"kind"})
        return {
            "name": self.name,
            "seed": self.seed,
            "corpora": self.corpora.model_dump(mode="json", by_alias=True),
            "stages": stages,
            "evaluate": self.evaluate.model_dump(mode="json"),
            "expect": [item.model_dump(mode="json") for item in self.expect],
        }

    def stage(self, name: str) -> Stage:
        """The stage called `name`; UserError names those there are."""
        for stage in self.stages:
            if stage.name == name:
                return stage
        raise UserError(f"no stage {name!r}{_near(name, [s.name for s in self.stages])}", f"recipe {self.name}")


def names() -> list[str]:
    """The recipes that come with the package."""
    folder = importlib.resources.files("towerplus.recipes")
    return sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml"))


def source(recipe: str) -> str:
    """The YAML text of a shipped recipe (by name) or of a file (by path)."""
    if recipe in names():
        return (importlib.resources.files("towerplus.recipes") / f"{recipe}.yaml").read_text(encoding="utf-8")
    path = Path(recipe)
    if path.is_dir() and (path / "recipe.yaml").is_file():
        path = path / "recipe.yaml"
    if not path.is_file():
        raise UserError(f"no recipe {recipe!r}: neither a file nor one of {', '.join(names())}")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UserError(f"not UTF-8 (byte {error.start})", str(path)) from None
    except OSError as error:
        raise UserError(f"cannot be read: {error.strerror}", str(path)) from None


def load(recipe: str, overrides: list[str] | None = None, seed: int | None = None) -> Recipe:
    """Read, override and validate. `overrides` are `key.path=value` with YAML values; every error says where."""
    try:
        tree = yaml.load(source(recipe), _Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{recipe}:{mark.line + 1}" if mark else recipe
        raise UserError(f"not YAML: {getattr(error, 'problem', None) or error}", where) from None
    except (ValueError, RecursionError) as error:  # a 13th month, a number of thousands of digits, absurd nesting
        raise UserError(f"not YAML that can be read: {error}", recipe) from None
    if not isinstance(tree, dict):
        raise UserError("a recipe is a mapping of name, corpora and stages", recipe)
    for override in overrides or []:
        _override(tree, override)
    if seed is not None:
        tree["seed"] = seed
    return parse(tree, recipe)


def parse(tree: dict[str, Any], where: str = "recipe") -> Recipe:
    """Validate a recipe given as plain values."""
    known = {"name", "seed", "corpora", "stages", "evaluate", "expect"}
    for key in tree:
        if key not in known:
            raise UserError(f"unknown key {key!r}{_near(str(key), known)}", where)
    name, seed, stages = tree.get("name"), tree.get("seed", 1), tree.get("stages")
    if not isinstance(name, str) or not re.fullmatch(r"\w[\w.-]*", name):
        raise UserError("name must be letters, digits, -, _ and dots: it names the run's folder", f"{where}: name")
    if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed < 1 << 32:
        raise UserError(f"seed must be a whole number from 0 to {(1 << 32) - 1}, not {seed!r}", f"{where}: seed")
    if not isinstance(stages, dict) or not stages:
        raise UserError("a recipe needs a mapping of stages", f"{where}: stages")
    parsed: list[Stage] = []
    for key, value in stages.items():
        parsed.append(_stage(str(key), {} if value is None else value, parsed))
    _finite(tree, "")
    expected = tree.get("expect") or []
    if not isinstance(expected, list):
        raise UserError("must be a list", "expect")
    expect = tuple(_validate(Expectation, item, f"expect[{i}]") for i, item in enumerate(expected))
    result = Recipe(
        name=name,
        seed=seed,
        corpora=_validate(CorporaSettings, tree.get("corpora") or {}, "corpora"),
        stages=tuple(parsed),
        evaluate=_validate(EvaluateSettings, tree.get("evaluate") or {}, "evaluate"),
        expect=expect,
    )
    for i, item in enumerate(expect):
        if item.stage not in {s.name for s in parsed}:
            raise UserError(f"no stage {item.stage!r}", f"expect[{i}].stage")
    return result


def json_schema() -> dict[str, Any]:
    """A JSON Schema of recipes, for editors."""
    stage_schemas: list[dict[str, str]] = []
    definitions: dict[str, Any] = {}
    for kind, entry in KINDS.items():
        one = entry.settings.model_json_schema(ref_template="#/$defs/{model}")
        definitions |= one.pop("$defs", {})
        text = {"type": ["string", "null"]}
        one["properties"] = {"kind": {"const": kind}, "after": text, "data": text} | {
            k: v for k, v in one.get("properties", {}).items() if k != "kind"
        }
        definitions[f"stage-{kind}"] = one
        stage_schemas.append({"$ref": f"#/$defs/stage-{kind}"})

    def part(model: type[BaseModel]) -> dict[str, Any]:
        one = model.model_json_schema(ref_template="#/$defs/{model}")
        definitions.update(one.pop("$defs", {}))
        return one

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "towerplus recipe",
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "stages"],
        "properties": {
            "name": {"type": "string"},
            "seed": {"type": "integer", "minimum": 0, "maximum": (1 << 32) - 1},
            "corpora": part(CorporaSettings),
            "stages": {"type": "object", "additionalProperties": {"anyOf": [*stage_schemas, {"type": "null"}]}},
            "evaluate": part(EvaluateSettings),
            "expect": {"type": "array", "items": part(Expectation)},
        },
        "$defs": definitions,
    }


class _Loader(yaml.SafeLoader):
    """YAML as it is, except that a key given twice is an error: the first one would be lost without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    problem="a key must be a word, not a list or mapping", problem_mark=key.start_mark
                )
            if key.value in seen and key.tag != "tag:yaml.org,2002:merge":
                raise yaml.constructor.ConstructorError(
                    problem=f"key {key.value!r} is given twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _stage(name: str, value: Any, before: list[Stage]) -> Stage:
    where = f"stages.{name}"
    if name in RESERVED or not name.replace("-", "").replace("_", "").isalnum():
        raise UserError("a stage name is letters, digits, - and _, and not " + ", ".join(sorted(RESERVED)), where)
    if not isinstance(value, dict):
        raise UserError("must be a mapping of settings", where)
    settings = dict(value)
    kind = settings.pop("kind", name)
    if not isinstance(kind, str) or kind not in KINDS:
        raise UserError(f"unknown kind {kind!r}{_near(str(kind), KINDS)}; kinds: {', '.join(KINDS)}", f"{where}.kind")
    models = [s.name for s in before if s.makes == "model"]
    data = [CORPORA] + [s.name for s in before if s.makes == "data"]
    after, read = settings.pop("after", None), settings.pop("data", None)
    if after is not None and after not in models:
        raise UserError(f"no model stage {after!r} before this one{_near(str(after), models)}", f"{where}.after")
    if read is not None and read not in data:
        raise UserError(f"no data stage {read!r} before this one{_near(str(read), data)}", f"{where}.data")
    if after is None and models and kind != "base":
        after = models[-1]
    if after is None and kind in {"cpt", "sft", "wpo", "grpo"}:
        raise UserError("needs a model: put a `base` stage before it", where)
    if kind == "synthesize" and "make" not in settings:
        settings["make"] = name
    return Stage(name, kind, _validate(KINDS[kind].settings, settings, where), after, read or data[-1])


def _validate(model: type[Any], value: Any, where: str) -> Any:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        # of a field that takes several types, pydantic names the type it tried last as well
        path = ".".join([where, *(str(part) for part in first["loc"] if not _TYPE.match(str(part)))])
        if first["type"] == "extra_forbidden":
            owner = _owner(model, first["loc"][:-1])
            known = [field.alias or key for key, field in owner.model_fields.items()] if owner else []
            raise UserError(f"unknown key{_near(str(first['loc'][-1]), known)}", path) from None
        # a rule about several fields has the whole of them as its input, and names the wrong ones itself
        told = first["type"] == "missing" or (first["type"] == "value_error" and isinstance(first["input"], dict))
        got = "" if told else f", not {json.dumps(first['input'], default=str)[:80]}"
        raise UserError(first["msg"].removeprefix("Value error, ") + got, path) from None


def _finite(value: Any, where: str) -> None:
    """No setting may be infinite or no number at all: such a learning rate passes every other rule."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            _finite(item, f"{where}.{key}" if where else str(key))
    elif isinstance(value, float) and not math.isfinite(value):
        raise UserError(f"must be a finite number, not {value}", where)


def _owner(model: type[BaseModel], path: tuple[Any, ...]) -> type[BaseModel] | None:
    """The settings class that the key path leads to, looking through optional and listed fields."""
    for part in path:
        if not isinstance(part, str) or part not in model.model_fields:
            continue
        pending, found = [model.model_fields[part].annotation], None
        while pending and found is None:
            one = pending.pop()
            if isinstance(one, type) and issubclass(one, BaseModel):
                found = one
            pending.extend(getattr(one, "__args__", ()))
        if found is None:
            return None
        model = found
    return model


def _override(tree: dict[str, Any], text: str) -> None:
    path, equals, value = text.partition("=")
    if not equals or not path:
        raise UserError(f"--set takes key.path=value, not {text!r}")
    node, keys = tree, path.split(".")
    for i, key in enumerate(keys[:-1]):
        if i == 1 and keys[0] == "stages" and key not in node:
            raise UserError(f"no stage {key!r}{_near(key, node)}", f"--set {path}")
        child = node.setdefault(key, {})
        if child is None:
            child = node[key] = {}
        if not isinstance(child, dict):
            raise UserError(f"{key!r} is not a mapping", f"--set {path}")
        node = child
    try:
        parsed = yaml.safe_load(value)
    except yaml.YAMLError:
        parsed = value
    # YAML 1.1 reads 1e-5 as text
    if isinstance(parsed, str):
        try:
            parsed = float(parsed)
        except ValueError:
            parsed = value.strip() if parsed == value.strip() else parsed
    node[keys[-1]] = parsed


def _near(name: str, known: Any) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""
