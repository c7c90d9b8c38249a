"""Puts the verbs together."""

from __future__ import annotations

import typer

from towerplus import __version__
from towerplus.cli import doctor, recipes, runs, score, use

app = typer.Typer(
    name="tower",
    help="Post-train language models that translate like specialists and stay good generalists.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"towerplus {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    pass


for verb in (
    runs.run,
    runs.plan,
    runs.report,
    score.score,
    recipes.init,
    recipes.schema,
    use.translate,
    use.chat,
    doctor.doctor,
):
    app.command()(verb)
