import asyncio

import pytest

from cti_server.screens import ROOM, Screens
from hotline.events import DispatcherOffered
from tests.fakes.clock import NOON


def offer(dispatcher_id: int, call_id: str = "c1") -> DispatcherOffered:
    return DispatcherOffered(call_id=call_id, dispatcher_id=dispatcher_id, number=None, attempt=1, at=NOON)


async def test_a_browser_gets_what_is_put_in_order_at_once_and_only_its_own_dispatchers() -> None:
    screens = Screens()
    with screens.open(1, 10, "uk") as mine, screens.open(2, 20, "uk") as theirs:
        for screen in screens.of(1):
            screen.put("first")
            screen.put("second")
        assert await mine.next() == "firstsecond"
        mine.put("third")
        assert await mine.next() == "third"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await theirs.next()


async def test_a_browser_that_does_not_keep_up_is_dropped_and_the_others_go_on() -> None:
    screens = Screens()
    with screens.open(1, 10, "uk") as slow, screens.open(1, 10, "uk") as quick:
        for number in range(ROOM + 1):
            for screen in screens.of(1):
                screen.put(str(number))
            assert await quick.next() == str(number)
        assert slow.dropped.is_set()
        assert not quick.dropped.is_set()


async def test_a_desk_is_forgotten_when_its_last_browser_goes() -> None:
    screens = Screens()
    with screens.open(1, 10, "uk"):
        with screens.open(1, 10, "en"):
            assert len(screens.of(1)) == 2
        assert len(screens.of(1)) == 1
        assert screens.dispatchers() == (1,)
    assert screens.dispatchers() == ()


async def test_a_telephone_waits_until_the_caller_is_on_the_screen() -> None:
    screens = Screens()
    with screens.open(1, 10, "uk"):
        waiting = asyncio.create_task(screens.shown(offer(1)))
        await asyncio.sleep(0)
        screens.seen(1, "another call")
        screens.seen(2, "c1")
        await asyncio.sleep(0)
        assert not waiting.done()
        screens.seen(1, "c1")
        await asyncio.wait_for(waiting, 0.05)


async def test_a_telephone_does_not_wait_without_a_screen_nor_for_one_that_is_dead() -> None:
    screens = Screens()
    async with asyncio.timeout(0.05):
        await screens.shown(offer(1))
    with screens.open(1, 10, "uk"):
        async with asyncio.timeout(5):
            await screens.shown(offer(1))


async def test_news_that_came_while_a_desk_was_being_read_are_shown_after_it() -> None:
    with Screens().open(1, 1, "uk") as screen:
        screen.put("who rings")
        screen.begin("nobody rings yet, ")
        assert await screen.next() == "nobody rings yet, who rings"
