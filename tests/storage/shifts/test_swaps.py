"""Swaps on the database: taken once, approved into the roster and its draft, told to both; and wishes."""

import asyncio
from datetime import date, time

import pytest

from hotline.errors import AlreadyTaken, ForbiddenTransition, NotFound, Outdated
from hotline.shifts.roster import DAY, Shift
from hotline.shifts.swap_states import SwapState
from hotline.shifts.swaps import NewSwap, Swap
from hotline.shifts.wishes import Wish
from storage.store import Storage
from tests.storage.conftest import NOON
from tests.storage.shifts.test_handovers import LATER, dispatcher

MONDAY = date(2026, 3, 2)


@pytest.fixture
async def people(storage: Storage) -> tuple[int, int, int]:
    olena, taras, ivan = [(await dispatcher(storage, one)).id for one in ("olena", "taras", "ivan")]
    return olena, taras, ivan


def day(user: int, number: int) -> Shift:
    return Shift(user_id=user, day=MONDAY + number * DAY, since=time(8), until=time(20))


async def published(storage: Storage, by: int, *shifts: Shift) -> None:
    week = await storage.roster.save(MONDAY, shifts, instead_of=0, by=by, at=NOON)
    await storage.roster.publish(MONDAY, edition=week.edition, by=by, at=NOON)


async def offered(storage: Storage, given: Shift, to: int | None = None, wanted: Shift | None = None) -> Swap:
    return await storage.swaps.offer(NewSwap(given=given, to=to, wanted=wanted, words="Весілля"), NOON)


async def test_of_two_who_take_one_shift_one_is_told(storage: Storage, people: tuple[int, int, int]) -> None:
    olena, taras, ivan = people
    one = await offered(storage, day(olena, 0))
    with pytest.raises(AlreadyTaken):
        await offered(storage, day(olena, 0))
    with pytest.raises(ForbiddenTransition):
        await storage.swaps.agree(one.id, olena, LATER)
    both = await asyncio.gather(
        *(storage.swaps.agree(one.id, who, LATER) for who in (taras, ivan)), return_exceptions=True
    )
    assert sorted(isinstance(each, ForbiddenTransition) for each in both) == [False, True]
    assert (await storage.swaps.get(one.id)).unseen == (olena,)
    with pytest.raises(NotFound):
        await storage.swaps.agree(one.id + 1, taras, LATER)


async def test_what_is_approved_stands_in_the_roster_and_in_its_draft(
    storage: Storage, people: tuple[int, int, int]
) -> None:
    olena, taras, ivan = people
    await published(storage, ivan, day(olena, 0), day(taras, 3), day(ivan, 1))
    draft = [day(olena, 0), day(taras, 3), day(ivan, 2)]
    await storage.roster.save(MONDAY, draft, instead_of=1, by=ivan, at=NOON)
    one = await offered(storage, day(olena, 0), taras, day(taras, 3))
    with pytest.raises(ForbiddenTransition):
        await storage.swaps.approve(one.id, ivan, LATER, lambda _: True)
    with pytest.raises(ForbiddenTransition):
        await storage.swaps.agree(one.id, ivan, LATER)
    await storage.swaps.agree(one.id, taras, LATER)
    with pytest.raises(Outdated):
        await storage.swaps.approve(one.id, ivan, LATER, lambda _: False)
    assert (await storage.swaps.get(one.id)).state is SwapState.AGREED, "nothing was entered"
    done = await storage.swaps.approve(one.id, ivan, LATER, lambda _: True)
    assert (done.state, done.decided_by, set(done.unseen)) == (SwapState.DONE, ivan, {olena, taras})
    week = await storage.roster.week(MONDAY)
    assert week.published is not None
    assert week.draft is not None
    assert set(week.published.shifts) == {day(taras, 0), day(olena, 3), day(ivan, 1)}
    assert set(week.draft.shifts) == {day(taras, 0), day(olena, 3), day(ivan, 2)}
    assert week.edition == week.draft.edition == 4
    await storage.swaps.seen(taras)
    assert (await storage.swaps.get(one.id)).unseen == (olena,)
    with pytest.raises(ForbiddenTransition):
        await storage.swaps.withdraw(one.id, olena, LATER)


async def test_a_draft_in_which_the_taker_works_that_day_already_stays_as_it_was_drawn(
    storage: Storage, people: tuple[int, int, int]
) -> None:
    olena, taras, ivan = people
    await published(storage, ivan, day(olena, 0))
    drawn = (day(olena, 0), day(taras, 0))
    await storage.roster.save(MONDAY, drawn, instead_of=1, by=ivan, at=NOON)
    one = await offered(storage, day(olena, 0))
    await storage.swaps.agree(one.id, taras, LATER)
    await storage.swaps.approve(one.id, ivan, LATER, lambda _: True)
    week = await storage.roster.week(MONDAY)
    assert week.published is not None
    assert week.draft is not None
    assert week.published.shifts == (day(taras, 0),)
    assert set(week.draft.shifts) == set(drawn), "no shift is lost"


async def test_it_is_declined_refused_and_taken_back_and_the_other_is_told(
    storage: Storage, people: tuple[int, int, int]
) -> None:
    olena, taras, ivan = people
    declined = await offered(storage, day(olena, 0), taras)
    with pytest.raises(ForbiddenTransition):
        await storage.swaps.decline(declined.id, ivan, LATER)
    assert (await storage.swaps.decline(declined.id, taras, LATER)).unseen == (olena,)
    for act, told in (("giver", taras), ("taker", olena)):
        one = await offered(storage, day(olena, 0))
        await storage.swaps.agree(one.id, taras, LATER)
        await storage.swaps.seen(olena)
        back = await storage.swaps.withdraw(one.id, olena if act == "giver" else taras, LATER)
        assert (back.state, back.unseen) == (SwapState.WITHDRAWN, (told,))
    one = await offered(storage, day(olena, 0))
    await storage.swaps.agree(one.id, taras, LATER)
    refused = await storage.swaps.refuse(one.id, ivan, LATER, "Двоє в наряді")
    assert (refused.reason, set(refused.unseen)) == ("Двоє в наряді", {olena, taras})
    assert [each.id for each in await storage.swaps.of_days(MONDAY)] == [4, 3, 2, 1]
    assert await storage.swaps.of_days(MONDAY + DAY) == []


async def test_a_wish_is_one_for_a_day_replaced_and_taken_back(
    storage: Storage, people: tuple[int, int, int]
) -> None:
    olena, taras, _ = people
    days = [MONDAY, MONDAY + DAY]
    await storage.wishes.wish(olena, days, Wish.OFF, "Лікар", NOON)
    await storage.wishes.wish(olena, days[1:], Wish.WORK, "", LATER)
    await storage.wishes.wish(taras, days[:1], Wish.WORK, "", NOON)
    found = await storage.wishes.between(MONDAY, MONDAY + DAY)
    assert [(one.user_id, one.day, one.wish, one.reason) for one in found] == [
        (olena, MONDAY, Wish.OFF, "Лікар"),
        (taras, MONDAY, Wish.WORK, ""),
        (olena, MONDAY + DAY, Wish.WORK, ""),
    ]
    await storage.wishes.take_back(olena, days)
    assert [one.user_id for one in await storage.wishes.between(MONDAY, MONDAY + DAY)] == [taras]
