"""Calls of every fate over three days, for what is counted of the line."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from hotline.calls.call import Outcome
from hotline.city.city_days import city_days
from storage.store import Storage
from storage.tables import appeals, calls, dispatchers, talks
from tests.storage.conftest import NOON

KYIV = ZoneInfo("Europe/Kyiv")
FIRST, LAST = date(2026, 3, 28), date(2026, 3, 30)
"""The clocks are put forward on the 29th, at three in the night."""
DAYS = city_days(FIRST, LAST, KYIV)
Row = Mapping[str, Any]


def some_calls(many: int) -> list[Row]:
    """Calls of every outcome, in the line and out of it, with waits around the limits."""
    chance = Random(2026)  # noqa: S311 - the same calls in each run
    begin = DAYS[0].since - timedelta(hours=3)
    made: list[Row] = []
    for number in range(many):
        arrived = begin + timedelta(seconds=chance.uniform(0, 77 * 3600))
        joined = arrived + timedelta(seconds=40) if chance.random() < 0.7 else None
        wait = timedelta(milliseconds=chance.choice([0, 4999, 5000, 19_999, 20_000, 20_001, 61_000]))
        talked = joined + wait if joined and chance.random() < 0.6 else None
        ended = None if chance.random() < 0.05 else (talked or (joined or arrived) + wait)
        outcome = chance.choice([*Outcome]).value if ended else None
        row = {"id": f"c{number}", "number": f"+3804579000{number % 50:02}", "shown": "", "language": "uk"}
        row |= {"arrived_at": arrived, "joined_at": joined, "talked_at": talked, "ended_at": ended}
        row |= {"outcome": outcome, "recording_refused": False}
        made.append(row | {"direction": "outgoing" if chance.random() < 0.1 else "incoming"})
    return made


async def keep_calls(storage: Storage) -> Sequence[Row]:
    """Keep 400 calls, with two dispatchers, and appeals of three topics from every second talk."""
    rows = some_calls(400)
    first = [one for one in rows if one["talked_at"]]
    async with storage.database.writing() as connection:
        await connection.execute(insert(calls), rows)
        await connection.execute(
            insert(dispatchers),
            [
                {"extension": f"20{one}", "name": f"Д{one}", "secret": "s", "presence": "away", "reason": ""}
                | {"since": NOON, "misses": 0}
                for one in (1, 2)
            ],
        )
        of_talks = [
            {"call_id": one["id"], "dispatcher_id": 1 + at % 2, "started_at": one["talked_at"]}
            | {"ended_at": one["talked_at"] + timedelta(seconds=100)}
            for at, one in enumerate(first)
        ]
        await connection.execute(insert(talks), of_talks)
        await connection.execute(
            insert(appeals),
            [
                {
                    "number": f"26{at:05}",
                    "state": "registered",
                    "registered_at": one["talked_at"],
                    "due_on": date(2026, 4, 1),
                }
                | {"text": "", "call_id": one["id"], "category": f"k{at % 3}"}
                for at, one in enumerate(first[::2])
            ],
        )
    return rows
