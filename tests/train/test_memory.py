"""Freed memory stays with the process, where the allocator is glibc's; elsewhere nothing happens."""

import ctypes
import platform
import subprocess
import sys

import pytest

from towerplus.train import memory

# Blocks of 48 MB, taken and freed: by default each of that size is mapped anew, and its pages are faulted in again.
FAULTS = """
import resource, sys, torch
from towerplus.train.memory import keep_freed_memory
if sys.argv[1] == "keep":
    keep_freed_memory()
def churn(times):
    for _ in range(times):
        torch.ones(12_000_000)
churn(3)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
churn(20)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the allocator is not glibc's")
def test_freed_memory_is_not_faulted_in_again():
    def faults(how):
        done = subprocess.run([sys.executable, "-c", FAULTS, how], capture_output=True, text=True, check=True)
        return int(done.stdout)

    assert faults("keep") < faults("default") / 2


@pytest.mark.parametrize("error", [AttributeError, OSError, TypeError])
def test_another_allocator_is_left_alone(monkeypatch, error):
    def fails(_):
        raise error

    monkeypatch.setattr(ctypes, "CDLL", fails)
    memory.keep_freed_memory()
