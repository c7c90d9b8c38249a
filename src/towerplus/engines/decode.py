"""The decode loop: many prompts, several samples each, in one batch that finished rows leave and new ones join.

Each prompt is prefilled once and its keys and values are copied to the slots of its samples. A finished row is
replaced by the last one (one row is copied, not the batch), so that every step works on a dense block of live rows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from transformers import DynamicCache, PreTrainedModel

from towerplus.engines.cache import SlotCache
from towerplus.engines.sampling import draw, uniforms

PREFILL_TOKENS = 4096
ENOUGH_TOKENS = 512  # prefilled together, of prompts so alike in length that less than a quarter is padding

# one row of the batch; every field has 8 bytes, so that torch can view the columns
_ROW = np.dtype(
    [
        ("job", "i8"),
        ("sample", "i8"),
        ("key", "u8"),
        ("token", "i8"),  # the last one, not yet in the cache
        ("length", "i8"),  # tokens in the cache
        ("step", "i8"),  # tokens generated
        ("budget", "i8"),
        ("temperature", "f8"),
        ("top_p", "f8"),
    ]
)


@dataclass(slots=True)
class Job:
    """One prompt: its token ids (at least one), a random key a sample, and how far and how to go on."""

    prompt: list[int]
    keys: np.ndarray
    budget: int
    temperature: float
    top_p: float
    stop: tuple[str, ...] = ()


@dataclass(slots=True)
class Answer:
    """Sample `sample` of job `job`. `ended` tells whether an end token or a stop string was reached."""

    job: int
    sample: int
    tokens: list[int]
    logprobs: list[float]
    ended: bool


class Decoder:
    """Answers jobs with a model.

    Args:
        ends: token ids that end an answer (and are part of it).
        decode: token ids to text, to look for stop strings.
        rows: samples decoded side by side, at most.
        cache_bytes: keys and values kept at a time, at most (one row is always allowed).
    """

    def __init__(
        self,
        model: PreTrainedModel,
        ends: Iterable[int],
        decode: Callable[[list[int]], str],
        rows: int,
        cache_bytes: int,
    ):
        self.model, self.decode = model, decode
        self.ends = np.array(sorted(ends), dtype=np.int64)
        self.max_rows, self.cache_bytes = rows, cache_bytes
        config = model.config.get_text_config()
        sliding = "sliding_attention" in (getattr(config, "layer_types", None) or ())
        self.window: int | None = config.sliding_window if sliding else None

    def run(self, jobs: Sequence[Job]) -> Iterator[Answer]:
        """The answers, as they finish. To be run without gradients."""
        if not jobs:
            return
        longest = max(len(job.prompt) + job.budget for job in jobs)
        fits = self.cache_bytes // (longest * bytes_per_token(self.model))
        rows = max(min(self.max_rows, fits, sum(len(job.keys) for job in jobs)), 1)
        self.jobs, self.live = jobs, 0
        self.cache = SlotCache(rows, longest)
        self.state = np.zeros(rows, dtype=_ROW)
        self.tokens = np.zeros((rows, max(job.budget for job in jobs)), dtype=np.int64)
        self.logprobs = np.zeros(self.tokens.shape, dtype=np.float32)
        # alike in length, so that prompts prefilled together need little padding; a job with more samples than the
        # batch has rows comes in parts
        order = sorted(range(len(jobs)), key=lambda j: (-len(jobs[j].prompt), j))
        parts = (
            (j, np.arange(s, min(s + rows, len(jobs[j].keys))))
            for j in order
            for s in range(0, len(jobs[j].keys), rows)
        )
        queue = deque(parts)
        while queue or self.live:
            # prefill costs more a row in small batches than empty slots do
            if queue and rows - self.live >= max(len(queue[0][1]), rows // 4):
                self._admit(queue)
            yield from self._step()

    def _admit(self, queue: deque[tuple[int, np.ndarray]]) -> None:
        """Fill free slots from the queue: all of a prompt but its last token goes into the cache."""
        while queue and len(queue[0][1]) <= len(self.state) - self.live:
            chunk: list[tuple[int, np.ndarray]] = []
            free = len(self.state) - self.live
            longest = len(self.jobs[queue[0][0]].prompt)
            while queue and len(queue[0][1]) <= free and (len(chunk) + 1) * longest <= max(PREFILL_TOKENS, longest):
                if len(chunk) * longest >= ENOUGH_TOKENS and len(self.jobs[queue[0][0]].prompt) < 0.75 * longest:
                    break
                chunk.append(queue.popleft())
                free -= len(chunk[-1][1])
            rows = [(job, sample) for job, samples in chunk for sample in samples]
            for slot, (j, sample) in enumerate(rows, self.live):
                job = self.jobs[j]
                self.state[slot] = (j, sample, job.keys[sample], job.prompt[-1], len(job.prompt) - 1, 0, job.budget,
                                    job.temperature, job.top_p)  # fmt: skip
            self._prefill([self.jobs[j].prompt[:-1] for j, _ in chunk], [len(samples) for _, samples in chunk])
            self.live += len(rows)

    def _prefill(self, prompts: list[list[int]], repeats: list[int]) -> None:
        width = max(map(len, prompts))
        if width == 0:  # prompts of one token: nothing to remember yet, but the slots count
            return
        device = self.model.device
        # padding is on the right, where causal attention never looks: no mask
        ids = torch.tensor([[*prompt, *[0] * (width - len(prompt))] for prompt in prompts], device=device)
        filled = DynamicCache()
        self.model.base_model(input_ids=ids, past_key_values=filled, use_cache=True)
        prompt_of_slot = torch.repeat_interleave(torch.tensor(repeats)).to(device)
        self.cache.admit(filled, prompt_of_slot, self.live)

    def _step(self) -> Iterator[Answer]:
        """One token more for every live row; the answers that are whole."""
        state, device = self.state[: self.live], self.model.device
        positions = torch.from_numpy(state["length"].copy()).to(device)
        self.cache.expect(positions, int(state["length"].max()) + 1)
        logits = self.model(
            input_ids=torch.from_numpy(state["token"][:, None].copy()).to(device),
            position_ids=positions[:, None],
            attention_mask=self._mask(positions),
            past_key_values=self.cache,
            use_cache=True,
        ).logits[:, -1]

        def on_device(values: np.ndarray) -> torch.Tensor:
            return torch.from_numpy(values.astype(np.float32)).to(device)

        uniform = on_device(uniforms(state["key"], state["step"]))
        chosen, logprob = draw(logits, on_device(state["temperature"]), on_device(state["top_p"]), uniform)
        slots = np.arange(self.live)
        state["token"] = chosen.cpu().numpy()
        self.tokens[slots, state["step"]] = state["token"]
        self.logprobs[slots, state["step"]] = logprob.cpu().numpy()
        state["length"] += 1
        state["step"] += 1
        ended = np.isin(state["token"], self.ends)
        for slot in slots:
            if self.jobs[state["job"][slot]].stop and not ended[slot]:
                ended[slot] = self._stopped(slot)
        over = ended | (state["step"] >= state["budget"])
        if over.any():
            yield from self._finish(np.flatnonzero(over), ended)

    def _stopped(self, slot: int) -> bool:
        """Whether the last tokens of a row hold one of its stop strings. A token is a byte at least, so a few more
        tokens than the string has bytes are enough to look at; the whole text would cost quadratic time."""
        stop, step = self.jobs[self.state["job"][slot]].stop, self.state["step"][slot]
        reach = max(len(s.encode()) for s in stop) + 4
        tail = self.decode(self.tokens[slot, max(step - reach, 0) : step].tolist())
        return any(s in tail for s in stop)

    def _finish(self, over: np.ndarray, ended: np.ndarray) -> Iterator[Answer]:
        """Give the answers of the slots `over` and move the last rows into the holes."""
        for slot in over:
            row = self.state[slot]
            tokens, logprobs = self.tokens[slot, : row["step"]], self.logprobs[slot, : row["step"]]
            yield Answer(int(row["job"]), int(row["sample"]), tokens.tolist(), logprobs.tolist(), bool(ended[slot]))
        left = self.live - len(over)
        holes = over[over < left]
        movers = np.setdiff1d(np.arange(left, self.live), over)
        if len(holes):
            self.cache.move(movers, holes, int(self.state["length"][movers].max()))
            for kept in (self.state, self.tokens, self.logprobs):
                kept[holes] = kept[movers]
        self.live = left

    def _mask(self, positions: torch.Tensor) -> torch.Tensor | dict[str, torch.Tensor]:
        """What each row's new token sees: its own tokens, (live, 1, 1, width), as an additive mask. The slots hold
        leftovers of earlier rows beyond `positions`."""
        column, own = torch.arange(self.cache.width, device=positions.device), positions[:, None]
        lowest = torch.finfo(self.model.dtype).min

        def additive(hidden: torch.Tensor) -> torch.Tensor:
            zeros = torch.zeros(hidden.shape, dtype=self.model.dtype, device=hidden.device)
            return zeros.masked_fill_(hidden, lowest)[:, None, None]

        full = additive(column > own)
        if self.window is None or self.cache.width <= self.window:
            return full
        return {"full_attention": full, "sliding_attention": additive((column > own) | (column <= own - self.window))}


def bytes_per_token(model: PreTrainedModel) -> int:
    """Size of the keys and values of one token."""
    config = model.config.get_text_config()
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    return 2 * config.num_hidden_layers * heads * size * model.dtype.itemsize
