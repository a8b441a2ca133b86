"""The roster: drafts beside what was published, two heads at once, and links that can be revoked."""

import asyncio
from collections.abc import Sequence
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.errors import Outdated
from hotline.shifts.roster import WEEK, RosterWeek, Shift, on_shift
from storage.store import Storage
from tests.storage.conftest import NOON

MONDAY = date(2026, 3, 2)
KYIV = ZoneInfo("Europe/Kyiv")


@pytest.fixture
async def head(storage: Storage) -> User:
    return await storage.users.add(login="head", name="Начальник", role=Role.HEAD, password_hash="h")


def shift(user: int, day: int, since: int = 8, until: int = 20) -> Shift:
    return Shift(user_id=user, day=MONDAY + timedelta(days=day), since=time(since), until=time(until))


async def saved(storage: Storage, head: User, shifts: Sequence[Shift], instead_of: int = 0) -> RosterWeek:
    return await storage.roster.save(MONDAY, shifts, instead_of=instead_of, by=head.id, at=NOON)


async def published(storage: Storage, head: User, shifts: Sequence[Shift], instead_of: int = 0) -> RosterWeek:
    draft = await saved(storage, head, shifts, instead_of)
    return await storage.roster.publish(MONDAY, edition=draft.edition, by=head.id, at=NOON)


async def test_a_draft_stands_beside_what_holds_until_it_is_published(storage: Storage, head: User) -> None:
    assert (await storage.roster.week(MONDAY)).newest is None
    first = await published(storage, head, [shift(2, 1), shift(1, 0)])
    assert first.shifts == (shift(1, 0), shift(2, 1)), "by days"
    draft = await saved(storage, head, [shift(1, 3)], first.edition)
    week = await storage.roster.week(MONDAY)
    assert (week.published, week.draft, week.newest, week.edition) == (first, draft, draft, 2)
    assert await storage.roster.published(MONDAY, MONDAY) == list(first.shifts)
    second = await storage.roster.publish(MONDAY, edition=2, by=head.id, at=NOON)
    assert await storage.roster.published(MONDAY - WEEK, MONDAY + WEEK) == [shift(1, 3)]
    assert (await storage.roster.week(MONDAY)).published == second


async def test_a_saved_draft_takes_the_place_of_the_former_one(storage: Storage, head: User) -> None:
    for edition in range(3):
        await saved(storage, head, [shift(1, edition)], edition)
    week = await storage.roster.week(MONDAY)
    assert (week.edition, week.newest and week.newest.shifts) == (3, (shift(1, 2),))
    assert await storage.roster.published(MONDAY, MONDAY) == []


async def test_of_two_who_draw_one_week_the_later_is_told_so(storage: Storage, head: User) -> None:
    tried = [saved(storage, head, [shift(1, day)]) for day in range(4)]
    answers = await asyncio.gather(*tried, return_exceptions=True)
    assert sum(isinstance(one, Outdated) for one in answers) == 3
    await saved(storage, head, [], 1)
    with pytest.raises(Outdated):
        await storage.roster.publish(MONDAY, edition=1, by=head.id, at=NOON)
    await storage.roster.publish(MONDAY, edition=2, by=head.id, at=NOON)
    with pytest.raises(Outdated):
        await storage.roster.publish(MONDAY, edition=2, by=head.id, at=NOON)


async def test_a_dropped_draft_leaves_what_was_published(storage: Storage, head: User) -> None:
    first = await published(storage, head, [shift(1, 0)])
    await saved(storage, head, [], 1)
    await storage.roster.drop(MONDAY, edition=2)
    assert (await storage.roster.week(MONDAY)).newest == first
    with pytest.raises(Outdated):
        await storage.roster.drop(MONDAY, edition=1)
    assert (await storage.roster.week(MONDAY)).newest == first, "what was published is no draft"


async def test_who_is_on_shift_is_told_over_sundays_midnight(storage: Storage, head: User) -> None:
    night, day = shift(1, 6, 20, 8), shift(2, 7, 8, 20)
    await published(storage, head, [night])
    late = night.begins(KYIV) + timedelta(hours=11)
    assert await on_shift(storage.roster, late, KYIV) == [night]
    draft = await storage.roster.save(MONDAY + WEEK, [day], instead_of=0, by=head.id, at=NOON)
    assert await on_shift(storage.roster, night.ends(KYIV), KYIV) == [], "a draft holds nobody"
    await storage.roster.publish(MONDAY + WEEK, edition=draft.edition, by=head.id, at=NOON)
    assert await on_shift(storage.roster, night.ends(KYIV), KYIV) == [day]


async def test_a_link_is_one_for_a_person_and_opens_nothing_once_it_is_revoked(
    storage: Storage, head: User
) -> None:
    feeds = storage.roster_feeds
    await feeds.make(head.id, "first", NOON)
    await feeds.used(head.id, NOON)
    await feeds.make(head.id, "second", NOON)
    assert await feeds.by_hash("first") is None
    found = await feeds.by_hash("second")
    assert found is not None
    assert found == await feeds.of(head.id)
    assert (found.user_id, found.used_at) == (head.id, None), "nobody has used the new one"
    await feeds.revoke(head.id)
    assert await feeds.by_hash("second") is None
    assert await feeds.of(head.id) is None
