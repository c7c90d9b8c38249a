"""A run that is killed three times ends in the same bytes as one that is not."""

from tests.e2e.kill import check


def test_killed_run_ends_in_the_same_bytes(tmp_path) -> None:
    hit, bad = check([0.3, 0.6, 0.6], tmp_path, each=3)
    assert bad == []
    assert hit == 3
