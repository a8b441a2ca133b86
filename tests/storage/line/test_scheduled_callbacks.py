"""Arranged calls, on both databases."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from hotline.access.permissions import Role
from hotline.errors import NotFound
from hotline.line.callbacks import CLAIM_LASTS, CallbackResult
from hotline.line.scheduled_callbacks import (
    TRIED_AGAIN_AFTER,
    EitherClaims,
    NewScheduled,
    Scheduled,
    referred,
)
from hotline.line.scheduled_states import ScheduledEvent
from storage.store import Storage
from tests.storage.conftest import NOON
from tests.storage.line.test_callbacks import call as missed

MARIA = "+380457900001"


@pytest.fixture
async def olya(storage: Storage) -> int:
    return await user(storage, "olya")


async def user(storage: Storage, login: str) -> int:
    made = await storage.users.add(login=login, name=login, role=Role.DISPATCHER, password_hash="h")
    return made.id


async def arranged(storage: Storage, user_id: int, minutes: int = 0, *, mine: bool = False) -> Scheduled:
    wanted = NewScheduled(
        number=MARIA,
        due_at=NOON + timedelta(minutes=minutes),
        why="Чи є вода",
        arranged_by=user_id,
        arranged_at=NOON,
        for_user_id=user_id if mine else None,
        call_id="c1",
    )
    return await storage.scheduled_callbacks.arrange(wanted)


async def test_those_that_are_due_stand_in_order_of_time(storage: Storage, olya: int) -> None:
    later = await arranged(storage, olya, 5)
    sooner = await arranged(storage, olya, -5, mine=True)
    assert await storage.scheduled_callbacks.waiting(9) == [sooner, later]
    assert await storage.scheduled_callbacks.waiting(9, NOON) == [sooner]
    assert sooner.concerns(olya)
    assert not sooner.concerns(olya + 1)


async def test_of_two_who_call_at_once_one_does(storage: Storage, olya: int) -> None:
    call, ivan = await arranged(storage, olya), await user(storage, "ivan")
    claims = await asyncio.gather(
        *(storage.scheduled_callbacks.claim(call.id, who, NOON) for who in (olya, ivan))
    )
    (holder,) = {claim.user_id for claim in claims}
    other = ivan if holder == olya else olya
    await storage.scheduled_callbacks.release(call.id, other)
    assert (await storage.scheduled_callbacks.claim(call.id, other, NOON)).user_id == holder
    later = NOON + CLAIM_LASTS
    assert (await storage.scheduled_callbacks.claim(call.id, other, later)).user_id == other


async def test_a_form_that_is_sent_twice_arranges_one_call(storage: Storage, olya: int) -> None:
    twice = await asyncio.gather(arranged(storage, olya), arranged(storage, olya))
    assert twice[0] == twice[1]
    another = await arranged(storage, await user(storage, "ivan"))
    mine = await arranged(storage, olya, mine=True)
    later = await arranged(storage, olya, 5)
    assert len({one.id for one in (twice[0], another, mine, later)}) == 4
    await storage.scheduled_callbacks.give_up(later.id)
    assert (await arranged(storage, olya, 5)).id != later.id, "the first is over"


async def test_a_call_of_a_closed_account_is_anybodys(storage: Storage, olya: int) -> None:
    call = await arranged(storage, olya, mine=True)
    account = await storage.users.get(olya)
    await storage.users.update(replace(account, active=False))
    (waiting,) = await storage.scheduled_callbacks.waiting(9)
    assert waiting.id == call.id
    assert waiting.concerns(olya + 1)
    await storage.users.update(account)
    assert await storage.scheduled_callbacks.waiting(9) == [call], "reopened, it is theirs again"


@pytest.mark.parametrize("arranged_first", [True, False])
async def test_a_number_on_both_lists_is_called_by_one_desk_at_a_time(
    storage: Storage, olya: int, *, arranged_first: bool
) -> None:
    call, ivan = await arranged(storage, olya), await user(storage, "ivan")
    await missed(storage, "missed-1", MARIA, 0)
    first = partial(storage.scheduled_callbacks.claim, call.id)
    second = partial(storage.callbacks.claim, "missed-1")
    if not arranged_first:
        first, second = second, first
    mine = await first(olya, NOON)
    assert await second(ivan, NOON) == mine
    assert (await second(olya, NOON)).user_id == olya, "one's own is no obstacle"
    assert (await first(ivan, NOON + CLAIM_LASTS)).user_id == ivan


async def test_of_two_desks_that_claim_a_number_at_once_on_either_list_one_calls(
    storage: Storage, olya: int
) -> None:
    call, ivan = await arranged(storage, olya), await user(storage, "ivan")
    await missed(storage, "missed-1", MARIA, 0)
    for _ in range(3):  # at first PostgreSQL's connections are opened one after the other
        claims = await asyncio.gather(
            storage.scheduled_callbacks.claim(call.id, olya, NOON),
            storage.callbacks.claim("missed-1", ivan, NOON),
        )
        assert claims[0] == claims[1]
        await storage.scheduled_callbacks.release(call.id, olya)
        await storage.callbacks.release("missed-1", ivan)


async def test_a_try_in_vain_is_counted_once_and_has_it_due_again_later(storage: Storage, olya: int) -> None:
    call = await arranged(storage, olya)
    await storage.scheduled_callbacks.claim(call.id, olya, NOON)
    await storage.scheduled_callbacks.tried(call.id, olya, CallbackResult.BUSY, NOON, made_call_id="out-1")
    with pytest.raises(NotFound):  # told again, as after a restart
        await storage.scheduled_callbacks.tried(
            call.id, olya, CallbackResult.BUSY, NOON, made_call_id="out-1"
        )
    (left,) = await storage.scheduled_callbacks.waiting(9)
    assert (left.tries, left.last_result, left.claim) == (1, CallbackResult.BUSY, None)
    assert left.due_at == NOON + TRIED_AGAIN_AFTER
    assert left.about == call.about


async def test_a_try_leaves_the_claim_of_another_who_calls_by_now(storage: Storage, olya: int) -> None:
    call, ivan = await arranged(storage, olya), await user(storage, "ivan")
    await storage.scheduled_callbacks.claim(call.id, olya, NOON)
    theirs = await storage.scheduled_callbacks.claim(call.id, ivan, NOON + CLAIM_LASTS)
    await storage.scheduled_callbacks.tried(call.id, olya, CallbackResult.NO_ANSWER, NOON + CLAIM_LASTS)
    assert [one.claim for one in await storage.scheduled_callbacks.waiting(9)] == [theirs]


@pytest.mark.parametrize("reached", [True, False])
async def test_whoever_was_reached_or_is_given_up_is_off_the_list(
    storage: Storage, olya: int, *, reached: bool
) -> None:
    scheduled, call = storage.scheduled_callbacks, await arranged(storage, olya)
    await (
        scheduled.tried(call.id, olya, CallbackResult.REACHED, NOON)
        if reached
        else scheduled.give_up(call.id)
    )
    assert await scheduled.waiting(9) == []
    for act in (
        scheduled.claim(call.id, olya, NOON),
        scheduled.move(call.id, NOON),
        scheduled.give_up(call.id),
        scheduled.tried(call.id, olya, CallbackResult.BUSY, NOON),
    ):
        with pytest.raises(NotFound):
            await act


async def test_it_is_moved_to_another_moment(storage: Storage, olya: int) -> None:
    call = await arranged(storage, olya)
    await storage.scheduled_callbacks.move(call.id, NOON + timedelta(days=1))
    assert await storage.scheduled_callbacks.waiting(9, NOON) == []


async def test_a_claim_goes_to_the_list_that_its_reference_names(storage: Storage, olya: int) -> None:
    claims = EitherClaims(storage.callbacks, storage.scheduled_callbacks)
    call = await arranged(storage, olya)
    await claims.claim(call.reference, olya, NOON)
    assert (await storage.scheduled_callbacks.waiting(9))[0].claim
    await claims.release(call.reference, olya)
    assert (await storage.scheduled_callbacks.waiting(9))[0].claim is None
    with pytest.raises(NotFound):
        await claims.claim("1764126000.1", olya, NOON)


@pytest.mark.parametrize("text", ["7", "scheduled-", "scheduled-x", "scheduled-²", "scheduled-" + "9" * 30])
def test_the_name_of_a_call_refers_to_nothing_arranged(text: str) -> None:
    assert referred(text) is None


@pytest.mark.parametrize("over", [ScheduledEvent.REACH, ScheduledEvent.GIVE_UP])
async def test_nothing_happens_any_more_to_one_that_is_over(
    storage: Storage, olya: int, over: ScheduledEvent
) -> None:
    call, stored = await arranged(storage, olya), storage.scheduled_callbacks
    happens: dict[ScheduledEvent, Callable[[], Awaitable[object]]] = {
        ScheduledEvent.CLAIM: lambda: stored.claim(call.id, olya, NOON),
        ScheduledEvent.TRY: lambda: stored.tried(call.id, olya, CallbackResult.BUSY, NOON),
        ScheduledEvent.MOVE: lambda: stored.move(call.id, NOON),
        ScheduledEvent.REACH: lambda: stored.tried(call.id, olya, CallbackResult.REACHED, NOON),
        ScheduledEvent.GIVE_UP: lambda: stored.give_up(call.id),
    }
    await happens[over]()
    for event in ScheduledEvent:
        with pytest.raises(NotFound):
            await happens[event]()
    assert await stored.waiting(9) == []
