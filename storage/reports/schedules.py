"""Schedules of kept reports; what was sent is noted with the letters that it owes."""

from collections.abc import Sequence
from datetime import date, datetime

from attrs import define
from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from hotline.delivery.outbox import NewNotice
from hotline.errors import AlreadyTaken, NotFound
from hotline.reports.papers import PaperKind
from hotline.reports.schedules import MOST_SCHEDULES, NewSchedule, Schedule
from storage.core.database import Database
from storage.delivery.outbox import owe_once
from storage.tables import report_schedules, saved_views

LIST = "reports"
"""The list of kept filters that are built reports."""
_ALL = (
    select(report_schedules, saved_views.c.name, saved_views.c.query)
    .join(saved_views, saved_views.c.id == report_schedules.c.view_id)
    .order_by(saved_views.c.name, report_schedules.c.id)
)
_OWN_VIEW = select(saved_views.c.id).where(
    saved_views.c.id == bindparam("view"),
    saved_views.c.user_id == bindparam("by"),
    saved_views.c.list == LIST,
)
_MANY = select(func.count()).where(report_schedules.c.view_id == bindparam("view"))
_DROP = delete(report_schedules).where(
    report_schedules.c.id == bindparam("schedule"), report_schedules.c.user_id == bindparam("by")
)
_SENT = (
    update(report_schedules)
    .where(
        report_schedules.c.id == bindparam("schedule"),
        or_(report_schedules.c.sent_first.is_(None), report_schedules.c.sent_first < bindparam("first")),
    )
    .values(sent_first=bindparam("first"))
)


@define(eq=False, repr=False)
class StoredSchedules:
    """`hotline.reports.schedules.Schedules` on a database."""

    _database: Database

    async def add(self, new: NewSchedule, at: datetime) -> None:
        async with self._database.writing() as connection:
            mine = await connection.scalar(_OWN_VIEW, {"view": new.view_id, "by": new.user_id})
            if mine is None:
                raise NotFound(f"The user keeps no report {new.view_id}.")
            if (await connection.execute(_MANY, {"view": new.view_id})).scalar_one() >= MOST_SCHEDULES:
                raise AlreadyTaken(f"Report {new.view_id} is sent in {MOST_SCHEDULES} ways already.")
            await connection.execute(
                insert(report_schedules).values(
                    view_id=new.view_id,
                    kind=new.kind.value,
                    hour=new.hour,
                    addresses=list(new.addresses),
                    user_id=new.user_id,
                    since=at,
                )
            )

    async def drop(self, schedule_id: int, user_id: int) -> None:
        async with self._database.writing() as connection:
            dropped = await connection.execute(_DROP, {"schedule": schedule_id, "by": user_id})
        if not dropped.rowcount:
            raise NotFound(f"The user has no schedule {schedule_id}.")

    async def all(self) -> Sequence[Schedule]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_ALL)).mappings().all()
        return [
            Schedule(**{**row, "kind": PaperKind(row["kind"]), "addresses": tuple(row["addresses"])})
            for row in rows
        ]

    async def sent(self, schedule_id: int, first: date, owed: Sequence[NewNotice], at: datetime) -> bool:
        async with self._database.writing() as connection:
            noted = await connection.execute(_SENT, {"schedule": schedule_id, "first": first})
            if noted.rowcount:
                await owe_once(self._database, connection, owed, at)
            return noted.rowcount > 0
