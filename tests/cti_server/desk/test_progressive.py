"""Two desks call back one after another: each has somebody else, and whoever calls the hotline goes first."""

import asyncio
from dataclasses import dataclass

import aiohttp
import pytest

from cti_server.desk.missed import read_missed
from cti_server.desk.progressive_next import ProgressiveDesks
from cti_server.desk.progressive_view import ProgressiveView
from cti_server.desk.sources import Sources
from hotline.calls.call import CallRecord, Outcome
from hotline.events import LineChanged
from hotline.line.presence_states import Presence
from hotline.line.progressive import NobodyNext
from hotline.line.scheduled_callbacks import NewScheduled, Scheduled
from storage.store import Storage
from tests.cti_server.conftest import MovedClock
from tests.cti_server.desk.conftest import AtDesk, Told

MARIA, HANNA = "+380457900001", "+380457900003"


@dataclass
class Looks:
    """Looks after one desk, as all are looked after once a second."""

    turns: ProgressiveDesks
    sources: Sources

    async def after(self, at: AtDesk) -> ProgressiveView:
        sources = self.sources
        working = await sources.progressive.of(at.dispatcher.id)
        assert working is not None
        me, line = await sources.dispatchers.get(at.dispatcher.id), await sources.callers.in_line()
        return await self.turns.take(working, me, line, await read_missed(sources), sources.clock.now())


@pytest.fixture
def looks(sources: Sources, storage: Storage) -> Looks:
    return Looks(ProgressiveDesks(sources, storage.audit), sources)


async def arranged(storage: Storage, clock: MovedClock, by: AtDesk, number: str = MARIA) -> Scheduled:
    wanted = NewScheduled(
        number=number,
        due_at=clock.now(),
        why="Спитати, чи є вода",
        arranged_by=by.user_id,
        arranged_at=clock.now(),
    )
    return await storage.scheduled_callbacks.arrange(wanted)


async def missed(storage: Storage, clock: MovedClock, number: str = HANNA) -> None:
    await storage.calls.open(CallRecord(id="m1", number=number, shown=number, arrived_at=clock.now()))
    await storage.calls.close("m1", Outcome.ABANDONED_IN_LINE, clock.now())
    await storage.calls.flush()


async def on(at: AtDesk) -> aiohttp.ClientResponse:
    answer = await at.person.post("/desk/progressive", {"on": "yes"})
    assert answer.status == 200
    return answer


async def test_two_desks_never_have_the_same_person(
    olena: AtDesk, taras: AtDesk, looks: Looks, storage: Storage, clock: MovedClock
) -> None:
    one = await arranged(storage, clock, olena)
    await missed(storage, clock)
    await on(olena)
    await on(taras)
    both = await asyncio.gather(looks.after(olena), looks.after(taras))
    again = [await looks.after(at) for at in (olena, taras)]
    for found in (both, again):
        shown = [turn.next.reference for turn in found if turn.next]
        assert len(shown) == len(set(shown))
    assert {turn.next.reference for turn in again if turn.next} == {one.reference, "m1"}


async def test_nobody_left_it_says_so_and_goes_on_when_somebody_comes_up(
    olena: AtDesk, looks: Looks, storage: Storage, clock: MovedClock
) -> None:
    await on(olena)
    assert (await looks.after(olena)).waits is NobodyNext.NOBODY
    await storage.citizens.add("Марія Демченко", "Київський квартал, 7", [MARIA])
    await arranged(storage, clock, olena)
    turn = await looks.after(olena)
    assert turn.next is not None
    assert (turn.next.number, turn.next.names) == (MARIA, ["Марія Демченко"])
    seen = [entry.detail for entry in await storage.audit.latest() if entry.subject == f"number:{MARIA}"]
    assert seen == [f"next:{turn.next.reference}"]


