"""Whatever fails in between, nobody hears of the end of a thing before its beginning."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from hotline.delivery.facts import notice_facts
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.outbox import NewNotice, Notice
from hotline.voice.speech import Language
from storage.store import Storage, open_storage
from tests.fakes.clock import SetClock
from tests.fakes.databases import fresh_storage
from tests.storage.conftest import NOON

SMS = (Channel.SMS,)
MINUTE = timedelta(minutes=1)
MARIA, IVAN = "watcher:5", "watcher:6"
SETTLED = {NoticeState.SENT, NoticeState.FAILED, NoticeState.NEEDLESS}


def told(
    at: int, to: str = MARIA, *, urgency: Urgency = Urgency.ORDINARY, about: str = "outage-new"
) -> NewNotice:
    return NewNotice(
        matter=f"outage-{at}",
        to=to,
        channel=Channel.SMS,
        address="+380671112233",
        about=about,
        facts=notice_facts(Language.UKRAINIAN, urgency=urgency),
    )


async def taken(storage: Storage, at: datetime) -> list[str]:
    return [one.matter for one in await storage.outbox.claim(SMS, at)]


async def test_what_could_not_be_handed_over_is_not_overtaken_by_what_happened_later(
    storage: Storage,
) -> None:
    outbox = storage.outbox
    await outbox.owe([told(1), told(2), told(3, IVAN)], NOON)
    first, other = await outbox.claim(SMS, NOON)
    assert (first.matter, other.matter) == ("outage-1", "outage-3"), "nobody else waits for it"
    assert await taken(storage, NOON) == [], "it is being handed over"
    await outbox.failed(first.id, NOON, "gateway 503", again_in=MINUTE)
    assert await taken(storage, NOON) == [], "it is owed again later"
    (again,) = await outbox.claim(SMS, NOON + MINUTE)
    assert again.id == first.id
    await outbox.sent(first.id, NOON + MINUTE)
    assert await taken(storage, NOON + MINUTE) == ["outage-2"]


async def test_what_is_given_up_holds_nothing_back(storage: Storage) -> None:
    await storage.outbox.owe([told(1), told(2)], NOON)
    (first,) = await storage.outbox.claim(SMS, NOON)
    await storage.outbox.failed(first.id, NOON, "no such number", again_in=None)
    assert await taken(storage, NOON) == ["outage-2"]


async def test_what_is_unsure_is_waited_for_where_it_can_be_found_out_and_not_for_ever(
    storage: Storage,
) -> None:
    within = 15 * MINUTE
    await storage.outbox.owe([told(1), told(2)], NOON)
    (first,) = await storage.outbox.claim(SMS, NOON)
    await storage.outbox.unclear(first.id, NOON, "no answer in time")
    assert await storage.outbox.claim(SMS, NOON + within - MINUTE, word_within=within) == []
    (late,) = await storage.outbox.claim(SMS, NOON + within, word_within=within)
    assert late.matter == "outage-2"


async def test_what_is_unsure_and_only_a_person_can_decide_on_holds_nothing_back(storage: Storage) -> None:
    await storage.outbox.owe([told(1), told(2)], NOON)
    (first,) = await storage.outbox.claim(SMS, NOON)
    await storage.outbox.unclear(first.id, NOON, "no answer in time")
    assert await taken(storage, NOON) == ["outage-2"]


@pytest.mark.parametrize(
    "at_once", [told(3, urgency=Urgency.EMERGENCY), told(3, about="withdraw")], ids=["emergency", "answer"]
)
async def test_what_cannot_wait_does_not_wait_for_what_is_held_until_the_morning(
    storage: Storage, at_once: NewNotice
) -> None:
    await storage.outbox.owe([told(1)], NOON)
    (held,) = await storage.outbox.claim(SMS, NOON)
    await storage.outbox.failed(held.id, NOON, "it is night", again_in=timedelta(hours=8))
    await storage.outbox.owe([told(2), at_once], NOON)
    assert await taken(storage, NOON) == ["outage-3"]


async def test_what_cannot_wait_keeps_its_order_among_its_like(storage: Storage) -> None:
    alarms = [told(at, urgency=Urgency.EMERGENCY) for at in (1, 2)]
    await storage.outbox.owe(alarms, NOON)
    (first,) = await storage.outbox.claim(SMS, NOON)
    assert (first.matter, await taken(storage, NOON)) == ("outage-1", [])
    await storage.outbox.failed(first.id, NOON, "gateway 503", again_in=MINUTE)
    assert await taken(storage, NOON) == ["outage-2"], "an alarm does not wait for another's retry"


async def test_two_workers_keep_the_order_as_one_does(storage: Storage, url: str) -> None:
    await storage.outbox.owe([told(at, to) for at in range(8) for to in (MARIA, IVAN)], NOON)
    heard: dict[str, list[int]] = {MARIA: [], IVAN: []}
    async with open_storage(url) as elsewhere:
        while min(map(len, heard.values())) < 8:
            claims = (one.outbox.claim(SMS, NOON, 3) for one in (storage, elsewhere))
            for notice in [one for found in await asyncio.gather(*claims) for one in found]:
                heard[notice.to].append(notice.id)
                await storage.outbox.sent(notice.id, NOON)
    assert [sorted(one) for one in heard.values()] == list(heard.values())


@dataclass(kw_only=True)
class Couriers:
    """Several at one outbox, of whose hand-overs a test says what comes of them."""

    storage: Storage
    clock: SetClock
    owed: int = 0
    carried: list[Notice] = field(default_factory=list)
    order: list[Notice] = field(default_factory=list)

    async def do(self, deed: str, which: int) -> None:
        outbox, now = self.storage.outbox, self.clock.now()
        match deed:
            case "owe":
                self.owed += 1
                await outbox.owe([told(self.owed, (MARIA, IVAN)[which % 2])], now)
            case "claim":
                await self.claim(1 + which)
            case "wait":
                self.clock.pass_by(20 * (1 + which))
            case _ if self.carried:
                await self.carry(self.carried.pop(which % len(self.carried)), deed)

    async def claim(self, most: int) -> None:
        claimed = await self.storage.outbox.claim(SMS, self.clock.now(), most)
        for one in claimed:
            assert not await self.unsettled_before(one)
        self.carried.extend(claimed)

    async def carry(self, notice: Notice, deed: str) -> None:
        outbox, now = self.storage.outbox, self.clock.now()
        match deed:
            case "not-taken":
                await outbox.failed(notice.id, now, "503", again_in=timedelta(seconds=30))
            case "refused":
                await outbox.failed(notice.id, now, "no such number", again_in=None)
            case _:
                await outbox.sent(notice.id, now)
                self.order.append(notice)

    async def unsettled_before(self, notice: Notice) -> Sequence[int]:
        found = [await self.storage.outbox.find(at) for at in range(1, notice.id)]
        return [one.id for one in found if one and one.to == notice.to and one.state not in SETTLED]

    async def to_the_end(self) -> None:
        """All hand-overs work from now on."""
        for _ in range(self.owed + 1):
            for notice in self.carried:
                await self.carry(notice, "sent")
            self.carried.clear()
            self.clock.pass_by(60)
            await self.claim(9)
        assert not self.carried


DEEDS = st.tuples(
    st.sampled_from(["owe", "owe", "claim", "claim", "wait", "sent", "not-taken", "refused"]),
    st.integers(min_value=0, max_value=3),
)


async def play(deeds: list[tuple[str, int]]) -> None:
    clock = SetClock(NOON)
    async with fresh_storage(clock) as storage:
        couriers = Couriers(storage=storage, clock=clock)
        for deed, which in deeds:
            await couriers.do(deed, which)
        await couriers.to_the_end()
        for to in (MARIA, IVAN):
            heard = [one.id for one in couriers.order if one.to == to]
            assert heard == sorted(heard)
        waiting = await storage.outbox.waiting()
        assert not {state for _, state in waiting} & {NoticeState.OWED, NoticeState.CLAIMED}


@example([("owe", 0), ("owe", 0), ("claim", 0), ("not-taken", 0), ("claim", 3), ("sent", 0)])
@settings(deadline=None)
@given(st.lists(DEEDS, max_size=25))
def test_nothing_overtakes_and_nothing_is_left_whatever_fails(deeds: list[tuple[str, int]]) -> None:
    asyncio.run(play(deeds))
