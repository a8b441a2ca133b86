"""Calls looked back upon: the list page by page, notes, messages that were heard."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, and_, bindparam, insert, or_, select, update

from hotline.calls import Recording, VoiceMessage
from hotline.history import MISSED, CallFilter, CallNote, PastCall, Position
from storage.call_log import read_call
from storage.database import Database
from storage.tables import call_notes, calls, drafts, recordings, talks, voice_messages

_NEWEST_FIRST = select(calls).order_by(calls.c.arrived_at.desc(), calls.c.id.desc())
_TALKS = (
    select(talks.c.call_id, talks.c.dispatcher_id, talks.c.started_at, talks.c.ended_at)
    .where(talks.c.call_id.in_(bindparam("calls", expanding=True)))
    .order_by(talks.c.started_at)
)
_RECORDING = select(recordings).where(recordings.c.id == bindparam("one"))
_MESSAGE = select(voice_messages).where(voice_messages.c.id == bindparam("one"))
_MESSAGES = (
    select(voice_messages)
    .where(voice_messages.c.call_id == bindparam("call"))
    .order_by(voice_messages.c.began_at, voice_messages.c.id)
)
_HEARD = (
    update(voice_messages)
    .where(voice_messages.c.id == bindparam("one"), voice_messages.c.heard_at.is_(None))
    .values(heard_at=bindparam("at"))
)
_NOTES = select(call_notes).where(call_notes.c.call_id == bindparam("call"))
_TYPED = select(drafts.c.user_id, drafts.c.call_id, drafts.c.saved_at.label("at"), drafts.c.text).where(
    drafts.c.call_id == bindparam("call"), drafts.c.text != ""
)
_ADD_NOTE = insert(call_notes)


class StoredHistory:
    """`hotline.history.History` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(
        self, wanted: CallFilter, *, limit: int, behind: Position | None = None
    ) -> Sequence[PastCall]:
        query = _NEWEST_FIRST.where(*_conditions(wanted), *_behind(behind)).limit(limit)
        async with self._database.reading() as connection:
            found = [read_call(row) for row in (await connection.execute(query)).mappings()]
            rows = await connection.execute(_TALKS, {"calls": [call.id for call in found]})
            had = defaultdict(list)
            for row in rows.mappings():
                had[row["call_id"]].append(row)
        return [
            PastCall(
                call=call,
                dispatchers=tuple(dict.fromkeys(row["dispatcher_id"] for row in had[call.id])),
                talk_seconds=sum(map(_seconds, had[call.id])),
            )
            for call in found
        ]

    async def recording(self, recording_id: str) -> Recording | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_RECORDING, {"one": recording_id})).mappings().first()
        return Recording(**row) if row else None

    async def messages(self, call_id: str) -> Sequence[VoiceMessage]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_MESSAGES, {"call": call_id})).mappings().all()
        return [VoiceMessage(**row) for row in rows]

    async def message(self, message_id: str) -> VoiceMessage | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_MESSAGE, {"one": message_id})).mappings().first()
        return VoiceMessage(**row) if row else None

    async def message_heard(self, message_id: str, at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_HEARD, {"one": message_id, "at": at})

    async def notes(self, call_id: str) -> Sequence[CallNote]:
        async with self._database.reading() as connection:
            later = (await connection.execute(_NOTES, {"call": call_id})).mappings().all()
            typed = (await connection.execute(_TYPED, {"call": call_id})).mappings().all()
        return sorted(map(_note, [*later, *typed]), key=lambda note: note.at)

    async def add_note(self, note: CallNote) -> None:
        values = {name: getattr(note, name) for name in CallNote.__dataclass_fields__}
        async with self._database.writing() as connection:
            await connection.execute(_ADD_NOTE, values)


def _conditions(wanted: CallFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.since is not None:
        yield calls.c.arrived_at >= wanted.since
    if wanted.until is not None:
        yield calls.c.arrived_at < wanted.until
    if wanted.number is not None:
        yield calls.c.number == wanted.number
    if wanted.outcome is not None:
        yield calls.c.outcome == wanted.outcome.value
    if wanted.missed:
        yield calls.c.outcome.in_(sorted(outcome.value for outcome in MISSED))
    if wanted.dispatcher_id is not None:
        yield calls.c.id.in_(select(talks.c.call_id).where(talks.c.dispatcher_id == wanted.dispatcher_id))


def _behind(last: Position | None) -> Iterator[ColumnElement[bool]]:
    if last is not None:
        yield calls.c.arrived_at <= last.arrived_at  # by itself, so that the index is entered at this place
        yield or_(
            calls.c.arrived_at < last.arrived_at,
            and_(calls.c.arrived_at == last.arrived_at, calls.c.id < last.call_id),
        )


def _seconds(talk: RowMapping) -> float:
    if talk["ended_at"] is None:
        return 0.0
    seconds: float = (talk["ended_at"] - talk["started_at"]).total_seconds()
    return seconds


def _note(row: RowMapping) -> CallNote:
    return CallNote(**{name: row[name] for name in CallNote.__dataclass_fields__})
