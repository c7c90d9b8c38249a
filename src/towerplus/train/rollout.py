"""Groups of samples from the model as it is now. Nothing is stored: the next step has another model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from towerplus.engines.base import Completion, Request, Sampling
from towerplus.engines.local import LocalEngine
from towerplus.records import Task


@dataclass(frozen=True, slots=True)
class Group:
    """G samples for one prompt. `prompt` is its tokens; the completions carry theirs and their log-probabilities."""

    task: Task
    prompt: tuple[int, ...]
    completions: tuple[Completion, ...]


def rollout(
    engine: LocalEngine, tasks: Sequence[Task], samples: int, temperature: float, max_tokens: int, seed: int
) -> list[Group]:
    """`samples` answers to each task, in chat form. The tasks must fit into the context (`fitting`)."""
    sampling = Sampling(n=samples, seed=seed, temperature=temperature, max_tokens=max_tokens)
    requests = [Request(messages=task.messages, sampling=sampling) for task in tasks]
    prompts = engine.prompt_ids(requests)
    answers = engine.complete(requests)
    return [
        Group(task, tuple(prompt), tuple(completions))
        for task, prompt, completions in zip(tasks, prompts, answers, strict=True)
    ]


def fitting(engine: LocalEngine, tasks: Sequence[Task], max_tokens: int) -> list[Task]:
    """The tasks whose prompt the template takes and which leave `max_tokens` of the context for an answer."""
    prompts = engine.prompt_ids([Request(messages=task.messages) for task in tasks])
    return [
        task
        for task, prompt in zip(tasks, prompts, strict=True)
        if prompt and len(prompt) + max_tokens <= engine.context
    ]
