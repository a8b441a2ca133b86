"""From an act on an outage to notices owed to its watchers: each change once, only when settled."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import func, select

from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.outbox import Notice
from hotline.outages.outage import By, NewOutage, Outage, OutageKind
from hotline.outages.watchers import UNHEARD
from hotline.voice.speech import Language
from storage.outages.telling import AT_ONCE
from storage.store import Storage, open_storage
from storage.tables import notices, outage_watchers
from tests.effort import effort
from tests.fakes.clock import SetClock
from tests.storage.conftest import NOON
from tests.storage.others import at_once, killed_somewhere

SETTLING = timedelta(minutes=2)
HOUR = timedelta(hours=1)
NEW = NewOutage(
    utility=Utility.WATER,
    kind=OutageKind.REPAIR,
    starts_at=NOON - HOUR,
    expected_end=NOON + HOUR,
)
ADDRESSES = {Channel.CALL: "+380671112201", Channel.SMS: "+380671112202", Channel.EMAIL: "maria@example.com"}


class Tell:
    """A worker that tells what is settled by then."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    async def __call__(self, storage: Storage) -> object:
        return await storage.outage_telling.tell(self.at, SETTLING)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
async def storage(url: str, clock: SetClock) -> AsyncIterator[Storage]:
    async with open_storage(url, clock) as opened:
        yield opened


@pytest.fixture
async def outage(storage: Storage) -> Outage:
    entered = await storage.outages.enter(NEW, By())
    for channel, address in ADDRESSES.items():
        await storage.outage_watch.watch(
            entered.id, channel=channel, address=address, language=Language.UKRAINIAN, at=NOON
        )
    return entered


async def move(storage: Storage, outage: Outage, end: datetime | None) -> Outage:
    there = await storage.outages.get(outage.id)
    return await storage.outages.change(there, replace(NEW, expected_end=end), By())


async def kept(storage: Storage) -> Sequence[Notice]:
    async with storage.database.reading() as connection:
        ids = (await connection.execute(select(notices.c.id).order_by(notices.c.id))).scalars().all()
    found = [await storage.outbox.find(one) for one in ids]
    return [one for one in found if one is not None]


async def owed(storage: Storage) -> list[tuple[str, str]]:
    """What is owed and to which address, in its order."""
    return [(one.about, one.address) for one in await kept(storage) if one.state is NoticeState.OWED]


def each(about: str) -> list[tuple[str, str]]:
    return [(about, address) for address in ADDRESSES.values()]


async def test_what_is_over_is_told_once_to_each_watcher_by_their_channel(
    storage: Storage, outage: Outage, clock: SetClock
) -> None:
    await storage.outages.end(outage.id, clock.now(), By())
    assert await storage.outage_telling.tell(clock.now(), SETTLING) == 0
    settled = clock.now() + SETTLING
    assert await storage.outage_telling.tell(settled, SETTLING) == 3
    assert await storage.outage_telling.tell(settled + HOUR, SETTLING) == 0
    assert await owed(storage) == each("outage-over")
    (first, *_) = await kept(storage)
    assert (first.matter, first.channel, first.number) == (f"outage-{outage.id}-v2", Channel.CALL, "")


async def test_moved_twice_within_minutes_only_the_latest_is_told(
    storage: Storage, outage: Outage, clock: SetClock
) -> None:
    await move(storage, outage, NOON + 3 * HOUR)
    clock.pass_by(60)
    await move(storage, outage, NOON + 5 * HOUR)
    assert await storage.outage_telling.tell(NOON + SETTLING, SETTLING) == 0
    await storage.outage_telling.tell(clock.now() + SETTLING, SETTLING)
    assert await owed(storage) == each("outage-moved")
    assert {one.facts["moments"]["until"] for one in await kept(storage)} == {
        (NOON + 5 * HOUR).isoformat(),
    }


async def test_whatever_was_undone_before_it_settled_is_not_told(
    storage: Storage, outage: Outage, clock: SetClock
) -> None:
    await move(storage, outage, None)
    await move(storage, outage, NEW.expected_end)
    await storage.outages.end(outage.id, clock.now(), By())
    await storage.outages.reopen(outage.id, By(), "помилка")
    await storage.outage_telling.tell(clock.now() + SETTLING, SETTLING)
    assert await kept(storage) == []


async def test_what_keeps_changing_is_told_all_the_same_after_a_while(
    storage: Storage, outage: Outage, clock: SetClock
) -> None:
    told = []
    for minute in range(11):
        await move(storage, outage, NOON + HOUR + timedelta(minutes=minute + 1))
        told.append(await storage.outage_telling.tell(clock.now(), SETTLING))
        clock.pass_by(60)
    assert told == [0] * 10 + [3]


