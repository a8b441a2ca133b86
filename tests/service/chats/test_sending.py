"""People to whom nothing can be given are left alone longer and longer, and never for good."""

import pytest

from service.chats.sending import FIRST_PAUSE, LONGEST_PAUSE, pause_after


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, FIRST_PAUSE), (1, 2 * FIRST_PAUSE), (10_000, LONGEST_PAUSE)]
)
def test_who_is_not_reached_is_left_alone_longer_each_time(failures: int, seconds: float) -> None:
    assert pause_after(failures) == seconds
