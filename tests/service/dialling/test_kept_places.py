"""A place that was kept is called: whatever comes of it, the dispatcher is kept free no longer than that."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from hotline.dialling.dialler import Kind, Result
from hotline.dialling.dialling_rules import DiallingRules
from hotline.dialling.jobs import Attempt
from hotline.events import Event, OfferWithdrawn
from hotline.line.kept_places import KEPT_PLACE
from hotline.line.line import Offer
from hotline.line.presence_states import Presence
from hotline.people.do_not_call import Unwanted
from storage.store import Storage
from telephony.ari.errors import AriUnavailable
from telephony.dialling.claims import Claims
from telephony.dialling.dialler import Dialler
from telephony.dialling.kept_places import KeptPlaceCalls, QueueCallbacks
from tests.fakes.clock import SetClock
from tests.fakes.jobs import ToldJobs, claims_of

NUMBER, CALL = "+380457900001", "hotline-1795672596.12"
Placing = Callable[[Attempt[Any]], Awaitable[None]]


@dataclass
class Told:
    """Implements `hotline.events.Events`: what desks are told, in its order."""

    told: list[Event] = field(default_factory=list)

    def tell(self, event: Event) -> None:
        self.told.append(event)

    @property
    def withdrawn(self) -> int:
        return sum(isinstance(one, OfferWithdrawn) for one in self.told)


@dataclass
class Placer:
    """Places calls by what a test says comes of them, and remembers them."""

    comes_to: Placing
    placed: list[Attempt[Any]] = field(default_factory=list)

    async def place(self, attempt: Attempt[Any]) -> None:
        self.placed.append(attempt)
        await self.comes_to(attempt)


@dataclass
class Scene:
    storage: Storage
    clock: SetClock
    claims: Claims
    told: Told
    news: ToldJobs

    async def offered(self) -> Offer:
        """Somebody has kept their place, and it is their turn."""
        storage, now = self.storage, self.clock.now()
        one = await storage.dispatchers.add("201", "Олена", "secret", frozenset())
        await storage.dispatchers.set_presence(one.id, Presence.READY, now)
        await storage.line.enter(CALL, at=now)
        assert await storage.kept_places.keep(CALL, NUMBER, now)
        offer = await storage.line.pair(now)
        assert offer is not None
        return offer

    async def call(self, comes_to: Placing) -> Placer:
        placer = Placer(comes_to)
        calling = QueueCallbacks(
            dialler=cast("Dialler", placer),
            claims=self.claims,
            kept=self.storage.kept_places,
            line=self.storage.line,
            clock=self.clock,
            events=self.told,
            line_changed=asyncio.Event(),
            tasks=asyncio.TaskGroup(),
        )
        offer = await self.offered()
        assert offer.callback_to == NUMBER
        await calling.call_back(offer, NUMBER)
        return placer

    async def owed(self, *, exempt: str = "") -> None:
        """Owe the same number another call."""
        self.news.exempt, self.news.number = exempt, NUMBER
        await self.news.owed(self.storage, 1, at=self.clock.now())

    async def presence(self) -> Presence:
        (one,) = await self.storage.dispatchers.all()
        return one.presence


@pytest.fixture
def scene(storage: Storage, clock: SetClock) -> Scene:
    async def converse(*_: object) -> None:
        raise AssertionError("nobody answers here")

    places = KeptPlaceCalls(
        storage.kept_places,
        converse,
        {},
        line=storage.line,
        refuses_recording=storage.calls.refuses_recording,
    )
    rules = DiallingRules(zone=ZoneInfo("Europe/Kyiv"), budget=1)
    claims = claims_of(storage, clock, places, news := ToldJobs("news", kind=Kind.EMERGENCY), rules=rules)
    return Scene(storage, clock, claims, Told(), news)


async def test_whoever_is_not_reached_frees_the_dispatcher_who_is_told_once(scene: Scene) -> None:
    async def engaged(attempt: Attempt[Any]) -> None:
        await scene.claims.end(attempt, Result.BUSY)

    placer = await scene.call(engaged)
    (attempt,) = placer.placed
    assert (attempt.job.source, attempt.job.about) == (KEPT_PLACE, CALL)
    assert (await scene.presence(), scene.told.withdrawn) == (Presence.READY, 1)
    place = await scene.storage.kept_places.of(NUMBER)
    assert place is not None
    assert place.dispatcher_id is None


async def test_a_place_that_is_kept_twice_owes_one_call(scene: Scene) -> None:
    storage, now = scene.storage, scene.clock.now()
    await storage.line.enter(CALL, at=now)
    for _ in range(2):  # what was not answered in time is written again
        assert await storage.kept_places.keep(CALL, NUMBER, now)
    job = await storage.call_jobs.claim_this(KEPT_PLACE, CALL, "out-back-1", now, attempt=1)
    assert job is not None
    assert await storage.call_jobs.claim_this(KEPT_PLACE, CALL, "out-back-2", now, attempt=2) is None


async def test_of_two_who_call_from_one_number_each_is_tried_again(scene: Scene) -> None:
    storage, now = scene.storage, scene.clock.now()
    calls = (CALL, "hotline-1795672597.13")
    for call in calls:
        await storage.line.enter(call, at=now)
        assert await storage.kept_places.keep(call, NUMBER, now)
    for nth in (1, 2):
        for call in calls:
            attempt = await scene.claims.take_this(KEPT_PLACE, call, f"back-{nth}-{call}", attempt=nth)
            assert attempt is not None
            assert await scene.claims.dial(attempt)
            await scene.claims.end(attempt, Result.NO_ANSWER)


async def test_a_key_brings_them_to_the_dispatcher_and_no_offer_is_withdrawn(scene: Scene) -> None:
    async def pressed(attempt: Attempt[Any]) -> None:
        assert await scene.storage.kept_places.reached(CALL, attempt.call_id, scene.clock.now())
        await scene.claims.end(attempt, Result.SETTLED)

    await scene.call(pressed)
    assert scene.told.withdrawn == 0
    assert await scene.storage.kept_places.of(NUMBER) is None


async def test_an_error_under_way_leaves_no_dispatcher_engaged_for_nobody(scene: Scene) -> None:
    async def broken(attempt: Attempt[Any]) -> None:
        raise ConnectionError(attempt.call_id)

    with pytest.raises(ConnectionError):
        await scene.call(broken)
    assert (await scene.presence(), scene.told.withdrawn) == (Presence.READY, 1)


async def test_they_are_called_though_on_the_list_of_whom_not_to_call_and_though_the_budget_is_spent(
    scene: Scene,
) -> None:
    async def in_vain(attempt: Attempt[Any]) -> None:
        await scene.claims.end(attempt, Result.NO_ANSWER)

    now = scene.clock.now()
    await scene.storage.do_not_call.add(Unwanted(number=NUMBER, reason="Просить не турбувати", at=now))
    await scene.owed(exempt="-")
    (earlier,) = await scene.claims.take(1)
    assert await scene.claims.dial(earlier)
    await scene.claims.end(earlier, Result.NO_ANSWER)
    assert len((await scene.call(in_vain)).placed) == 1


async def test_whom_another_call_rings_just_now_is_not_rung_by_a_second_one(scene: Scene) -> None:
    async def never(attempt: Attempt[Any]) -> None:
        raise AssertionError(attempt)

    now = scene.clock.now()
    await scene.owed()
    assert len(await scene.claims.take(1)) == 1
    assert (await scene.call(never)).placed == []
    assert (await scene.presence(), scene.told.withdrawn) == (Presence.READY, 1)
    assert await scene.storage.line.pair(now) is None
    scene.clock.pass_by(60)
    again = await scene.storage.line.pair(scene.clock.now())
    assert again is not None
    assert again.attempt == 2, "an offer's number is never another's"


async def test_a_connection_that_is_lost_is_no_attempt_where_nobody_was_dialled(scene: Scene) -> None:
    async def lost(attempt: Attempt[Any]) -> None:
        raise AriUnavailable(attempt.call_id)

    with pytest.raises(AriUnavailable):
        await scene.call(lost)
    storage, clock = scene.storage, scene.clock
    assert await scene.presence() is Presence.OFFERED, "the next connection finds what follows"
    await storage.kept_places.break_off(CALL, clock.now(), clock.now())
    for _ in range(9):  # and each connection after it is lost as well
        clock.pass_by(60)
        assert await storage.line.pair(clock.now()) is not None
        await storage.kept_places.break_off(CALL, clock.now(), clock.now())
        assert (await scene.presence(), await storage.kept_places.of(NUMBER) is None) == (
            Presence.READY,
            False,
        )


async def test_whoever_was_rung_when_the_connection_was_lost_was_called_in_vain(scene: Scene) -> None:
    storage, clock = scene.storage, scene.clock
    now = clock.now()
    await scene.offered()
    for attempt in range(1, 4):
        one = await scene.claims.take_this(KEPT_PLACE, CALL, f"out-back-{attempt}-{CALL}", attempt=attempt)
        assert one is not None
        assert await scene.claims.dial(one)
        await storage.kept_places.break_off(CALL, now, now)
        await scene.claims.end(one, Result.INTERRUPTED)
        clock.pass_by(20 * 60)
        now = clock.now()
        assert (await storage.line.pair(now) is None) is (attempt == 3)
    assert await storage.kept_places.of(NUMBER) is None