async def test_what_is_owed_and_not_yet_told_gives_way_to_what_is_so_now(
    storage: Storage, outage: Outage, clock: SetClock
) -> None:
    await move(storage, outage, NOON + 3 * HOUR)
    at = clock.now() + SETTLING
    await storage.outage_telling.tell(at, SETTLING)
    (told, *_) = await storage.outbox.claim((Channel.SMS,), at)
    await storage.outbox.sent(told.id, at)
    clock.pass_by(600)
    await storage.outages.end(outage.id, clock.now(), By())
    await storage.outage_telling.tell(clock.now() + SETTLING, SETTLING)
    assert await owed(storage) == each("outage-over")
    states = [(one.about, one.channel, one.state) for one in await kept(storage)][:3]
    assert states == [
        ("outage-moved", Channel.CALL, NoticeState.NEEDLESS),
        ("outage-moved", Channel.SMS, NoticeState.SENT),
        ("outage-moved", Channel.EMAIL, NoticeState.NEEDLESS),
    ]


async def test_what_is_not_so_any_more_is_taken_back_before_it_is_settled_what_is(
    storage: Storage, outage: Outage, clock: SetClock
) -> None:
    await move(storage, outage, NOON + 3 * HOUR)
    await storage.outage_telling.tell(clock.now() + SETTLING, SETTLING)
    clock.pass_by(180)
    await storage.outages.end(outage.id, clock.now(), By())
    assert await storage.outage_telling.tell(clock.now(), SETTLING) == 0
    assert await owed(storage) == []
    assert await storage.outage_telling.tell(clock.now() + SETTLING, SETTLING) == 3
    assert await owed(storage) == each("outage-over")


async def unheard(storage: Storage, outage: Outage) -> None:
    """Three who watch it and have not heard of it yet."""
    for number in range(3):
        await storage.outage_watch.watch(
            outage.id,
            channel=Channel.SMS,
            address=f"+38067000000{number}",
            language=Language.UKRAINIAN,
            at=NOON,
            version=UNHEARD,
        )


async def test_who_has_not_heard_of_it_is_told_at_once_and_what_is_so_now(
    storage: Storage, clock: SetClock
) -> None:
    outage = await storage.outages.enter(NEW, By())
    await unheard(storage, outage)
    assert await storage.outage_telling.tell(clock.now(), SETTLING) == 3
    assert await storage.outage_telling.tell(clock.now(), SETTLING) == 0
    await move(storage, outage, NOON + 5 * HOUR)
    await storage.outage_telling.tell(clock.now(), SETTLING)
    told = [one for one in await kept(storage) if one.state is NoticeState.OWED]
    assert [one.about for one in told] == ["outage-new"] * 3
    assert {one.facts["moments"]["until"] for one in told} == {(NOON + 5 * HOUR).isoformat()}


async def test_nobody_hears_of_an_outage_that_is_over_before_they_could_be_told(
    storage: Storage, clock: SetClock
) -> None:
    outage = await storage.outages.enter(NEW, By())
    await unheard(storage, outage)
    await storage.outage_telling.tell(clock.now(), SETTLING)
    await storage.outages.end(outage.id, clock.now(), By())
    await storage.outage_telling.tell(clock.now(), SETTLING)
    assert await owed(storage) == []
    assert await storage.outage_watch.watchers(outage.id) == []
    assert await storage.outage_telling.tell(clock.now() + SETTLING, SETTLING) == 0


async def test_who_was_never_told_that_it_was_over_is_not_told_that_it_is_not(
    storage: Storage, outage: Outage, clock: SetClock
) -> None:
    await storage.outages.end(outage.id, clock.now(), By())
    at = clock.now() + SETTLING
    await storage.outage_telling.tell(at, SETTLING)
    (told, *_) = await storage.outbox.claim((Channel.SMS,), at)
    await storage.outbox.sent(told.id, at)
    clock.pass_by(600)
    await storage.outages.reopen(outage.id, By(), "води немає")
    await storage.outage_telling.tell(clock.now() + SETTLING, SETTLING)
    assert await owed(storage) == [("outage-reopened", ADDRESSES[Channel.SMS])]


