"""What all tests share."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of published data; tests that need it skip, with the reason, where it is not."""
    folder = os.environ.get("TOWERPLUS_TEST_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("published data: TOWERPLUS_TEST_DATA names no folder")
    return Path(folder)
