"""How the next token is drawn: random numbers that belong to a sample and not to a batch, and the draw itself."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import torch

from towerplus.engines.base import Request

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def _mix(state: np.ndarray) -> np.ndarray:
    """The output function of SplitMix64 (Steele, Lea & Flood 2014): 64 bits in, 64 well-mixed bits out."""
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def sample_keys(request: Request) -> np.ndarray:
    """One 64-bit key a sample, from the seed, what is asked and the sample's index alone: (n,) uint64.

    `n`, temperature and the other settings stay out, so that sample 0 of 4 is sample 0 of 8.
    """
    asked = request.prompt if request.messages is None else [[m.role, m.content] for m in request.messages]
    content = json.dumps([request.sampling.seed, asked], ensure_ascii=False)
    start = np.frombuffer(hashlib.sha256(content.encode()).digest()[:8], dtype="<u8")
    return _mix(start + np.arange(1, request.sampling.n + 1, dtype=np.uint64) * _GOLDEN)


def uniforms(keys: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Number `steps[i]` of the stream `keys[i]`, uniform in [0, 1) with 23 bits: (n,) float32.

    23 bits, so that the largest times a float32 total stays below the total.
    """
    bits = _mix(keys + (steps.astype(np.uint64) + np.uint64(1)) * _GOLDEN) >> np.uint64(41)
    return bits.astype(np.float32) * np.float32(2.0**-23)


def draw(
    logits: torch.Tensor, temperature: torch.Tensor, top_p: torch.Tensor, uniform: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Tokens and their natural log-probabilities, each (n,).

    Args:
        logits: (n, vocabulary), of any float type; computed in float32.
        temperature, top_p, uniform: (n,) float32 on the same device. Temperature 0 takes the most likely token.

    The log-probability is that of the whole distribution at the sampling temperature (at 1 where it is 0), before
    the nucleus is cut, so that it can be recomputed from the logits.
    """
    logits = logits.float()
    greedy = temperature == 0
    if bool((temperature != 1).any()):
        logits = logits / torch.where(greedy, 1.0, temperature)[:, None]
    highest = logits.amax(-1, keepdim=True)
    weight = (logits - highest).exp_()
    total = weight.sum(-1, keepdim=True)
    if bool(greedy.all()):
        token = logits.argmax(-1, keepdim=True)
    else:
        if bool((top_p < 1).any()):
            weight = _nucleus(weight, total, top_p)
        mass = weight.cumsum(-1)
        token = torch.searchsorted(mass, uniform[:, None] * mass[:, -1:], right=True)  # inverse of the distribution
        token.clamp_(max=logits.shape[-1] - 1)  # a diverged model has no distribution: leave it to the caller to see
        if bool(greedy.any()):
            token = torch.where(greedy[:, None], logits.argmax(-1, keepdim=True), token)
    return token[:, 0], (logits.gather(1, token) - highest - total.log())[:, 0]


def _nucleus(weight: torch.Tensor, total: torch.Tensor, top_p: torch.Tensor) -> torch.Tensor:
    """`weight` with everything outside the smallest set of mass >= top_p set to 0 (Holtzman et al. 2020)."""
    ordered, order = weight.sort(dim=-1, descending=True, stable=True)
    before = ordered.cumsum(-1) - ordered
    ordered = ordered.masked_fill(before >= top_p[:, None] * total, 0.0)
    return torch.zeros_like(weight).scatter_(1, order, ordered)
