"""Outages brought in and taken out, with their enterprises and the first line of their history."""

from collections.abc import AsyncIterator, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.addresses import Gazetteer
from hotline.city.searching import normalised
from hotline.city.typed_areas import areas_text, read_areas
from hotline.clock import Clock
from hotline.intake.lines import Cells, Fault
from hotline.intake.outages import OUTAGE_COLUMNS, WHOLE_CITY, OutageRecord, outage_cells
from hotline.intake.outages import read_outage as read_line
from hotline.outages.outage import By, NewOutage, Outage, Source, draft
from storage.city.streets import read_gazetteer
from storage.enterprises.executors import read_executors
from storage.intake.appeals import NO_EXECUTOR
from storage.intake.outage_index import OutageIndex
from storage.intake.register import READ_AT_ONCE, Seen
from storage.outages.rows import add_outage, read_outage
from storage.tables import outages

ALIKE = "It may be one that is entered already: if it is another, enter it on the page."
IN_FUTURE = "It cannot have been entered, nor have ended, in the future."
_BY = By(source=Source.FILE)
_SECOND = timedelta(seconds=1)
_FAR = datetime.max.replace(tzinfo=UTC)
_GOES_ON = or_(
    outages.c.expected_end.is_(None),
    outages.c.expected_end <= bindparam("now"),
    outages.c.expected_end > bindparam("since"),
)
_OVERLAPS = and_(outages.c.ended_at.is_(None), outages.c.starts_at < bindparam("over"), _GOES_ON)
_BEGINS_THEN = outages.c.starts_at.between(bindparam("since"), bindparam("until"))
_THERE = select(outages).where(or_(_OVERLAPS, _BEGINS_THEN))
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
        self, connection: AsyncConnection, records: Sequence[OutageRecord], seen: Seen
    ) -> Sequence[bool | Fault]:
        if not records:
            return []
        now = self._clock.now()
        city, there = await _city(connection), await _there(connection, records, now)
        seen.made = seen.made or OutageIndex()
        return [_standing(record, city, there, seen.made, now) for record in records]

    async def prepare(self, records: Sequence[OutageRecord]) -> None:
        pass

    async def bring(self, connection: AsyncConnection, records: Sequence[OutageRecord]) -> None:
        if not records:
            return
        city, now = await _city(connection), self._clock.now()
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
    """By what lines are read: streets, enterprises by their names."""

    gazetteer: Gazetteer
    enterprises: Mapping[str, int]

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


def _standing(
    record: OutageRecord, city: _City, there: OutageIndex, added: OutageIndex, now: datetime
) -> bool | Fault:
    """Tell whether it is there; a new one is, for the lines behind it."""
    if any(moment and moment > now for moment in (record.entered_at, record.ended_at)):
        return Fault("ended" if record.ended_at else "entered", IN_FUTURE)
    new = city.outage(record)
    if isinstance(new, Fault):
        return new
    if there.has(new) or added.has(new):
        return True
    if record.ended_at is None and (there.alike(new, now) or added.alike(new, now)):
        return Fault("areas", ALIKE)
    added.add(replace(draft(new, now), ended_at=record.ended_at))
    return False


async def _there(connection: AsyncConnection, records: Sequence[OutageRecord], now: datetime) -> OutageIndex:
    """Read those that one of these may be, or be alike."""
    moments = [one.starts_at for one in records]
    wanted = {"since": min(moments) - _SECOND, "until": max(moments) + _SECOND}
    wanted |= {"over": max(one.expected_end or _FAR for one in records), "now": now}
    rows = (await connection.execute(_THERE, wanted)).mappings()
    return OutageIndex(read_outage(row) for row in rows)


async def _city(connection: AsyncConnection) -> _City:
    found = await read_executors(connection)
    return _City(
        gazetteer=await read_gazetteer(connection, quarters=False),
        enterprises={normalised(name): one.id for one in reversed(found) for name in (one.short, one.name)},
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
