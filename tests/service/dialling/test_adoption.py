"""What a surviving node does with the calls of one that is gone, on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

import pytest

from hotline.calls.call import Outcome, Step
from hotline.line.adoption import Adopted, GivenBack
from hotline.line.cut_off import CallBackNow
from hotline.line.kept_places import KEPT_PLACE
from hotline.line.line import Dispatcher, Priority
from hotline.line.presence_states import UNREACHABLE, Presence
from hotline.line.queue_entry_states import QueueEntryState
from service.calls.lost_calls import LostCalls
from storage.line.adoption import StoredAdoptions
from storage.line.line import StoredLine
from storage.store import Storage, open_storage
from telephony.ari.actions import Ari
from telephony.ari.messages import UP, CallerId, Channel
from telephony.calls.journey import Journey
from telephony.dialling.claims import ENGAGED_FOR, LEFT_AFTER
from telephony.dialling.kept_places import QueueCallbacks
from telephony.ids import calling_back
from telephony.node.adoption import Adoption, nobody_known
from telephony.node.cut_off_calls import CutOffCalls
from telephony.node.wrongly_lost import WronglyLost
from tests.fakes.clock import SetClock
from tests.service.dialling.test_cut_off import Scene, number
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.storage.line.test_cut_off import rings

__all__ = ["cluster", "migrated_postgres"]
TALKS, WAITS, HIDDEN, KEPT, ELSEWHERE = (
    *(f"hotline-b-1.{one}" for one in range(1, 5)),
    "hotline-a-1.1",
)


@dataclass
class Called:
    """Takes whom a node calls back at once."""

    now: list[CallBackNow] = field(default_factory=list)

    def call_now(self, one: CallBackNow) -> None:
        self.now.append(one)


@dataclass
class Survivors:
    """The line of all nodes, and those that may adopt."""

    scene: Scene
    called: dict[str, Called] = field(default_factory=dict)

    @property
    def storage(self) -> Storage:
        return self.scene.storage

    async def adopts(self, node: str, gone: str = "b", *, call_back: bool = True) -> Sequence[CallBackNow]:
        """Have a node adopt another, and give whom it calls."""
        called = self.called.setdefault(node, Called())
        before = len(called.now)
        async with asyncio.TaskGroup() as tasks:
            await self._adoption(node, called, tasks).adopt(gone, call_back=call_back)
        return called.now[before:]

    def _adoption(self, node: str, called: Called, tasks: asyncio.TaskGroup) -> Adoption:
        storage, clock = self.storage, self.scene.clock
        return Adoption(
            calls=storage.calls,
            line=storage.line,
            kept=storage.kept_places,
            adoptions=StoredAdoptions(storage.database, node),
            cut_off=lambda of: self.cut_off(of, in_its_place=node),
            callbacks=cast("QueueCallbacks", called),
            end_lost=LostCalls(storage.calls, storage.cel).end,
            clock=clock,
            wrap_up=timedelta(),
            line_changed=asyncio.Event(),
            tasks=tasks,
        )

    def cut_off(self, node: str, in_its_place: str = "") -> CutOffCalls:
        def dialable(written: str) -> str | None:
            return written

        return CutOffCalls(
            calls=self.storage.calls,
            kept=self.storage.kept_places,
            clock=self.scene.clock,
            hung_up=nobody_known,
            dialable=dialable,
            node=node,
            in_its_place=in_its_place,
        )

    async def comes_back(self, node: str, alive: Collection[str] = ()) -> Sequence[CallBackNow]:
        """A node's own Asterisk is back: whom it finds cut off."""
        entries = {one.call_id: one for one in await self.storage.line.entries()}
        return [*(await self.cut_off(node).owed(alive, entries)).values()]

    def wrongly_lost(self, node: str) -> WronglyLost:
        storage = self.storage
        return WronglyLost(
            ari=cast("Ari", None),
            calls=storage.calls,
            line=storage.line,
            adoptions=StoredAdoptions(storage.database, node),
            dispatchers=storage.dispatchers,
            clock=self.scene.clock,
            node=node,
        )

    async def presence(self, dispatcher: Dispatcher) -> Presence:
        return (await self.storage.dispatchers.get(dispatcher.id)).presence

    async def outcomes(self, *calls: str) -> set[Outcome | None]:
        found = [await self.storage.calls.find(one) for one in calls]
        return {one.outcome for one in found if one is not None}


