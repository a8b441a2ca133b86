"""What the nightly sweep costs does not grow with what is kept: it finds the oldest by an index."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, insert, select

from storage.retention.rules import RULES
from storage.retention.sweep import LOOKED_FOR
from storage.store import Storage
from storage.tables import appeals, calls, journey_steps, presence_history
from tests.fakes.databases import fresh_storage
from tests.storage.conftest import NOON, FixedClock
from tests.storage.sqlite_steps import steps_of

FEW, MANY = 20, 400
LONG_AGO = NOON - timedelta(days=2000)


@pytest.mark.parametrize("table", [calls, journey_steps, presence_history], ids=str)
async def test_a_night_in_which_nothing_is_too_old_is_as_cheap_after_many_calls(table: Table) -> None:
    few, many = [await _steps(number, table) for number in (FEW, MANY)]
    assert many <= 1.1 * few


async def _steps(number: int, table: Table) -> int:
    (rule,) = (one for one in RULES if one.table is table)
    look = select(*table.primary_key.columns).where(rule.due).limit(LOOKED_FOR)
    async with fresh_storage(FixedClock()) as storage:
        await _years(storage, number)
        return await steps_of(storage.database, look, {"before": NOON - timedelta(days=1095)})


async def _years(storage: Storage, number: int) -> None:
    """Have so many calls of long ago, whose numbers are gone, and as many of now, half with appeals."""
    dispatcher = await storage.dispatchers.add("7001", "", "", frozenset())
    old: dict[str, Any] = {"number": None, "shown": "", "arrived_at": LONG_AGO, "ended_at": LONG_AGO}
    new: dict[str, Any] = {"number": "+380671112201", "shown": "+380", "arrived_at": NOON, "ended_at": NOON}
    appeal = {"text": "", "state": "closed", "registered_at": NOON, "due_on": NOON.date()}
    rows = [
        {"id": f"{name}{at}", "language": "uk", "outcome": "talked", "recording_refused": False, **of}
        for at in range(number)
        for name, of in (("old", old), ("new", new))
    ]
    async with storage.database.writing() as connection:
        await connection.execute(insert(calls), rows)
        await connection.execute(
            insert(journey_steps),
            [
                {"call_id": f"new{at}", "number": 0, "at": NOON, "step": "ended", "detail": {}}
                for at in range(number)
            ],
        )
        await connection.execute(
            insert(appeals),
            [appeal | {"number": f"{at}", "call_id": f"new{at}"} for at in range(0, number, 2)],
        )
        await connection.execute(
            insert(presence_history),
            [
                {"dispatcher_id": dispatcher.id, "presence": "ready", "reason": "", "at": NOON}
                for _ in range(number)
            ],
        )
