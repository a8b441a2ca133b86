"""Calls looked back upon: the list page by page, notes, messages that were heard."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from attrs import define
from sqlalchemy import RowMapping, bindparam, insert, select, update

from hotline.calls.call import CallRecord, Recording, VoiceMessage
from hotline.calls.history import CallFilter, CallNote, PastCall, Position
from storage.calls.search import find_around, find_calls
from storage.core.database import Database
from storage.speech.transcripts import StoredTranscripts
from storage.tables import call_notes, consultations, drafts, recordings, talks, voice_messages

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
_CONSULTATIONS = (
    select(consultations)
    .where(consultations.c.call_id == bindparam("call"))
    .order_by(consultations.c.at, consultations.c.id)
)
_ADD_NOTE = insert(call_notes)


@define(eq=False, repr=False)
class StoredHistory:
    """`hotline.calls.history.History` on a database."""

    _database: Database
    _transcripts: StoredTranscripts

    async def find(
        self, wanted: CallFilter, *, limit: int, behind: Position | None = None
    ) -> Sequence[PastCall]:
        said = await self._transcripts.calls_with(wanted.said) if wanted.said else None
        reading = self._database.reading_planned if wanted.said else self._database.reading
        async with reading() as connection:
            found = await find_calls(connection, wanted, limit, behind, said)
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

    async def around(self, call: CallRecord, most: int) -> tuple[Sequence[CallRecord], Sequence[CallRecord]]:
        if call.number is None:
            return (), ()
        async with self._database.reading() as connection:
            return await find_around(connection, call, most)

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

    async def consultations(self, call_id: str) -> Sequence[CallNote]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_CONSULTATIONS, {"call": call_id})).mappings().all()
        return [_note(row) for row in rows]

    async def add_note(self, note: CallNote) -> None:
        values = {name: getattr(note, name) for name in CallNote.__dataclass_fields__}
        async with self._database.writing() as connection:
            await connection.execute(_ADD_NOTE, values)


def _seconds(talk: RowMapping) -> float:
    if talk["ended_at"] is None:
        return 0.0
    seconds: float = (talk["ended_at"] - talk["started_at"]).total_seconds()
    return seconds


def _note(row: RowMapping) -> CallNote:
    return CallNote(**{name: row[name] for name in CallNote.__dataclass_fields__})
