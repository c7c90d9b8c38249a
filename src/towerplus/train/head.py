"""Log-probabilities of labelled tokens, without a (batch, length, vocabulary) tensor.

The decoder gives hidden states; only those whose next token is labelled go through the vocabulary projection, a chunk
at a time, and all chunks but the last are computed again in the backward pass. Memory for logits is one chunk.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn.functional import log_softmax
from torch.utils.checkpoint import checkpoint

from towerplus.errors import UserError
from towerplus.train.batch import Batch, pack_rows, pad_rows
from towerplus.train.objectives.base import sequence_sums

if TYPE_CHECKING:
    from transformers import PreTrainedModel


@dataclass(frozen=True, slots=True)
class TokenScores:
    """Scores of the T labelled tokens of a batch, in row-major order.

    Attributes:
        logprob: (T,) float32, natural logarithm; the only one that carries a gradient.
        row, position: (T,) int64, where the token is: ``input_ids[row, position]``.
        sequence: (T,) int64, which of the batch's S sequences it belongs to.
        sequences: S.
        log_collision: (T,) ``log sum_v p(v)^2``, the probability that two samples agree; when asked for.
        entropy: (T,) in nats; when asked for.
    """

    logprob: Tensor
    row: Tensor
    position: Tensor
    sequence: Tensor
    sequences: int
    log_collision: Tensor | None = None
    entropy: Tensor | None = None

    def sums(self) -> Tensor:
        """(S,) log-probability of each sequence's labelled tokens."""
        return sequence_sums(self.logprob, self.sequence, self.sequences)


def token_logprobs(
    model: PreTrainedModel,
    batch: Batch,
    *,
    chunk: int = 2048,
    temperature: float = 1.0,
    collision: bool = False,
    entropy: bool = False,
) -> TokenScores:
    """Score the labelled tokens of `batch` under a transformers `*ForCausalLM`.

    Args:
        chunk: labelled positions projected to the vocabulary at a time.
        temperature: divides the logits (after the model's own softcap), as the sampler does.
    """
    hidden = hidden_states(model, batch)
    row, before = batch.labels_mask[:, 1:].nonzero(as_tuple=True)
    position = before + 1
    picked, targets = hidden[row, before], batch.input_ids[row, position]
    head = model.get_output_embeddings()
    cap = getattr(model.config.get_text_config(), "final_logit_softcapping", None)

    def score(states: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor | None, Tensor | None]:
        logits = head(states).float()
        if cap is not None:
            logits = torch.tanh(logits / cap) * cap
        if temperature != 1.0:
            logits = logits / temperature
        return PickedLogprob.apply(logits, tokens, collision, entropy)

    chunks = list(zip(picked.split(chunk), targets.split(chunk), strict=True))
    scored = []
    for index, (states, tokens) in enumerate(chunks):
        # The backward pass starts with the last chunk, so to keep that one costs no memory and saves its recomputation.
        again = torch.is_grad_enabled() and index < len(chunks) - 1
        scored.append(checkpoint(score, states, tokens, use_reentrant=False) if again else score(states, tokens))
    logprob, collisions, entropies = zip(*scored, strict=True)
    sequence = row if batch.segments is None else batch.segments[row, position]
    return TokenScores(
        torch.cat(logprob),
        row,
        position,
        sequence,
        batch.sequences,
        torch.cat(collisions) if collision else None,
        torch.cat(entropies) if entropy else None,
    )


class PickedLogprob(torch.autograd.Function):
    """``log_softmax(logits)[i, tokens[i]]`` in half the passes over memory: the logits become the probabilities in
    place, and those the gradient, ``onehot - p`` times that of the log-probability."""

    @staticmethod
    def forward(ctx: Any, logits: Tensor, tokens: Tensor, collision: bool, entropy: bool) -> tuple[Tensor | None, ...]:
        """(N, V) float32 logits, which are overwritten, and (N,) tokens; (N,) log-probabilities and, when asked for,
        ``log sum_v p(v)^2`` and the entropy."""
        logits.sub_(logits.amax(-1, keepdim=True))
        picked = logits.gather(-1, tokens[:, None]).squeeze(-1)
        # E[z], before the logits are gone: entropy is log sum exp(z) - E[z]
        weighted = (logits * logits.exp()).sum(-1) if entropy else None
        total = logits.exp_().sum(-1)
        norm = total.log()
        collisions = torch.linalg.vector_norm(logits, dim=-1).log_().sub_(norm).mul_(2) if collision else None
        entropies = norm - weighted / total if weighted is not None else None
        ctx.save_for_backward(logits, tokens, total)
        ctx.mark_non_differentiable(*(x for x in (collisions, entropies) if x is not None))
        return picked - norm, collisions, entropies

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor, *_: Tensor) -> tuple[Tensor | None, ...]:
        scaled, tokens, total = ctx.saved_tensors
        scaled.mul_((-gradient / total)[:, None])
        return scaled.scatter_add_(-1, tokens[:, None], gradient[:, None]), None, None, None


