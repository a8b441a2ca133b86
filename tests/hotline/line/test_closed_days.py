"""What is known of some days is taken, the rest is read; days that are over are made, the newest first."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import define, field

from hotline.city.city_days import DaysPiece
from hotline.line.callbacks import OWED_FOR
from hotline.line.closed_days import DAYS_A_LOOK, DaysKeeper, covered, joined, parts_of, runs

KYIV = ZoneInfo("Europe/Kyiv")
BEGAN = datetime(2026, 3, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def piece(since: int, until: int, offset: int = 7200) -> DaysPiece:
    return DaysPiece(since=BEGAN + since * HOUR, until=BEGAN + until * HOUR, offset=offset)


def test_what_is_not_known_is_left_before_between_and_behind() -> None:
    used, rest = covered([piece(0, 100)], [piece(48, 72), piece(10, 34)])
    assert used == [piece(10, 34), piece(48, 72)]
    assert rest == [piece(0, 10), piece(34, 48), piece(72, 100)]
    assert covered([piece(0, 24)], [piece(0, 24)]) == ([piece(0, 24)], [])
    assert covered([piece(0, 24)], []) == ([], [piece(0, 24)])


def test_other_clocks_an_overlap_and_what_reaches_out_count_for_nothing() -> None:
    known = [piece(0, 24, 3600), piece(-1, 23), piece(90, 110), piece(24, 48), piece(30, 54)]
    used, rest = covered([piece(0, 100)], known)
    assert used == [piece(24, 48)]
    assert rest == [piece(0, 24), piece(48, 100)]


def test_both_sides_of_a_change_of_clocks_are_known_apart() -> None:
    parts = [piece(0, 3), piece(3, 23, 10800)]
    assert covered(parts, parts) == (parts, [])
    assert covered(parts, [piece(3, 23, 10800)]) == ([piece(3, 23, 10800)], [piece(0, 3)])
    assert joined([piece(0, 24), piece(24, 48), *parts[1:]]) == [piece(0, 48), parts[1]]


def test_what_follows_one_another_is_read_at_once() -> None:
    one, two, three = piece(0, 3), piece(3, 23, 10800), piece(40, 50, 10800)
    assert [list(run) for run in runs([one, two, three])] == [[one, two], [three]]
    assert list(runs([])) == []


@define
class Days:
    made: list[DaysPiece] = field(factory=list)
    go_on: set[DaysPiece] = field(factory=set)

    async def missing(self, days: Sequence[DaysPiece]) -> Sequence[DaysPiece]:
        return [one for one in days if one not in self.made]

    async def make(self, day: DaysPiece) -> bool:
        if day in self.go_on:
            return False
        self.made.append(day)
        return True


@define
class Unsettled:
    looked_at: list[tuple[datetime, datetime]] = field(factory=list)

    async def settle(self, since: datetime, until: datetime) -> int:
        self.looked_at.append((since, until))
        return 0


@define
class Clock:
    at: datetime

    def now(self) -> datetime:
        return self.at


async def _began() -> datetime | None:
    return BEGAN


async def _nobody_called() -> datetime | None:
    return None


async def test_the_newest_day_that_is_over_is_made_first_and_today_never() -> None:
    days, unsettled = Days(), Unsettled()
    clock = Clock(datetime(2026, 3, 30, 22, 30, tzinfo=UTC))  # half past one on the 31st
    keeper = DaysKeeper(days, unsettled, clock, KYIV, began=_began)
    await keeper.look()
    assert days.made[:3] == [*parts_of(date(2026, 3, 30), KYIV), *reversed(parts_of(date(2026, 3, 29), KYIV))]
    assert len(days.made) == DAYS_A_LOOK
    for _ in range(5):
        await keeper.look()
    assert min(one.since for one in days.made) == parts_of(date(2026, 3, 1), KYIV)[0].since
    assert max(one.until for one in days.made) == parts_of(date(2026, 3, 30), KYIV)[0].until
    assert len(days.made) == 31  # one of thirty has two parts


async def test_days_in_which_a_call_goes_on_for_ever_keep_none_before_them_from_being_made() -> None:
    days = Days(go_on={part for at in range(11, 31) for part in parts_of(date(2026, 3, at), KYIV)})
    keeper = DaysKeeper(days, Unsettled(), Clock(datetime(2026, 4, 2, 12, tzinfo=UTC)), KYIV, began=_began)
    for _ in range(4):
        await keeper.look()
    assert {one.since for one in days.made} >= {
        parts_of(date(2026, 3, at), KYIV)[0].since for at in range(1, 11)
    }
    days.go_on.clear()
    for _ in range(3):
        await keeper.look()
    assert len(days.made) == len(set(days.made)) == 33


async def test_a_day_is_made_an_hour_after_its_end() -> None:
    days = Days()
    clock = Clock(datetime(2026, 3, 2, 22, 30, tzinfo=UTC))
    keeper = DaysKeeper(days, Unsettled(), clock, KYIV, began=_began)
    await keeper.look()
    assert days.made == [*parts_of(date(2026, 3, 1), KYIV)]
    clock.at += HOUR
    await keeper.look()
    assert days.made[-1:] == [*parts_of(date(2026, 3, 2), KYIV)]


async def test_new_calls_are_looked_at_each_time_and_older_ones_in_turn() -> None:
    unsettled = Unsettled()
    now = datetime(2026, 9, 1, 12, tzinfo=UTC)
    keeper = DaysKeeper(Days(), unsettled, Clock(now), KYIV, began=_began)
    for _ in range(9):
        await keeper.look()
    assert unsettled.looked_at[0] == (now - OWED_FOR, now)
    assert unsettled.looked_at.count((now - OWED_FOR, now)) == 9
    older = [one for one in unsettled.looked_at if one[1] != now]
    assert older[0][1] == now - OWED_FOR
    assert min(since for since, _ in older) <= BEGAN
    assert older.count(older[0]) == 2  # and once more from the newest


async def test_a_hotline_that_nobody_has_called_has_nothing_to_add_up() -> None:
    days, unsettled = Days(), Unsettled()
    await DaysKeeper(days, unsettled, Clock(BEGAN), KYIV, began=_nobody_called).look()
    assert (days.made, unsettled.looked_at) == ([], [])
