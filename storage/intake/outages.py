"""Import and export of outages, with their enterprises and the first line of their history."""

from collections.abc import AsyncIterator, Callable, Hashable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.clock import Clock
from hotline.intake.executors import Enterprises
from hotline.intake.lines import Cells, LineFault
from hotline.intake.moments import moment_text
from hotline.intake.outages import OUTAGE_COLUMNS, outage_cells
from hotline.intake.outages import read_outage as read_line
from hotline.outages.outage import By, EntrySource, Outage
from storage.city.streets import read_gazetteer
from storage.enterprises.executors import read_executors
from storage.intake.outage_index import OutageIndex
from storage.intake.register import READ_AT_ONCE, Seen
from storage.outages.rows import add_outage, read_outage
from storage.tables import outages

ALIKE = "It may be one that is entered already: if it is another, enter it on the page."
_BY = By(source=EntrySource.FILE)
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

    async def reader(self, connection: AsyncConnection) -> Callable[[Cells], Outage]:
        return partial(
            read_line,
            zone=self._zone,
            gazetteer=await read_gazetteer(connection, quarters=False),
            enterprises=Enterprises(await read_executors(connection)),
            now=self._clock.now(),
        )

    def key(self, record: Outage) -> Hashable:
        return record.utility, record.starts_at, frozenset(record.areas), record.executor_id

    async def known(
        self, connection: AsyncConnection, records: Sequence[Outage], seen: Seen
    ) -> Sequence[bool | LineFault]:
        if not records:
            return []
        now = self._clock.now()
        there = await _there(connection, records, now)
        seen.made = seen.made or OutageIndex()
        return [_standing(record, there, seen.made, now, self._zone) for record in records]

    async def prepare(self, records: Sequence[Outage]) -> None:
        pass

    async def bring(self, connection: AsyncConnection, records: Sequence[Outage]) -> None:
        now = self._clock.now()
        for one in records:
            over = {"ended_at": one.ended_at, "cancelled": one.cancelled}
            await add_outage(connection, one, _BY, now, **over, entered_at=one.entered_at)

    async def everything(self, connection: AsyncConnection) -> AsyncIterator[Sequence[str]]:
        names = {one.id: one.name for one in await read_executors(connection)}
        rows = (await connection.execute(_READ, {"behind": 0})).mappings().all()
        while rows:
            for row in rows:
                one = read_outage(row)
                yield outage_cells(one, self._zone, names.get(one.executor_id or 0, ""))
            rows = (await connection.execute(_READ, {"behind": rows[-1]["id"]})).mappings().all()


def _named(one: Outage, zone: ZoneInfo) -> str:
    """Name an outage so that a person finds it: what, where, since when."""
    utility, *_, areas = outage_cells(one, zone, "")[:5]
    return f"{utility}, {areas.partition('; ')[0]}, {moment_text(one.starts_at, zone)}"


def _standing(
    one: Outage, there: OutageIndex, added: OutageIndex, now: datetime, zone: ZoneInfo
) -> bool | LineFault:
    """Whether the outage exists; a new one exists for the lines behind it."""
    if there.has(one) or added.has(one):
        return True
    same = None if one.over else there.alike(one, now) or added.alike(one, now)
    if same is not None:
        return LineFault("areas", ALIKE, _named(same, zone))
    added.add(one)
    return False


async def _there(connection: AsyncConnection, records: Sequence[Outage], now: datetime) -> OutageIndex:
    """Read those that one of these may be, or be alike."""
    moments = [one.starts_at for one in records]
    wanted = {"since": min(moments) - _SECOND, "until": max(moments) + _SECOND}
    wanted |= {"over": max(one.expected_end or _FAR for one in records), "now": now}
    rows = (await connection.execute(_THERE, wanted)).mappings()
    return OutageIndex(read_outage(row) for row in rows)
