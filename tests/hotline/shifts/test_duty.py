"""How many are planned is counted when a shift begins or ends and when the roster changes, and no oftener."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.shifts import duty
from hotline.shifts.duty import PlannedNow, duty_at
from hotline.shifts.roster import Shift
from tests.fakes.clock import NOON

KYIV = ZoneInfo("Europe/Kyiv")
TODAY = NOON.date()
DAY = Shift(user_id=1, day=TODAY, since=time(8), until=time(20))
LATE = Shift(user_id=2, day=TODAY, since=time(13), until=time(20))


class Published:
    """Of `Roster` what is asked here; the same sequence as long as nobody has changed it."""

    def __init__(self, *shifts: Shift) -> None:
        self.shifts: Sequence[Shift] = shifts

    async def published(self, first: date, last: date) -> Sequence[Shift]:
        del first, last
        return self.shifts


async def test_it_says_what_the_roster_says_at_each_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    roster = Published(DAY, LATE)
    planned, counted = PlannedNow(roster, KYIV), 0  # type: ignore[arg-type]
    count = duty._duty

    def counting(*asked: object) -> duty.Duty:
        nonlocal counted
        counted += 1
        return count(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(duty, "_duty", counting)
    said = []
    for minutes in (*range(-300, 600, 10), -300):
        now = NOON + timedelta(minutes=minutes)
        said.append(await planned.at(now))
        assert said[-1] == count(roster.shifts, now, KYIV).planned
    assert set(said) == {0, 1, 2}
    assert counted == 5, "before, one, two, after; and once more as the clock was set back"
    roster.shifts = (DAY,)
    now = NOON + timedelta(hours=2)
    assert await planned.at(now) == (await duty_at(roster, now, KYIV)).planned == 1  # type: ignore[arg-type]
    roster.shifts = ()
    assert await planned.at(now) is None
