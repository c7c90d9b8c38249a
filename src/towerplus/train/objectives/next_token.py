"""Likelihood of the next token: base, CPT, SFT and the NLL control of WPO."""

from __future__ import annotations

from torch import Tensor

from towerplus.train.objectives.base import Objective


def loss(logprob: Tensor, *, denominator: float = 1.0) -> Objective:
    """Negative log-likelihood, summed over tokens and divided by `denominator`.

    Args:
        logprob: (T,) log-probabilities of the labelled tokens.
        denominator: labelled tokens in the WHOLE step, all forward passes and all processes; then accumulating four
            passes is the same as one pass over all of it, whatever share of the tokens each has.

    Metrics, per token: nll, in nats.
    """
    total = -logprob.sum()
    return Objective(total / denominator, len(logprob), {"nll": total.detach()})
