"""The register in figures, on both databases; each figure counts what the list finds by the same words."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from hotline.appeals.appeal import Appeal, AppealState
from hotline.appeals.figures import CLOSED, Backlog, Days
from hotline.appeals.lists import AppealFilter, Order, TermFilter
from hotline.shares import share
from storage.store import Storage
from storage.tables import appeals
from tests.storage.conftest import NOON

KYIV = ZoneInfo("Europe/Kyiv")
DAYS = Days(now=NOON, zone=KYIV)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(kw_only=True)
class Register:
    """Enters appeals as they are to be."""

    storage: Storage
    last: int = 0

    async def has(
        self,
        state: AppealState,
        *,
        received: datetime = NOON - DAY,
        term: timedelta = 15 * DAY,
        since: datetime = NOON,
        category: str = "hot-water-none",
    ) -> None:
        self.last += 1
        number = f"26{self.last:05d}"
        due = received + term
        new = Appeal(
            number=number,
            applicant_number=None,
            text="Немає води",
            state=AppealState.REGISTERED,
            registered_at=received,
            due_on=due.date(),
            due_at=due,
            category=category,
        )
        await self.storage.appeals.register(new)
        async with self.storage.database.writing() as connection:
            changed = update(appeals).where(appeals.c.number == number)
            await connection.execute(changed.values(state=state.value, state_since=since))

    async def listed(self, wanted: AppealFilter) -> int:
        return len(await self.storage.appeal_lists.find(wanted, order=Order.NEWEST, limit=99))


@pytest.fixture
def register(storage: Storage) -> Register:
    return Register(storage=storage)


async def test_the_backlog_is_told_by_terms(register: Register) -> None:
    work = AppealState.IN_WORK
    for term in (timedelta(hours=-1), 2 * HOUR, 2 * DAY, 9 * DAY):
        await register.has(work, received=NOON, term=term)
    await register.has(AppealState.DONE, received=NOON, term=-HOUR)
    today_ends, soon_ends = DAYS.midnight(1), DAYS.midnight(3)
    backlog = await register.storage.appeal_figures.backlog(NOON, today_ends, soon_ends)
    assert backlog == Backlog(owed=4, overdue=1, today=1, soon=2)
    assert backlog.later == 1
    assert await register.listed(AppealFilter(term=TermFilter(after=NOON, until=soon_ends))) == backlog.soon


async def test_an_empty_register_has_figures_as_well(register: Register) -> None:
    figures = register.storage.appeal_figures
    assert await figures.backlog(NOON, DAYS.midnight(1), DAYS.midnight(3)) == Backlog()
    closings = await figures.closings(DAYS.midnight(-29))
    assert (closings.closed, closings.median_days, share(closings.in_time, closings.closed)) == (
        0,
        None,
        None,
    )
    assert await figures.topics(NOON - 7 * DAY, NOON - 14 * DAY, 9) == []
    assert {(one.received, one.closed) for one in await figures.by_day(DAYS)} == {(0, 0)}


async def test_days_begin_at_the_citys_midnight_also_where_the_clock_is_changed(register: Register) -> None:
    """Kyiv is two hours ahead of UTC on 28 March 2026, and three from the 29th on."""
    days = Days(now=datetime(2026, 3, 30, 12, tzinfo=KYIV), zone=KYIV, count=3)
    for moment in (
        "2026-03-28T23:59:59",
        "2026-03-29T00:00:00",
        "2026-03-29T23:59:59",
        "2026-03-30T00:00:00",
    ):
        at = datetime.fromisoformat(moment).replace(tzinfo=KYIV)
        await register.has(AppealState.CLOSED, received=at, since=at)
    await register.has(AppealState.WITHDRAWN, received=days.midnight(0), since=days.midnight(0))
    found = await register.storage.appeal_figures.by_day(days)
    assert [(one.day, one.received, one.closed) for one in found] == [
        (date(2026, 3, 28), 1, 1),
        (date(2026, 3, 29), 2, 2),
        (date(2026, 3, 30), 2, 1),
    ]
    on_the_29th = AppealFilter(closed_since=days.midnight(-1), closed_until=days.midnight(0))
    assert await register.listed(on_the_29th) == 2


async def test_closings_tell_how_long_it_took_whether_in_time_and_by_whose_word(register: Register) -> None:
    since = DAYS.midnight(-29)
    closed, unconfirmed = AppealState.CLOSED, AppealState.CLOSED_UNCONFIRMED
    for state, took, term in ((closed, 1, 15), (closed, 2, 1), (unconfirmed, 3, 15), (closed, 400, 15)):
        await register.has(state, received=NOON - took * DAY, term=term * DAY)
    await register.has(closed, received=NOON - 90 * DAY, since=since - timedelta(seconds=1))
    await register.has(AppealState.REJECTED)
    found = await register.storage.appeal_figures.closings(since)
    assert (found.closed, found.in_time, found.confirmed, found.median_days) == (4, 2, 3, 2.0)
    wanted = AppealFilter(closed_since=since)
    assert await register.listed(wanted) == found.closed
    assert await register.listed(replace(wanted, in_time=True)) == found.in_time
    assert await register.listed(replace(wanted, states=frozenset({closed}))) == found.confirmed
    assert await register.listed(AppealFilter(in_time=True)) == found.in_time
    assert {one.closed for one in await register.storage.appeal_figures.by_day(DAYS)} == {0, found.closed}
    assert len(CLOSED) == 2


async def test_topics_are_told_with_the_week_before(register: Register) -> None:
    for category, days in (("heat-none", 1), ("heat-none", 6), ("heat-none", 8), ("light-none", 2), ("", 1)):
        await register.has(AppealState.IN_WORK, received=NOON - days * DAY, category=category)
    await register.has(AppealState.IN_WORK, received=NOON - 9 * DAY, category="no-more")
    topics = register.storage.appeal_figures.topics
    found = await topics(NOON - 7 * DAY, NOON - 14 * DAY, 9)
    told = [(one.category, one.week, one.before, one.change) for one in found]
    assert told == [("heat-none", 2, 1, 1), ("light-none", 1, 0, 1)]
    assert [one.category for one in await topics(NOON - 7 * DAY, NOON - 14 * DAY, 1)] == ["heat-none"]
