"""TRL at its best on a CPU: what its trainers share here."""

from __future__ import annotations

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


def train(build: Callable[[], Trainer]) -> tuple[Trainer, Turn]:
    """Build a trainer and train; `prepare` is everything outside of its loop."""
    start = time.process_time()
    trainer, clock = build(), Clock()
    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(clock)
    trainer.train()
    whole = time.process_time() - start
    return trainer, {"prepare": whole - clock.seconds, "train": clock.seconds, "steps": clock.steps}