@pytest.fixture
async def survivors(cluster: Cluster, migrated_postgres: str, clock: SetClock) -> AsyncIterator[Survivors]:
    cluster.empty()
    async with open_storage(migrated_postgres, clock) as storage:
        yield Survivors(Scene(storage, clock))


async def _in_talk(survivors: Survivors, call_id: str, extension: str, of: str) -> Dispatcher:
    storage, clock = survivors.storage, survivors.scene.clock
    one = await storage.dispatchers.add(extension, extension, "s", frozenset())
    await storage.dispatchers.set_presence(one.id, Presence.READY, clock.now())
    await survivors.scene.in_line(call_id, of)
    assert await storage.line.pick(call_id, one.id, clock.now()) is not None
    assert await storage.line.answered(call_id, one.id, clock.now())
    return one


async def test_one_of_two_survivors_adopts_and_the_node_that_comes_back_finds_nobody(
    survivors: Survivors,
) -> None:
    storage, scene = survivors.storage, survivors.scene
    talked_with = await _in_talk(survivors, TALKS, "201", number(1))
    theirs = await _in_talk(survivors, ELSEWHERE, "202", number(9))
    await scene.in_line(WAITS, number(2), Priority.EMERGENCY)
    await scene.in_line(HIDDEN, None)
    await scene.in_line(KEPT, number(4))
    assert await storage.kept_places.keep(KEPT, number(4), scene.clock.now())

    owed = await survivors.adopts("a")
    assert [(one.call_id, one.dispatcher_id) for one in owed] == [(WAITS, None), (TALKS, talked_with.id)]
    assert await survivors.presence(talked_with) is Presence.OFFERED
    assert await survivors.presence(theirs) is Presence.TALKING
    assert await survivors.outcomes(TALKS, WAITS, HIDDEN, KEPT) == {Outcome.LOST}
    assert await survivors.outcomes(ELSEWHERE) == {None}
    places = {one.call_id: one.node for one in await storage.line.entries()}
    assert places == {TALKS: "a", WAITS: "a", KEPT: "a", ELSEWHERE: ""}
    (cut,) = [one.detail for one in await storage.calls.journey(TALKS) if one.step is Step.CUT_OFF]
    assert cut == {"was": "talk", "node": "a", "dispatcher": talked_with.id}

    assert await survivors.adopts("c") == []
    assert await survivors.comes_back("b") == []
    again = await survivors.adopts("c", gone="a")
    assert {one.call_id for one in again} >= {TALKS, WAITS}, "who adopted them is gone as well"


async def test_a_kept_place_that_was_being_called_frees_its_dispatcher_and_is_called_at_its_turn(
    survivors: Survivors,
) -> None:
    storage, clock = survivors.storage, survivors.scene.clock
    one = await storage.dispatchers.add("201", "201", "s", frozenset())
    await storage.dispatchers.set_presence(one.id, Presence.READY, clock.now())
    await survivors.scene.in_line(KEPT, number(4))
    assert await storage.kept_places.keep(KEPT, number(4), clock.now())
    assert await storage.line.pick(KEPT, one.id, clock.now()) is not None
    claimed = await storage.call_jobs.claim_this(KEPT_PLACE, KEPT, "back", clock.now(), attempt=1)
    assert claimed is not None

    assert await survivors.adopts("a") == []
    assert await survivors.presence(one) is Presence.READY
    clock.pass_by((ENGAGED_FOR + LEFT_AFTER).total_seconds() + 1)
    assert await storage.call_jobs.give_back(clock.now() - LEFT_AFTER, clock.now()) == 1
    offer = await StoredLine(storage.database, "a").pair(clock.now())
    assert offer is not None
    assert (offer.call_id, offer.callback_to, offer.node) == (KEPT, number(4), "a")


async def test_a_node_that_is_back_first_calls_its_own(survivors: Survivors) -> None:
    talked_with = await _in_talk(survivors, TALKS, "201", number(1))
    assert [one.call_id for one in await survivors.comes_back("b")] == [TALKS]
    async with StoredAdoptions(survivors.storage.database, "b").serving():
        assert await survivors.adopts("a") == []
    assert await survivors.presence(talked_with) is Presence.OFFERED
    assert [one.node for one in await survivors.storage.line.entries()] == [""]


