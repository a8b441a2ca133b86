"""Time in which this process itself stood still is nobody's silence."""

import asyncio
from collections.abc import Callable

import pytest

from telephony.lived_time import LivedTime, Patience, SharedPatience

A_DAY = 86_400.0


@pytest.fixture
async def stand_still(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Have a day pass for the event loop, as it does when the process is stopped and goes on."""
    loop = asyncio.get_running_loop()
    clock, stopped = loop.time, [0.0]
    monkeypatch.setattr(loop, "time", lambda: clock() + stopped[0])

    def stop() -> None:
        stopped[0] += A_DAY

    return stop


async def test_an_answer_that_lay_unread_while_we_stood_still_is_taken(
    stand_still: Callable[[], None],
) -> None:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str] = loop.create_future()

    async def unread() -> None:
        stand_still()
        for _ in range(3):  # the deadlines are looked at before the sockets are read through
            await asyncio.sleep(0)
        answer.set_result("here")

    with Patience(answer, A_DAY / 2):
        reading = asyncio.create_task(unread())
        assert await answer == "here"
    await reading


async def test_who_never_answers_is_given_up() -> None:
    answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    with pytest.raises(TimeoutError), Patience(answer, 0.02):
        await answer


async def test_of_many_answers_those_that_do_not_come_are_given_up_and_no_other(
    stand_still: Callable[[], None],
) -> None:
    loop = asyncio.get_running_loop()
    patience = SharedPatience(0.02)
    came, never, late = (loop.create_future() for _ in range(3))
    for answer in (came, never):
        patience.wait_for(answer)
    came.set_result("here")
    with pytest.raises(TimeoutError):
        await never
    assert came.result() == "here"
    patience.wait_for(late)  # after all others are over
    stand_still()
    await asyncio.sleep(0)
    assert not late.done(), "a day in which we stood still is one look"
    with pytest.raises(TimeoutError):
        await late


async def test_an_answer_in_time_leaves_nothing_behind(stand_still: Callable[[], None]) -> None:
    answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    with Patience(answer, 1):
        answer.set_result("here")
        assert await answer == "here"
    for _ in range(9):
        stand_still()
        await asyncio.sleep(0)
    assert answer.result() == "here"


def test_from_one_look_to_the_next_no_more_passes_than_may() -> None:
    times = iter([0.0, 1.0, 3.0, A_DAY, A_DAY + 2])
    lived = LivedTime(3, lambda: next(times))
    assert [lived.read() for _ in range(4)] == [1, 3, 6, 8]
