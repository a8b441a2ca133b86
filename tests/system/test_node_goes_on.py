"""A node that was adopted while it was silent goes on: its people have what they had, and are called once."""

import asyncio
import contextlib
import os
import signal
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hotline.calls.call import Outcome, Step
from hotline.line.presence_states import Presence
from telephony.phone.call import Call
from telephony.phone.sound import SILENCE, tone
from telephony.phone.timeline import Who
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.system.people import CITIZEN, FIRST, SECOND, picks_up
from tests.system.scaled import Cables, Scaled, all_holds
from tests.system.test_node_dies import LISTENS, TALKS, WAITS, City, running_city

__all__ = ["cluster", "migrated_postgres"]
pytestmark = [pytest.mark.system, pytest.mark.nightly]

NOTHING = replace(SILENCE, repeats=False, then_nothing=True)
"""What a telephone says that suppresses silence: no packet at all."""

Begins = Callable[[Scaled], Callable[[], None]]
"""Has the second node fall silent, and gives what ends it."""


def _cables(scaled: Scaled) -> Cables:
    assert scaled.cables is not None
    return scaled.cables


def _sleeps(scaled: Scaled) -> Callable[[], None]:
    """The whole machine stands still, and the database ends the sessions of one that is silent."""
    assert scaled.b.service is not None
    programs = [scaled.b.node.process.pid, scaled.b.service.pid]
    for one in programs:
        os.kill(one, signal.SIGSTOP)
    _cables(scaled).database.unplug()

    def wakes() -> None:
        _cables(scaled).database.plug()
        for one in programs:
            os.kill(one, signal.SIGCONT)

    return wakes


def _hangs(scaled: Scaled) -> Callable[[], None]:
    """Asterisk stands still, and its process sees it."""
    asterisk = scaled.b.node.process.pid
    os.kill(asterisk, signal.SIGSTOP)
    return lambda: os.kill(asterisk, signal.SIGCONT)


def _is_cut_off(scaled: Scaled) -> Callable[[], None]:
    """Its people talk on: neither the other node nor the database is reached from it."""
    _cables(scaled).unplug()
    return _cables(scaled).plug


@pytest.fixture
async def city(cluster: Cluster, migrated_postgres: str, tmp_path: Path) -> AsyncIterator[City]:
    del migrated_postgres  # the template of each database
    async with running_city(cluster, tmp_path, cables=True) as one:
        yield one


@pytest.mark.parametrize("begins", [_sleeps, _hangs, _is_cut_off], ids=["sleeps", "hangs", "cut-off"])
async def test_the_people_of_a_node_that_was_adopted_and_lives_have_what_they_had(
    city: City, begins: Begins
) -> None:
    scaled, a = city.scaled, city.scaled.a
    citizen, desk = await city.in_talk()
    waiting = await scaled.waits(WAITS, of=2)
    listening = await scaled.calls(LISTENS)
    await a.until(lambda: _on_record(city, 3))
    dispatcher = await a.dispatcher("201")
    entered = {one.call_id: one.entered_at for one in await a.storage.line.entries()}
    before, old, menu = [(await city.of(one))[0].id for one in (TALKS, WAITS, LISTENS)]

    goes_on = begins(scaled)
    try:
        back = await city.outside.rung(TALKS)
        await back.reject(486)  # they are in the talk, or their telephone is off the hook
        again = await city.outside.rung(WAITS)  # it rings there, beside the call that is silent
    finally:
        goes_on()
    await a.until(lambda: _all_back(city, before, old, menu))

    assert (await again.ended()).who is Who.PEER, "nobody is rung who is on the telephone with us"
    assert {one.outcome for one in (await a.calls())[:3]} == {None}
    for call_id, times in ((before, 1), (old, 1), (menu, 0)):
        assert (await a.steps(call_id)).count(Step.CUT_OFF) == times
    await citizen.heard_tone(FIRST)
    await desk.heard_tone(CITIZEN)
    places = {one.call_id: one for one in await a.storage.line.entries()}
    assert places.keys() == {before, old}
    assert (places[before].dispatcher_id, places[before].callback_to) == (dispatcher.id, None)
    assert (places[old].entered_at, places[old].callback_to) == (entered[old], None)
    assert (await a.dispatcher("201")).presence is Presence.TALKING

    await desk.hang_up()
    await citizen.ended()
    talk = await picks_up(city.desk, SECOND)  # whoever waited is offered again
    assert talk.caller == WAITS
    await waiting.heard_tone(SECOND)
    await listening.press("0")  # and whoever was in the menu is heard
    await a.until(lambda: _waits(city, menu))
    await talk.hang_up()
    await waiting.ended()
    talk = await picks_up(city.desk, FIRST)
    assert talk.caller == LISTENS
    await listening.heard_tone(FIRST)
    await listening.hang_up()
    await talk.ended()
    await a.until(city.all_over)
    assert {one.outcome for one in (await a.calls())[:3]} == {Outcome.TALKED}
    assert await city.attempts() == 2, "each was called once"
    await all_holds(a, scaled.b)


