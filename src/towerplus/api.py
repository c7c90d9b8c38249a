"""The Python API: what the commands do, in a few lines. See docs/python.md.

from towerplus.api import Chat, Translator, run_recipe
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from towerplus.errors import UserError
from towerplus.records import Message

BATCH = 64


def run_recipe(
    recipe: str | dict[str, Any], out: Path | str, seed: int | None = None, overrides: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Run a recipe (a shipped name, a file, or its content) into the folder `out`; returns the rows of scores.json."""
    import json

    from towerplus import pipeline
    from towerplus import recipe as recipes

    if isinstance(recipe, dict):
        loaded = recipes.parse(recipe if seed is None else {**recipe, "seed": seed})
    else:
        loaded = recipes.load(recipe, list(overrides), seed)
    pipeline.run(loaded, Path(out))
    scores = Path(out) / "scores.json"
    return json.loads(scores.read_text(encoding="utf-8"))["rows"] if scores.is_file() else []


class Translator:
    """Translates with a model directory, each text under the Tower+ prompt.

    Args:
        model: a Hugging Face model directory, or a run directory that holds `model/`.
        source, target: locales such as en-US and pt-PT; an unknown one raises UserError.
        plain: ask without the chat template, for models that have none.
        max_tokens: the longest answer; `warn` is told of one that is cut there.
    """

    def __init__(
        self,
        model: Path | str,
        source: str,
        target: str,
        plain: bool = False,
        max_tokens: int = 256,
        warn: Callable[[str], object] = warnings.warn,
    ) -> None:
        from towerplus.languages.locales import find

        self.source, self.target = find(source).tag, find(target).tag
        self.plain, self.max_tokens, self.warn = plain, max_tokens, warn
        self.engine = _engine(model)

    def __call__(self, texts: str | Sequence[str]) -> Any:
        """The translation of a text, or the list of translations of several; empty text stays empty.

        Raises:
            UserError: a text does not fit into the model's context.
        """
        return next(self.stream([texts], "")) if isinstance(texts, str) else list(self.stream(texts))

    def stream(self, texts: Iterable[str], name: str = "text") -> Iterator[str]:
        """Translations in order, computed in batches as the texts come. Errors and warnings say which text they are
        about: `name` and its number from 1."""
        source, number = iter(texts), 0
        while batch := list(islice(source, BATCH)):
            answers = iter(self.engine.complete([self._request(text) for text in batch if text.strip()]))
            for text in batch:
                number += 1
                yield self._told(next(answers)[0], text, f"{name}:{number}" if name else "") if text.strip() else ""

    def _request(self, text: str) -> Any:
        from towerplus.engines.base import Request, Sampling
        from towerplus.prompts.chat import plain_prompt
        from towerplus.prompts.translation import translation_prompt

        messages = translation_prompt(text, self.source, self.target)
        if not self.plain:
            return Request(messages=messages, sampling=Sampling(max_tokens=self.max_tokens))
        # a base model goes on and on: the translation of one line ends with the line
        stop = () if "\n" in text else ("\n",)
        return Request(prompt=plain_prompt(messages)[0], sampling=Sampling(max_tokens=self.max_tokens, stop=stop))

    def _told(self, completion: Any, asked: str, where: str) -> str:
        answer = _text(completion, asked, where)
        if completion.outcome == "truncated":
            self.warn(f"{where}: the answer is not whole: {completion.detail}".removeprefix(": "))
        return answer


class Chat:
    """A conversation with a model; keeps its turns."""

    def __init__(self, model: Path | str, max_tokens: int = 256, temperature: float = 0.0, seed: int = 0) -> None:
        self.engine = _engine(model)
        self.messages: list[Message] = []
        self.max_tokens, self.temperature, self.seed = max_tokens, temperature, seed

    def say(self, text: str) -> str:
        """Add a user turn and return the model's answer."""
        from towerplus.engines.base import Request, Sampling

        messages = (*self.messages, Message("user", text))
        sampling = Sampling(max_tokens=self.max_tokens, temperature=self.temperature, seed=self.seed)
        completion = self.engine.complete([Request(messages=messages, sampling=sampling)])[0][0]
        answer = _text(completion, text)
        self.messages = [*messages, Message("assistant", answer)]
        return answer


def model_directory(model: Path | str) -> Path:
    """The model directory that `model` names: itself, or `model/` of a run directory."""
    path = Path(model)
    if (path / "model" / "config.json").is_file():
        return path / "model"
    if not (path / "config.json").is_file():
        raise UserError("not a model directory: no config.json in it", str(path))
    return path


def _engine(model: Path | str) -> Any:
    from towerplus.engines.local import LocalEngine

    return LocalEngine.load(model_directory(model))


def _text(completion: Any, asked: str, where: str = "") -> str:
    if completion.outcome == "rejected":
        shown = asked if len(asked) <= 60 else asked[:60] + "..."
        raise UserError(f"{completion.detail or 'the model cannot take this'}: {shown!r}", where)
    return completion.text.strip()
