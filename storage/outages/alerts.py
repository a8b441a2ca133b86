"""Alerts of many reports: raised once a utility, grown in place, decided once with their reports."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from attrs import define, field
from sqlalchemy import RowMapping, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.errors import NotFound, Outdated
from hotline.outages.alert_states import ALERT, AlertEvent, AlertState
from hotline.outages.alerts import Alert, Decision, Proposal
from hotline.outages.outage import LATE_AFTER, By, NewOutage, Outage
from storage.core.areas import areas_as_json
from storage.core.database import Database
from storage.core.rows import row_to
from storage.core.transitions import moving
from storage.core.writes import Remembered
from storage.outages.register import StoredOutages
from storage.outages.reports import read_address
from storage.tables import outage_alerts, outage_reports

_OPEN = (
    select(outage_alerts)
    .where(outage_alerts.c.state == AlertState.OPEN.value)
    .order_by(outage_alerts.c.opened_at, outage_alerts.c.id)
)
_OF_UTILITY = _OPEN.where(outage_alerts.c.utility == bindparam("of")).with_for_update()
_ONE = select(outage_alerts).where(outage_alerts.c.id == bindparam("alert"))
_LATEST = select(outage_alerts).order_by(outage_alerts.c.opened_at.desc(), outage_alerts.c.id.desc())
_MISSING = _LATEST.where(
    outage_alerts.c.opened_at >= bindparam("since"),
    outage_alerts.c.state == AlertState.OPEN.value,
    outage_alerts.c.opened_at <= bindparam("late"),
)
_RAISE = insert(outage_alerts).returning(outage_alerts)
_GROW = moving(outage_alerts, ALERT, AlertEvent.GROW).where(outage_alerts.c.id == bindparam("alert"))
_COUNT_IN = (
    update(outage_reports)
    .where(
        outage_reports.c.id.in_(bindparam("ids", expanding=True)),
        outage_reports.c.alert_id.is_(None),
        outage_reports.c.outage_id.is_(None),
    )
    .values(alert_id=bindparam("of_alert"))
)
_COUNTED = (
    select(func.count()).select_from(outage_reports).where(outage_reports.c.alert_id == bindparam("alert"))
)
_COUNTED_IN = select(outage_reports).where(outage_reports.c.alert_id == bindparam("alert"))
_RELEASE = (
    update(outage_reports)
    .where(outage_reports.c.id.in_(bindparam("ids", expanding=True)))
    .values(alert_id=None)
)
_LINK = (
    update(outage_reports)
    .where(outage_reports.c.alert_id == bindparam("of_alert"), outage_reports.c.outage_id.is_(None))
    .values(outage_id=bindparam("outage"))
)


@define(eq=False, repr=False)
class StoredOutageAlerts:
    """`hotline.outages.alerts.OutageAlerts` on a database."""

    _database: Database
    _outages: StoredOutages
    _all_open: Remembered[Sequence[Alert]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._all_open = Remembered(self._database.writes, partial(self._read, _OPEN), [outage_alerts])

    def entering_in(self, outages: StoredOutages) -> "StoredOutageAlerts":
        """Return a copy that enters accepted outages into this register, which publishes them."""
        return StoredOutageAlerts(self._database, outages)

    async def raise_(self, proposal: Proposal, at: datetime) -> Alert | None:
        values = {"areas": areas_as_json(proposal.areas), "voices": proposal.voices}
        async with self._database.writing() as connection:
            found = await connection.execute(_OF_UTILITY, {"of": proposal.utility.value})
            row = found.mappings().first()
            if row is None and any(one.alert_id is not None for one in proposal.reports):
                return None
            if row is None:
                new = values | {"utility": proposal.utility.value, "state": AlertState.OPEN.value}
                new |= {"opened_at": at, "grew_at": at, "reports": 0}
                row = (await connection.execute(_RAISE, new)).mappings().one()
            ids = [one.id for one in proposal.reports]
            await connection.execute(_COUNT_IN, {"ids": ids, "of_alert": row["id"]})
            values["reports"] = (await connection.execute(_COUNTED, {"alert": row["id"]})).scalar_one()
            if any(row[name] != one for name, one in values.items()):
                grown = _GROW.values(values | {"grew_at": at}).returning(outage_alerts)
                row = (await connection.execute(grown, {"alert": row["id"]})).mappings().one()
        return row_to(Alert, row)

    async def open(self) -> Sequence[Alert]:
        return await self._all_open.get()

    async def get(self, alert_id: int) -> Alert:
        async with self._database.reading() as connection:
            return row_to(Alert, await _one(connection, alert_id))

    async def find(self, *, limit: int, skipped: int = 0) -> Sequence[Alert]:
        return await self._read(_LATEST.limit(limit).offset(skipped))

    async def decide(self, alert_id: int, decision: Decision) -> Alert:
        async with self._database.writing() as connection:
            return await self._decided(connection, alert_id, decision)

    async def accept(self, alert_id: int, new: NewOutage, by: By, at: datetime) -> Outage:
        async def with_its_alert(connection: AsyncConnection, outage: Outage) -> None:
            await self._release(connection, alert_id, outage)
            decision = Decision(event=AlertEvent.ACCEPT, at=at, by=by.user_id, outage_id=outage.id)
            await self._decided(connection, alert_id, decision)

        return await self._outages.enter(new, by, then=with_its_alert)

    async def missing(self, since: datetime, at: datetime) -> Sequence[Alert]:
        return await self._read(_MISSING, since=since, late=at - LATE_AFTER)

    async def _decided(self, connection: AsyncConnection, alert_id: int, decision: Decision) -> Alert:
        await _one(connection, alert_id, locked=self._database.shared)
        values: dict[str, Any] = {"outage_id": decision.outage_id, "reason": decision.reason}
        values |= {"decided_at": decision.at, "decided_by": decision.by}
        decided = moving(outage_alerts, ALERT, decision.event, **values).returning(outage_alerts)
        this = decided.where(outage_alerts.c.id == alert_id)
        row = (await connection.execute(this)).mappings().first()
        if row is None:
            raise Outdated("Somebody has decided on this alert meanwhile.")
        if decision.outage_id is not None:
            await connection.execute(_LINK, {"of_alert": alert_id, "outage": decision.outage_id})
        return row_to(Alert, row)

    async def _release(self, connection: AsyncConnection, alert_id: int, outage: Outage) -> None:
        """Let reports from elsewhere go, where the outage is smaller than the alert: they may raise one."""
        rows = (await connection.execute(_COUNTED_IN, {"alert": alert_id})).mappings()
        elsewhere = [row["id"] for row in rows if not outage.concerns(read_address(row))]
        await connection.execute(_RELEASE, {"ids": elsewhere})

    async def _read(self, statement: Any, **wanted: object) -> Sequence[Alert]:
        async with self._database.reading() as connection:
            return [row_to(Alert, row) for row in (await connection.execute(statement, wanted)).mappings()]


async def _one(connection: AsyncConnection, alert_id: int, *, locked: bool = False) -> RowMapping:
    statement = _ONE.with_for_update() if locked else _ONE
    row = (await connection.execute(statement, {"alert": alert_id})).mappings().first()
    if row is None:
        raise NotFound("There is no alert %(number)s.", number=alert_id)
    return row
