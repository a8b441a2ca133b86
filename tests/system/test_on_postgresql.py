"""The whole hotline on PostgreSQL: what each part does on it is tried elsewhere, here they meet."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.calls.call import Outcome, Step
from telephony.phone.sound import tone
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.system.hotline import Hotline, running_hotline
from tests.system.people import CITIZEN, FIRST, SECOND, asks_for_a_dispatcher, in_talk, picks_up

__all__ = ["cluster", "migrated_postgres"]
pytestmark = pytest.mark.system

ANOTHER = "+380457900002"


@pytest.fixture
async def on_postgresql(cluster: Cluster, migrated_postgres: str, tmp_path: Path) -> AsyncIterator[Hotline]:
    cluster.sql("CREATE DATABASE whole TEMPLATE hotline")
    try:
        async with running_hotline(tmp_path, HOTLINE_DATABASE_URL=cluster.url("whole")) as one:
            yield one
    finally:
        cluster.sql("DROP DATABASE whole WITH (FORCE)")


async def test_callers_wait_talk_and_are_on_record(on_postgresql: Hotline) -> None:
    hotline = on_postgresql
    desk = await hotline.desk("201")
    citizen, talk = await in_talk(hotline, desk)
    another = await asks_for_a_dispatcher(hotline, ANOTHER, tone(CITIZEN))
    await hotline.reached(Step.JOINED_LINE, times=2)
    await talk.hang_up()
    await citizen.ended()
    second = await picks_up(desk, SECOND)
    await another.heard_tone(SECOND)
    await second.heard_tone(CITIZEN)
    await another.hang_up()

    async def all_ended() -> bool:
        return all(call.ended_at for call in await hotline.calls())

    await hotline.until(all_ended)
    assert [call.outcome for call in await hotline.calls()] == [Outcome.TALKED] * 2


async def test_a_service_that_is_killed_goes_on_with_its_talk(on_postgresql: Hotline) -> None:
    hotline = on_postgresql
    citizen, talk = await in_talk(hotline, await hotline.desk("201"))
    await hotline.reached(Step.TALK_STARTED)
    await hotline.kill_service()
    await hotline.start_service()
    await citizen.heard_tone(FIRST)
    await talk.hang_up()
    await citizen.ended()
    assert (await hotline.ended_call()).outcome is Outcome.TALKED
