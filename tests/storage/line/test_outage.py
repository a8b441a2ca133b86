"""A talk of which the line has heard nothing, as the database was away, breaks as it is back."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
from sqlalchemy import event, select

from hotline.calls.conversation import Arrival, TalkEnd
from hotline.dialling.calling_out import DeskTalk, Phase
from hotline.line.line import Offer, Priority
from hotline.line.presence_states import Presence
from hotline.line.queue_entry_states import QueueEntryState
from storage.store import Storage
from storage.tables import talks
from telephony import owed as owed_module
from telephony.ari.messages import CallerId, Channel, ChannelDestroyed, ChannelHangupRequest, StasisStart
from telephony.calls.call import AsteriskCall
from telephony.calls.leg import Leg
from telephony.causes import OUT_OF_ORDER
from telephony.dialling.calling_out import CallingOut
from telephony.dialling.placed import Calls as PlacedCalls
from telephony.ids import leg_id
from tests.storage.conftest import NOON, FixedClock
from tests.storage.line.test_transitions import ready
from tests.telephony.calls.test_call import Calls, calls, left, server, voice
from tests.telephony.line.test_ringing import Rung

__all__ = ["calls", "left", "server", "voice"]

BROWSER, TELEPHONE = "PJSIP/web-201-1", "PJSIP/desk-201-1"


@pytest.fixture(autouse=True)
def _goes_on_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owed_module, "HURRY_SECONDS", 0.01)
    monkeypatch.setattr(owed_module, "FIRST_PAUSE_SECONDS", 3600)  # nothing is tried again by itself


@contextmanager
def away(storage: Storage) -> Iterator[asyncio.Event]:
    """Have the database take nothing; the event tells that something was to be written."""
    refused = asyncio.Event()

    def refuse(*_: object) -> None:
        refused.set()
        raise ConnectionError("the database is away")

    database = storage.database
    engines = [one.sync_engine for one in (database._writer, database._inline_writer)]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", refuse)
    try:
        yield refused
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", refuse)


async def answers_unwritten(rung: Rung, storage: Storage, call: AsteriskCall, phone: str) -> Offer:
    """Have a dispatcher answer while the database is away, and talk."""
    one = await ready(storage, "201")
    await storage.line.enter(call.id, at=NOON)
    offer = await storage.line.pair(NOON)
    assert offer is not None
    assert offer.dispatcher.id == one.id
    leg_name = leg_id(call.id, offer.attempt)
    rung.asterisk.rings = lambda: rung.legs[leg_name].take(
        StasisStart(timestamp=NOON, channel=_channel(leg_name, phone), args=[])
    )
    call._talks = rung.talks
    with away(storage) as refused:
        await rung.ringing.offer(offer, call)
        await refused.wait()
    assert call.leg is not None
    call.leg.joined = True
    return offer


def _channel(name: str, phone: str) -> Channel:
    return Channel(id=name, name=phone, state="Up", caller=CallerId(), creationtime=NOON)


def _dies(call: AsteriskCall, phone: str, cause: int) -> None:
    assert call.leg is not None
    gone = _channel(call.leg.id, phone)
    call.leg.take(ChannelDestroyed(timestamp=NOON, channel=gone, cause=cause))


class Served:
    """Serves placed calls: what it was given to serve, and whose leg each had."""

    def __init__(self) -> None:
        self.served: list[tuple[Arrival, Leg | None]] = []

    async def serve(self, call: AsteriskCall, arrival: Arrival) -> None:
        self.served.append((arrival, call.leg))


async def test_a_dispatcher_and_whom_they_have_called_talk_though_the_database_died_as_they_answered(
    storage: Storage, calls: Calls
) -> None:
    one, call, served = await ready(storage, "201"), calls("out-1"), Served()
    assert await storage.line.calls_out(call.id, one.id, NOON) is not None
    async with asyncio.TaskGroup() as tasks:
        owed = owed_module.OwedWrites(tasks)
        nothing: Any = None
        calling = CallingOut(
            ari=nothing,
            outgoing=nothing,
            calls=cast("PlacedCalls", served),
            placed=nothing,
            line=storage.line,
            dispatchers=storage.dispatchers,
            clock=FixedClock(),
            events=nothing,
            browsers=nothing,
            legs={},
            ring_seconds=1,
            called_back=nothing,
            jobs=nothing,
            owed=owed,
        )
        leg = calling._leg(call, one)
        talk = DeskTalk(call_id=call.id, number="+380671234567", phase=Phase.RINGING, at=NOON)
        with away(storage) as refused:
            await calling._talk(call, leg, talk)
            await refused.wait()
        assert served.served == [(Arrival.CALLED, leg)]
        assert await _talks(storage) == []
        await owed.settled(call.id)
    assert await _talks(storage) == [("out-1", False)]
    assert (await storage.dispatchers.get(one.id)).presence is Presence.TALKING


async def _talks(storage: Storage) -> list[tuple[str, bool]]:
    """The talks on record, and whether they have ended."""
    asked = select(talks.c.call_id, talks.c.ended_at.is_not(None))
    async with storage.database.reading() as connection:
        return [(call_id, bool(ended)) for call_id, ended in (await connection.execute(asked)).all()]


@pytest.mark.parametrize(
    ("phone", "cause", "end"),
    [
        (BROWSER, OUT_OF_ORDER, TalkEnd.INTERRUPTED),
        (TELEPHONE, OUT_OF_ORDER, TalkEnd.BROKEN),
    ],
)
async def test_it_is_on_record_before_the_caller_waits_again(
    storage: Storage, calls: Calls, phone: str, cause: int, end: TalkEnd
) -> None:
    call = calls("1.1")
    async with asyncio.TaskGroup() as tasks:
        rung = Rung(tasks, storage)
        offer = await answers_unwritten(rung, storage, call, phone)
        talking = asyncio.create_task(call.talk())
        _dies(call, phone, cause)
        assert await talking is end
        await rung.owed.settled(call.id)
        assert await _talks(storage) == [("1.1", True)]
        entry = await storage.line.entry("1.1")
        assert entry is not None
        if end is TalkEnd.INTERRUPTED:
            assert (entry.state, entry.priority) == (QueueEntryState.WAITING, Priority.RETURNING)
            assert entry.wanted_dispatcher_id == offer.dispatcher.id
            again = await storage.line.pair(NOON)
            assert again is not None
            assert again.attempt == offer.attempt + 1
        else:
            assert (entry.state, entry.dispatcher_id) == (QueueEntryState.TALKING, None)


async def test_whoever_hangs_up_meanwhile_leaves_nobody_engaged(storage: Storage, calls: Calls) -> None:
    call = calls("1.1")
    async with asyncio.TaskGroup() as tasks:
        rung = Rung(tasks, storage)
        offer = await answers_unwritten(rung, storage, call, BROWSER)
        with away(storage):
            talking = asyncio.create_task(call.talk())
            _dies(call, BROWSER, OUT_OF_ORDER)
            await _waits(call)
            call.take(ChannelHangupRequest(timestamp=NOON, channel=_channel(call.id, "PJSIP/x")))
            await asyncio.wait({talking})
        assert "hung up" in str(talking.exception())
        await rung.owed.settled(call.id)
        assert await _talks(storage) == [("1.1", True)]
        assert (await storage.dispatchers.get(offer.dispatcher.id)).presence is Presence.READY


async def _waits(call: AsteriskCall) -> None:
    """Wait until the caller, who is in no talk any more, waits until what is owed is written."""
    async with asyncio.timeout(60):
        while not call.channel._waiting or call.leg is not None:
            await asyncio.sleep(0)


async def test_an_answer_that_the_line_refuses_gives_caller_and_dispatcher_back(
    storage: Storage, calls: Calls
) -> None:
    call = calls("1.1")
    async with asyncio.TaskGroup() as tasks:
        rung = Rung(tasks, storage)
        offer = await answers_unwritten(rung, storage, call, TELEPHONE)
        talking = asyncio.create_task(call.talk())
        await storage.line.missed(
            "1.1", offer.dispatcher.id, NOON, pause_after=None
        )  # as another process may
        again = await storage.line.pair(NOON)
        assert again is not None
        await rung.owed.settled(call.id)
        assert await talking is TalkEnd.BROKEN
        entry = await storage.line.entry("1.1")
        assert entry is not None
        assert (entry.state, entry.dispatcher_id) == (QueueEntryState.OFFERED, again.dispatcher.id)
        assert await _talks(storage) == []
