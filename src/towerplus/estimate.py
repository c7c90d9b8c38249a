"""What a run will take, before it runs: tokens, time and memory of each step.

Training costs about 6 floating-point operations a parameter and token, answering 2 (Kaplan et al., arXiv 2001.08361).
The rate is measured here, in a tenth of a second, on products of the model's own shapes; training takes 40% of it on a
GPU and, with the small batches of small models, on a CPU 60%. A guess: within a factor of two for `tiny` and `bitext`.
"""

from __future__ import annotations

import json
import math
import os
import time
from dataclasses import dataclass
from pathlib import Path

from towerplus.pipeline import Step
from towerplus.recipe import Recipe

#: share of the measured rate that training reaches
TRAINING_SHARE = {"cpu": 0.6, "cuda": 0.4}
#: small models answer slower than they train: each step of decoding is bound by overhead
DECODING_SHARE = 0.2
#: of the interpreter and its libraries, bytes
LIBRARIES = 700 << 20
#: mean length of an example or answer, tokens, where the data do not exist yet
ASSUMED_LENGTH = 40
#: tasks to be asked, where they are still to be made
ASSUMED_TASKS = 2000


@dataclass(frozen=True, slots=True)
class Guess:
    """Tokens processed, seconds, and bytes of memory."""

    tokens: int = 0
    seconds: float = 0.0
    memory: int = 0


def steps(recipe: Recipe, planned: list[Step]) -> list[Guess]:
    """A guess a step, in order."""
    parameters = parameter_count(recipe)
    width = _width(recipe)
    rate = training_rate(width)
    result = []
    for step in planned:
        settings = step.settings
        answered = 0
        trained = 0
        match step.kind:
            case "base" | "cpt" | "sft":
                trained = settings.get("tokens", 0)
            case "wpo":
                trained = int(settings["epochs"] * 1500 * 2 * ASSUMED_LENGTH)
            case "grpo":
                answered = (
                    settings["steps"] * settings["prompts_per_step"] * settings["group"] * settings["max_tokens"] // 4
                )
                trained = answered // 2
            case "synthesize":
                answered = 1500 * settings.get("samples", 1) * ASSUMED_LENGTH // 4
            case "evaluate":
                answered = len(settings["forms"]) * _asked(recipe) * min(settings["max_tokens"], ASSUMED_LENGTH) // 4
        operations = 6 * parameters * trained + 2 * parameters * answered / DECODING_SHARE
        memory = 16 * parameters + 40 * settings.get("batch_tokens", 0) * width * 4 if trained else 4 * parameters
        result.append(Guess(trained + answered, operations / rate, LIBRARIES + int(memory)))
    return result


def remaining(planned: list[Step], guesses: list[Guess]) -> float:
    """Seconds of the steps that are not made. With two cores models are asked beside the training of the next one."""
    todo = [
        (step.kind == "evaluate", guess.seconds) for step, guess in zip(planned, guesses, strict=True) if not step.made
    ]
    work = sum(seconds for beside, seconds in todo if not beside)
    asking = [seconds for beside, seconds in todo if beside]
    if (os.cpu_count() or 1) < 2:
        return work + sum(asking)
    return max(work + (asking[-1] if asking else 0), sum(asking))


def parameter_count(recipe: Recipe) -> int:
    """Parameters of the recipe's model: of a hub name what it says, otherwise exact."""
    base = next((s.settings for s in recipe.stages if s.kind == "base"), None)
    if base is None:
        return 0
    model = base.model  # type: ignore[attr-defined]
    if model.checkpoint:
        files = list(Path(model.checkpoint).glob("*.safetensors"))
        return sum(map(_stored, files)) if files else _from_name(model.checkpoint)
    d, keys = model.hidden_size, model.key_value_heads or model.heads
    head = d // model.heads
    attention = 2 * d * d + 2 * d * keys * head
    if model.architecture == "qwen2":
        attention += d + 2 * keys * head  # biases
    norms = 4 * d if model.architecture.startswith("gemma") else 2 * d
    norms += 2 * head if model.architecture in ("qwen3", "gemma3") else 0  # of queries and keys
    return model.vocabulary * d + model.layers * (attention + 3 * d * model.intermediate_size + norms) + d


def training_rate(width: int) -> float:
    """Floating-point operations a second that training can expect: those of (512, width) @ (width, 2 width) on the
    device that would be used, times the share of them that training reaches."""
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    kind = torch.bfloat16 if device == "cuda" else torch.float32
    threads = torch.get_num_threads()
    torch.set_num_threads(1 if width < 200 else threads)
    a = torch.randn(512, width, device=device, dtype=kind)
    b = torch.randn(width, 2 * width, device=device, dtype=kind)
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < 0.1:
        a @ b
        count += 1
    if device == "cuda":
        torch.cuda.synchronize()
    rate = count * 2 * a.numel() * b.shape[1] / (time.perf_counter() - started)
    torch.set_num_threads(threads)
    return rate * TRAINING_SHARE[device]


def _asked(recipe: Recipe) -> int:
    """Tasks that each model is asked in one form."""
    toy = recipe.corpora.toy
    counts = getattr(toy, recipe.evaluate.split).model_dump().values() if toy else [ASSUMED_TASKS]
    limit = recipe.evaluate.limit
    return sum(counts) if limit is None else sum(min(count, limit) for count in counts)


def _width(recipe: Recipe) -> int:
    base = next((s.settings for s in recipe.stages if s.kind == "base"), None)
    if base is None or base.model.checkpoint:  # type: ignore[attr-defined]
        return 2048
    return base.model.hidden_size  # type: ignore[attr-defined]


def _stored(weights: Path) -> int:
    """Numbers in a safetensors file, by its header."""
    with weights.open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    return sum(math.prod(item["shape"]) for name, item in header.items() if name != "__metadata__")


def _from_name(name: str) -> int:
    """Parameters as a hub name tells them: gemma-2-9b -> 9e9; 0 where it does not."""
    import re

    found = re.search(r"(\d+(?:\.\d+)?)b\b", name.lower())
    return int(float(found.group(1)) * 1e9) if found else 0
