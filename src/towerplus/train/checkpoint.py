"""Checkpoints: everything a run needs to go on as if nothing had happened, in one file that is whole or not there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import nn

from towerplus.errors import UserError

NAME = "checkpoint.pt"


class Stateful(Protocol):
    """Something of a stage's own that a checkpoint should hold; its state is made of plain values and tensors."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state: dict[str, Any]) -> None: ...


@dataclass(slots=True)
class Progress:
    """How far a run is: steps done, what the steps counted, sizes of its logs (bytes) and time spent (seconds)."""

    step: int = 0
    count: int = 0
    log_size: int = 0
    times_size: int = 0
    elapsed: float = 0.0
    cpu: float = 0.0


def save(
    folder: Path,
    run: str,
    progress: Progress,
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    extra: Stateful | None = None,
) -> None:
    """Replace the checkpoint in `folder`: written aside, flushed to the disk, renamed. `run` says whose it is."""
    content = {
        "run": run,
        "progress": {name: getattr(progress, name) for name in Progress.__slots__},
        "model": model.state_dict(),
        "optimiser": optimiser.state_dict(),
        "random": torch.get_rng_state(),
        "random_cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        "extra": extra.state_dict() if extra else None,
    }
    aside = folder / f"{NAME}.aside"
    try:
        with aside.open("wb") as stream:
            torch.save(content, stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(aside, folder / NAME)
        _sync(folder)
    except (OSError, RuntimeError) as error:  # torch wraps what the system said about a full disk in one of its own
        aside.unlink(missing_ok=True)
        said = next((e.strerror for e in (error, error.__context__) if isinstance(e, OSError)), error)
        raise UserError(f"cannot write the checkpoint: {said}", str(folder)) from None


def load(
    folder: Path, run: str, model: nn.Module, optimiser: torch.optim.Optimizer, extra: Stateful | None = None
) -> Progress | None:
    """Take up the checkpoint in `folder` and return how far it got; None if there is none.

    Raises UserError for one that belongs to another run or cannot be read.
    """
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
        owner = content["run"]
    except Exception as error:
        raise UserError(
            f"cannot read the checkpoint ({type(error).__name__}); delete it to start over", str(path)
        ) from None
    if owner != run:
        raise UserError("this checkpoint belongs to a run with other settings; delete it to start over", str(path))
    model.load_state_dict(content["model"])
    optimiser.load_state_dict(content["optimiser"])
    torch.set_rng_state(content["random"])
    if content["random_cuda"] and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(content["random_cuda"])
    if extra:
        extra.load_state_dict(content["extra"])
    return Progress(**content["progress"])


def remove(folder: Path) -> None:
    """Delete the checkpoint in `folder`, if any: the run is over and its model saved."""
    (folder / NAME).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
