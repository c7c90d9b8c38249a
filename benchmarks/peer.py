"""TRL at its best on a CPU: what its trainers share here."""

from __future__ import annotations

import ctypes
import os
import tempfile
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import datasets
import transformers
from transformers import PrinterCallback, Trainer, TrainerCallback
from transformers.utils import logging as transformers_logging

from benchmarks.harness import Turn
from towerplus.train.memory import keep_freed_memory
from towerplus.train.settings import LoopSettings

datasets.disable_progress_bars()
transformers_logging.set_verbosity_error()
transformers.logging.disable_progress_bar()


def arguments(settings: LoopSettings, **more: Any) -> dict[str, Any]:
    """Our optimiser and schedule in TRL's words, without the defaults that are slow on a CPU."""
    return {
        "output_dir": tempfile.mkdtemp(prefix="bench-trl-"),
        "learning_rate": settings.learning_rate,
        "adam_beta1": settings.betas[0],
        "adam_beta2": settings.betas[1],
        "weight_decay": settings.weight_decay,
        "max_grad_norm": settings.clip,
        "warmup_steps": settings.warmup_steps,
        "lr_scheduler_type": settings.schedule,
        "num_train_epochs": 1,
        "use_cpu": True,
        "bf16": False,
        "activation_checkpointing": False,
        "dataloader_pin_memory": False,
        "report_to": "none",
        "save_strategy": "no",
        "disable_tqdm": True,
    } | more


class Clock(TrainerCallback):
    """CPU seconds from the first step to the last, and how many there were."""

    def on_train_begin(self, *_: Any, **__: Any) -> None:
        self.start = time.process_time()

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self.seconds, self.steps = time.process_time() - self.start, state.global_step


def own_memory() -> None:
    """Undo `keep_freed_memory`, which our loop has called in this process: the largest thresholds that glibc would
    arrive at by itself."""
    mallopt = ctypes.CDLL(None).mallopt
    mallopt(-3, 32 << 20)  # M_MMAP_THRESHOLD
    mallopt(-1, 64 << 20)  # M_TRIM_THRESHOLD


def train(build: Callable[[], Trainer], keep_memory: bool = False) -> tuple[Trainer, Turn]:
    """Build a trainer and train; `prepare` is everything outside of its loop. `keep_memory`: with our allocator
    setting, which TRL has not."""
    if keep_memory:
        keep_freed_memory()
    else:
        own_memory()
    start = time.process_time()
    trainer, clock = build(), Clock()
    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(clock)
    trainer.train()
    whole = time.process_time() - start
    return trainer, {"prepare": whole - clock.seconds, "train": clock.seconds, "steps": clock.steps}