async def test_where_too_little_is_known_dispatchers_are_freed_and_callers_left_to_the_list(
    survivors: Survivors,
) -> None:
    talked_with = await _in_talk(survivors, TALKS, "201", number(1))
    await survivors.scene.in_line(WAITS, number(2))
    assert await survivors.adopts("a", call_back=False) == []
    assert await survivors.presence(talked_with) is Presence.READY
    assert await survivors.storage.line.entries() == []
    assert {one.number for one in await survivors.storage.callbacks.owed(9)} == {number(1), number(2)}


async def test_calls_that_live_after_their_node_was_adopted_are_on_record_again(survivors: Survivors) -> None:
    storage, scene = survivors.storage, survivors.scene
    talked_with = await _in_talk(survivors, TALKS, "201", number(1))
    await scene.in_line(WAITS, number(2))
    await scene.in_line(HIDDEN, None)
    leg = Channel(
        id=f"leg-{TALKS}-1",
        name="PJSIP/desk-201-00000001",
        state=UP,
        caller=CallerId(number="", name=""),
        creationtime=scene.clock.now(),
    )
    assert await survivors.wrongly_lost("b").among([TALKS, WAITS, HIDDEN]) == []
    await survivors.adopts("a")

    lost = survivors.wrongly_lost("b")
    assert await lost.among([TALKS, WAITS, HIDDEN, "hotline-b-1.99"]) == [TALKS, WAITS, HIDDEN]
    given = [await lost.bring_back(one, leg if one == TALKS else None) for one in (TALKS, WAITS, HIDDEN)]
    assert given == [GivenBack.TALK, GivenBack.PLACE, GivenBack.PLACE]
    await storage.calls.flush()
    assert await lost.among([TALKS, WAITS, HIDDEN]) == []
    assert await survivors.outcomes(TALKS, WAITS, HIDDEN) == {None}
    assert await survivors.presence(talked_with) is Presence.TALKING
    assert await storage.callbacks.owed(9) == []
    assert [one.step for one in await storage.calls.journey(TALKS)][-2:] == [Step.CUT_OFF, Step.WENT_ON]

    journey = await Journey.taken_up(TALKS, storage.calls, scene.clock)
    await journey.note(Step.TALK_STARTED, {"dispatcher": talked_with.id})
    assert await journey.end(scene.clock.now()) is Outcome.TALKED
    assert await survivors.adopts("c") != [], "should it be gone after all, the others are called"


async def test_what_a_node_owed_the_line_while_it_was_cut_off_takes_no_place_from_the_call_back(
    survivors: Survivors,
) -> None:
    storage, now = survivors.storage, survivors.scene.clock.now()
    talked_with = await _in_talk(survivors, TALKS, "201", number(1))
    await survivors.adopts("a")
    (held,) = await storage.line.entries()
    own = StoredLine(storage.database, "b")
    with pytest.raises(Adopted):  # the talk broke off, they were to wait first
        await own.enter(TALKS, at=now, priority=Priority.RETURNING)
    await own.missed(TALKS, talked_with.id, now, pause_after=1)
    await own.talk_ended(TALKS, talked_with.id, now, wrap_up=timedelta())
    await own.leave(TALKS, now)
    assert await storage.line.entries() == [held]
    assert (held.node, held.callback_to, held.dispatcher_id) == ("a", number(1), talked_with.id)
    assert await survivors.presence(talked_with) is Presence.OFFERED


async def test_whose_call_back_came_to_nothing_enters_the_line_by_the_call_that_goes_on(
    survivors: Survivors,
) -> None:
    storage, scene = survivors.storage, survivors.scene
    await scene.in_line(WAITS, number(2))
    await survivors.adopts("a")
    own_journey = await Journey.taken_up(WAITS, storage.calls, scene.clock)
    await own_journey.note(Step.LEFT_LINE, {})  # before they were taken for lost: they are in the menu
    await storage.calls.flush()
    await storage.kept_places.give_back(WAITS, scene.clock.now())
    lost = survivors.wrongly_lost("b")
    assert await lost.silent([WAITS]) == set(), "nobody calls them back: who is mute is not hung up on"
    assert await lost.bring_back(WAITS, None) is GivenBack.NOTHING
    own = StoredLine(storage.database, "b")
    place = await own.enter(WAITS, at=scene.clock.now())
    assert (place.state, place.node, place.callback_to) == (QueueEntryState.WAITING, "", None)


