"""The verb doctor: what this machine has, and what each missing part disables."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version

import typer

#: distribution, module, extra, what is disabled without it
OPTIONAL = [
    ("datasets", "datasets", "hub", "reading corpora from the Hugging Face hub"),
    ("peft", "peft", "lora", "LoRA adapters"),
    ("math-verify", "math_verify", "math", "symbolic equivalence of maths answers"),
    ("mecab-python3", "MeCab", "asian", "BLEU and TER for Japanese"),
    ("mecab-ko", "mecab_ko", "asian", "BLEU and TER for Korean"),
    ("matplotlib", "matplotlib", "plot", "figures for papers (the report needs none)"),
    ("tensorboard", "tensorboard", "tensorboard", "TensorBoard logs (`tensorboard: true` in a stage)"),
    ("ray", "ray", "cluster", "curation on many machines"),
    ("trl", "trl", "bench", "benchmarks beside TRL"),
]
CORE = [
    "torch",
    "transformers",
    "tokenizers",
    "safetensors",
    "numpy",
    "pyarrow",
    "numba",
    "pydantic",
    "sacrebleu",
    "Babel",
]


def doctor() -> None:
    """Report device, cores, memory, versions, optional parts and what each missing one disables."""
    import torch

    from towerplus import __version__

    typer.echo(f"towerplus     {__version__} on Python {platform.python_version()}, {platform.platform()}")
    if torch.cuda.is_available():
        for i in range(torch.cuda.device_count()):
            facts = torch.cuda.get_device_properties(i)
            typer.echo(
                f"device        {facts.name}, {facts.total_memory / 2**30:.0f} GiB; precision bf16, fp32 weights"
            )
    else:
        typer.echo(f"device        CPU ({_processor()}); precision fp32")
    memory, free = _memory()
    typer.echo(f"cores         {os.cpu_count()}, of which this process may use {_usable()}")
    typer.echo(f"memory        {memory:.1f} GiB, {free:.1f} GiB free")
    typer.echo(f"disk here     {shutil.disk_usage('.').free / 2**30:.0f} GiB free")
    typer.echo("versions      " + ", ".join(f"{name} {_version(name)}" for name in CORE))
    missing = [
        (name, extra, lost) for name, module, extra, lost in OPTIONAL if importlib.util.find_spec(module) is None
    ]
    present = [f"{name} {_version(name)}" for name, module, _, _ in OPTIONAL if importlib.util.find_spec(module)]
    typer.echo("optional      " + (", ".join(present) or "none"))
    for name, extra, lost in missing:
        typer.echo(f"  missing     {name}: no {lost}; pip install 'towerplus[{extra}]'")
    _sandbox()


def _sandbox() -> None:
    """How programs would be isolated here; found by trying."""
    from towerplus.errors import UserError
    from towerplus.verify.code.sandbox import best_mode

    try:
        mode = best_mode()
        typer.echo(f"sandbox       {mode.name}" + (", weak: rewards from programs are refused" if mode.weak else ""))
    except UserError:
        mode = None
        typer.echo("sandbox       none works")
    if shutil.which("bwrap") is None:
        typer.echo("  missing     bubblewrap: no sandbox for untrusted code; install it with the system's packages")
    elif mode is None or mode.weak:
        typer.echo("  failing     bubblewrap: is there but cannot isolate; user namespaces may be switched off")
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        typer.echo("  missing     setpriv: root cannot drop its rights for untrusted code; it is part of util-linux")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as stream:
            return next(line.partition(":")[2].strip() for line in stream if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _usable() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> tuple[float, float]:
    page = os.sysconf("SC_PAGE_SIZE")
    total, free = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_AVPHYS_PAGES")
    return total * page / 2**30, free * page / 2**30