async def test_on_a_pause_or_with_a_citizen_in_the_line_whoever_was_next_is_free_for_others(
    olena: AtDesk, looks: Looks, storage: Storage, clock: MovedClock
) -> None:
    one = await arranged(storage, clock, olena)
    await on(olena)
    assert (await looks.after(olena)).next is not None

    await storage.line.enter("c1", at=clock.now())
    assert (await looks.after(olena)).waits is NobodyNext.CITIZENS
    assert await claimed(storage) is None
    await storage.line.leave("c1", clock.now())
    assert (await looks.after(olena)).next is not None
    assert await claimed(storage) == olena.user_id

    await storage.dispatchers.set_presence(olena.dispatcher.id, Presence.PAUSED, clock.now(), "break")
    turn = await looks.after(olena)
    assert (turn.waits, turn.next) == (NobodyNext.NOT_READY, None)
    assert await claimed(storage) is None
    await storage.dispatchers.set_presence(olena.dispatcher.id, Presence.READY, clock.now())
    again = (await looks.after(olena)).next
    assert again is not None
    assert again.reference == one.reference


async def test_whoever_leaves_the_desk_turns_it_off(
    olena: AtDesk, looks: Looks, storage: Storage, clock: MovedClock
) -> None:
    await arranged(storage, clock, olena)
    await on(olena)
    await looks.after(olena)
    await storage.dispatchers.set_presence(olena.dispatcher.id, Presence.AWAY, clock.now())
    assert not (await looks.after(olena)).on
    assert await storage.progressive.working() == []
    assert await claimed(storage) is None


async def test_skipped_they_are_free_for_others_and_not_this_desks_next_one_for_a_while(
    olena: AtDesk, taras: AtDesk, looks: Looks, storage: Storage, clock: MovedClock
) -> None:
    one = await arranged(storage, clock, olena)
    await on(olena)
    await looks.after(olena)
    answer = await olena.person.post("/desk/progressive/skip", {"reference": one.reference})
    assert one.reference in await answer.text(), "they stand in the list again"
    assert (await looks.after(olena)).waits is NobodyNext.NOBODY
    await on(taras)
    turn = await looks.after(taras)
    assert turn.next is not None
    assert turn.next.reference == one.reference
    await taras.person.post("/desk/progressive", {"on": "no"})
    clock.pass_(minutes=15)
    assert (await looks.after(olena)).next is not None


async def test_whom_the_page_does_not_dial_is_left_to_others(
    olena: AtDesk, looks: Looks, storage: Storage, clock: MovedClock
) -> None:
    await arranged(storage, clock, olena)
    await on(olena)
    await looks.after(olena)
    clock.pass_(seconds=41)
    await looks.after(olena)
    assert await claimed(storage) is None
    assert (await looks.after(olena)).waits is NobodyNext.NOBODY


async def test_whom_somebody_has_talked_with_meanwhile_is_no_longer_next(
    olena: AtDesk, looks: Looks, storage: Storage, clock: MovedClock
) -> None:
    one = await arranged(storage, clock, olena)
    await on(olena)
    await looks.after(olena)
    await storage.scheduled_callbacks.give_up(one.id)
    assert (await looks.after(olena)).next is None
    assert (await looks.after(olena)).waits is NobodyNext.NOBODY


async def test_the_open_desk_shows_who_is_next_with_their_seconds(
    olena: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    one = await arranged(storage, clock, olena)
    async with await olena.socket() as socket:
        await on(olena)
        told.tell(LineChanged(at=clock.now()))
        while f'data-next="{one.reference}"' not in (part := await socket.receive_str()):
            pass
    assert 'data-seconds="10"' in part
    assert part.count(f'data-missed="{one.reference}"') == 1


async def test_what_is_neither_yes_nor_no_is_refused(olena: AtDesk) -> None:
    assert (await olena.person.post("/desk/progressive", {"on": "maybe"})).status == 400


async def claimed(storage: Storage) -> int | None:
    (one,) = await storage.scheduled_callbacks.waiting(9)
    return one.claim.user_id if one.claim else None
