"""Every benchmark, one after the other, each in a process of its own: `make bench`."""

import subprocess
import sys

NAMES = ("decode", "matmul", "sft", "wpo")

if __name__ == "__main__":
    codes = [subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *sys.argv[1:]]).returncode for name in NAMES]
    sys.exit(max(codes))
