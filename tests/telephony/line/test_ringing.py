"""A desk is rung, or talks, and something else than its answer or its good-bye happens."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hotline.calls.conversation import TalkEnd
from hotline.errors import CallGone
from hotline.line.line import Dispatcher, Offer
from hotline.line.presence_states import UNREACHABLE, Presence
from hotline.line.queue_entry_states import QueueEntryState
from storage.store import Storage
from telephony.ari.messages import CallerId, Channel, ChannelDestroyed, ChannelHangupRequest, StasisEnd
from telephony.calls.leg import Leg, PassOn
from telephony.calls.talk import Talks
from telephony.causes import BUSY, CONGESTION, NORMAL_CLEARING, OUT_OF_ORDER, TALKS_ELSEWHERE
from telephony.ids import leg_id
from telephony.line.ringing import BUSY_PAUSE, DeskRinging, Ringing
from telephony.owed import OwedWrites
from tests.fakes.clock import NOON, SetClock
from tests.telephony.calls.test_call import Calls, call, calls, left, server, voice

__all__ = ["call", "calls", "left", "server", "voice"]

OFFER = Offer(
    call_id="1.1",
    dispatcher=Dispatcher(id=1, extension="201", name="Оксана", secret="s", since=NOON),
    attempt=1,
)
CITIZEN = Channel(id="1.1", name="PJSIP/x", state="Up", caller=CallerId(), creationtime=NOON)


class Line:
    """A line that does not know the answer, and remembers what was written."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.enters: Callable[[], None] = lambda: None
        self.wanted: object = None
        self.counted = False
        """Whether the last miss counts."""
        self.wrap_up = timedelta(0)
        """For how long whom it was offered to is left in peace."""

    async def enter(self, call_id: str, **place: object) -> None:
        self.enters()
        self.wanted = place["wanted_dispatcher_id"]
        self.written.append(f"enter {call_id}")

    async def missed(
        self,
        call_id: str,
        _dispatcher_id: int,
        _at: datetime,
        *,
        pause_after: int | None,
        attempt: int | None = None,
        wrap_up: timedelta = timedelta(0),
    ) -> None:
        del attempt
        self.wrap_up = wrap_up
        self.counted = pause_after is not None
        self.written.append(f"missed {call_id}")

    async def talk_ended(
        self, call_id: str, _dispatcher_id: int, _at: datetime, *, wrap_up: timedelta
    ) -> None:
        del wrap_up
        self.written.append(f"talk ended {call_id}")

    async def entry(self, _call_id: str) -> object:
        return SimpleNamespace(state=QueueEntryState.WAITING, callback_to=None)


class Asterisk:
    """Rings desks; `rings` happens meanwhile. Whoever is hung up is gone at once."""

    def __init__(self, legs: dict[str, Leg]) -> None:
        self.legs = legs
        self.rings: Callable[[], None] = lambda: None
        self.taken_out: list[str] = []

    async def originate(self, _channel: str, _endpoint: str, **_options: object) -> None:
        self.rings()

    async def hang_up(self, channel: str) -> None:
        if (leg := self.legs.get(channel)) is not None:
            ended = Channel(id=channel, name=leg.name, state="Up", caller=CallerId(), creationtime=NOON)
            leg.take(ChannelDestroyed(timestamp=NOON, channel=ended, cause=NORMAL_CLEARING))

    async def remove_from_bridge(self, _bridge: str, *channels: str) -> None:
        self.taken_out += channels

    async def destroy_bridge(self, _bridge: str) -> None: ...

    async def transfer_done(self, _leg: str) -> None: ...