@pytest.mark.parametrize("knows", [True, False], ids=["put-down", "without-power"])
async def test_whoever_is_not_heard_when_their_node_goes_on_is_reached_by_the_call_that_answers_theirs(
    city: City, *, knows: bool
) -> None:
    scaled, a = city.scaled, city.scaled.a
    citizen, desk = await city.in_talk()
    (before,) = await city.of(TALKS)
    dispatcher = await a.dispatcher("201")
    goes_on = _is_cut_off(scaled)
    try:
        back = await city.outside.rung(TALKS)
        citizen.drop()  # they have put the silent telephone down, and nobody heard of it
        if not knows:
            citizen._line.signalling.close()
    finally:
        goes_on()
    assert (await desk.ended()).who is Who.PEER, "the dispatcher waits for nobody who is gone"
    assert back.end is None
    await back.answer()
    talk = await picks_up(city.desk, SECOND)
    assert talk.caller == TALKS
    back.say(tone(CITIZEN))  # a tone from the start would be a machine's greeting
    await back.heard_tone(SECOND)
    await talk.heard_tone(CITIZEN)
    assert (await a.dispatcher("201")).presence is Presence.TALKING
    assert [one.dispatcher_id for one in await a.storage.line.entries()] == [dispatcher.id]
    await talk.hang_up()
    await back.ended()
    await a.until(city.all_over)
    assert Step.WENT_ON not in await a.steps(before.id)
    assert [one.outcome for one in await city.of(TALKS)] == [Outcome.LOST, Outcome.TALKED]
    assert await city.attempts() == 1, "they were called once"
    await all_holds(a, scaled.b)


@pytest.mark.parametrize("reports", [True, False], ids=["reports", "answers"])
async def test_whoever_says_nothing_when_their_node_goes_on_is_not_hung_up_on(
    city: City, *, reports: bool
) -> None:
    """A telephone that suppresses silence reports on our sound every five seconds, or only answers."""
    scaled, a = city.scaled, city.scaled.a
    citizen, desk = await city.in_talk()
    (before,) = await city.of(TALKS)
    citizen.say(NOTHING)
    goes_on = _is_cut_off(scaled)
    try:
        back = await city.outside.rung(TALKS)
        await back.reject(486)
    finally:
        goes_on()
    async with _reporting(citizen) if reports else contextlib.nullcontext():
        await a.until(lambda: _all_back(city, before.id))
    told = await scaled.b.node.ask("GET", f"channels/{before.id}/rtp_statistics")
    assert bool(told["rxjitter"]) == reports
    assert citizen.end is None
    await citizen.heard_tone(FIRST)
    citizen.say(tone(CITIZEN))
    await desk.heard_tone(CITIZEN)
    assert (await a.dispatcher("201")).presence is Presence.TALKING
    await citizen.hang_up()
    await a.until(city.all_over)
    assert (await city.of(TALKS))[0].outcome is Outcome.TALKED
    await all_holds(a, scaled.b)


@contextlib.asynccontextmanager
async def _reporting(call: Call) -> AsyncIterator[None]:
    """Report on what this telephone hears every five seconds, meanwhile (RFC 3550, receiver report)."""
    media = call._media
    assert media.mouth is not None
    assert media.ear._anchor is not None
    assert media._remote is not None
    assert media._transport is not None
    transport, whom = media._transport, (media._remote.host, media._remote.port + 1)
    ours, theirs = media.mouth._source, media.ear._anchor.source

    async def report() -> None:
        jitter = 0
        while True:
            await asyncio.sleep(5)
            jitter += 1 << 17
            block = struct.pack("!IIIIII", theirs, 0, 1, jitter, 0, 0)
            transport.sendto(struct.pack("!BBHI", 0x81, 201, 7, ours) + block, whom)

    reporting = asyncio.create_task(report())
    try:
        yield
    finally:
        reporting.cancel()


async def test_whoever_holds_us_when_their_node_goes_on_is_not_hung_up_on(city: City) -> None:
    scaled, a = city.scaled, city.scaled.a
    citizen, desk = await city.in_talk()
    (before,) = await city.of(TALKS)
    await citizen.hold()
    goes_on = _is_cut_off(scaled)
    try:
        back = await city.outside.rung(TALKS)
        await back.reject(486)
    finally:
        goes_on()
    await a.until(lambda: _all_back(city, before.id))
    assert citizen.end is None
    await citizen.resume()
    await citizen.heard_tone(FIRST)
    await desk.heard_tone(CITIZEN)
    await citizen.hang_up()
    await a.until(city.all_over)
    assert (await city.of(TALKS))[0].outcome is Outcome.TALKED
    await all_holds(a, scaled.b)


async def _on_record(city: City, count: int) -> bool:
    return len(await city.scaled.a.calls()) == count


async def _all_back(city: City, *calls: str) -> bool:
    """Whether these calls are known to go on, after they were taken for lost."""
    return all([Step.WENT_ON in await city.scaled.a.steps(one) for one in calls])


async def _waits(city: City, call_id: str) -> bool:
    return call_id in {one.call_id for one in await city.scaled.a.storage.line.entries()}
