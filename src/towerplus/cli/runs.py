"""Verbs about runs: run, plan, report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

RECIPE = Annotated[str, typer.Argument(help="A shipped recipe by name (tiny, bitext, ...), or a YAML file.")]
OUT = Annotated[Path | None, typer.Option("--out", help="The run directory; default: runs/NAME.")]
SEED = Annotated[int | None, typer.Option("--seed", help="Overrides the recipe's seed.")]
SET = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Overrides a value: stages.sft.learning_rate=1e-5"),
]
UNTIL = Annotated[str | None, typer.Option("--until", metavar="STAGE", help="Stop after this stage.")]


def run(
    recipe: RECIPE,
    out: OUT = None,
    seed: SEED = None,
    overrides: SET = None,
    until: UNTIL = None,
    check: Annotated[bool, typer.Option("--check", help="Exit 1 unless every gain in `expect` is there.")] = False,
) -> None:
    """Run a recipe: data, training stages, evaluation, report. The same command takes a killed run up again."""
    from towerplus import pipeline
    from towerplus.cli import show
    from towerplus.recipe import load

    loaded = load(recipe, overrides, seed)
    folder = out or Path("runs") / loaded.name
    pipeline.run(loaded, folder, until, show.listener(folder))
    met = show.conclusion(loaded, folder)
    if check and not met:
        raise typer.Exit(1)


def plan(recipe: RECIPE, out: OUT = None, seed: SEED = None, overrides: SET = None, until: UNTIL = None) -> None:
    """Say what `tower run` would do: stages, what is made already, tokens, estimated time and memory."""
    from towerplus import pipeline
    from towerplus.cli import show
    from towerplus.recipe import load

    loaded = load(recipe, overrides, seed)
    folder = out or Path("runs") / loaded.name
    show.plan(loaded, folder, pipeline.plan(loaded, folder, until))


def report(run_directory: Annotated[Path, typer.Argument(help="A run directory.")]) -> None:
    """Score the stored answers of a run again and write its report; no model is called."""
    from towerplus import pipeline
    from towerplus.cli import show
    from towerplus.errors import UserError
    from towerplus.recipe import load

    if not (run_directory / "recipe.yaml").is_file():
        raise UserError("not a run directory: no recipe.yaml in it", str(run_directory))
    loaded = load(str(run_directory / "recipe.yaml"))
    pipeline.report(loaded, run_directory)
    show.conclusion(loaded, run_directory)
