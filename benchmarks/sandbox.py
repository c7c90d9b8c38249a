"""How many short programs a second the sandbox runs, each in a sandbox of its own, started before it is needed.

Wall time and not CPU time of this process: what is measured runs in other processes. Two contestants take turns: the
pool, and a sandbox started for each program, one after the other. The share of the machine that others took meanwhile
is in the notes: the target is meant for two idle cores.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.harness import Report, Spread, Target
from towerplus.verify.code.modes import Limits
from towerplus.verify.code.pool import Pool
from towerplus.verify.code.sandbox import Sandbox, best_mode

WANTED = 60.0
PROGRAM = "def add(a, b):\n    return a + b\n"
TESTS = [f"assert add({n}, {n}) == {2 * n}" for n in range(3)]
READY = 4
THREADS = 4


@dataclass(frozen=True, slots=True)
class Turn:
    """Programs a second, CPU seconds of the whole machine a program, and the cores that others used meanwhile."""

    rate: float
    cpu: float
    others: float


def run(quick: bool = False) -> list[Report]:
    mode = best_mode()
    report = Report("sandbox", "Programs a second in the sandbox", ["", "programs / s", "ms CPU a program"])
    rounds, programs = (1, 40) if quick else (5, 200)
    turns: dict[str, list[Turn]] = {"pool": [], "one": []}
    with ThreadPoolExecutor(THREADS) as threads:
        sandboxes = Pool(READY, mode)
        try:
            for number in range(-1, rounds):
                pooled = timed(lambda: list(threads.map(lambda _: checked(sandboxes), range(programs))), programs)
                time.sleep(0.2)  # sandboxes that the pool makes ready again are no part of the next turn
                single = timed(lambda: [alone() for _ in range(programs // 8)], programs // 8)
                time.sleep(0.2)
                if number >= 0:
                    turns["pool"].append(pooled)
                    turns["one"].append(single)
        finally:
            sandboxes.close()
    names = {"pool": f"pool, {READY} ready, {THREADS} threads", "one": "started when needed, one after the other"}
    for key, name in names.items():
        rates, cpu = ([getattr(turn, what) for turn in turns[key]] for what in ("rate", "cpu"))
        report.rows.append([name, str(Spread.of(rates)), str(Spread.of([1000 * seconds for seconds in cpu]))])
        report.numbers[key] = {"rate": rates, "cpu": cpu}
    others = Spread.of([turn.others for turn in turns["pool"]]).median
    report.notes += [
        f"by the clock; mode {mode.name}; three assertions a program; every sandbox is used once",
        f"other programs used {others:.1f} of {os.cpu_count()} cores meanwhile",
    ]
    rate = Spread.of([turn.rate for turn in turns["pool"]]).median
    report.targets.append(Target("programs a second from the pool, two idle cores", rate, WANTED))
    return [report]


def checked(sandboxes: Pool) -> None:
    assert sandboxes.run(PROGRAM, TESTS) == [(True, "")] * len(TESTS)


def alone() -> None:
    with Sandbox(best_mode(), Limits()) as sandbox:
        assert sandbox.ready()
        assert sandbox.run(PROGRAM, TESTS, 10.0)


def timed(work: Callable[[], object], programs: int) -> Turn:
    """What `work` takes. CPU time is this process's and that of its ended children."""
    busy, mine, start = _machine(), _mine(), time.perf_counter()
    work()
    wall, own = time.perf_counter() - start, _mine() - mine
    others = max(0.0, (_machine() - busy - own) / wall)
    return Turn(programs / wall, own / programs, others)


def _mine() -> float:
    return sum(os.times()[:4])


def _machine() -> float:
    """CPU seconds that all processes of the machine have used."""
    with open("/proc/stat", encoding="ascii") as stream:
        user, nice, system = map(int, stream.readline().split()[1:4])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    for item in run():
        item.show()
        print(item.save())
