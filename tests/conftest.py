"""What all tests share."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.kill import command, environment


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of published data; tests that need it skip, with the reason, where it is not."""
    folder = os.environ.get("TOWERPLUS_TEST_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("published data: TOWERPLUS_TEST_DATA names no folder")
    return Path(folder)


@pytest.fixture(scope="session")
def micro(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of the micro recipe, by the real command. To be read, or copied and then changed."""
    out = tmp_path_factory.mktemp("micro") / "run"
    done = subprocess.run(command(out), env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    (out.parent / "stdout.txt").write_text(done.stdout)
    (out.parent / "stderr.txt").write_text(done.stderr)
    return out
