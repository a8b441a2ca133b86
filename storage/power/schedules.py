"""Day schedules of power on a database: of each queue and day what was told last."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.clock import Clock
from hotline.power.schedule import (
    DaySchedule,
    EmergencyCuts,
    KnownPower,
    OlderSchedule,
    Supply,
    TellsPower,
    Told,
)
from storage.core.advisory_locks import AdvisoryLock
from storage.core.database import Database
from storage.core.fresh import Fresh
from storage.tables import power_emergencies, power_schedules, power_told

_LETTERS: Mapping[Supply, str] = {
    Supply.ON: "+",
    Supply.OFF: "-",
    Supply.MAYBE: "?",
    Supply.UNKNOWN: ".",
}
_SUPPLIES = {letter: supply for supply, letter in _LETTERS.items()}
_LATELY = timedelta(days=2)
"""How far back is read: yesterday by any city's clock."""

_table = power_schedules
_SINCE = select(_table).where(_table.c.day >= bindparam("first")).order_by(_table.c.day, _table.c.queue)
_OF_DAYS = select(_table).where(_table.c.day.in_(bindparam("days", expanding=True)))
_HEARD = (
    update(_table)
    .where(
        _table.c.day.in_(bindparam("days", expanding=True)),
        _table.c.heard_at < bindparam("heard"),
    )
    .values(heard_at=bindparam("heard"))
)
_ALONE = select(func.pg_advisory_xact_lock(AdvisoryLock.POWER.value))
_FORGET = delete(_table).where(_table.c.day.in_(bindparam("days", expanding=True)))
_HOLDS = select(power_emergencies).where(power_emergencies.c.held)
_LATEST = select(power_emergencies).order_by(power_emergencies.c.id.desc()).limit(1)
_SOURCE_SAYS = (
    update(power_emergencies)
    .where(power_emergencies.c.id == bindparam("cuts"), ~power_emergencies.c.source_says)
    .values(source_says=True)
)
_SAYS_NO_MORE = update(power_emergencies).where(power_emergencies.c.source_says).values(source_says=False)
_END = (
    update(power_emergencies)
    .where(power_emergencies.c.held)
    .values(held=None, ended_at=bindparam("at"), ended_by=bindparam("by"))
)
_LAST = select(power_told).order_by(power_told.c.id.desc()).limit(bindparam("most"))


class StoredPower:
    """`hotline.power.schedule.PowerSchedules` on a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: Fresh[KnownPower] = Fresh(
            self._read, writes=database.writes, of=[power_schedules, power_emergencies]
        )
        self._begin = database.insert(power_emergencies).on_conflict_do_nothing()

    async def known(self) -> KnownPower:
        return await self._known.get()

    async def of_day(self, day: date) -> Sequence[DaySchedule]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_OF_DAYS, {"days": [day]})).mappings().all()
        return [_schedule(row) for row in rows]

    async def renew(self) -> None:
        """Read them again when anything was written, so that no caller waits for it."""
        await self._known.renew()

    async def take(self, told: Told, *, source: str, by: int | None) -> bool:
        async with self._known.changing(), self._database.writing() as connection:
            if self._database.shared:
                await connection.execute(_ALONE)
            rows = (await connection.execute(_OF_DAYS, {"days": [*told.days]})).mappings().all()
            if any(row["made_at"] > told.made_at for row in rows):
                latest = max(row["made_at"] for row in rows)
                raise OlderSchedule(
                    f"A schedule of these days that was made later ({latest:%Y-%m-%d %H:%M} UTC) is known"
                    " already, and stays."
                )
            changed = _changed(rows, told)
            if changed:
                await connection.execute(_FORGET, {"days": [*told.days]})
                if told.schedules:
                    await connection.execute(insert(_table), [_row(one) for one in told.schedules])
                noted = {"at": self._clock.now(), "source": source, "user_id": by, "made_at": told.made_at}
                await connection.execute(insert(power_told), noted | {"changed": changed})
            else:
                await connection.execute(_HEARD, {"days": [*told.days], "heard": told.heard_at})
            return await self._cuts(connection, told) or bool(changed)

    async def _cuts(self, connection: AsyncConnection, told: Told) -> bool:
        """Begin cuts, or end those that the source itself has begun; True when there is another state now.

        Cuts that a person has ended begin again only after the source has said that they are over.
        """
        if told.emergency is None:
            return False
        held = (await connection.execute(_HOLDS)).mappings().first()
        if not told.emergency:
            await connection.execute(_SAYS_NO_MORE)
            if held is None or held["begun_by"] is not None:
                return False
            await connection.execute(_END, {"at": told.heard_at, "by": None})
            return True
        latest = (await connection.execute(_LATEST)).mappings().first()
        if held is not None:
            await connection.execute(_SOURCE_SAYS, {"cuts": held["id"]})
        elif latest is None or not latest["source_says"]:
            begun = {"since": told.heard_at, "begun_by": None, "held": True, "source_says": True}
            await connection.execute(self._begin, begun)
            return True
        return False

    async def emergency_begins(self, at: datetime, *, by: int | None) -> None:
        async with self._known.changing(), self._database.writing() as connection:
            await connection.execute(self._begin, {"since": at, "begun_by": by, "held": True})

    async def emergency_ends(self, at: datetime, *, by: int | None) -> None:
        async with self._known.changing(), self._database.writing() as connection:
            await connection.execute(_END, {"at": at, "by": by})

    async def lately_told(self, most: int) -> Sequence[TellsPower]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_LAST, {"most": most})).mappings().all()
        return [
            TellsPower(
                at=row["at"],
                source=row["source"],
                user_id=row["user_id"],
                made_at=row["made_at"],
                changed=row["changed"],
            )
            for row in rows
        ]

    async def _read(self) -> KnownPower:
        first = (self._clock.now() - _LATELY).date()
        async with self._database.read_inline() as connection:
            rows = (await connection.execute(_SINCE, {"first": first})).mappings().all()
            held = (await connection.execute(_HOLDS)).mappings().first()
        cuts = None if held is None else EmergencyCuts(since=held["since"], by=held["begun_by"])
        return KnownPower(
            schedules={(row["queue"], row["day"]): _schedule(row) for row in rows}, emergency=cuts
        )


def _changed(rows: Sequence[RowMapping], told: Told) -> int:
    """Count the queues and days that are told otherwise than before."""
    before = {(row["queue"], row["day"]): (row["halves"], row["made_at"]) for row in rows}
    after = {(one.queue, one.day): (_letters(one), one.made_at) for one in told.schedules}
    return sum(before.get(key) != after.get(key) for key in {*before, *after})


def _letters(one: DaySchedule) -> str:
    return "".join(_LETTERS[half] for half in one.halves)


def _row(one: DaySchedule) -> dict[str, Any]:
    return {
        "queue": one.queue,
        "day": one.day,
        "halves": _letters(one),
        "made_at": one.made_at,
        "heard_at": one.heard_at,
    }


def _schedule(row: RowMapping) -> DaySchedule:
    day: date = row["day"]
    return DaySchedule(
        queue=row["queue"],
        day=day,
        halves=tuple(_SUPPLIES[letter] for letter in row["halves"]),
        made_at=row["made_at"],
        heard_at=row["heard_at"],
    )
