"""Verbs that use a model: translate, chat."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

MODEL = Annotated[Path, typer.Option("--model", help="A model directory, or a run directory that holds `model/`.")]


def translate(
    text: Annotated[list[str] | None, typer.Argument(help="The text; without it, lines are read.")] = None,
    to: Annotated[str, typer.Option("--to", help="Target locale, such as pt-PT.")] = "",
    model: MODEL = Path("runs/tiny/model"),
    source: Annotated[str, typer.Option("--from", help="Source locale.")] = "en-US",
    file: Annotated[Path | None, typer.Option("--file", help="Translate a file line by line.")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Ask without the chat template (base models).")] = False,
    max_tokens: Annotated[int, typer.Option("--max-tokens", help="Longest answer.")] = 256,
) -> None:
    """Translate a text, a file or standard input, line by line; empty lines stay empty."""
    from towerplus import api
    from towerplus.errors import UserError

    if not to:
        raise UserError("say the target locale: --to pt-PT")
    translator = api.Translator(model, source=source, target=to, plain=plain, max_tokens=max_tokens)
    lines: Iterator[str] = iter([" ".join(text)]) if text else _lines(file)
    for result in translator.stream(lines):
        typer.echo(result)


def chat(
    model: MODEL = Path("runs/tiny/model"),
    max_tokens: Annotated[int, typer.Option("--max-tokens", help="Longest answer.")] = 256,
    temperature: Annotated[float, typer.Option("--temperature", help="0 is greedy.")] = 0.0,
) -> None:
    """Talk with a model; an empty line or Ctrl-D ends it."""
    from towerplus import api

    talk = api.Chat(model, max_tokens=max_tokens, temperature=temperature)
    while True:
        try:
            line = input("> " if sys.stdin.isatty() else "")
        except EOFError:
            return
        if not line.strip():
            return
        typer.echo(talk.say(line))


def _lines(file: Path | None) -> Iterator[str]:
    from towerplus.errors import UserError

    if file is not None and not file.is_file():
        raise UserError("no such file", str(file))
    stream = file.open("rb") if file is not None else sys.stdin.buffer
    for number, line in enumerate(stream, 1):
        try:
            yield line.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise UserError(f"not UTF-8 (byte {error.start})", f"{file or 'standard input'}:{number}") from None
