from datetime import UTC, datetime, timedelta

from hotline.access.sign_in import Failures, may_try_at

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NONE = Failures()


def seconds_of_wait(login: Failures = NONE, address: Failures = NONE) -> float:
    until = may_try_at(login, address)
    return 0 if until is None else (until - NOON).total_seconds()


def test_a_few_slips_cost_nothing_and_then_each_doubles_the_wait_up_to_a_minute() -> None:
    waits = [seconds_of_wait(login=Failures(count=count, last=NOON)) for count in (0, 4, 5, 6, 7, 30, 9999)]
    assert waits == [0, 0, 1, 2, 4, 60, 60]


def test_an_address_has_more_slips_but_waits_longer_in_the_end() -> None:
    waits = [seconds_of_wait(address=Failures(count=count, last=NOON)) for count in (19, 20, 21, 9999)]
    assert waits == [0, 1, 2, 900]


def test_the_longer_of_the_two_waits_counts() -> None:
    earlier = Failures(count=6, last=NOON - timedelta(seconds=30))
    assert seconds_of_wait(login=earlier, address=Failures(count=21, last=NOON)) == 2
