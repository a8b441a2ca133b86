import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import insert

from cti_server.desk.expected import FRESH, Expected
from hotline.appeals.appeal import Appeal, AppealState
from hotline.desk.callers import CallerCard
from hotline.events import CallArrived
from storage.desk.callers import StoredCallers
from storage.store import Storage
from storage.tables import appeals
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


def of(number: str | None, clock: MovedClock, *, applicant_id: int | None = None) -> Appeal:
    return Appeal(
        number="26000001",
        applicant_number=number,
        applicant_id=applicant_id,
        text="",
        state=AppealState.ASSIGNED,
        registered_at=clock.now(),
        due_on=clock.now().date(),
    )


async def test_what_happens_to_an_appeal_of_somebody_else_changes_nothing(
    storage: Storage, expected: Expected, clock: MovedClock
) -> None:
    await storage.citizens.add("Марія", "Вулиця, 7", [NUMBER])
    await kept(expected, clock)
    expected.forget(of("+380457900002", clock, applicant_id=77))
    expected.forget(of(None, clock))
    assert expected.take("c1") is not None


async def test_what_happens_to_an_appeal_of_theirs_is_read_anew(
    storage: Storage, expected: Expected, clock: MovedClock
) -> None:
    who = (await storage.citizens.add("Марія", "Вулиця, 7", [NUMBER])).id
    for theirs in (of(NUMBER, clock), of("+380457900002", clock, applicant_id=who)):
        await kept(expected, clock)
        expected.forget(theirs)
        assert expected.take("c1") is None


async def test_what_happens_to_the_appeal_that_theirs_is_linked_to_is_read_anew(
    storage: Storage, expected: Expected, clock: MovedClock
) -> None:
    async with storage.database.writing() as connection:
        await connection.execute(
            insert(appeals),
            {"number": "26000002", "parent": "26000001", "applicant_number": NUMBER, "text": ""}
            | {"state": "assigned", "registered_at": clock.now(), "due_on": clock.now().date()},
        )
    await kept(expected, clock)
    expected.forget(of("+380457900002", clock))
    assert expected.take("c1") is None


async def test_what_happens_while_it_is_read_counts(storage: Storage, clock: MovedClock) -> None:
    class ChangedMeanwhile(StoredCallers):
        async def expect(self, number: str, *, but_call: str) -> CallerCard:
            card = await super().expect(number, but_call=but_call)
            waited_for.forget(of(NUMBER, clock))
            return card

    waited_for = Expected(ChangedMeanwhile(storage.database), clock)
    waited_for.expect(CallArrived(call_id="c1", number=NUMBER, at=clock.now()))
    await waited_for.read_next()
    assert waited_for.take("c1") is None


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
