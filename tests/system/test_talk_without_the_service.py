"""A talk that Asterisk's own queue brought about is in history like any other: who talked, and both sides."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.calls.call import Recording
from hotline.calls.history import CallFilter
from hotline.line.presence_states import Presence
from storage.tables import talks
from telephony.phone.sound import tone, wav
from tests.system.heard import recorded
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.oracle import compare
from tests.system.people import CITIZEN, FIRST, SECOND, ever_heard, picks_up
from tests.system.test_service_killed import is_queued

pytestmark = pytest.mark.system

FOUND_WITHIN = 150
"""Seconds until Asterisk gives a phone up that answers nothing: 45, and twice the 32 of RFC 3261."""


@pytest.fixture
async def hotline(hotlines: Hotlines) -> AsyncIterator[Hotline]:
    """One whose callers soon leave a silent service."""
    async with hotlines.lent(HOTLINE_LEASE_SECONDS="10") as one:
        yield one


async def rows(hotline: Hotline) -> list[tuple[int, datetime | None]]:
    """Every talk in history: with whom, and when it ended."""
    async with hotline.storage.database.reading() as connection:
        found = await connection.execute(select(talks.c.dispatcher_id, talks.c.ended_at))
        return [(who, ended) for who, ended in found.all()]


async def copied(hotline: Hotline) -> Recording:
    """The only recording of the only call, once there is something to listen to."""
    found: list[Recording] = []

    async def made() -> bool:
        found[:] = await hotline.storage.calls.recordings((await hotline.only_call()).id)
        return bool(found) and all(one.listening_file for one in found)

    await hotline.until(made)
    (one,) = found
    return one


@pytest.mark.nightly  # by day the other one, and `test_fallback_queue.py`
async def test_a_talk_held_while_the_service_was_away_does_not_vanish(hotline: Hotline) -> None:
    await talk(hotline, back="after it")


async def test_a_talk_that_the_service_comes_back_to_does_not_vanish(hotline: Hotline) -> None:
    await talk(hotline, back="during it")


async def talk(hotline: Hotline, *, back: str) -> None:
    desk = await hotline.desk("201")
    await hotline.until(lambda: is_queued(hotline, "201"))
    await hotline.kill_service()
    call = await hotline.citizen(sound=tone(CITIZEN))
    ringing = await picks_up(desk, FIRST)
    await call.heard_tone(FIRST)
    await ringing.heard_tone(CITIZEN)
    said = recorded(call)
    await hotline.until(lambda: recorded(call) > said + 1)
    if back == "during it":
        await hotline.start_service()
        await hotline.until(lambda: _is(hotline, Presence.TALKING))
        await hotline.until(lambda: _one_talk(hotline))
    await ringing.hang_up()
    await call.ended()
    if back == "after it":
        await hotline.start_service()

    await compare(hotline, reconciled=True)
    olena = await hotline.dispatcher("201")
    ((who, ended),) = await rows(hotline)
    assert who == olena.id
    assert ended is not None
    (past,) = await hotline.storage.history.find(CallFilter(dispatcher_id=olena.id), limit=9)
    assert past.talk_seconds > 0
    recording = await copied(hotline)
    assert recording.dispatcher_id == olena.id
    assert recording.listening_file
    sound = wav(Path(recording.caller_file)), wav(Path(recording.dispatcher_file))
    assert ever_heard(sound[0].samples, CITIZEN)
    assert ever_heard(sound[1].samples, FIRST)
    await hotline.until(lambda: _is(hotline, Presence.READY))


async def _is(hotline: Hotline, presence: Presence) -> bool:
    return (await hotline.dispatcher("201")).presence is presence


async def _one_talk(hotline: Hotline) -> bool:
    return len(await rows(hotline)) == 1


@pytest.mark.nightly  # Asterisk asks a phone every 45 s, and waits for its answer
async def test_a_desk_phone_that_dies_while_the_service_is_away_leaves_the_caller_to_another(
    hotline: Hotline,
) -> None:
    phones = [await hotline.desk("201"), await hotline.desk("202")]
    await hotline.until(lambda: is_queued(hotline, "201"))
    await hotline.until(lambda: is_queued(hotline, "202"))
    await hotline.kill_service()
    call = await hotline.citizen(sound=tone(CITIZEN))
    rung = {asyncio.create_task(one.next_call(FOUND_WITHIN)): one for one in phones}
    (first,), (other,) = await asyncio.wait(rung, return_when=asyncio.FIRST_COMPLETED)
    await (await first).answer(tone(FIRST))
    await call.heard_tone(FIRST)

    rung[first].vanish()

    again = await other
    await again.answer(tone(SECOND))
    await call.heard_tone(SECOND)
    await again.hang_up()
    await call.ended()
    await hotline.start_service()
    await compare(hotline, reconciled=True)
    assert [ended is not None for _, ended in await rows(hotline)] == [True, True]
