"""Minutes of meetings on a database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import RowMapping, bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.errors import ForbiddenTransition, NotFound, Outdated
from hotline.meetings.meeting_states import (
    MEETING,
    MINUTES,
    MeetingEvent,
    MeetingState,
    MinutesEvent,
    MinutesState,
)
from hotline.meetings.minutes import Minutes, MinutesContent, read_content
from hotline.tasks.task import NewTask
from storage.core.database import Database
from storage.core.transitions import moving
from storage.tables import meeting_minutes as table
from storage.tables import meetings
from storage.tasks.tasks import StoredTasks

_VERSIONS = select(table).where(table.c.meeting_id == bindparam("of")).order_by(table.c.version.desc())
_ONE = select(table).where(table.c.id == bindparam("this"))
_OPEN = select(table).where(table.c.state != MinutesState.SIGNED.value).order_by(table.c.saved_at)
_STATE = select(meetings.c.state).where(meetings.c.id == bindparam("of"))


@define(eq=False, repr=False)
class StoredMinutes:
    """`hotline.meetings.minutes.MeetingMinutes` on a database."""

    _database: Database
    _tasks: StoredTasks

    async def versions(self, meeting_id: int) -> Sequence[Minutes]:
        async with self._database.reading() as connection:
            return await _versions(connection, meeting_id)

    async def save(
        self, meeting_id: int, content: MinutesContent, *, seen: int, by: int, at: datetime
    ) -> Minutes:
        values = {"content": content.text(), "edition": seen + 1, "saved_at": at, "saved_by": by}
        if not seen:
            return await self._open(meeting_id, 1, reason="", values=values)
        async with self._database.writing() as connection:
            latest = (await _versions(connection, meeting_id))[0]
            change = moving(table, MINUTES, MinutesEvent.SAVE, **values)
            return await _changed(connection, change, latest.id, seen)

    async def present(self, minutes_id: int, seen: int, by: int, at: datetime) -> Minutes:
        values = {"presented_by": by, "presented_at": at, "returned": ""}
        async with self._database.writing() as connection:
            change = moving(table, MINUTES, MinutesEvent.PRESENT, **values)
            return await _changed(connection, change, minutes_id, seen)

    async def give_back(self, minutes_id: int, why: str) -> Minutes:
        values = {"presented_by": None, "presented_at": None, "returned": why}
        async with self._database.writing() as connection:
            change = moving(table, MINUTES, MinutesEvent.RETURN, **values)
            return await _changed(connection, change, minutes_id)

    async def sign(
        self, minutes_id: int, seen: int, by: int, at: datetime, tasks: Sequence[NewTask] = ()
    ) -> Minutes:
        born = [(one, await self._tasks.lemmas_of(one)) for one in tasks]
        async with self._database.writing() as connection:
            before = await _read(connection, minutes_id)
            digest = before.content.digest
            change = moving(
                table, MINUTES, MinutesEvent.SIGN, signed_by=by, signed_at=at, digest=digest
            ).where(table.c.presented_by != by)
            signed = await _changed(connection, change, minutes_id, seen)
            held = moving(meetings, MEETING, MeetingEvent.HOLD, changed_at=at)
            await connection.execute(held.where(meetings.c.id == before.meeting_id))
            for one, lemmas in born:
                await self._tasks.given(connection, one, lemmas, by, at)
        return signed

    async def correct(self, meeting_id: int, reason: str, by: int, at: datetime) -> Minutes:
        found = await self.versions(meeting_id)
        if not found or found[0].state is not MinutesState.SIGNED:
            raise ForbiddenTransition(f"Meeting {meeting_id} has no signed minutes to be corrected.")
        values = {"content": found[0].content.text(), "edition": 1, "saved_at": at, "saved_by": by}
        return await self._open(meeting_id, found[0].version + 1, reason=reason, values=values)

    async def open(self) -> Sequence[Minutes]:
        async with self._database.reading() as connection:
            return [_minutes(row) for row in (await connection.execute(_OPEN)).mappings()]

    async def _open(self, meeting_id: int, version: int, *, reason: str, values: dict[str, Any]) -> Minutes:
        """Open a version; raises Outdated where another has opened it."""
        row = {
            **values,
            "meeting_id": meeting_id,
            "version": version,
            "state": MinutesState.DRAFT.value,
            "reason": reason,
            "returned": "",
            "digest": "",
        }
        try:
            async with self._database.writing() as connection:
                state = await connection.scalar(_STATE, {"of": meeting_id})
                if state not in {MeetingState.CALLED.value, MeetingState.HELD.value}:
                    raise ForbiddenTransition(f"Meeting {meeting_id} is {state}: it has no minutes.")
                made = (await connection.execute(insert(table).returning(table), row)).mappings().one()
        except IntegrityError as error:
            raise Outdated(f"Somebody else writes the minutes of meeting {meeting_id} already.") from error
        return _minutes(made)


async def _changed(
    connection: AsyncConnection, change: Any, minutes_id: int, seen: int | None = None
) -> Minutes:
    """Change one version; raises Outdated where another has saved it since, else ForbiddenTransition."""
    this = change.where(table.c.id == minutes_id)
    changed = (
        await connection.execute(this if seen is None else this.where(table.c.edition == seen))
    ).rowcount
    after = await _read(connection, minutes_id)
    if changed:
        return after
    if after.state is MinutesState.DRAFT and seen is not None and after.edition != seen:
        raise Outdated(f"The minutes were saved again since edition {seen}.")
    raise ForbiddenTransition(f"The minutes are {after.state}, or need another's signature.")


async def _versions(connection: AsyncConnection, meeting_id: int) -> Sequence[Minutes]:
    rows = (await connection.execute(_VERSIONS, {"of": meeting_id})).mappings()
    return [_minutes(row) for row in rows]


async def _read(connection: AsyncConnection, minutes_id: int) -> Minutes:
    row = (await connection.execute(_ONE, {"this": minutes_id})).mappings().first()
    if row is None:
        raise NotFound(f"There are no minutes {minutes_id}.")
    return _minutes(row)


def _minutes(row: RowMapping) -> Minutes:
    given = {name: row[name] for name in row if name not in {"content", "state"}}
    return Minutes(**given, state=MinutesState(row["state"]), content=read_content(row["content"]))
