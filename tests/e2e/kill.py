"""Kill a run at random points, take it up again, and hold its bytes against those of an uninterrupted run.

python -m tests.e2e.kill --points 20
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import yaml

MICRO = Path(__file__).with_name("micro.yaml")
#: what a run leaves that must not depend on where it was killed; times are kept in manifests and logs apart
KEPT = {".parquet", ".safetensors", ".json", ".jsonl", ".yaml"}
TIMES = {"seconds", "cpu_seconds", "elapsed", "machine"}
#: kills of one folder: the first anywhere in the run, the second anywhere in what the first one left
EACH = 2
#: the share of kills that must hit a run at work
ENOUGH = 0.75


def command(out: Path) -> list[str]:
    return [sys.executable, "-c", "from towerplus.cli import main; main()", "run", str(MICRO), "--out", str(out)]


def environment() -> dict[str, str]:
    return os.environ | {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}


def fingerprint(run: Path) -> dict[str, str]:
    """SHA-256 of every file of a run that its recipe decides, times taken out."""
    result = {}
    for path in sorted(run.rglob("*")):
        if path.is_file() and path.suffix in KEPT:
            content = path.read_bytes()
            if path.suffix in {".json", ".jsonl"}:
                lines = content.decode().splitlines() if path.suffix == ".jsonl" else [content.decode()]
                content = "\n".join(json.dumps(without_times(json.loads(line))) for line in lines).encode()
            result[str(path.relative_to(run))] = hashlib.sha256(content).hexdigest()
    return result


def without_times(value: object) -> object:
    if isinstance(value, dict):
        return {k: without_times(v) for k, v in value.items() if k not in TIMES}
    return [without_times(v) for v in value] if isinstance(value, list) else value


def differences(expected: dict[str, str], found: dict[str, str]) -> list[str]:
    return sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))


def whole(out: Path) -> float:
    """A run to its end; returns its seconds."""
    started = time.monotonic()
    subprocess.run(command(out), env=environment(), check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - started


def timetable(run: Path) -> list[tuple[str, float]]:
    """The steps of a finished run, one after the other, and the seconds that each took by its own manifest. Evaluations
    run beside them; only that of the last model is waited for."""
    stages = ["corpora", *yaml.safe_load((run / "recipe.yaml").read_text())["stages"]]
    steps = [*stages, f"evaluation/{stages[-1]}"]
    return [(step, json.loads((run / step / "manifest.json").read_text())["seconds"]) for step in steps]


def killed(out: Path, steps: Sequence[tuple[str, float]], share: float) -> str:
    """Take a run up and kill it (SIGKILL) at a `share` of the work that is left; returns the step that was under way,
    or nothing if the run was over by then.

    The point is a step and a time within it, counted from when the run says that the steps before it are made, and not
    after that step is made: how long Python takes to start, and how busy the machine is, do not move it elsewhere.
    """
    left = [(step, seconds) for step, seconds in steps if not made(out, step)]
    rest, victim = share * sum(seconds for _, seconds in left), 0
    while victim + 1 < len(left) and rest > left[victim][1]:
        rest, victim = rest - left[victim][1], victim + 1
    begun = stamp(out)
    process = subprocess.Popen(command(out), env=environment(), stdout=subprocess.DEVNULL, start_new_session=True)

    def at_work(before: int) -> bool:
        """Whether some of the first `before` steps are still to be made."""
        return process.poll() is None and not all(made(out, step) for step, _ in left[:before])

    while at_work(victim) or (process.poll() is None and stamp(out) == begun):
        time.sleep(0.005)
    due = time.monotonic() + rest
    while at_work(victim + 1) and time.monotonic() < due:
        time.sleep(0.005)
    # the main process alone: its helper has to notice by itself
    process.send_signal(signal.SIGKILL)
    hit = process.wait() == -signal.SIGKILL
    return next((step for step, _ in left if not made(out, step)), "report") if hit else ""


def made(out: Path, step: str) -> bool:
    return (out / step / "manifest.json").is_file()


def stamp(out: Path) -> int:
    """Changes when a run gets to work: the first thing that it writes is its recipe."""
    path = out / "recipe.yaml"
    return path.stat().st_mtime_ns if path.exists() else 0


def check(shares: Sequence[float], folder: Path, each: int = EACH) -> tuple[int, list[str]]:
    """Kill runs at each of `shares` of the work that they have left, `each` times a folder, and finish them; returns
    the number of kills that hit a run at work, and the files that differ."""
    started = time.monotonic()
    seconds = whole(folder / "whole")
    expected, steps = fingerprint(folder / "whole"), timetable(folder / "whole")
    hits, bad = [], []
    for first in range(0, len(shares), each):
        out = folder / f"killed-{first}"
        for share in shares[first : first + each]:
            hits.append(killed(out, steps, share))
            print(f"{out.name}: killed in {hits[-1] or '(it was over)'}", flush=True)
        whole(out)
        bad += [f"{out.name}/{name}" for name in differences(expected, fingerprint(out))]
    hit = sum(map(bool, hits))
    places = len(set(hits) - {""})
    print(f"{hit} of {len(shares)} kills hit a run at work, in {places} different steps", flush=True)
    print(f"an uninterrupted run took {seconds:.0f} s, all of this {time.monotonic() - started:.0f} s", flush=True)
    return hit, bad


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        hit, bad = check([draw.random() for _ in range(options.points)], Path(folder))
    print(f"files that differ: {bad or 'none'}")
    sys.exit(bool(bad) or hit < ENOUGH * options.points)


if __name__ == "__main__":
    main()
