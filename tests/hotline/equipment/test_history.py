"""A day's share of each state; what nobody watched is not known; when a disk is full."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.equipment.history import by_day, full_in_days, share_in_order, spans
from hotline.equipment.items import Change
from hotline.equipment.states import Look, State

KYIV = ZoneInfo("Europe/Kyiv")
MIDNIGHT = datetime(2026, 3, 2, tzinfo=KYIV)
HOUR = timedelta(hours=1)


def became(state: State, hours: float) -> Change:
    return Change(item_id=1, look=Look(state=state, said="works"), began_at=MIDNIGHT + hours * HOUR)


def test_a_state_lasts_until_the_next_and_the_day_is_shared_out() -> None:
    changes = [became(State.IN_ORDER, -24), became(State.OUT_OF_ORDER, 6), became(State.IN_ORDER, 12)]
    found = spans(changes, [(MIDNIGHT - 30 * HOUR, MIDNIGHT + 24 * HOUR)], MIDNIGHT + 24 * HOUR)
    (day,) = by_day(found, MIDNIGHT.date(), 1, KYIV)
    assert day.shares == {State.IN_ORDER: 0.75, State.OUT_OF_ORDER: 0.25}
    assert day.worst is State.OUT_OF_ORDER
    assert share_in_order(found, MIDNIGHT) == 0.75


def test_while_nobody_looked_nothing_is_known_and_the_fault_goes_on_afterwards() -> None:
    watches = [(MIDNIGHT, MIDNIGHT + 6 * HOUR), (MIDNIGHT + 18 * HOUR, MIDNIGHT + 24 * HOUR)]
    found = spans([became(State.OUT_OF_ORDER, 0)], watches, MIDNIGHT + 24 * HOUR)
    assert [one.state for one in found] == [State.OUT_OF_ORDER, State.NOT_KNOWN, State.OUT_OF_ORDER]
    (day,) = by_day(found, MIDNIGHT.date(), 1, KYIV)
    assert day.shares[State.NOT_KNOWN] == 0.5
    assert share_in_order(found, MIDNIGHT) == 0


def test_the_present_hour_is_known_though_its_watch_is_written_a_minute_late() -> None:
    minute = timedelta(minutes=1)
    found = spans(
        [became(State.IN_ORDER, 0)], [(MIDNIGHT, MIDNIGHT + 5 * HOUR)], MIDNIGHT + 5 * HOUR + minute
    )
    assert [one.state for one in found] == [State.IN_ORDER]


def test_a_day_on_which_the_clocks_are_changed_is_whole() -> None:
    spring = datetime(2026, 3, 29, tzinfo=KYIV)
    change = Change(item_id=1, look=Look(state=State.IN_ORDER, said="works"), began_at=spring)
    until = datetime(2026, 3, 30, tzinfo=KYIV)
    (day,) = by_day(spans([change], [(spring, until)], until), spring.date(), 1, KYIV)
    assert day.shares == {State.IN_ORDER: 1.0}


@pytest.mark.parametrize(
    ("days", "had", "free", "full"),
    [(10, 200, 100, 10), (1, 110, 100, 10), (0.1, 200, 100, None), (10, 100, 100, None), (10, 90, 100, None)],
)
def test_a_disk_is_full_when_it_goes_on_as_it_did(days: float, had: int, free: int, full: int | None) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert full_in_days((now - timedelta(days=days), had), free, now) == full
    assert full_in_days(None, free, now) is None
