"""How everything here is timed: contestants take turns in one process, in CPU seconds of one thread.

CPU time instead of the clock's, because other programs may share the machine; turns in rotating order, because its
speed drifts; the ratio within each round, because what slows one contestant slows the other.
"""

from __future__ import annotations

import gc
import importlib.metadata
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table

RESULTS = Path("runs/bench")
VERSIONS = ("torch", "transformers", "trl", "numpy")

#: What a contestant measured in one turn: name -> number (CPU seconds, counts, rates)
Turn = dict[str, float]


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, lowest and highest of a few rounds."""

    median: float
    low: float
    high: float

    @staticmethod
    def of(values: Sequence[float]) -> Spread:
        return Spread(statistics.median(values), min(values), max(values))

    def __str__(self) -> str:
        return f"{self.median:.2f} [{self.low:.2f}, {self.high:.2f}]"


@dataclass(frozen=True, slots=True)
class Target:
    """What a ratio has to be at least."""

    what: str
    value: float
    wanted: float

    @property
    def met(self) -> bool:
        return self.value >= self.wanted

    def __str__(self) -> str:
        return f"{'met' if self.met else 'MISSED'}: {self.what}: {self.value:.2f} (wanted: at least {self.wanted:g})"


@dataclass(slots=True)
class Report:
    """A table, what it means, and which targets it meets."""

    name: str
    title: str
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    numbers: dict = field(default_factory=dict)

    def show(self) -> None:
        table = Table(*self.columns, title=self.title, title_justify="left")
        for row in self.rows:
            table.add_row(*row)
        console = Console(width=None if sys.stdout.isatty() else 160)
        console.print(table)
        for line in (*self.notes, *map(str, self.targets)):
            console.print(line, markup=False, highlight=False)

    def save(self) -> Path:
        """Write ``runs/bench/NAME.json``."""
        RESULTS.mkdir(parents=True, exist_ok=True)
        path = RESULTS / f"{self.name}.json"
        path.write_text(json.dumps(asdict(self) | {"machine": machine()}, indent=1) + "\n")
        return path


def machine() -> dict[str, str]:
    """Where this runs, in words that fit any machine of the kind."""
    return {
        "processor": f"{platform.machine()}, {os.cpu_count()} cores, {torch.backends.cpu.get_cpu_capability()}",
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in VERSIONS},
    }


@contextmanager
def one_thread() -> Iterator[None]:
    """CPU seconds of the process are then those of one thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds that `work` takes, of all threads of this process."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def alternate(contestants: Mapping[str, Callable[[int], Turn]], rounds: int) -> dict[str, list[Turn]]:
    """Let everyone take a turn in each round, in rotating order, after one turn each that does not count.

    A contestant is called with the number of the round and does the same amount of work each time.
    """
    names = list(contestants)
    turns: dict[str, list[Turn]] = {name: [] for name in names}
    with one_thread():
        for number in range(-1, rounds):
            first = number % len(names)
            for name in names[first:] + names[:first]:
                gc.collect()
                found = contestants[name](number)
                if number >= 0:
                    turns[name].append(found)
    return turns


def loop_seconds(out: Path) -> float:
    """CPU seconds that the training loop which wrote to `out` says it took, logging included."""
    return json.loads((out / "times.jsonl").read_text().splitlines()[-1])["cpu_seconds"]


def rates(turns: Sequence[Turn], count: str, *seconds: str) -> list[float]:
    """`count` per CPU second of the named parts together, for each round."""
    return [turn[count] / sum(turn[name] for name in seconds) for turn in turns]


def median(turns: Sequence[Turn], name: str) -> float:
    """The median of one number over the rounds."""
    return statistics.median(turn[name] for turn in turns)


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """Ours over theirs, round by round."""
    return Spread.of([a / b for a, b in zip(ours, theirs, strict=True)])
