"""Reports of residents as they came in, each once, within the limits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.access.networks import neighbourhood_of, network_of
from hotline.portal.report import (
    DAY,
    HOUR,
    MOST_IN_ALL,
    MOST_OF_CONTACT,
    MOST_OF_NETWORK,
    MOST_OF_ONE,
    MOST_OF_STRANGER,
    KeptReport,
    ResidentReport,
    Source,
    TooManyReports,
)
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import resident_reports as table

_BY_KEY = select(table).where(table.c.source == bindparam("way"), table.c.key == bindparam("named"))
_OF_APPEAL = select(table).where(table.c.appeal == bindparam("number"))
_LATEST = (
    select(table.c.appeal)
    .where(table.c.sender == bindparam("who"), table.c.at >= bindparam("since"), table.c.appeal.is_not(None))
    .order_by(table.c.at.desc(), table.c.id.desc())
    .limit(1)
)
_REGISTERED = update(table).where(table.c.id == bindparam("report")).values(appeal=bindparam("number"))
_STRANGERS = [one.value for one in Source if one not in MOST_OF_ONE]


def _counted(which: Any) -> Any:
    return func.coalesce(func.sum(case((which, 1), else_=0)), 0)


_LATELY = select(
    _counted(table.c.sender == bindparam("who")),
    _counted(table.c.network == bindparam("whence")),
    _counted(table.c.source.in_(_STRANGERS)),
).where(table.c.at > bindparam("since"))
"""Counts those of the last hour: of the sender, of their network, of all strangers."""
_OF_CONTACT = select(func.count()).where(
    table.c.contact == bindparam("whose"), table.c.at > bindparam("since")
)


@define(eq=False, repr=False)
class StoredResidentReports:
    """`hotline.portal.report.ResidentReports` on a database."""

    _database: Database

    async def admit(self, report: ResidentReport, at: datetime) -> KeptReport:
        named = {"way": report.source.value, "named": report.key}
        async with self._database.writing() as connection:
            row = (await connection.execute(_BY_KEY, named)).mappings().first()
            if row is None:
                await _require_room(connection, report.source, report.sender, at)
                await _require_few(connection, report, at)
                adding = self._database.insert(table).values(_values(report, at))
                once = adding.on_conflict_do_nothing().returning(table)
                row = (await connection.execute(once)).mappings().first()
            if row is None:  # the same came in this very moment
                row = (await connection.execute(_BY_KEY, named)).mappings().one()
        return row_to(KeptReport, row)

    async def require_room(self, source: Source, sender: str, at: datetime) -> None:
        async with self._database.reading() as connection:
            await _require_room(connection, source, sender, at)

    async def registered(self, report_id: int, number: str) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_REGISTERED, {"report": report_id, "number": number})

    async def latest_of(self, sender: str, since: datetime) -> str | None:
        async with self._database.reading() as connection:
            asked = {"who": network_of(sender), "since": since}
            found: str | None = (await connection.execute(_LATEST, asked)).scalar()
        return found

    async def of_appeal(self, number: str) -> KeptReport | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_OF_APPEAL, {"number": number})).mappings().first()
        return None if row is None else row_to(KeptReport, row)


async def _require_room(connection: AsyncConnection, source: Source, sender: str, at: datetime) -> None:
    asked = {"who": network_of(sender), "whence": neighbourhood_of(sender), "since": at - HOUR}
    own, near, strangers = (await connection.execute(_LATELY, asked)).one()
    full = near >= MOST_OF_NETWORK or strangers >= MOST_IN_ALL
    if own >= MOST_OF_ONE.get(source, MOST_OF_STRANGER) or (source not in MOST_OF_ONE and full):
        raise TooManyReports("Too much was reported from there within the hour: call us instead.")


async def _require_few(connection: AsyncConnection, report: ResidentReport, at: datetime) -> None:
    if report.contact is None:
        return
    asked = {"whose": report.contact.address, "since": at - DAY}
    if (await connection.execute(_OF_CONTACT, asked)).scalar_one() >= MOST_OF_CONTACT:
        raise TooManyReports("Too much was reported with this contact today: call us instead.")


def _values(report: ResidentReport, at: datetime) -> Mapping[str, Any]:
    contact, point = report.contact, report.point
    return {
        "source": report.source.value,
        "key": report.key,
        "sender": network_of(report.sender),
        "network": neighbourhood_of(report.sender),
        "at": at,
        "channel": contact.channel.value if contact else None,
        "contact": contact.address if contact else "",
        "publish": report.publish,
        "latitude": point.latitude if point else None,
        "longitude": point.longitude if point else None,
        "confirmed_at": at if contact and contact.confirmed else None,
    }
