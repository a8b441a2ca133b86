"""One of two nodes dies under people: the other calls back whom it cut off, and nobody else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hotline.calls.call import CallRecord, Outcome, Step
from hotline.line.presence_states import Presence
from storage.tables import call_attempts
from telephony.phone.call import Call
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.system.node import running
from tests.system.outside import PROVIDER, Outside
from tests.system.people import CITIZEN, FIRST, SECOND, picks_up
from tests.system.scaled import Scaled, all_holds, scaled_hotline

__all__ = ["cluster", "migrated_postgres"]
pytestmark = [pytest.mark.system, pytest.mark.nightly]

TALKS, WAITS, LISTENS = "+380457900001", "+380457900002", "+380457900003"


@dataclass(kw_only=True)
class City:
    """Two nodes, of which the second is to die, and the provider through whom calls leave."""

    scaled: Scaled
    outside: Outside
    desk: Phone

    async def in_talk(self) -> tuple[Call, Call]:
        """Somebody talks on the second node: their call, and the desk's."""
        await self.scaled.to_node("b")
        citizen = await self.scaled.citizen(TALKS)
        desk = await picks_up(self.desk, FIRST)
        await citizen.heard_tone(FIRST)
        return citizen, desk

    async def attempts(self) -> int:
        async with self.scaled.a.storage.database.reading() as connection:
            counted = await connection.execute(select(func.count()).select_from(call_attempts))
            return int(counted.scalar_one())

    async def of(self, number: str) -> list[CallRecord]:
        return [one for one in await self.scaled.a.calls() if one.number == number]

    async def all_over(self) -> bool:
        storage = self.scaled.a.storage
        ended = all(call.ended_at for call in await self.scaled.a.calls())
        return ended and not await storage.call_jobs.under_way(9)


@asynccontextmanager
async def running_city(cluster: Cluster, folder: Path, *, cables: bool = False) -> AsyncIterator[City]:
    async with Phone(PROVIDER, user="provider") as provider:
        trunk = {
            "HOTLINE_TRUNK_HOST": PROVIDER,
            "HOTLINE_TRUNK_PORT": str(provider.address[1]),
            "HOTLINE_ANNOUNCE_SECONDS": "2",
        }
        async with scaled_hotline(cluster, folder, cables=cables, **trunk) as scaled:
            outside = Outside(hotline=scaled.a, provider=provider)
            yield City(scaled=scaled, outside=outside, desk=await scaled.desk("201"))


@pytest.fixture
async def city(cluster: Cluster, migrated_postgres: str, tmp_path: Path) -> AsyncIterator[City]:
    del migrated_postgres  # the template of each database
    async with running_city(cluster, tmp_path) as one:
        yield one


async def test_the_other_node_calls_back_whom_a_dead_machine_cut_off(city: City) -> None:
    scaled, a, b = city.scaled, city.scaled.a, city.scaled.b
    await city.in_talk()
    await scaled.waits(WAITS, of=2)
    await scaled.calls(LISTENS)
    await b.until(lambda: _arrived(city, 3))
    entered = {one.call_id: one.entered_at for one in await a.storage.line.entries()}

    await scaled.kill(b)
    talked = await city.outside.rung(TALKS)
    waited = await city.outside.rung(WAITS)
    assert (await a.dispatcher("201")).presence is Presence.OFFERED
    await talked.answer()
    talk = await picks_up(city.desk, SECOND)
    assert talk.caller == TALKS
    talked.say(tone(CITIZEN))  # a tone from the start would be a machine's greeting
    await talked.heard_tone(SECOND)
    await talk.heard_tone(CITIZEN)
    await waited.reject(486)
    await a.until(lambda: _waits_for_their_turn(city))
    kept = await a.storage.kept_places.of(WAITS)
    assert kept is not None
    assert (kept.node, kept.entered_at) == ("a", entered[kept.call_id])

    before, old, menu = [(await city.of(one))[0] for one in (TALKS, WAITS, LISTENS)]
    assert {one.outcome for one in (before, old, menu)} == {Outcome.LOST}
    cut = [one.detail for one in await a.journey(before.id) if one.step is Step.CUT_OFF]
    dispatcher = await a.dispatcher("201")
    assert cut == [{"was": "talk", "node": "a", "dispatcher": dispatcher.id}]
    assert Step.CUT_OFF not in await a.steps(menu.id)

    async with running(b.settings, b.node.environ):  # it is back, and finds nobody who is owed a call
        await scaled.start_service(b)
        await talk.hang_up()
        await talked.ended()
        await a.until(city.all_over)
        assert await city.attempts() == 2
        assert [one.number for one in await a.storage.callbacks.owed(9)] == [WAITS, LISTENS]
        again = await scaled.citizen(WAITS)  # whoever calls again has their place
        assert (await picks_up(city.desk, FIRST)).caller == WAITS
        await again.heard_tone(FIRST)
        assert await a.storage.kept_places.of(WAITS) is None
        await again.hang_up()
        await a.until(city.all_over)
        await all_holds(a, b)


async def test_nobody_is_called_whose_node_has_lost_its_process_alone(city: City) -> None:
    scaled, b = city.scaled, city.scaled.b
    citizen, _ = await city.in_talk()
    await b.kill_service()
    await scaled.start_service(b)
    await b.kill_service()
    await scaled.start_service(b)
    await citizen.heard_tone(FIRST)
    await citizen.hang_up()
    await b.until(city.all_over)
    assert await city.attempts() == 0
    assert [one.outcome for one in await city.of(TALKS)] == [Outcome.TALKED]
    await all_holds(scaled.a, b)


async def test_who_is_called_by_either_node_when_asterisk_alone_died_and_is_back_at_once_is_called_once(
    city: City,
) -> None:
    a, b = city.scaled.a, city.scaled.b
    await city.in_talk()
    b.node.kill()
    await b.node.process.wait()
    async with running(b.settings, b.node.environ):
        talked = await city.outside.rung(TALKS)
        await talked.answer()
        talk = await picks_up(city.desk, SECOND)
        talked.say(tone(CITIZEN))
        await talk.heard_tone(CITIZEN)
        await talk.hang_up()
        await talked.ended()
        await a.until(city.all_over)
        assert await city.attempts() == 1
        assert sorted(str(one.outcome) for one in await city.of(TALKS)) == [Outcome.LOST, Outcome.TALKED]
        await all_holds(a, b)


async def _arrived(city: City, count: int) -> bool:
    return len(await city.scaled.a.calls()) == count


async def _waits_for_their_turn(city: City) -> bool:
    """Whether the call at once to whom was busy is over."""
    return len(await city.scaled.a.storage.call_jobs.under_way(9)) == 1
