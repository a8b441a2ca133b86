"""The places of appeals in the word index: by the moment of registration, whenever they are entered."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.appeals.lists import AppealFilter, Order, position
from storage.appeals.texts import A_SECOND
from storage.store import Storage
from storage.tables import appeal_texts
from tests.storage.appeals.test_lists import appeal
from tests.storage.conftest import NOON

DAY = timedelta(days=1)


async def in_order(storage: Storage) -> list[int]:
    async with storage.database.reading() as connection:
        rows = await connection.execute(select(appeal_texts.c.appeal).order_by(appeal_texts.c.id))
        return [int(one[2:]) for one in rows.scalars()]


async def test_days_without_hours_come_in_from_the_last_one_on(storage: Storage) -> None:
    for number in range(9):
        await appeal(storage, number, registered_at=NOON - number // 3 * DAY)
    assert await in_order(storage) == [6, 7, 8, 3, 4, 5, 0, 1, 2]


async def test_a_second_with_more_appeals_than_places_pushes_the_next_ones_on(storage: Storage) -> None:
    for number in range(A_SECOND + 3):
        await appeal(storage, number, registered_at=NOON)
    await appeal(storage, 90, registered_at=NOON + timedelta(seconds=1))
    await appeal(storage, 91, registered_at=NOON)
    assert await in_order(storage) == [*range(A_SECOND + 3), 90, 91]


@pytest.mark.parametrize("order", [Order.NEWEST, Order.OLDEST])
async def test_words_are_paged_through_whatever_the_order_of_entry(storage: Storage, order: Order) -> None:
    for number in range(8, -1, -1):
        await appeal(storage, number)
    found, behind = list[int](), None
    wanted = AppealFilter(text="труба")
    while page := await storage.appeal_lists.find(wanted, order=order, limit=2, behind=behind):
        found += [int(one.appeal.number[2:]) for one in page]
        behind = position(page[-1], order)
    assert found == list(range(9))[:: -1 if order is Order.NEWEST else 1]