def hidden_states(model: PreTrainedModel, batch: Batch) -> Tensor:
    """(B, L, D) last hidden states of the decoder, sequences of a packed row isolated from one another.

    transformers builds the block-diagonal mask from `position_ids` that restart, but only without any attention mask
    and without a cache: with either it drops the isolation and says nothing. FlashAttention kernels moreover look for
    restarts in batches of one row only, so there the rows are laid end to end (they restart at 0 as well).
    """
    decoder = model.get_decoder()
    if batch.position_ids is None:
        return decoder(input_ids=batch.input_ids, use_cache=False).last_hidden_state
    ids, positions = batch.input_ids, batch.position_ids
    if "flash" in _attention(model):
        ids, positions = ids.reshape(1, -1), positions.reshape(1, -1)
    hidden = decoder(input_ids=ids, position_ids=positions, attention_mask=None, use_cache=False).last_hidden_state
    return hidden.view(*batch.input_ids.shape, -1)


@torch.no_grad()
def assert_isolated(model: PreTrainedModel, tokens: int = 16) -> None:
    """Raise UserError unless packed sequences are isolated in `model` as it stands (three short forward passes).

    Logits of packed random sequences must be those of each alone (within rounding of their dtype), and must not change
    when their neighbours do. Call it before training on packed rows, under the same autocast.
    """
    half = tokens // 2
    a, b, c, d = _random_tokens(model, [tokens, half, tokens, half])
    with _inference(model) as device:
        alone = _logits(model, pad_rows(*_unlabelled([a, b, c, d])).to(device))
        packed, swapped = (
            _logits(model, pack_rows([list(zip(*_unlabelled(row), strict=True)) for row in rows]).to(device))
            for rows in ([[a, b], [d, c]], [[c, b], [b, c]])
        )
    scale = alone.abs().max().clamp(min=1.0)
    pairs = [(packed[0, tokens:], alone[1, :half]), (packed[1, half:], alone[2])]
    neighbours = [(packed[0, tokens:], swapped[0, tokens:]), (packed[1, half:], swapped[1, half:])]
    apart, moved = (max(float((x - y).abs().max() / scale) for x, y in both) for both in (pairs, neighbours))
    # Rounding depends on the shapes of the matrix products, so it enters the first comparison but not the second.
    if not (apart <= _rounding(alone.dtype) and moved <= _rounding(torch.float32)):  # a NaN fails too
        raise UserError(
            f"documents packed into one row see each other in this model (relative difference of logits "
            f"{max(apart, moved):.2g}, attention {_attention(model)!r}); "
            "set packing: false or choose another attention implementation",
            "packing",
        )


@torch.no_grad()
def assert_head(model: PreTrainedModel, tokens: int = 8) -> None:
    """Raise UserError unless `token_logprobs` agrees with the model's own logits, as it would not for an architecture
    that scales or bends them in a way not known here (two short forward passes)."""
    (row,) = _random_tokens(model, [tokens])
    with _inference(model) as device:
        batch = pad_rows([row], [[False] + [True] * (tokens - 1)]).to(device)
        ours = token_logprobs(model, batch).logprob
        logits = model(input_ids=batch.input_ids, use_cache=False).logits[0, :-1]
    theirs = log_softmax(logits.float(), dim=-1).gather(-1, batch.input_ids[0, 1:, None]).squeeze(-1)
    apart = float((ours - theirs).abs().max() / theirs.abs().max().clamp(min=1.0))
    if not apart <= _rounding(logits.dtype):
        raise UserError(
            f"{type(model).__name__} computes its logits in a way that is not supported "
            f"(relative difference of log-probabilities {apart:.2g})",
            "model",
        )


def _rounding(dtype: torch.dtype) -> float:
    return max(1e-4, 16 * torch.finfo(dtype).eps)


def _attention(model: PreTrainedModel) -> str:
    return model.config.get_text_config()._attn_implementation or ""


@contextmanager
def _inference(model: PreTrainedModel) -> Iterator[torch.device]:
    """Dropout off meanwhile; gives the model's device."""
    training = model.training
    model.eval()
    try:
        yield next(model.parameters()).device
    finally:
        model.train(training)


def _random_tokens(model: PreTrainedModel, lengths: list[int]) -> list[list[int]]:
    vocabulary, generator = model.config.get_text_config().vocab_size, torch.Generator().manual_seed(0)
    return [torch.randint(vocabulary, (length,), generator=generator).tolist() for length in lengths]


def _unlabelled(rows: list[list[int]]) -> tuple[list[list[int]], list[list[bool]]]:
    return rows, [[False] * len(row) for row in rows]


def _logits(model: PreTrainedModel, batch: Batch) -> Tensor:
    return model.get_output_embeddings()(hidden_states(model, batch))
