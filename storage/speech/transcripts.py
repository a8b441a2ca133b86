"""Transcripts of voice messages: which are still owed, and what was made."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.errors import NotFound
from hotline.speech.transcripts import Transcript, Unwritten
from hotline.voice.speech import Language
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import calls, transcripts, voice_messages

_LANGUAGE = func.coalesce(calls.c.language, Language.UKRAINIAN.value)
"""A call's own row may come later than its message."""
_UNWRITTEN = (
    select(voice_messages.c.id.label("sound"), voice_messages.c.file, _LANGUAGE.label("language"))
    .select_from(
        voice_messages.outerjoin(calls, calls.c.id == voice_messages.c.call_id).outerjoin(
            transcripts, transcripts.c.sound == voice_messages.c.id
        )
    )
    .where(
        voice_messages.c.seconds > 0,
        transcripts.c.sound.is_(None),
        _LANGUAGE.in_(bindparam("languages", expanding=True)),
    )
    .order_by(voice_messages.c.began_at.desc(), voice_messages.c.id.desc())
)
_OF = select(transcripts).where(transcripts.c.sound.in_(bindparam("sounds", expanding=True)))
_IS_THERE = select(voice_messages.c.id).where(voice_messages.c.id == bindparam("sound"))
_CORRECT = (
    update(transcripts)
    .where(transcripts.c.sound == bindparam("which"))
    .values(corrected=bindparam("said"), corrected_by=bindparam("who"), corrected_at=bindparam("at"))
)


class StoredTranscripts:
    """`hotline.speech.transcripts.Transcripts` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keep = database.insert(transcripts).on_conflict_do_nothing()

    async def unwritten(self, languages: Collection[Language], limit: int) -> Sequence[Unwritten]:
        wanted = {"languages": sorted(languages)}
        async with self._database.reading() as connection:
            rows = await connection.execute(_UNWRITTEN.limit(limit), wanted)
            return [row_to(Unwritten, row) for row in rows.mappings()]

    async def keep(self, made: Transcript) -> None:
        values: dict[str, Any] = {name: getattr(made, name) for name in made.__slots__}
        values |= {"words": [asdict(word) for word in made.words]}
        async with self._database.writing() as connection:
            if (await connection.execute(_IS_THERE, {"sound": made.sound})).first() is not None:
                await connection.execute(self._keep, values)

    async def of(self, sounds: Collection[str]) -> Mapping[str, Transcript]:
        async with self._database.reading() as connection:
            return await transcripts_of(connection, sounds)

    async def correct(self, sound: str, text: str, user_id: int, at: datetime) -> None:
        values = {"which": sound, "said": text, "who": user_id, "at": at}
        async with self._database.writing() as connection:
            if not (await connection.execute(_CORRECT, values)).rowcount:
                raise NotFound(f"Message {sound} has no transcript.")


async def transcripts_of(connection: AsyncConnection, sounds: Collection[str]) -> Mapping[str, Transcript]:
    """Read them beside other things, for a list that shows messages."""
    if not sounds:
        return {}
    rows = await connection.execute(_OF, {"sounds": list(sounds)})
    return {row["sound"]: row_to(Transcript, row) for row in rows.mappings()}
