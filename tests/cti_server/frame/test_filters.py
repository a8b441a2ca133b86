"""What a list's address says is read, or does not filter."""

import pytest

from cti_server.frame.filters import moment

NOON = "2026-03-02T12:00:00+02:00"


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "2026-03-02T12:00:00",
        "yesterday",
    ],
)
def test_a_moment_that_no_database_can_be_asked_for_does_not_filter(text: str) -> None:
    assert moment(text) is None


def test_a_moment_with_its_zone_is_where_a_page_ended() -> None:
    read = moment(NOON)
    assert read is not None
    assert read.isoformat() == NOON
