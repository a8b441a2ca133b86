"""Who of the waiting goes first."""

from hotline.line.line import Priority


def test_an_emergency_goes_before_one_who_returns_and_they_before_all_others() -> None:
    assert sorted(Priority, reverse=True) == [
        Priority.EMERGENCY,
        Priority.RETURNING,
        Priority.ORDINARY,
        Priority.SLOWER,
    ]
