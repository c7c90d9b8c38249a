"""AdamW and the learning rate."""

from __future__ import annotations

import math

import torch
from torch import nn

from towerplus.train.settings import OptimiserSettings


def build_optimiser(model: nn.Module, settings: OptimiserSettings) -> torch.optim.AdamW:
    """AdamW (Loshchilov and Hutter, arXiv 1711.05101), one fused kernel; matrices decay, gains and biases do not."""
    trained = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in trained if p.dim() >= 2], "weight_decay": settings.weight_decay},
        {"params": [p for p in trained if p.dim() < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(
        [group for group in groups if group["params"]],
        lr=settings.learning_rate,
        betas=settings.betas,
        fused=all(p.device.type in ("cpu", "cuda") for p in trained),
    )


def learning_rate(settings: OptimiserSettings, step: int, steps: int) -> float:
    """The rate of step 0 <= `step` < `steps`: a linear rise over the warm-up, then down to `final_fraction` at the
    last step by the schedule. A warm-up that would not fit takes a tenth of the steps."""
    warmup = min(settings.warmup_steps, steps // 10) if settings.warmup_steps >= steps else settings.warmup_steps
    if step < warmup:
        return settings.learning_rate * (step + 1) / (warmup + 1)
    done = (step - warmup) / max(1, steps - 1 - warmup)
    if settings.schedule == "constant":
        return settings.learning_rate
    share = 1 - done if settings.schedule == "linear" else (1 + math.cos(math.pi * done)) / 2
    return settings.learning_rate * (settings.final_fraction + (1 - settings.final_fraction) * share)
