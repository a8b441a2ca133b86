"""Answers of watchers who were called about outages: one row for each watcher and version."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, select

from hotline.outages.answers import WatcherAnswer
from hotline.outages.watchers import Watcher
from storage.core.database import Database
from storage.tables import outage_answers

_COUNTED = (
    select(outage_answers.c.answer, func.count())
    .where(outage_answers.c.outage_id == bindparam("outage"), outage_answers.c.version == bindparam("which"))
    .group_by(outage_answers.c.answer)
)
_LATEST = select(func.max(outage_answers.c.version)).where(outage_answers.c.outage_id == bindparam("outage"))


class StoredOutageAnswers:
    """`hotline.outages.answers.OutageAnswers` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        adding = database.insert(outage_answers)
        said = ("answer", "at", "call_id", "appeal")
        self._keep = adding.on_conflict_do_update(
            index_elements=[
                outage_answers.c.outage_id,
                outage_answers.c.version,
                outage_answers.c.watcher_id,
            ],
            set_={name: adding.excluded[name] for name in said},
        )

    async def keep(
        self,
        watcher: Watcher,
        version: int,
        answer: WatcherAnswer,
        at: datetime,
        *,
        call_id: str | None = None,
        appeal: str | None = None,
    ) -> None:
        values = {
            "outage_id": watcher.outage_id,
            "version": version,
            "watcher_id": watcher.id,
            "answer": answer.value,
            "at": at,
            "call_id": call_id,
            "appeal": appeal,
        }
        async with self._database.writing() as connection:
            await connection.execute(self._keep, values)

    async def counted(self, outage_id: int, version: int) -> Mapping[WatcherAnswer, int]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_COUNTED, {"outage": outage_id, "which": version})
            return {WatcherAnswer(row[0]): row[1] for row in rows}

    async def latest(self, outage_id: int) -> Mapping[WatcherAnswer, int]:
        async with self._database.reading() as connection:
            version = (await connection.execute(_LATEST, {"outage": outage_id})).scalar()
        return {} if version is None else await self.counted(outage_id, version)
