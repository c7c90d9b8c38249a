"""The worker survives what it is asked: hangs, floods, its own death."""

from __future__ import annotations

import os
import signal

import pytest

from towerplus.verify.maths import symbolic
from towerplus.verify.maths.symbolic import Settings, Worker

pytestmark = pytest.mark.skipif(bool(symbolic.unavailable()), reason=symbolic.unavailable())


@pytest.fixture(scope="module")
def worker():
    found = Worker()
    yield found
    found.close()


def works(worker):
    return worker.equivalent("$2$", "$1+1$", Settings(), 20.0).passed


def test_it_answers(worker):
    assert works(worker)
    assert "is not" in worker.equivalent("$2$", "$1+2$", Settings(), 20.0).reason
    assert "no answer" in worker.equivalent("$2$", "", Settings(), 20.0).reason


@pytest.mark.parametrize("text", ["$10^{10^{10^{10}}}$", "$9!^{9!}!$", "$" + "(" * 3000 + "1" + ")" * 3000 + "$"])
def test_what_takes_for_ever_fails_and_the_next_works(worker, text):
    assert not worker.equivalent("$2$", text, Settings(), 1.0).passed
    assert works(worker)


def test_a_stopped_worker_is_replaced(worker):
    assert works(worker)
    os.kill(worker._process.pid, signal.SIGSTOP)
    verdict = worker.equivalent("$2$", "$1+1$", Settings(), 0.2)
    assert not verdict.passed
    assert "within 0.2 s" in verdict.reason
    assert works(worker)


def test_a_dead_worker_is_replaced(worker):
    assert works(worker)
    worker._process.kill()
    assert not worker.equivalent("$2$", "$1+1$", Settings(), 5.0).passed
    assert works(worker)


def test_threads_wait_for_each_other(worker):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as threads:
        asked = [(f"${n}$", f"${n % 3}+0$") for n in range(8)]
        found = threads.map(lambda pair: worker.equivalent(*pair, Settings(), 20.0).passed, asked)
        assert list(found) == [n == n % 3 for n in range(8)]
