"""Group relative policy optimisation (Shao et al. 2024, arXiv 2402.03300), with the corrections of DAPO (Yu et al.
2025, arXiv 2503.14476: asymmetric clip, token-level mean) and Dr. GRPO (Liu et al. 2025, arXiv 2503.20783: a constant
denominator, no deviation on request), as both lengths and deviations bias the gradient."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

from towerplus.train.objectives.base import Objective

EPSILON = 1e-4  # added to a group's deviation; the value of TRL


def group_advantages(rewards: Tensor, scale: Literal["group", "none"] = "group") -> tuple[Tensor, Tensor]:
    """Advantages of G answers to each of P prompts, and which groups teach anything.

    Args:
        rewards: (P, G), G >= 2.
        scale: group divides by the group's standard deviation (unbiased), none does not.

    Returns:
        (P, G) advantages, zero on average in each group, and exactly zero where all rewards are equal;
        (P,) bool, False for such groups: they carry no gradient, skip or replace them.
    """
    if rewards.dim() != 2 or rewards.shape[1] < 2:
        raise ValueError(f"rewards must be (prompts, at least 2 answers), not {tuple(rewards.shape)}")
    if not torch.isfinite(rewards).all():
        raise ValueError("a reward is not a finite number")
    live = rewards.amax(1) > rewards.amin(1)
    advantages = rewards - rewards.mean(1, keepdim=True)
    if scale == "group":
        advantages = advantages / (rewards.std(1, keepdim=True) + EPSILON)
    return advantages * live[:, None], live


def loss(
    logprob: Tensor,
    old_logprob: Tensor,
    advantage: Tensor,
    *,
    clip_low: float,
    clip_high: float,
    denominator: float,
    reference_logprob: Tensor | None = None,
    kl: float = 0.0,
    entropy: Tensor | None = None,
) -> Objective:
    """The clipped surrogate, summed over tokens and divided by a constant.

        -min(r A, clip(r, 1 - clip_low, 1 + clip_high) A) + kl (exp(d) - d - 1),
        r = pi / pi_old,  d = log ref - log pi  (k3 of Schulman, "Approximating KL divergence", 2020)

    Args:
        logprob: (T,) log-probabilities of the answer tokens, at the sampling temperature.
        old_logprob: (T,) those under which the answers were sampled.
        advantage: (T,) the advantage of the answer that each token belongs to.
        denominator: for the whole step, all forward passes and processes: its number of answer tokens (DAPO), or
            answers times the longest allowed (Dr. GRPO). Never a pass's or an answer's own length.
        reference_logprob: (T,), needed when `kl` is not 0; without `kl` the divergence is only reported.
        entropy: (T,), only reported.

    Metrics, per token: loss, clipped (share of tokens where the clip stops the gradient), drift (mean
    |log pi - log pi_old|: before the first update, how far trainer and sampler disagree), and where given kl, entropy.
    """
    if kl and reference_logprob is None:
        raise ValueError("a KL penalty needs the reference's log-probabilities")
    change = logprob - old_logprob.detach()
    ratio = change.exp()
    plain, bounded = ratio * advantage, ratio.clamp(1 - clip_low, 1 + clip_high) * advantage
    token_loss = -torch.minimum(plain, bounded)
    metrics = {"clipped": (bounded < plain).float(), "drift": change.abs()}
    if reference_logprob is not None:
        d = reference_logprob.detach() - logprob
        divergence = torch.expm1(d) - d  # expm1: exp(d) - 1 loses all digits at small d
        token_loss = token_loss + kl * divergence
        metrics["kl"] = divergence
    if entropy is not None:
        metrics["entropy"] = entropy
    metrics["loss"] = token_loss
    sums = {name: value.detach().sum() for name, value in metrics.items()}
    return Objective(token_loss.sum() / denominator, len(logprob), sums)
