"""Masters of recordings: put on record with what was measured in them; sides that are no longer needed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Text,
    bindparam,
    func,
    literal,
    select,
    tuple_,
    union_all,
    update,
)

from hotline.calls.call import Recording
from hotline.calls.chain import Evidence
from hotline.calls.recordings import TalkFigures
from storage.calls.chain import StoredChain
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import Moment, recording_figures, recordings, stored_sounds, voice_messages

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


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundFile:
    """A sound that is finished, and when it began. Files are gone through by both, in parts."""

    began_at: datetime
    file: str


BEFORE_ALL = SoundFile(began_at=datetime.fromtimestamp(0, UTC), file="")


def _in_time(
    file: Column[str], began_at: Column[datetime], finished: ColumnElement[bool], *more: ColumnElement[bool]
) -> Select[datetime, str]:
    behind = tuple_(began_at, file) > tuple_(bindparam("at", type_=Moment), bindparam("behind", type_=Text))
    found = select(began_at.label("began_at"), file.label("file")).where(behind, finished, *more)
    return found.order_by(began_at, file).limit(bindparam("most"))


def _first(*found: Select[datetime, str]) -> Select[Any]:
    """Give the first of all of these; the database compares, since it may sort text otherwise than we do."""
    both = union_all(*(one.subquery().select() for one in found)).subquery()
    return select(both).order_by(both.c.began_at, both.c.file).limit(bindparam("most"))


def _not_stored(file: Column[str], folder: str) -> tuple[ColumnElement[bool], ...]:
    """Require a file to lie in this folder and not, whole, under its name in the store elsewhere."""
    path = bindparam(folder, type_=Text)
    name = literal(f"{folder}/") + func.substr(file, func.length(path) + 1, type_=Text)
    there = select(stored_sounds.c.name).where(
        stored_sounds.c.name == name, stored_sounds.c.stored_at.is_not(None)
    )
    return func.substr(file, 1, func.length(path)) == path, ~there.exists()


_MASTER = (recordings.c.master_file, recordings.c.started_at, recordings.c.master_file.is_not(None))
_COPY = (recordings.c.listening_file, recordings.c.started_at, recordings.c.listening_file.like("%.ogg"))
_MESSAGE = (voice_messages.c.file, voice_messages.c.began_at, voice_messages.c.seconds.is_not(None))
_FILES = _first(_in_time(*_MASTER), _in_time(*_COPY), _in_time(*_MESSAGE))
_NOT_STORED = _first(
    *(_in_time(*one, *_not_stored(one[0], "recordings")) for one in (_MASTER, _COPY)),
    _in_time(*_MESSAGE, *_not_stored(_MESSAGE[0], "messages")),
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

    async def files(self, after: SoundFile, most: int) -> Sequence[SoundFile]:
        """List masters, copies and finished messages behind `after`, the oldest first."""
        return await self._files(_FILES, after, most)

    async def files_not_stored(
        self, folders: Mapping[str, Path], after: SoundFile, most: int
    ) -> Sequence[SoundFile]:
        """List those of them in these folders (recordings, messages) that are not in the store elsewhere."""
        return await self._files(
            _NOT_STORED, after, most, **{name: f"{folder}/" for name, folder in folders.items()}
        )

    async def _files(
        self, found: Select[Any], after: SoundFile, most: int, **folders: str
    ) -> Sequence[SoundFile]:
        given = {"at": after.began_at, "behind": after.file, "most": most, **folders}
        async with self._database.reading() as connection:
            return [row_to(SoundFile, row) for row in (await connection.execute(found, given)).mappings()]

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