class Rung:
    """A desk's ringing with what is around it; `storage`: whose line it is, in the place of a made-up one."""

    def __init__(
        self,
        tasks: asyncio.TaskGroup,
        storage: Storage | None = None,
        reach: Callable[[Dispatcher], Awaitable[str]] | None = None,
    ) -> None:
        self.legs: dict[str, Leg] = {}
        self.line, self.asterisk = Line(), Asterisk(self.legs)
        self.owed = OwedWrites(tasks)
        self.refused: list[int] = []
        events = SimpleNamespace(tell=lambda _event: None)
        parts: dict[str, Any] = {
            "ari": self.asterisk,
            "line": self.line if storage is None else storage.line,
            "dispatchers": None if storage is None else storage.dispatchers,
            "clock": SetClock(),
            "events": events,
            "owed": self.owed,
        }
        self.ringing = DeskRinging(
            **parts,
            ringing=Ringing(seconds=60, misses_before_pause=2, card=_no_card),
            legs=self.legs,
            screens=_anything(shown=_nothing),
            browsers=_anything(reach=reach or _desk),
            elsewhere=_anything(refused=self._refused),
        )
        self.talks = Talks(
            **parts,
            ami=_anything(),
            calls=_anything(),
            recordings=Path(),
            wrap_up=timedelta(0),
            line_changed=asyncio.Event(),
        )

    def refuses(self, cause: int) -> None:
        """Have the ring end with this cause, which is told a moment after the end itself."""

        def ends() -> None:
            *_, leg = self.legs.values()
            ended = Channel(id=leg.id, name=leg.name, state="Down", caller=CallerId(), creationtime=NOON)
            destroyed = ChannelDestroyed(timestamp=NOON, channel=ended, cause=cause)
            leg.take(ChannelHangupRequest(timestamp=NOON, channel=ended))
            asyncio.get_running_loop().call_later(0.02, leg.take, destroyed)

        self.asterisk.rings = ends

    async def _refused(self, dispatcher: Dispatcher) -> None:
        self.refused.append(dispatcher.id)


def _anything(**parts: object) -> Any:
    return SimpleNamespace(**parts)


async def _nothing(_told: object) -> None: ...


async def _no_card(_number: str) -> str:
    return ""


async def _desk(_dispatcher: Dispatcher) -> str:
    return "desk-201"


@pytest.mark.parametrize(
    ("event", "written"),
    [
        (StasisEnd(timestamp=NOON, channel=CITIZEN), ["missed 1.1"]),
        (ChannelHangupRequest(timestamp=NOON, channel=CITIZEN), []),
    ],
    ids=["given to Asterisk", "hung up"],
)
async def test_an_offer_of_whom_asterisk_has_taken_is_taken_back(
    calls: Calls, event: StasisEnd | ChannelHangupRequest, written: list[str]
) -> None:
    call = calls("1.1")
    async with asyncio.TaskGroup() as tasks:
        rung = Rung(tasks)
        rung.asterisk.rings = lambda: call.take(event)
        await rung.ringing.offer(OFFER, call)
    assert rung.line.written == written


async def test_an_offer_that_ends_before_its_desk_is_rung_rings_it_no_more(calls: Calls) -> None:
    """As the watch ends one of which Asterisk, or a card, is so late that the desk has another by then."""
    call, rings = calls("1.1"), 0

    async def late(_dispatcher: Dispatcher) -> str:
        rung.legs[leg_id("1.1", 1)].withdraw()
        return "desk-201"

    def ring() -> None:
        nonlocal rings
        rings += 1

    async with asyncio.TaskGroup() as tasks:
        rung = Rung(tasks, reach=late)
        rung.asterisk.rings = ring
        await rung.ringing.offer(OFFER, call)
    assert rings == 0
    assert rung.line.written == ["missed 1.1"]
    assert rung.legs == {}


@pytest.mark.parametrize(
    ("cause", "refused", "written"),
    [(TALKS_ELSEWHERE, [1], []), (BUSY, [], ["missed 1.1"])],
    ids=["the edge does not ring it", "its telephone is busy, or answers 409 itself"],
)
async def test_whom_the_edge_refuses_to_ring_has_missed_nobody_and_whose_telephone_refuses_has(
    calls: Calls, cause: int, refused: list[int], written: list[str]
) -> None:
    call = calls("1.1")
    async with asyncio.TaskGroup() as tasks:
        rung = Rung(tasks)
        rung.refuses(cause)
        await rung.ringing.offer(OFFER, call)
    assert rung.refused == refused
    assert rung.line.written == written


