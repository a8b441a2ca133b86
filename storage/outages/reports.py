"""Reports of outages: a row for each appeal, and for each call and utility, linked to its outage."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any

from sqlalchemy import BindParameter, RowMapping, bindparam, exists, func, or_, select, update

from hotline.appeals.acts.keeping import MarkMass
from hotline.appeals.appeal import ENDED, Appeal, Sign
from hotline.city.addresses import Address
from hotline.city.classifier import Utility
from hotline.outages.alert_states import AlertState
from hotline.outages.outage import Outage
from hotline.outages.reports import KnownReport, OutageReport
from storage.appeals.register import read_appeal
from storage.core.database import Database, Into
from storage.core.writes import Nothing
from storage.outages.rows import read_outage
from storage.tables import appeal_history, appeals, outage_alerts, outage_reports, outages

_OPEN = (
    select(outage_reports)
    .join_from(outage_reports, outage_alerts, isouter=True)
    .where(
        outage_reports.c.outage_id.is_(None),
        outage_reports.c.apart.is_(False),
        or_(
            outage_alerts.c.state == AlertState.OPEN.value,
            outage_reports.c.alert_id.is_(None) & (outage_reports.c.at >= bindparam("since")),
        ),
    )
    .order_by(outage_reports.c.at, outage_reports.c.id)
)
_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_LINK = (
    update(outage_reports)
    .where(outage_reports.c.id.in_(_IDS), outage_reports.c.outage_id.is_(None))
    .values(outage_id=bindparam("outage"))
)
_LATEST = select(outage_reports).order_by(outage_reports.c.at.desc(), outage_reports.c.id.desc())
_OF_OUTAGE = _LATEST.where(outage_reports.c.outage_id == bindparam("outage"))
_COUNT = select(func.count()).where(outage_reports.c.outage_id == bindparam("outage"))
_OF_ALERT = _LATEST.where(outage_reports.c.alert_id == bindparam("alert"))
_OF_APPEAL = select(outage_reports).where(outage_reports.c.appeal == bindparam("of"))
_UNREAD = (
    select(appeals)
    .where(
        appeals.c.registered_at >= bindparam("since"),
        appeals.c.category.in_(bindparam("categories", expanding=True)),
        ~exists().where(outage_reports.c.appeal == appeals.c.number),
    )
    .order_by(appeals.c.registered_at, appeals.c.number)
)
_OTHER = outage_reports.alias("other")
_UNMARKED = (
    select(appeals.c.number)
    .join_from(appeals, outage_reports, outage_reports.c.appeal == appeals.c.number)
    .where(
        appeals.c.registered_at >= bindparam("since"),
        outage_reports.c.apart.is_(False),
        or_(
            outage_reports.c.alert_id.is_not(None),
            exists().where(
                _OTHER.c.outage_id == outage_reports.c.outage_id,
                func.coalesce(_OTHER.c.number, "") != func.coalesce(outage_reports.c.number, ""),
            ),
        ),
        appeals.c.sign == Sign.FIRST.value,
        appeals.c.state.not_in(sorted(ENDED)),
        ~exists().where(appeal_history.c.number == appeals.c.number, appeal_history.c.step == MarkMass.name),
    )
    .order_by(appeals.c.number)
)
_APPEALS = select(appeals).where(appeals.c.number.in_(bindparam("numbers", expanding=True)))
_OUTAGE_OF = select(outages).join(outage_reports).where(outage_reports.c.appeal == bindparam("of"))


@cache
def _saying(into: Into) -> Any:
    said = into(outage_reports)
    renewed = ("utility", "street", "house", "quarter", "outage_id", "apart")
    return said.on_conflict_do_update(
        index_elements=[outage_reports.c.appeal], set_={name: said.excluded[name] for name in renewed}
    )


class StoredOutageReports:
    """`hotline.outages.reports.OutageReports` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._none_unread = Nothing(database.writes, [appeals, outage_reports])
        self._none_open = Nothing(database.writes, [outage_reports, outage_alerts])
        self._none_unmarked = Nothing(database.writes, [appeals, outage_reports])
        self._once = database.insert(outage_reports).on_conflict_do_nothing()
        self._said = _saying(database.insert)

    async def add(self, report: OutageReport) -> bool:
        async with self._database.writing() as connection:
            return (await connection.execute(self._once, _values(report))).rowcount > 0

    async def put(self, report: OutageReport) -> None:
        async with self._database.writing() as connection:
            await connection.execute(self._said, _values(report))

    async def open(self, since: datetime) -> Sequence[KnownReport]:
        return await self._none_open.unless(since, partial(self._read, _OPEN, since=since))

    async def link(self, reports: Sequence[int], outage_id: int) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_LINK, {"ids": list(reports), "outage": outage_id})

    async def of_outage(self, outage_id: int, limit: int = 200, skipped: int = 0) -> Sequence[KnownReport]:
        return await self._read(_OF_OUTAGE.limit(limit).offset(skipped), outage=outage_id)

    async def count(self, outage_id: int) -> int:
        async with self._database.reading() as connection:
            return (await connection.execute(_COUNT, {"outage": outage_id})).scalar_one()

    async def of_alert(self, alert_id: int, limit: int = 200, skipped: int = 0) -> Sequence[KnownReport]:
        return await self._read(_OF_ALERT.limit(limit).offset(skipped), alert=alert_id)

    async def unread(self, since: datetime, categories: Sequence[str]) -> Sequence[Appeal]:
        wanted = {"since": since, "categories": list(categories)}
        return await self._none_unread.unless(
            since, partial(self._read_unread, wanted), asked=tuple(categories)
        )

    async def _read_unread(self, wanted: Mapping[str, Any]) -> Sequence[Appeal]:
        async with self._database.reading() as connection:
            return [read_appeal(row) for row in (await connection.execute(_UNREAD, wanted)).mappings()]

    async def unmarked(self, since: datetime) -> Sequence[str]:
        return await self._none_unmarked.unless(since, partial(self._read_unmarked, since))

    async def _read_unmarked(self, since: datetime) -> Sequence[str]:
        async with self._database.reading() as connection:
            return (await connection.execute(_UNMARKED, {"since": since})).scalars().all()

    async def appeals(self, numbers: Sequence[str]) -> Mapping[str, Appeal]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_APPEALS, {"numbers": list(numbers)})).mappings()
            return {row["number"]: read_appeal(row) for row in rows}

    async def of_appeal(self, number: str) -> KnownReport | None:
        return next(iter(await self._read(_OF_APPEAL, of=number)), None)

    async def outage_of(self, appeal: str) -> Outage | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_OUTAGE_OF, {"of": appeal})).mappings().first()
        return None if row is None else read_outage(row)

    async def _read(self, statement: Any, **wanted: object) -> Sequence[KnownReport]:
        async with self._database.reading() as connection:
            return [_report(row) for row in (await connection.execute(statement, wanted)).mappings()]


_PLACE = ("street", "house", "quarter")
_COPIED = ("at", "number", "applicant_id", "call_id", "appeal", "outage_id", "apart")


def _values(report: OutageReport) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(report, name) for name in _COPIED}
    there = report.address
    values |= {"street": there.street, "house": there.house, "quarter": there.quarter}
    return values | {"utility": report.utility.value}


def _report(row: RowMapping) -> KnownReport:
    values = {name: one for name, one in row.items() if name not in _PLACE}
    return KnownReport(**values | {"utility": Utility(row["utility"]), "address": read_address(row)})


def read_address(row: RowMapping) -> Address:
    """Give where a report is from."""
    return Address(**{name: row[name] for name in _PLACE})
