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
from pathlib import Path

MICRO = Path(__file__).with_name("micro.yaml")
#: what a run leaves that must not depend on where it was killed; times are kept in manifests and logs apart
KEPT = {".parquet", ".safetensors", ".json", ".jsonl", ".yaml"}
TIMES = {"seconds", "cpu_seconds", "elapsed", "machine"}


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


def whole(out: Path) -> float:
    """An uninterrupted run; returns its seconds."""
    started = time.monotonic()
    subprocess.run(command(out), env=environment(), check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - started


def killed(out: Path, after: float) -> bool:
    """A run that is killed (SIGKILL) after so many seconds; whether it was still at work."""
    process = subprocess.Popen(command(out), env=environment(), stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        process.wait(after)
        return False
    except subprocess.TimeoutExpired:
        # the main process alone: its helper has to notice by itself
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True


def differences(expected: dict[str, str], found: dict[str, str]) -> list[str]:
    return sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))


def check(points: list[float], folder: Path) -> list[str]:
    """Kill one run at each of `points` (shares of the whole time) in turn, finish it; the files that differ."""
    seconds = whole(folder / "whole")
    hit = sum(killed(folder / "killed", seconds * point) for point in points)
    whole(folder / "killed")
    print(f"{hit} of {len(points)} kills hit a run at work; an uninterrupted run took {seconds:.0f} s", flush=True)
    return differences(fingerprint(folder / "whole"), fingerprint(folder / "killed"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    # Each attempt goes on where the last one was killed: the import takes a share of every attempt, so late points
    # alone would never see the first stages. A fresh folder every five kills spreads them over the whole run.
    draw, bad = random.Random(options.seed), []
    with tempfile.TemporaryDirectory() as folder:
        seconds = whole(Path(folder) / "whole")
        expected = fingerprint(Path(folder) / "whole")
        hit = 0
        for first in range(0, options.points, 5):
            out = Path(folder) / f"killed-{first}"
            for _ in range(min(5, options.points - first)):
                hit += killed(out, seconds * draw.uniform(0.25, 0.95))
            whole(out)
            bad += [f"{out.name}/{name}" for name in differences(expected, fingerprint(out))]
    print(f"{hit} of {options.points} kills hit a run at work ({seconds:.0f} s uninterrupted)")
    print(f"files that differ: {bad or 'none'}")
    sys.exit(bool(bad) or hit == 0)


if __name__ == "__main__":
    main()
