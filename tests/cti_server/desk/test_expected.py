import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from cti_server.desk.expected import FRESH, Expected
from hotline.desk.callers import CallerCard
from hotline.events import CallArrived
from storage.store import Storage
from tests.cti_server.conftest import MovedClock

NUMBER = "+380457900001"


@pytest.fixture
async def expected(storage: Storage, clock: MovedClock) -> AsyncIterator[Expected]:
    kept = Expected(storage.callers, clock)

    async def keep() -> None:
        while True:
            await kept.read_next()

    keeping = asyncio.create_task(keep())
    yield kept
    keeping.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await keeping


async def read(expected: Expected, clock: MovedClock, call_id: str = "c1") -> CallerCard:
    """Somebody calls, and their card is there in a moment."""
    expected.expect(CallArrived(call_id=call_id, number=NUMBER, at=clock.now()))
    async with asyncio.timeout(60):
        while (card := expected.take(call_id)) is None:
            await asyncio.sleep(0.01)
    return card


async def kept(expected: Expected, clock: MovedClock) -> None:
    """The card of `c1` is there: the later call's card was read behind it."""
    expected.expect(CallArrived(call_id="c1", number=NUMBER, at=clock.now()))
    await read(expected, clock, "later")


async def test_it_is_what_the_registers_tell(storage: Storage, expected: Expected, clock: MovedClock) -> None:
    await storage.citizens.add("Марія", "Вулиця, 7", [NUMBER])
    card = await read(expected, clock)
    assert card == await storage.callers.card(NUMBER, but_call="c1")
    assert [one.name for one in card.candidates] == ["Марія"]


async def test_it_is_used_once(expected: Expected, clock: MovedClock) -> None:
    await read(expected, clock)
    assert expected.take("c1") is None


async def test_it_is_forgotten_when_something_happens_to_an_appeal(
    expected: Expected, clock: MovedClock
) -> None:
    await kept(expected, clock)
    expected.forget()
    assert expected.take("c1") is None


async def test_it_is_not_used_when_it_is_old(expected: Expected, clock: MovedClock) -> None:
    await kept(expected, clock)
    clock.pass_(seconds=FRESH.total_seconds())
    assert expected.take("c1") is None


async def test_who_hides_their_number_is_nobody_to_read_of(expected: Expected, clock: MovedClock) -> None:
    hidden = CallArrived(call_id="hidden", number=None, at=clock.now())
    expected.expect(hidden)
    expected.expect(replace(hidden, call_id="c1", number=NUMBER))
    await read(expected, clock, "later")
    assert expected.take("hidden") is None
    assert expected.take("c1") is not None
