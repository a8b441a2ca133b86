"""Who is told of an outage at theirs, and that a round does nothing for those whom nothing has changed."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from hotline.city.addresses import Address, Area
from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.outages.outage import By, NewOutage, Outage, OutageKind
from hotline.outages.subscribers import OutageSubscribers
from hotline.outages.subscriptions import Subscription, SubscriptionRequest
from hotline.voice.speech import Language
from storage.outages.subscriptions import StoredOutageSubscriptions
from storage.store import Storage, open_storage
from tests.fakes.clock import SetClock
from tests.storage.conftest import (  # noqa: F401 - fixtures of both databases
    NOON,
    bare_url,
    cluster,
    migrated_postgres,
    url,
)

STREET = "Київський квартал"
WATER = NewOutage(utility=Utility.WATER, kind=OutageKind.REPAIR, starts_at=NOON, areas=(Area(street=STREET),))


class Counted(StoredOutageSubscriptions):
    """The real subscriptions, and what they were asked."""

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage.database)
        self.read: list[int] = []
        self.announced: list[tuple[int, list[int]]] = []

    async def living(self, since: datetime | None = None) -> Sequence[Subscription]:
        found = await super().living(since)
        self.read.append(len(found))
        return found

    async def announce(self, outage: Outage, subscribers: Sequence[Subscription], at: datetime) -> int:
        self.announced.append((outage.id, [one.id for one in subscribers]))
        return await super().announce(outage, subscribers, at)


@dataclass(kw_only=True)
class Town:
    """Subscribers of one street, and the rounds that have them told."""

    storage: Storage
    clock: SetClock
    counted: Counted = field(init=False)
    subscribers: OutageSubscribers = field(init=False)

    def __post_init__(self) -> None:
        self.counted = Counted(self.storage)
        self.subscribers = OutageSubscribers(self.storage.outages, self.counted, self.clock)

    async def subscribe(self, *names: str) -> None:
        for name in names:
            wish = SubscriptionRequest(
                channel=Channel.EMAIL,
                contact=f"{name}@example.org",
                language=Language.UKRAINIAN,
                place=Address(street=STREET, house="7"),
            )
            asked = await self.counted.ask(wish, "123456", STREET, self.clock.now())
            await self.counted.confirm(asked.id, self.clock.now())

    async def round(self) -> list[tuple[int, list[int]]]:
        """Whom of which outage a round announces."""
        self.clock.pass_by(2)
        self.counted.read.clear()
        self.counted.announced.clear()
        await self.subscribers.round()
        return self.counted.announced


@pytest.fixture
async def town(url: str) -> AsyncIterator[Town]:  # noqa: F811
    clock = SetClock(NOON)
    async with open_storage(url, clock) as storage:
        yield Town(storage=storage, clock=clock)


async def test_while_nothing_is_off_nobody_is_looked_up(town: Town) -> None:
    await town.subscribe("maria", "ivan")
    assert await town.round() == []
    assert town.counted.read == []


async def test_a_new_outage_is_announced_to_all_and_then_to_nobody(town: Town) -> None:
    await town.subscribe("maria", "ivan")
    await town.round()
    water = await town.storage.outages.enter(WATER, By())
    assert await town.round() == [(water.id, [1, 2])]
    assert await town.round() == []
    town.clock.pass_by(timedelta(minutes=2).total_seconds())
    assert await town.round() == []
    assert await town.round() == []
    assert sum(town.counted.read) == 0


async def test_whoever_confirms_is_told_of_what_is_off_and_nobody_else_again(town: Town) -> None:
    await town.subscribe("maria")
    water = await town.storage.outages.enter(WATER, By())
    await town.round()
    await town.subscribe("ivan")
    assert await town.round() == [(water.id, [2])]
    assert await town.round() == []


async def test_of_several_outages_only_the_one_that_changed_is_announced_again(town: Town) -> None:
    await town.subscribe("maria")
    water = await town.storage.outages.enter(WATER, By())
    power = await town.storage.outages.enter(
        NewOutage(utility=Utility.POWER, kind=OutageKind.REPAIR, starts_at=NOON + timedelta(hours=1)), By()
    )
    assert sorted(await town.round()) == [(water.id, [1]), (power.id, [1])]
    await town.storage.outages.end(water.id, town.clock.now(), By())
    assert await town.round() == []
    await town.storage.outages.reopen(water.id, By(), "немає води")
    assert await town.round() == [(water.id, [1])]


async def test_a_round_that_failed_is_made_up_for(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await town.subscribe("maria")
    water = await town.storage.outages.enter(WATER, By())
    with monkeypatch.context() as broken:
        broken.setattr(town.counted, "announce", None)
        assert await town.round() == []
    assert await town.round() == [(water.id, [1])]
