"""A run that is killed three times ends in the same bytes as one that is not."""

from tests.e2e.kill import check


def test_killed_run_ends_in_the_same_bytes(tmp_path) -> None:
    assert check([0.45, 0.6, 0.75], tmp_path) == []