async def test_whose_telephone_is_in_a_call_is_left_in_peace_for_a_moment_and_misses_one_caller(
    calls: Calls,
) -> None:
    """Whom they have just passed on: their telephone may not know yet that the talk is over."""
    call, clock = calls("1.1"), SetClock()
    async with asyncio.TaskGroup() as tasks:
        rung = Rung(tasks)
        rung.ringing._monotonic = clock.seconds
        rung.refuses(BUSY)
        counted = []
        for offer in (OFFER, replace(OFFER, attempt=2), replace(OFFER, attempt=3)):
            await rung.ringing.offer(offer, call)
            counted.append(rung.line.counted)
            assert rung.line.wrap_up == BUSY_PAUSE
            clock.pass_by(BUSY_PAUSE.total_seconds() / 2)
        assert counted == [True, False, True], "an emergency rings it also in that moment"
        rung.refuses(NORMAL_CLEARING)
        await rung.ringing.offer(replace(OFFER, attempt=4), call)
    assert (rung.line.counted, rung.line.wrap_up) == (True, timedelta(0))


@pytest.mark.parametrize(
    ("at_edge", "paused"),
    [(False, [(1, Presence.PAUSED, UNREACHABLE)]), (True, [])],
    ids=["it registers here again", "it stays registered at the edge"],
)
async def test_a_phone_whose_connection_is_closed_misses_nobody_where_it_registers_again(
    calls: Calls, *, at_edge: bool, paused: list[tuple[int, Presence, str]]
) -> None:
    call = calls("1.1")
    told: list[tuple[int, Presence, str]] = []

    async def set_presence(
        dispatcher: int, presence: Presence, _at: datetime, reason: str, *, found_in: str
    ) -> None:
        assert found_in == call.id
        told.append((dispatcher, presence, reason))

    async with asyncio.TaskGroup() as tasks:
        rung = Rung(tasks)
        rung.ringing._dispatchers = _anything(set_presence=set_presence)
        if not at_edge:
            rung.ringing._elsewhere = None
        rung.refuses(CONGESTION)
        await rung.ringing.offer(OFFER, call)
    assert told == paused
    assert rung.line.written == ["missed 1.1"]
    assert rung.line.counted is at_edge


async def test_whose_talk_has_no_place_any_more_waits_on(calls: Calls) -> None:
    call = calls("1.1")
    async with asyncio.TaskGroup() as tasks:
        rung = Rung(tasks)
        leg = rung.ringing.follow(leg_id("1.1", 1), 1, call)
        leg.joined = True
        talking = asyncio.create_task(rung.talks.talk(call, leg))
        await rung.ringing._end_unwritten(OFFER, call, leg)  # what the owed answer does when it is refused
        assert await talking is TalkEnd.BROKEN


async def test_a_talk_that_was_over_before_is_over(calls: Calls) -> None:
    call = calls("1.1")
    async with asyncio.TaskGroup() as tasks:
        rung = Rung(tasks)
        leg = rung.ringing.follow(leg_id("1.1", 1), 1, call)
        leg.joined = True
        talking = asyncio.create_task(rung.talks.talk(call, leg))
        await rung.asterisk.hang_up(leg.id)
        await rung.ringing._end_unwritten(OFFER, call, leg)
        assert await talking is TalkEnd.OVER


@pytest.mark.parametrize(
    ("met", "ended"),
    [(True, TalkEnd.OVER), (False, TalkEnd.BROKEN)],
    ids=["after a conference", "after a consult aside"],
)
async def test_a_colleague_who_takes_a_citizen_over_and_hangs_up_at_once_has_ended_it_if_they_had_spoken(
    calls: Calls, *, met: bool, ended: TalkEnd
) -> None:
    call = calls("1.1")

    async def is_gone(_channel: str, _seconds: int) -> None:
        raise CallGone

    async with asyncio.TaskGroup() as tasks:
        rung = Rung(tasks)
        rung.talks._ami = _anything(absolute_timeout=is_gone)
        leg = rung.ringing.follow(leg_id("1.1", 1), 1, call)
        leg.met = met
        await rung.asterisk.hang_up(leg.id)
        assert await rung.talks.talk(call, leg) is ended
    assert rung.line.written == ["talk ended 1.1"]


