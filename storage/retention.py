"""Deletes records whose retention has ended, in batches, so that no call waits for it long."""

import asyncio
from datetime import datetime

from attrs import define
from sqlalchemy import Delete, bindparam, delete, select, tuple_

from hotline.dialling.job_states import JobState
from hotline.retention import Retention
from storage.core.database import Database
from storage.dialling.job_rows import in_state
from storage.tables import call_attempts, call_jobs, number_places, outage_reports, outage_watchers, outages

AT_ONCE = 500
_WATCHERS = delete(outage_watchers).where(
    outage_watchers.c.id.in_(
        select(outage_watchers.c.id)
        .join(outages, outage_watchers.c.outage_id == outages.c.id)
        .where(outages.c.ended_at < bindparam("before"))
        .limit(AT_ONCE)
    )
)
_REPORTS = delete(outage_reports).where(
    outage_reports.c.id.in_(
        select(outage_reports.c.id)
        .where(outage_reports.c.at < bindparam("before"), outage_reports.c.appeal.is_(None))
        .limit(AT_ONCE)
    )
)
_PLACE = (number_places.c.number, number_places.c.street, number_places.c.house)
_PLACES = delete(number_places).where(
    tuple_(*_PLACE).in_(select(*_PLACE).where(number_places.c.said_at < bindparam("before")).limit(AT_ONCE))
)
_ATTEMPTS = delete(call_attempts).where(
    call_attempts.c.call_id.in_(
        select(call_attempts.c.call_id)
        .where(call_attempts.c.dialled_at < bindparam("before"), call_attempts.c.ended_at.is_not(None))
        .limit(AT_ONCE)
    )
)
# The people of a campaign stay with it.
_JOBS = delete(call_jobs).where(
    call_jobs.c.id.in_(
        select(call_jobs.c.id)
        .where(
            call_jobs.c.campaign_id.is_(None),
            in_state(JobState.REACHED, JobState.GIVEN_UP),
            call_jobs.c.changed_at < bindparam("before"),
        )
        .limit(AT_ONCE)
    )
)


@define(eq=False, repr=False)
class StoredRetention:
    """The sweep of the database; several processes may do it at once."""

    _database: Database

    async def sweep(self, kept: Retention, at: datetime) -> int:
        """Delete older records; returns how many rows."""
        return (
            await self._swept(_WATCHERS, at - kept.watchers)
            + await self._swept(_REPORTS, at - kept.reports)
            + await self._swept(_PLACES, at - kept.places)
            + await self._swept(_ATTEMPTS, at - kept.attempts)
            + await self._swept(_JOBS, at - kept.attempts)
        )

    async def _swept(self, part: Delete, before: datetime) -> int:
        swept, last = 0, AT_ONCE
        while last == AT_ONCE:
            async with self._database.writing() as connection:
                last = (await connection.execute(part, {"before": before})).rowcount
            swept += last
            await asyncio.sleep(0)
        return swept
