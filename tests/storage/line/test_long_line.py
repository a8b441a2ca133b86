"""A long line: what a caller is told, and what that costs, however many wait."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import Select, insert

from hotline.line.line import NAMED_PLACES, Priority
from storage.line.far_back import FarBack
from storage.line.queries import ATTENDED, COUNT_BEFORE, ENTRIES, FIRST_PAIR, SERVABLE, moment
from storage.store import Storage
from storage.tables import dispatchers, queue_entries
from tests.fakes.databases import fresh_storage
from tests.storage.conftest import NOON, FixedClock
from tests.storage.sqlite_steps import steps_of

SHORT, LONG = (10, 50), (500, 250)
"""How many wait, and how many dispatchers there are."""
BEFORE = {"priority": 0, "entered": NOON + timedelta(seconds=9), "call": "c0009"}
ABLE = {"wanted": None, "lately": NOON, "urgent": False}


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


async def test_far_back_the_position_is_that_of_some_seconds_ago_and_near_the_head_that_of_now(
    storage: Storage,
) -> None:
    for number in range(NAMED_PLACES + 20):
        await storage.line.enter(f"c{number:03}", at=after(number))

    async def position(call_id: str, at: float) -> int:
        found = await storage.line.standing(call_id, after(at))
        assert found is not None
        return found.position

    assert await position("c000", 100) == 1
    assert await position(f"c{NAMED_PLACES - 1:03}", 100) == NAMED_PLACES
    assert await position("c049", 100) == NAMED_PLACES + 20
    for number in range(5):
        await storage.line.leave(f"c{number:03}", after(101))
    await storage.line.enter("urgent", at=after(101), priority=Priority.EMERGENCY)
    assert await position("urgent", 101) == 1
    assert await position("c005", 101) == 2
    assert await position("c033", 101) == NAMED_PLACES
    assert await position("c034", 101) == 35, "no number is told any more: as it was a second ago"
    assert await position("c049", 101) == NAMED_PLACES + 20, "as it was a second ago"
    assert await position("c049", 106) == NAMED_PLACES + 16
    for number in range(5, 40):
        await storage.line.leave(f"c{number:03}", after(107))
    assert await position("c049", 107) == 11, "near the head it is counted"


async def test_those_far_back_who_ask_at_once_are_answered_by_one_look_at_the_line(storage: Storage) -> None:
    looks: list[str] = []

    class Counted:
        @asynccontextmanager
        async def reading(self) -> AsyncIterator[Any]:
            looks.append("looked")
            async with storage.database.reading() as connection:
                yield connection

    for number in range(3):
        await storage.line.enter(f"c{number}", at=after(number))
    far_back = FarBack(cast("Any", Counted()))
    async with storage.database.reading() as connection:
        rows = (await connection.execute(ENTRIES)).all()
    asked = [far_back.ahead_of(row, after(10 - number / 1000)) for number, row in enumerate(rows)]
    assert await asyncio.gather(*asked) == [0, 1, 2]
    assert len(looks) == 1
    await far_back.ahead_of(rows[0], after(16))
    assert len(looks) == 2


@pytest.mark.parametrize(
    ("query", "values"),
    [(COUNT_BEFORE, BEFORE), (ATTENDED, ABLE), (SERVABLE, moment(NOON)), (FIRST_PAIR, moment(NOON))],
    ids=["places before", "attended", "servable", "pair"],
)
async def test_in_a_long_line_a_statement_takes_as_many_steps(
    query: Select[Any], values: Mapping[str, Any]
) -> None:
    """Counted by SQLite's own program, which no other work on the machine changes."""
    short, long = [await _steps(size, query, values) for size in (SHORT, LONG)]
    assert long <= 1.1 * short


async def test_who_waits_behind_all_is_counted_no_farther_than_places_are_named() -> None:
    last = BEFORE | {"entered": after(499), "call": "c0499"}
    behind_forty = BEFORE | {"entered": after(40), "call": "c0040"}
    assert await _steps(LONG, COUNT_BEFORE, last) == await _steps(LONG, COUNT_BEFORE, behind_forty)


async def _steps(size: tuple[int, int], query: Select[Any], values: Mapping[str, Any]) -> int:
    """Count the steps of SQLite's program for this statement."""
    async with fresh_storage(FixedClock()) as storage:
        await _busy(storage, *size)
        return await steps_of(storage.database, query, values)


async def _busy(storage: Storage, waiting: int, desks: int) -> None:
    """Have so many wait while all dispatchers talk but the last, who is ready."""
    person = {"name": "", "secret": "", "reason": "", "misses": 0, "since": NOON}
    people = [
        person | {"id": one, "extension": str(7000 + one), "presence": "ready" if one == desks else "talking"}
        for one in range(1, desks + 1)
    ]
    place = {"priority": 0, "offers": 0}
    waits = [
        place | {"call_id": f"c{one:04}", "entered_at": after(one), "state": "waiting", "dispatcher_id": None}
        for one in range(waiting)
    ]
    talks = [
        place | {"call_id": f"t{one:04}", "entered_at": after(-one), "state": "talking", "dispatcher_id": one}
        for one in range(1, desks)
    ]
    async with storage.database.writing() as connection:
        await connection.execute(insert(dispatchers), people)
        await connection.execute(insert(queue_entries), [*waits, *talks])