async def test_who_was_being_rung_by_the_node_that_adopted_them_when_it_died_too_is_called_by_the_next(
    survivors: Survivors,
) -> None:
    storage, scene = survivors.storage, survivors.scene
    await scene.in_line(WAITS, number(2))
    (owed,) = await survivors.adopts("a")
    await rings(storage, owed, calling_back(WAITS, owed.attempt, "a"))
    (again,) = await survivors.adopts("c", "a")
    assert (again.call_id, again.number, again.anew) == (WAITS, number(2), True)


async def test_a_place_whose_adopter_died_over_it_is_given_back(survivors: Survivors) -> None:
    storage, scene = survivors.storage, survivors.scene
    await scene.in_line(WAITS, number(2))
    (waited,) = await storage.line.entries()
    await survivors.cut_off("b", in_its_place="a").owed((), {WAITS: waited})
    assert await survivors.outcomes(WAITS) == {None}, "its end was not written any more"
    with pytest.raises(Adopted):
        await StoredLine(storage.database, "b").enter(WAITS, at=scene.clock.now())
    lost = survivors.wrongly_lost("b")
    assert await lost.among([WAITS]) == [WAITS]
    assert await lost.bring_back(WAITS, None) is GivenBack.PLACE
    assert await lost.among([WAITS]) == []
    assert (await StoredLine(storage.database, "b").enter(WAITS, at=scene.clock.now())).node == ""


async def test_who_was_reached_by_another_call_does_not_enter_the_line_by_the_one_before(
    survivors: Survivors,
) -> None:
    storage, now = survivors.storage, survivors.scene.clock.now()
    await survivors.scene.in_line(WAITS, number(2))
    await survivors.adopts("a")
    assert await storage.kept_places.reached(WAITS, "out-1", now)
    with pytest.raises(Adopted):
        await StoredLine(storage.database, "b").enter(WAITS, at=now)


async def test_a_telephone_that_a_cut_off_node_had_lost_keeps_nobody_from_whom_they_are_kept_free_for(
    survivors: Survivors,
) -> None:
    storage, now = survivors.storage, survivors.scene.clock.now()
    talked_with = await _in_talk(survivors, TALKS, "201", number(1))
    await survivors.adopts("a")
    await storage.dispatchers.set_presence(talked_with.id, Presence.PAUSED, now, UNREACHABLE)
    one = await storage.dispatchers.get(talked_with.id)
    assert (one.presence, one.wish) == (Presence.OFFERED, None)
    await storage.dispatchers.set_presence(talked_with.id, Presence.PAUSED, now, "lunch")
    assert (await storage.dispatchers.get(talked_with.id)).wish is not None, "their own wish is one"


async def test_a_telephone_that_a_cut_off_node_had_lost_pauses_nobody_whom_others_have_rung_since(
    survivors: Survivors,
) -> None:
    """Written when the database is back for that node: their caller was called back, and rings there."""
    storage, clock = survivors.storage, survivors.scene.clock
    talked_with, lost_at = await _in_talk(survivors, TALKS, "201", number(1)), clock.now()
    await survivors.adopts("a")
    clock.pass_by(1)

    async def written_late() -> Dispatcher:
        return await storage.dispatchers.set_presence(
            talked_with.id, Presence.PAUSED, lost_at, UNREACHABLE, found_in=TALKS
        )

    assert await storage.kept_places.reached(TALKS, "out-1", clock.now())
    one = await written_late()
    assert (one.presence, one.wish) == (Presence.READY, None)
    assert (offer := await storage.line.pair(clock.now())) is not None
    assert (offer.call_id, offer.dispatcher.id) == ("out-1", talked_with.id)
    one = await written_late()
    assert (one.presence, one.wish) == (Presence.OFFERED, None)


async def test_a_node_that_is_cut_off_loses_no_step_that_it_writes_late(survivors: Survivors) -> None:
    storage, scene = survivors.storage, survivors.scene
    await scene.in_line(WAITS, number(2))
    own = await Journey.taken_up(WAITS, storage.calls, scene.clock)
    await survivors.adopts("a")
    await own.note(Step.DISPATCHER_OFFERED, {"dispatcher": 1})
    await storage.calls.flush()
    assert Step.DISPATCHER_OFFERED in {one.step for one in await storage.calls.journey(WAITS)}
