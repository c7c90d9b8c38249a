"""Verbs about recipes: init, schema."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("recipe.yaml"),
    recipe: Annotated[str, typer.Option("--from", help="The shipped recipe to start from.")] = "bitext",
) -> None:
    """Write a commented recipe to edit."""
    from towerplus.errors import UserError
    from towerplus.recipe import names, source

    if recipe not in names():
        raise UserError(f"no shipped recipe {recipe!r}; there are {', '.join(names())}")
    if path.exists():
        raise UserError("is there already; give another name", str(path))
    try:
        path.write_text(source(recipe), encoding="utf-8")
    except OSError as error:
        raise UserError(f"cannot write: {error.strerror}", str(path)) from None
    typer.echo(f"{path} written. Edit it, look with `tower plan {path}`, then `tower run {path}`.")


def schema() -> None:
    """Print the JSON Schema of recipes, for editors that complete and check YAML."""
    import json

    from towerplus.recipe import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))
