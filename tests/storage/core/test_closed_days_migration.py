"""A database that has calls already: those owed a call-back are found, and triggers watch the rest."""

from datetime import timedelta

from sqlalchemy import insert, select, update

from hotline.calls.call import Outcome
from hotline.calls.history import MISSED
from storage.core.database import open_database
from storage.migrations import migrate
from storage.tables import calls, line_day_changes, line_days, unsettled_calls
from tests.storage.conftest import NOON

MANY = 300
OUTCOMES = [None, *sorted(Outcome)]
OWED = {*MISSED, Outcome.CALLBACK_PROMISED}


async def test_calls_of_before_that_are_owed_a_call_back_are_in_the_list(bare_url: str) -> None:
    await migrate(bare_url, "0141")
    how = [OUTCOMES[at % len(OUTCOMES)] for at in range(MANY)]
    row = {"number": None, "shown": "", "language": "uk", "recording_refused": False}
    async with open_database(bare_url) as database:
        rows = [
            row | {"id": f"c{at}", "arrived_at": NOON + timedelta(hours=at), "outcome": one}
            for at, one in enumerate(how)
        ]
        async with database.writing() as connection:
            await connection.execute(insert(calls), rows)
        await migrate(bare_url)
        async with database.writing() as connection:
            found = select(unsettled_calls.c.call_id, unsettled_calls.c.arrived_at)
            kept = {(one.call_id, one.arrived_at) for one in await connection.execute(found)}
            assert kept == {(one["id"], one["arrived_at"]) for one in rows if one["outcome"] in OWED}
            day = {"since": NOON, "until": NOON + timedelta(days=1), "offset": 0, "maker": "m1"}
            await connection.execute(insert(line_days), day)
            await connection.execute(update(calls).where(calls.c.id == "c0").values(outcome="lost"))
            assert (await connection.execute(select(line_day_changes.c.maker))).scalars().all() == ["m1"]
            assert ("c0", NOON) in {(one.call_id, one.arrived_at) for one in await connection.execute(found)}
