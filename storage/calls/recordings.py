"""Masters of recordings: put on record with what was measured in them; sides that are no longer needed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from hotline.calls.call import Recording
from hotline.calls.chain import Evidence
from hotline.calls.recordings import TalkFigures
from storage.calls.chain import StoredChain
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import Moment, recording_figures, recordings, voice_messages

AT_ONCE = 200
_MASTERED = (
    update(recordings)
    .where(recordings.c.id == bindparam("which"))
    .values(
        listening_file=bindparam("listening"),
        seconds=bindparam("length"),
        master_file=bindparam("master"),
        mastered_at=bindparam("at", type_=Moment),
    )
)
_WITH_SIDES = (
    select(recordings)
    .where(
        recordings.c.mastered_at <= bindparam("before", type_=Moment), recordings.c.sides_gone_at.is_(None)
    )
    .order_by(recordings.c.mastered_at, recordings.c.id)
    .limit(AT_ONCE)
)
_WITHOUT_MASTER = (
    select(recordings)
    .where(recordings.c.master_file.is_(None), func.coalesce(recordings.c.listening_file, "") != "")
    .order_by(recordings.c.started_at)
)
_MESSAGE_FILES = select(voice_messages.c.file).where(
    voice_messages.c.began_at >= bindparam("since", type_=Moment), voice_messages.c.seconds.is_not(None)
)
_FINISHED_MESSAGES = select(voice_messages.c.file).where(
    voice_messages.c.file.in_(bindparam("those", expanding=True)), voice_messages.c.seconds.is_not(None)
)
_SIDES_GONE = (
    update(recordings)
    .where(recordings.c.id == bindparam("which"))
    .values(sides_gone_at=bindparam("at", type_=Moment))
)
_FIGURES = select(recording_figures).where(
    recording_figures.c.recording_id.in_(bindparam("those", expanding=True))
)


class StoredRecordings:
    """Finished recordings on a database; `hotline.calls.recordings.Figures`, too."""

    def __init__(self, database: Database, chain: StoredChain) -> None:
        self._database = database
        self._chain = chain
        self._measure = database.insert(recording_figures).on_conflict_do_nothing()

    async def mastered(self, recording: Recording, figures: TalkFigures, sha256: str, today: date) -> bool:
        """Put a recording's master, its copy, its figures and its link on record, all or nothing.

        Figures and a link that are there already stay: a master is made once.
        False: the recording was deleted meanwhile, and nothing is on record.
        """
        evidence = Evidence(
            recording_id=recording.id,
            call_id=recording.call_id,
            started_at=recording.started_at,
            seconds=recording.seconds or 0.0,
            sha256=sha256,
        )
        values = {
            "which": recording.id,
            "listening": recording.listening_file,
            "length": recording.seconds,
            "master": recording.master_file,
            "at": recording.mastered_at,
        }
        async with self._database.writing() as connection:
            if not (await connection.execute(_MASTERED, values)).rowcount:
                return False
            await connection.execute(self._measure, _figures_row(recording.id, figures))
            await self._chain.add(connection, evidence, today)
        return True

    async def with_sides(self, before: datetime) -> Sequence[Recording]:
        """List recordings mastered before then that still have sides, the oldest first, some at once."""
        async with self._database.reading() as connection:
            rows = await connection.execute(_WITH_SIDES, {"before": before})
            return [Recording(**row) for row in rows.mappings()]

    async def without_master(self) -> Sequence[Recording]:
        """List finished recordings from before there were masters."""
        async with self._database.reading() as connection:
            return [Recording(**row) for row in (await connection.execute(_WITHOUT_MASTER)).mappings()]

    async def message_files(self, since: datetime) -> Sequence[str]:
        """List the files of messages that began since then and are finished."""
        async with self._database.reading() as connection:
            return list((await connection.execute(_MESSAGE_FILES, {"since": since})).scalars())

    async def finished_messages(self, files: Collection[str]) -> Sequence[str]:
        """Find which of these files hold messages that are finished."""
        async with self._database.reading() as connection:
            return list((await connection.execute(_FINISHED_MESSAGES, {"those": list(files)})).scalars())

    async def sides_gone(self, recording_id: str, at: datetime) -> None:
        """Take note that the files of a recording's sides are deleted."""
        async with self._database.writing() as connection:
            await connection.execute(_SIDES_GONE, {"which": recording_id, "at": at})

    async def of(self, recording_ids: Collection[str]) -> Mapping[str, TalkFigures]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_FIGURES, {"those": list(recording_ids)})
            return {row["recording_id"]: row_to(TalkFigures, row) for row in rows.mappings()}


def _figures_row(recording_id: str, figures: TalkFigures) -> dict[str, Any]:
    return {"recording_id": recording_id, **asdict(figures)}
