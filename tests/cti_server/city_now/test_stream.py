"""Pages are told of what has changed, and of nothing else; the stream ends with the right to it."""

import asyncio

import aiohttp
import pytest

from cti_server.city_now.watch import CityWatch, Part
from hotline.access.permissions import Role
from hotline.events import LineChanged
from tests.cti_server.appeals.card.conftest import Road
from tests.cti_server.conftest import Person
from tests.cti_server.outages.alerts.conftest import raised


async def told(answer: aiohttp.ClientResponse) -> str:
    async with asyncio.timeout(20):
        while True:
            line = (await answer.content.readline()).decode()
            if line.startswith("event: ") and "alive" not in line:
                return line.split()[1]
            assert line, "the stream has ended"


async def test_a_page_hears_which_part_has_changed(head: Person, road: Road, watch: CityWatch) -> None:
    async with await head.get("/city/changes") as answer:
        assert answer.content_type == "text/event-stream"
        await watch.look()
        assert {await told(answer) for _ in Part} == {*Part}
        await road.storage.line.enter("one", at=road.clock.now())
        watch.tell(LineChanged(at=road.clock.now()))
        await watch.look()
        assert await told(answer) == Part.LINE


async def test_nothing_is_told_while_nothing_changes(road: Road, watch: CityWatch) -> None:
    with watch.looking() as onlooker:
        await watch.look()
        assert set(await onlooker.next()) == {*Part}
        watch.tell(LineChanged(at=road.clock.now()))
        await watch.look()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await onlooker.next()


async def test_a_page_that_opens_beside_another_is_told_what_changed_while_it_was_made(
    road: Road, watch: CityWatch
) -> None:
    del road
    with watch.looking() as first:
        await watch.look()
        await first.next()
        with watch.looking() as second:
            await watch.look()
            assert set(await second.next()) == {Part.LINE, Part.TOLD}


async def test_who_is_signed_out_hears_no_more(head: Person, road: Road) -> None:
    del road
    async with await head.get("/city/changes") as answer:
        await head.post("/sign-out")
        async with asyncio.timeout(20):
            await answer.content.read()
    assert (await head.get("/city")).status == 302


async def test_a_dispatcher_does_not_watch_the_city(head: Person, road: Road) -> None:
    del road
    await head.enter(Role.DISPATCHER.value)
    assert (await head.get("/city/changes")).status == 403


async def test_an_alert_that_nobody_told_of_is_seen_all_the_same(
    road: Road, watch: CityWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cti_server.city_now.watch.REST_SECONDS", 0.0)
    with watch.looking() as onlooker:
        await watch.look()
        await onlooker.next()
        await raised(road.storage, road.clock)
        await watch.look()
        assert await onlooker.next() == [Part.REST]
