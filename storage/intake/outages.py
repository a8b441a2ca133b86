"""Outages brought in and taken out, with their enterprises and the first line of their history."""

from collections.abc import AsyncIterator, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.addresses import Gazetteer
from hotline.clock import Clock
from hotline.intake.lines import Cells, Fault
from hotline.intake.outages import OUTAGE_COLUMNS, WHOLE_CITY, OutageRecord, outage_cells
from hotline.intake.outages import read_outage as read_line
from hotline.outages import By, NewOutage, Outage, Source, alike, draft
from hotline.searching import normalised
from hotline.typed_areas import areas_text, read_areas
from storage.executors import read_executors
from storage.intake.appeals import NO_EXECUTOR
from storage.intake.register import READ_AT_ONCE
from storage.outage_rows import add_outage, read_outage
from storage.streets import read_gazetteer
from storage.tables import outages

ALIKE = "It may be one that is entered already: if it is another, enter it on the page."
IN_FUTURE = "It cannot have been entered, nor have ended, in the future."
_BY = By(source=Source.FILE)
_SECOND = timedelta(seconds=1)
_THERE = select(outages).where(
    or_(outages.c.ended_at.is_(None), outages.c.starts_at.between(bindparam("since"), bindparam("until")))
)
_READ = select(outages).where(outages.c.id > bindparam("behind")).order_by(outages.c.id).limit(READ_AT_ONCE)


class OutageRegister:
    """`storage.intake.register.Register` of outages. `timezone` is the city's: files have its times."""

    columns = OUTAGE_COLUMNS

    def __init__(self, timezone: ZoneInfo, clock: Clock) -> None:
        self._zone = timezone
        self._clock = clock

    def read(self, cells: Cells) -> OutageRecord:
        return read_line(cells, self._zone)

    def key(self, record: OutageRecord) -> Hashable:
        return record.utility, record.starts_at, normalised(record.areas), normalised(record.executor)

    async def known(
        self,
        connection: AsyncConnection,
        records: Sequence[OutageRecord],
        earlier: Sequence[OutageRecord] = (),
    ) -> Sequence[bool | Fault]:
        if not records:
            return []
        city = await _city(connection, records)
        now = self._clock.now()
        for record in earlier:
            city.add(record, now)
        return [city.standing(record, now) for record in records]

    async def prepare(self, records: Sequence[OutageRecord]) -> None:
        pass

    async def bring(self, connection: AsyncConnection, records: Sequence[OutageRecord]) -> None:
        if not records:
            return
        city, now = await _city(connection, records), self._clock.now()
        for record in records:
            new = city.outage(record)
            if isinstance(new, Fault):
                continue  # `known` has told of it
            over = {"ended_at": record.ended_at, "cancelled": record.cancelled}
            entered_at = record.entered_at or now
            await add_outage(connection, new, _BY, now, **over, entered_at=entered_at)

    async def everything(self, connection: AsyncConnection) -> AsyncIterator[Sequence[str]]:
        names = {one.id: one.name for one in await read_executors(connection)}
        rows = (await connection.execute(_READ, {"behind": 0})).mappings().all()
        while rows:
            for row in rows:
                one = read_outage(row)
                yield outage_cells(_record(one, names.get(one.executor_id or 0, "")), self._zone)
            rows = (await connection.execute(_READ, {"behind": rows[-1]["id"]})).mappings().all()


@dataclass(frozen=True, slots=True)
class _City:
    """What lines are compared with: streets, enterprises by their names, outages that are there."""

    gazetteer: Gazetteer
    enterprises: Mapping[str, int]
    there: list[Outage]

    def outage(self, record: OutageRecord) -> NewOutage | Fault:
        """Make the outage of a line, or say why there is none."""
        read = read_areas(record.areas, self.gazetteer)
        if read.fault:
            return Fault("areas", read.fault.reason)
        executor_id = self.enterprises.get(normalised(record.executor)) if record.executor else None
        if record.executor and executor_id is None:
            return Fault("executor", NO_EXECUTOR)
        return NewOutage(
            utility=record.utility,
            kind=record.kind,
            starts_at=record.starts_at,
            expected_end=record.expected_end,
            areas=read.areas,
            reason=record.reason,
            order=record.order,
            executor_id=executor_id,
        )

    def standing(self, record: OutageRecord, now: datetime) -> bool | Fault:
        """Tell whether it is there; a new one is, for the lines behind it."""
        if any(moment and moment > now for moment in (record.entered_at, record.ended_at)):
            return Fault("ended" if record.ended_at else "entered", IN_FUTURE)
        new = self.outage(record)
        if isinstance(new, Fault):
            return new
        if any(_same(new, one) for one in self.there):
            return True
        still_open = [one for one in self.there if not one.over]
        if record.ended_at is None and alike(new, still_open, now):
            return Fault("areas", ALIKE)
        self.add(record, now)
        return False

    def add(self, record: OutageRecord, now: datetime) -> None:
        new = self.outage(record)
        if not isinstance(new, Fault):
            self.there.append(replace(draft(new, now), ended_at=record.ended_at))


def _same(new: NewOutage, one: Outage) -> bool:
    facts = [(each.utility, set(each.areas), each.executor_id) for each in (new, one)]
    return facts[0] == facts[1] and abs(new.starts_at - one.starts_at) < _SECOND


async def _city(connection: AsyncConnection, records: Sequence[OutageRecord]) -> _City:
    moments = [one.starts_at for one in records]
    wanted = {"since": min(moments) - _SECOND, "until": max(moments) + _SECOND}
    rows = (await connection.execute(_THERE, wanted)).mappings().all()
    found = await read_executors(connection)
    return _City(
        gazetteer=await read_gazetteer(connection),
        enterprises={normalised(name): one.id for one in reversed(found) for name in (one.short, one.name)},
        there=[read_outage(row) for row in rows],
    )


def _record(one: Outage, enterprise: str) -> OutageRecord:
    return OutageRecord(
        utility=one.utility,
        kind=one.kind,
        starts_at=one.starts_at,
        expected_end=one.expected_end,
        areas=areas_text(one.areas).replace("\n", "; ") or WHOLE_CITY,
        reason=one.reason,
        order=one.order,
        executor=enterprise,
        ended_at=one.ended_at,
        cancelled=one.cancelled,
        entered_at=one.entered_at,
    )
