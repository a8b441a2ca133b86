"""Attendance: on time, late, missing, absent and gone early, told by presence against the roster."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.line.presence_states import Presence
from hotline.shifts.attendance import Attendance, Came, PresenceSpan, attendance
from hotline.shifts.roster import Shift

UTC_ZONE = ZoneInfo("UTC")
DAY = date(2026, 3, 2)
SHIFT = Shift(user_id=1, day=DAY, since=time(8), until=time(20))
GRACE = timedelta(minutes=5)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)


def was(since: datetime, until: datetime, presence: Presence = Presence.READY) -> PresenceSpan:
    return PresenceSpan(dispatcher_id=1, presence=presence, since=since, until=until)


def told(spans: list[PresenceSpan], now: datetime) -> Attendance:
    return attendance(SHIFT, spans, now, UTC_ZONE, grace=GRACE)


@pytest.mark.parametrize(
    ("spans", "now", "came"),
    [
        ([], at(7), Came.TO_COME),
        ([], at(8, 4), Came.TO_COME),
        ([], at(8, 6), Came.MISSING),
        ([], at(20), Came.ABSENT),
        ([was(at(6), at(7))], at(9), Came.MISSING),
        ([was(at(7), at(9))], at(9), Came.ON_TIME),
        ([was(at(8, 5), at(9))], at(9), Came.ON_TIME),
        ([was(at(8, 6), at(9))], at(9), Came.LATE),
        ([was(at(8), at(9), Presence.AWAY), was(at(9), at(10), Presence.PAUSED)], at(10), Came.LATE),
        ([was(at(8), at(20), Presence.AWAY)], at(21), Came.ABSENT),
    ],
)
def test_who_came_is_told_by_the_first_presence_of_the_shift(
    spans: list[PresenceSpan], now: datetime, came: Came
) -> None:
    assert told(spans, now).came is came


def test_the_moment_of_coming_is_the_beginning_for_one_who_was_there_before_it() -> None:
    assert told([was(at(7), at(9))], at(9)).arrived_at == at(8)
    assert told([was(at(8, 30), at(9))], at(9)).arrived_at == at(8, 30)


def test_leaving_early_is_told_once_the_shift_is_over() -> None:
    went = [was(at(8), at(12)), was(at(12), at(13), Presence.AWAY), was(at(13), at(19, 30))]
    assert told(went, at(19, 50)).left_early_at is None
    assert told(went, at(20)).left_early_at == at(19, 30)
    assert told([was(at(8), at(19, 56))], at(21)).left_early_at is None, "minutes are no fault"
    assert told([was(at(8), at(21))], at(21)).left_early_at is None