async def test_whose_dispatchers_browser_went_away_is_in_no_bridge_while_their_place_is_written(
    calls: Calls,
) -> None:
    call = calls("1.1")
    meanwhile: list[tuple[list[str], bool]] = []
    async with asyncio.TaskGroup() as tasks:
        rung = Rung(tasks)
        leg = Leg("leg-1", "PJSIP/web-201-1")
        leg.dispatcher_id, leg.caller, leg.joined = 1, call.channel, True
        rung.line.enters = lambda: meanwhile.append(
            (list(rung.asterisk.taken_out), call._dead_air._in_company)
        )
        call._talks = rung.talks
        call.leg = leg
        talking = asyncio.create_task(call.talk())
        ended = Channel(id=leg.id, name=leg.name, state="Up", caller=CallerId(), creationtime=NOON)
        leg.take(ChannelDestroyed(timestamp=NOON, channel=ended, cause=OUT_OF_ORDER))
        assert await talking is TalkEnd.INTERRUPTED
    assert meanwhile == [(["1.1"], False)]


async def test_who_passes_a_caller_on_and_hangs_up_leaves_nobody_in_silence_while_the_colleague_is_looked_up(
    calls: Calls,
) -> None:
    call, known = calls("1.1"), asyncio.Event()
    colleague = Dispatcher(
        id=2, extension="202", name="Тарас", secret="s", presence=Presence.READY, since=NOON
    )

    async def by_extension(_extension: str) -> Dispatcher:
        await known.wait()
        return colleague

    async with asyncio.TaskGroup() as tasks:
        rung = Rung(tasks)
        rung.talks._dispatchers = _anything(by_extension=by_extension)
        leg = rung.ringing.follow(leg_id("1.1", 1), 1, call)
        leg.joined = True
        call._talks, call.leg = rung.talks, leg
        talking = asyncio.create_task(call.talk())
        leg.passed_on = PassOn(extension="202", answered_channel=None)
        leg.changed()
        await rung.asterisk.hang_up(leg.id)
        async with asyncio.timeout(60):
            while rung.asterisk.taken_out != ["1.1"] or call._dead_air._in_company:
                await asyncio.sleep(0)
        assert not known.is_set()
        known.set()
        assert await talking is TalkEnd.PASSED_ON
    assert rung.line.wanted == colleague.id
    assert rung.line.written == ["enter 1.1", "talk ended 1.1"]


@pytest.mark.parametrize("by_phone", [False, True], ids=["left together on the page", "by the telephone"])
async def test_a_colleague_who_hangs_up_as_the_caller_is_left_with_them_is_not_rung_anew(
    calls: Calls, *, by_phone: bool
) -> None:
    call, looked_up = calls("1.1"), list[str]()

    async def by_extension(extension: str) -> Dispatcher:
        looked_up.append(extension)
        return Dispatcher(
            id=2, extension="202", name="Тарас", secret="s", presence=Presence.READY, since=NOON
        )

    async with asyncio.TaskGroup() as tasks:
        rung = Rung(tasks)
        rung.talks._dispatchers = _anything(by_extension=by_extension)
        leg = rung.ringing.follow(leg_id("1.1", 1), 1, call)
        leg.joined = True
        call._talks, call.leg = rung.talks, leg
        talking = asyncio.create_task(call.talk())
        colleague = Leg("third-1", "PJSIP/desk-202-1")
        colleague.met = True
        rung.talks.colleague(colleague)
        passing = PassOn(extension="202", answered_channel=colleague.id, by_phone=by_phone)
        leg.passed_on = passing
        colleague.ended_untold(NOON)
        leg.changed()
        async with asyncio.timeout(60):
            await passing.settled.wait()
        assert leg.gone is by_phone, "the dispatcher is torn from the caller"
        await rung.asterisk.hang_up(leg.id)
        assert await talking is (TalkEnd.PASSED_ON if by_phone else TalkEnd.OVER)
    assert looked_up == (["202"] if by_phone else [])
    assert rung.line.written == (["enter 1.1"] if by_phone else []) + ["talk ended 1.1"]
