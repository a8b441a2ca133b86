"""Recordings that replace the synthesis; the sounds themselves lie in a folder."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.clock import Clock
from hotline.errors import NotFound
from hotline.voice.speech import Language
from hotline.voice.voice_recordings import InUse, NewRecording, VoiceRecording
from storage.core.database import Database
from storage.core.fresh import Fresh
from storage.core.rows import row_to
from storage.tables import voice_recordings

_IN_USE = select(voice_recordings).where(voice_recordings.c.gone_at.is_(None))
_ADD = insert(voice_recordings).returning(voice_recordings)
_GO = (
    update(voice_recordings)
    .where(
        voice_recordings.c.phrase == bindparam("of"),
        voice_recordings.c.language == bindparam("spoken"),
        voice_recordings.c.gone_at.is_(None),
    )
    .values(gone_at=bindparam("at"), gone_by=bindparam("who"))
)
_CONFIRM = (
    update(voice_recordings)
    .where(voice_recordings.c.id == bindparam("recording"), voice_recordings.c.gone_at.is_(None))
    .values(basis=bindparam("made_for"))
)
_HISTORY = (
    select(voice_recordings)
    .where(voice_recordings.c.phrase == bindparam("of"))
    .order_by(voice_recordings.c.id.desc())
)
_NEW = [one.name for one in fields(NewRecording)]


class StoredVoiceRecordings:
    """`hotline.voice.voice_recordings.VoiceRecordings` on a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._kept: Fresh[InUse] = Fresh(self._read, writes=database.writes, of=[voice_recordings])

    async def renew(self) -> None:
        """Refresh the recordings that every prompt asks for, apart from the callers' path."""
        await self._kept.renew()

    async def in_use(self) -> InUse:
        return await self._kept.get()

    async def keep(self, new: NewRecording) -> VoiceRecording:
        values = {name: getattr(new, name) for name in _NEW} | {"made_at": self._clock.now()}
        async with self._kept.changing(), self._database.writing() as connection:
            await self._go(connection, new.phrase, new.language, new.user_id)
            return row_to(VoiceRecording, (await connection.execute(_ADD, values)).mappings().one())

    async def confirm(self, recording_id: int, basis: str) -> None:
        async with self._kept.changing(), self._database.writing() as connection:
            values = {"recording": recording_id, "made_for": basis}
            if not (await connection.execute(_CONFIRM, values)).rowcount:
                raise NotFound("There is no recording %(number)s.", number=recording_id)

    async def take_back(self, phrase: str, language: Language, user_id: int) -> bool:
        async with self._kept.changing(), self._database.writing() as connection:
            return await self._go(connection, phrase, language, user_id)

    async def history(self, phrase: str) -> Sequence[VoiceRecording]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_HISTORY, {"of": phrase})
            return [row_to(VoiceRecording, row) for row in rows.mappings()]

    async def _go(self, connection: AsyncConnection, phrase: str, language: Language, user_id: int) -> bool:
        at: datetime = self._clock.now()
        values = {"of": phrase, "spoken": language.value, "at": at, "who": user_id}
        return bool((await connection.execute(_GO, values)).rowcount)

    async def _read(self) -> InUse:
        async with self._database.read_inline() as connection:
            kept = [row_to(VoiceRecording, row) for row in (await connection.execute(_IN_USE)).mappings()]
        return {(one.phrase, one.language): one for one in kept}
