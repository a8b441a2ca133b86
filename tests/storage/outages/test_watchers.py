import asyncio
from datetime import timedelta

import pytest

from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.errors import NotFound
from hotline.outages.outage import By, Outage, OutageKind
from hotline.voice.speech import Language
from storage.store import Storage
from tests.fakes.outages import entered
from tests.storage.conftest import NOON

CALLER, UKRAINIAN = "+380671112233", Language.UKRAINIAN


@pytest.fixture
async def outage(storage: Storage) -> Outage:
    return await entered(storage.outages, Utility.WATER, OutageKind.EMERGENCY, NOON)


async def watch(storage: Storage, outage: Outage, channel: Channel = Channel.CALL, **more: int) -> bool:
    return await storage.outage_watch.watch(
        outage.id, channel=channel, address=CALLER, language=UKRAINIAN, call_id="c1", at=NOON, **more
    )


async def test_whoever_asks_twice_by_one_way_is_kept_once(storage: Storage, outage: Outage) -> None:
    assert await watch(storage, outage)
    assert not await watch(storage, outage)
    assert await watch(storage, outage, Channel.SMS)
    kept = await storage.outage_watch.watchers(outage.id)
    assert [(one.channel, one.address, one.call_id, one.version) for one in kept] == [
        (Channel.CALL, CALLER, "c1", 1),
        (Channel.SMS, CALLER, "c1", 1),
    ]
    assert (kept[0].language, kept[0].asked_at) == (UKRAINIAN, NOON)


async def test_of_many_who_ask_at_once_each_is_kept(storage: Storage, outage: Outage) -> None:
    asked = [
        storage.outage_watch.watch(
            outage.id, channel=Channel.CALL, address=f"+38067111220{n % 5}", language=UKRAINIAN, at=NOON
        )
        for n in range(10)
    ]
    assert sum(await asyncio.gather(*asked)) == 5
    assert len(await storage.outage_watch.watchers(outage.id)) == 5


async def test_who_heard_of_an_earlier_version_is_kept_with_it(storage: Storage, outage: Outage) -> None:
    await storage.outages.end(outage.id, NOON + timedelta(hours=1), By())
    await watch(storage, outage, version=outage.version)
    await watch(storage, outage, Channel.SMS)
    assert [one.version for one in await storage.outage_watch.watchers(outage.id)] == [1, 2]


async def test_an_outage_that_is_not_there_cannot_be_watched(storage: Storage, outage: Outage) -> None:
    del outage
    with pytest.raises(NotFound):
        await storage.outage_watch.watch(
            999, channel=Channel.CALL, address=CALLER, language=UKRAINIAN, at=NOON
        )
