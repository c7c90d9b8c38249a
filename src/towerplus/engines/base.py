"""The contract between those who ask (synthesize, train, evaluate, serve) and those who answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from towerplus.records import Message

#: ok; refused: the model declined; truncated: cut at max_tokens; invalid: does not fit the schema;
#: rejected: the server said no (4xx); exhausted: given up after the retries.
Outcome = Literal["ok", "refused", "truncated", "invalid", "rejected", "exhausted"]


@dataclass(frozen=True, slots=True)
class Sampling:
    """How to answer. Temperature 0 is greedy. `n` samples share the prompt; sample i of a request depends on
    (seed, request, i) alone, so it does not change with the batch it is computed in."""

    n: int = 1
    seed: int = 0
    temperature: float = 0.0
    top_p: float = 1.0
    max_tokens: int = 256
    stop: tuple[str, ...] = ()
    schema: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A conversation to continue (rendered with the model's chat template) or a plain text to continue: one of them."""

    messages: tuple[Message, ...] | None = None
    prompt: str | None = None
    sampling: Sampling = field(default_factory=Sampling)

    def __post_init__(self) -> None:
        if (self.messages is None) == (self.prompt is None):
            raise ValueError("a request has either messages or a prompt")


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts of one completion."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer. `token_ids` and `logprobs` (natural, under the sampling temperature) exclude the prompt and include
    the end token; both are None where the engine does not give them."""

    text: str
    outcome: Outcome = "ok"
    finish: str = "stop"
    token_ids: tuple[int, ...] | None = None
    logprobs: tuple[float, ...] | None = None
    usage: Usage = field(default_factory=Usage)
    detail: str = ""


class Engine(Protocol):
    """Anything that answers requests."""

    @property
    def identity(self) -> str:
        """What the store keys on: digest of the weights, or URL + name + declared revision."""
        ...

    @property
    def template(self) -> str:
        """Digest of the chat template in force."""
        ...

    def complete(self, requests: Sequence[Request]) -> list[list[Completion]]:
        """Answer each request with `sampling.n` completions, in the order asked. Never raises for a single bad
        answer: its outcome says what happened."""
        ...
