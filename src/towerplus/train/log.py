"""What a run tells: JSON lines on the disk, a progress bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import json
import math
import os
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from towerplus.errors import UserError

QUIET = 30.0  # seconds between lines where there is no terminal
LIVELY = 0.25  # seconds between drawings where there is one


class Log:
    """JSON lines, from `keep` bytes of what is there on. Same rows, same bytes: numbers keep six digits."""

    def __init__(self, path: Path, keep: int = 0):
        self.path = path
        try:
            path.touch()
            if path.stat().st_size < keep:
                raise UserError(f"shorter than its checkpoint says ({keep} bytes); delete the checkpoint to start over",
                                str(path))  # fmt: skip
            os.truncate(path, keep)
            self._stream = path.open("ab")
        except OSError as error:
            raise UserError(f"cannot write: {error.strerror}", str(path)) from None

    def write(self, row: dict[str, Any]) -> None:
        values = {name: float(f"{x:.6g}") if isinstance(x, float) else x for name, x in row.items()}
        self._stream.write(json.dumps(values).encode() + b"\n")

    def size(self) -> int:
        """Bytes written, once they are safe on the disk."""
        self._stream.flush()
        os.fsync(self._stream.fileno())
        return self._stream.tell()

    def close(self) -> None:
        self._stream.close()


class Board:
    """The same numbers for TensorBoard; does nothing unless asked for."""

    def __init__(self, folder: Path, wanted: bool):
        self._writer = None
        if wanted:
            try:
                from torch.utils.tensorboard import SummaryWriter
            except ImportError:
                raise UserError("needs the extra towerplus[tensorboard]", "tensorboard") from None
            self._writer = SummaryWriter(str(folder))

    def write(self, row: dict[str, Any]) -> None:
        if self._writer:
            for name, value in row.items():
                if name != "step" and isinstance(value, int | float):
                    self._writer.add_scalar(name, value, row["step"])

    def close(self) -> None:
        if self._writer:
            self._writer.close()


class Ticker:
    """Steps, rate, time left and loss on standard error."""

    def __init__(self, name: str, steps: int, done: int = 0):
        self.name, self.steps, self.first = name, steps, done
        self.started = self.shown = time.monotonic()
        console = Console(file=sys.stderr)
        self._bar = None
        if console.is_terminal:
            # no thread of its own: on a small model it would take a tenth of the core
            self._bar = Progress(
                TextColumn(name),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]:.1f}/s"),
                TimeRemainingColumn(),
                TextColumn("loss {task.fields[loss]:.3f}"),
                console=console,
                auto_refresh=False,
            )
            self._task = self._bar.add_task(name, total=steps, completed=done, rate=0.0, loss=math.nan)
            self._bar.start()

    def show(self, step: int, loss: float, last: bool = False) -> None:
        now = time.monotonic()
        if not last and now - self.shown < (LIVELY if self._bar else QUIET):
            return
        self.shown = now
        rate = (step - self.first) / max(now - self.started, 1e-9)
        if self._bar:
            self._bar.update(self._task, completed=step, rate=rate, loss=loss, refresh=True)
        else:
            left = (self.steps - step) / rate if rate else math.inf
            print(f"{self.name}: step {step}/{self.steps}, {rate:.1f}/s, {left:.0f} s left, loss {loss:.3f}",
                  file=sys.stderr, flush=True)  # fmt: skip

    def close(self) -> None:
        if self._bar:
            self._bar.stop()