async def test_whom_somebody_is_telling_at_this_moment_is_told_what_came_after_once_that_is_over(
    storage: Storage, outage: Outage, clock: SetClock
) -> None:
    await move(storage, outage, NOON + 3 * HOUR)
    await storage.outage_telling.tell(clock.now() + SETTLING, SETTLING)
    clock.pass_by(600)
    (heard,) = await storage.outbox.claim((Channel.SMS,), clock.now())
    (in_vain,) = await storage.outbox.claim((Channel.EMAIL,), clock.now())
    await storage.outages.end(outage.id, clock.now(), By())
    assert await storage.outage_telling.tell(clock.now() + SETTLING, SETTLING) == 1
    assert await owed(storage) == [("outage-over", ADDRESSES[Channel.CALL])]
    await storage.outbox.sent(heard.id, clock.now())
    await storage.outbox.failed(in_vain.id, clock.now(), "busy", again_in=HOUR)
    assert await storage.outage_telling.tell(clock.now() + SETTLING, SETTLING) == 2
    assert await owed(storage) == each("outage-over")
    known = {one.address: one.facts["known"] for one in await kept(storage) if one.about == "outage-over"}
    assert [known[one] for one in ADDRESSES.values()] == [1, 2, 1]


async def test_who_heard_of_an_earlier_version_is_told_what_they_missed(
    storage: Storage, outage: Outage, clock: SetClock
) -> None:
    await storage.outages.end(outage.id, clock.now(), By())
    await storage.outage_watch.watch(
        outage.id,
        channel=Channel.CALL,
        address="+380671112209",
        language=Language.ENGLISH,
        at=clock.now(),
        version=outage.version,
    )
    assert await storage.outage_telling.tell(clock.now() + SETTLING, SETTLING) == 4
    last = (await kept(storage))[-1]
    assert (last.address, last.facts["language"]) == ("+380671112209", "en")


async def test_a_sample_of_those_told_by_short_message_is_called_when_it_is_over(
    storage: Storage, outage: Outage, clock: SetClock
) -> None:
    await move(storage, outage, NOON + 3 * HOUR)
    await storage.outage_telling.tell(clock.now() + SETTLING, SETTLING, called_percent=100)
    assert [one.channel for one in await kept(storage)] == [Channel.CALL, Channel.SMS, Channel.EMAIL]
    await storage.outages.end(outage.id, clock.now() + SETTLING, By())
    await storage.outage_telling.tell(clock.now() + 9 * SETTLING, SETTLING, called_percent=100)
    over = [one for one in await kept(storage) if one.about == "outage-over"]
    assert [one.channel for one in over] == [Channel.CALL, Channel.CALL, Channel.EMAIL]


async def test_of_thousands_each_is_told_by_several_workers_at_once(
    storage: Storage, url: str, outage: Outage, clock: SetClock
) -> None:
    many = 2 * AT_ONCE + 50
    for number in range(many):
        await storage.outage_watch.watch(
            outage.id,
            channel=Channel.SMS,
            address=f"+38067{number:07}",
            language=Language.UKRAINIAN,
            at=NOON,
        )
    await storage.outages.end(outage.id, clock.now(), By())
    tell = Tell(clock.now() + SETTLING)
    while sum(one for one in await asyncio.to_thread(at_once, url, [tell, tell]) if isinstance(one, int)):
        pass
    listed = await owed(storage)
    assert len(listed) == len(set(listed)) == many + len(ADDRESSES)


async def test_kill_9_before_any_statement_of_telling_leaves_all_or_nothing(
    storage: Storage, url: str, outage: Outage, clock: SetClock
) -> None:
    await move(storage, outage, NOON + 3 * HOUR)
    await storage.outage_telling.tell(clock.now() + SETTLING, SETTLING)
    await storage.outages.end(outage.id, clock.now() + SETTLING, By())
    tell = Tell(clock.now() + 9 * SETTLING)
    for step in count(1):
        killed = await asyncio.to_thread(killed_somewhere, url, tell, step)
        assert await owed(storage) in (each("outage-moved"), [], each("outage-over"))
        assert await behind(storage, outage) == (0 if await owed(storage) == each("outage-over") else 3)
        if not killed:
            break
    assert step > effort(day=2, night=5)
    assert await owed(storage) == each("outage-over")
    async with storage.database.reading() as connection:
        assert (await connection.execute(select(func.count()).select_from(notices))).scalar_one() == 6


async def behind(storage: Storage, outage: Outage) -> int:
    now = await storage.outages.get(outage.id)
    late = select(func.count()).where(outage_watchers.c.version < now.version)
    async with storage.database.reading() as connection:
        number: int = (await connection.execute(late)).scalar_one()
        return number
