"""Numbers as people read them."""

import pytest

from cti_server.frame.numbers import phone


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("+380457900001", "+380 4579 00001"),
        ("101", "101"),
        (None, ""),
        ("+", "+"),
        ("+0", "+0"),
        ("+немає", "+немає"),
    ],
)
def test_a_number_is_read_in_groups_and_what_is_none_stays(number: str | None, read: str) -> None:
    assert phone(number) == read
