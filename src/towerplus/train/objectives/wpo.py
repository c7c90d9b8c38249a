"""Weighted preference optimisation (Zhou et al. 2024, arXiv 2406.11827).

    L = -mean over pairs of  w · log sigmoid(beta (log pi/ref(y_w) - log pi/ref(y_l)))
    w = min(1, s(y_w) s(y_l)),   s(y) = exp( mean_t [ log pi(y_t) - log sum_v pi(v)^2 ] ),   no gradient through w

so that pairs count by how likely the policy is to write them. s is 1 for a uniform policy, near 1 for its own samples,
far below 1 for foreign text. The paper's formula has no clamp at 1, the authors' code does.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from towerplus.train.objectives.base import Objective, sequence_sums


def loss(
    logprob: Tensor,
    log_collision: Tensor,
    sequence: Tensor,
    reference: Tensor,
    *,
    beta: float,
    clamp: bool = True,
    nll: float = 0.0,
    denominator: float = 1.0,
) -> Objective:
    """WPO over P pairs; sequence 2i is the chosen answer of pair i and 2i + 1 the rejected one.

    Args:
        logprob: (T,) log-probabilities of all answer tokens.
        log_collision: (T,) ``log sum_v pi(v)^2`` at the same places.
        sequence: (T,) which of the 2P sequences each token belongs to.
        reference: (2P,) log-probabilities of the whole answers under the reference model.
        nll: weight of the chosen answer's negative log-likelihood per token; it is not weighted by w.
        denominator: pairs in the whole step, all forward passes and all processes.

    Metrics, per pair: loss, preference (the weighted logistic loss), nll (of the chosen, per token), weight, accuracy
    (share of pairs with a margin above 0), margin (beta times the difference of log ratios).

    Raises ValueError for an odd number of sequences or one without tokens, whose mean is not defined.
    """
    count = len(reference)
    if count % 2:
        raise ValueError(f"{count} sequences are not pairs")
    lengths = torch.bincount(sequence, minlength=count)
    if len(lengths) != count or not lengths.all():
        raise ValueError(f"each of the {count} answers needs at least one token; their lengths: {lengths.tolist()}")
    sums = sequence_sums(logprob, sequence, count)
    chosen, rejected = (sums - reference).view(-1, 2).unbind(1)
    margin = beta * (chosen - rejected)
    with torch.no_grad():
        aligned = sequence_sums(logprob - log_collision, sequence, count) / lengths
        weight = aligned.view(-1, 2).sum(1).exp()
        if clamp:
            weight = weight.clamp(max=1.0)
    preference = -weight * logsigmoid(margin)
    likelihood = -(sums / lengths).view(-1, 2)[:, 0]
    total = (preference + nll * likelihood).sum()
    metrics = {
        "loss": total,
        "preference": preference.sum(),
        "nll": likelihood.sum(),
        "weight": weight.sum(),
        "accuracy": (margin > 0).float().sum(),
        "margin": margin.sum(),
    }
    return Objective(total / denominator, count // 2, {name: value.detach() for name, value in metrics.items()})
