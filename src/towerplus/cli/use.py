"""Verbs that use a model: translate, chat."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

STDIN = "standard input"
MODEL = Annotated[Path, typer.Option("--model", help="A model directory, or a run directory that holds `model/`.")]
LONGEST = Annotated[int, typer.Option("--max-tokens", min=1, help="Longest answer, tokens.")]


def translate(
    text: Annotated[list[str] | None, typer.Argument(help="The text; without it, lines are read.")] = None,
    to: Annotated[str, typer.Option("--to", help="Target locale, such as pt-PT.")] = "",
    model: MODEL = Path("runs/tiny/model"),
    source: Annotated[str, typer.Option("--from", help="Source locale.")] = "en-US",
    file: Annotated[Path | None, typer.Option("--file", help="Translate a file line by line.")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Ask without the chat template (base models).")] = False,
    max_tokens: LONGEST = 256,
) -> None:
    """Translate a text, a file or standard input, line by line; empty lines stay empty."""
    from towerplus import api
    from towerplus.errors import UserError

    if not to:
        raise UserError("say the target locale: --to pt-PT")
    if text and file:
        raise UserError("give a text or --file, not both")
    lines: Iterator[str] = iter([_sound(" ".join(text))]) if text else _lines(file)
    warn = functools.partial(print, "warning:", file=sys.stderr)
    translator = api.Translator(model, source, to, plain, max_tokens, warn)
    for result in translator.stream(lines, "" if text else str(file or STDIN)):
        # a line each, or the lines of the two files would no longer belong together
        typer.echo(result if text else " ".join(result.splitlines()))


def chat(
    model: MODEL = Path("runs/tiny/model"),
    max_tokens: LONGEST = 256,
    temperature: Annotated[float, typer.Option("--temperature", min=0, help="0 is greedy.")] = 0.0,
) -> None:
    """Talk with a model; an empty line or Ctrl-D ends it."""
    from towerplus import api

    talk = api.Chat(model, max_tokens=max_tokens, temperature=temperature)
    for line in _typed() if sys.stdin.isatty() else _lines(None):
        if not line.strip():
            return
        typer.echo(talk.say(line))


def _typed() -> Iterator[str]:
    while True:
        try:
            yield _sound(input("> "))
        except EOFError:
            return


def _lines(file: Path | None) -> Iterator[str]:
    from towerplus.errors import UserError

    if file is not None and not file.exists():
        raise UserError("no such file", str(file))
    with file.open("rb") if file is not None else nullcontext(sys.stdin.buffer) as stream:
        for number, line in enumerate(stream, 1):
            try:
                yield line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError as error:
                raise UserError(f"not UTF-8 (byte {error.start + 1})", f"{file or STDIN}:{number}") from None


def _sound(text: str) -> str:
    """`text`, if it is: bytes that are no UTF-8 reach us as lone surrogates."""
    from towerplus.errors import UserError

    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise UserError("not UTF-8", ascii(text)) from None
    return text
