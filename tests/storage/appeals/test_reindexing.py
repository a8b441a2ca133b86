from datetime import timedelta

import pytest
from sqlalchemy import delete

from hotline.appeals.appeal import Appeal, AppealState
from hotline.desk.search import ResultGroup
from storage.appeals import reindexing
from storage.store import Storage
from storage.tables import appeal_texts
from tests.storage.conftest import NOON

AT_ONCE = 5


async def forgotten(storage: Storage, how_many: int) -> None:
    """Appeals as they were before there was a search."""
    for index in range(how_many):
        await storage.appeals.register(
            Appeal(
                number=f"{index + 1:06d}",
                applicant_number=None,
                text="Прорвало трубу",
                state=AppealState.REGISTERED,
                registered_at=NOON + timedelta(minutes=index),
                due_on=NOON.date(),
            )
        )
    async with storage.database.writing() as connection:
        await connection.execute(delete(appeal_texts))


async def found(storage: Storage) -> list[str]:
    return [one.number for one in (await storage.search.find("труби", {ResultGroup.APPEALS}, 2)).appeals]


async def test_appeals_from_before_are_found_afterwards_the_newest_first(storage: Storage) -> None:
    await forgotten(storage, 3)
    assert await found(storage) == []
    assert await storage.reindexing.missing() == 3
    assert [done async for done in storage.reindexing.run()] == [3]
    assert await found(storage) == ["000003", "000002"]
    assert await storage.reindexing.missing() == 0


async def test_stopped_midway_it_goes_on_where_it_was(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindexing, "_SOME", reindexing._SOME.limit(AT_ONCE))
    await forgotten(storage, AT_ONCE + 1)
    async for _done in storage.reindexing.run():
        break
    assert await storage.reindexing.missing() == 1
    assert [done async for done in storage.reindexing.run()] == [1]
    assert await found(storage) == [f"{AT_ONCE + 1:06d}", f"{AT_ONCE:06d}"]
