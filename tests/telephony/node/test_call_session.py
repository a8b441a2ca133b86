"""The road of one call, where the database goes away in the middle of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from hotline.calls.call import MEANWHILE, CallRecord, JourneyStep, Scalar, Step
from hotline.calls.conversation import Arrival, Call
from hotline.calls.interpreters import NO_INTERPRETERS
from hotline.errors import CallGone
from hotline.line.queue_entry_states import QueueEntryState
from hotline.voice.speech import Language, Phrase
from storage.store import Storage
from telephony.ami.messages import FallbackCaller
from telephony.ari.messages import CallerId, Channel, StasisEnd, Variable
from telephony.calls.call import AsteriskCall
from telephony.calls.dead_air import WaitWords
from telephony.calls.leg import Leg
from telephony.ids import calling_back
from telephony.line.fallback_queue import Before
from telephony.node import call_session as module
from telephony.node.call_session import CallSessions
from telephony.node.ports import ours_alone
from telephony.node.registry import ChannelRegistry
from telephony.owed import OwedWrites
from tests.fakes.clock import NOON, SetClock
from tests.fakes.databases import fresh_storage

CALL = Channel(
    id="hotline-a-1.1",
    name="PJSIP/citizens-1",
    state="Ring",
    caller=CallerId("", "+380457900001"),
    creationtime=NOON,
)

OUT = msgspec.structs.replace(CALL, id="out-1")
KEPT = msgspec.structs.replace(CALL, id=calling_back("hotline-a-1.0", 1, ""))
NOTICE = Phrase(name="notice", uk="Розмова записується", en="This call is recorded", once=True)
SAID_THAT_WE_RECORD = {"phrases": "notice", "once": NOTICE.told_as(Language.UKRAINIAN)}


class Asterisk:
    """Its own queue, its talks and its music: who was given to it, whose talk was given up, who hears it."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.abandoned_legs: list[str] = []
        self.music: list[str] = []
        self.said_emergency = False

    async def start_music(self, channel: str) -> None:
        self.music.append(channel)

    async def stop_playback(self, playback: str) -> None:
        raise CallGone(playback)

    def fetched(self, call_id: str) -> None: ...

    async def give(self, call_id: str, before: Before = Before.NOTHING) -> None:
        self.given.append(f"{call_id} {before}")

    async def lend(self, call_id: str, before: Before = Before.NOTHING) -> None:
        self.given.append(f"{call_id} {before}")

    async def refuse_recording(self, call_id: str) -> None:
        self.given.append(f"refuses {call_id}")

    async def emergency(self, call_id: str) -> Variable:
        if not self.said_emergency:
            raise CallGone(call_id)
        return Variable("1")

    async def mark_emergency(self, call_id: str, *, waits: bool) -> None:
        self.given.append(f"emergency {call_id} {waits}")

    def has_lent(self, _call_id: str) -> bool:
        return True

    def returns(self, call_id: str) -> None:
        self.given.append(f"returns {call_id}")

    async def take_back(self, caller: FallbackCaller) -> None:
        self.given.append(f"back {caller.channel_id}")

    async def abandoned(self, _call: object, leg: Leg) -> None:
        self.abandoned_legs.append(leg.id)


@pytest.fixture
async def storage() -> AsyncIterator[Storage]:
    async with fresh_storage(SetClock()) as opened:
        yield opened


async def test_a_caller_whose_dispatcher_has_answered_talks_when_the_database_dies_in_that_moment(
    storage: Storage, tmp_path: Path
) -> None:
    asterisk: Any = Asterisk()
    arrivals: list[Arrival] = []

    async def converse(call: Call, arrival: Arrival) -> None:
        arrivals.append(arrival)
        assert isinstance(call, AsteriskCall)
        if arrival is Arrival.NEW:
            await call.note(Step.JOINED_LINE)
            await call.hand_over(Leg("leg-1", "PJSIP/desk-201-1"))
            raise ConnectionError("the database went away")
        call.channel.hung_up = True
        raise CallGone("they have talked")

    async with asyncio.TaskGroup() as tasks:
        sessions_of(storage, tmp_path, tasks, asterisk, converse).greet(CALL)
    assert arrivals == [Arrival.NEW, Arrival.ANSWERED]
    assert asterisk.given == []
    await storage.calls.flush()
    steps = [one.step for one in await storage.calls.journey(CALL.id)]
    assert Step.FELL_BACK not in steps
    assert steps.count(Step.SERVICE_RESUMED) == 1


@pytest.mark.parametrize(
    ("channel", "happened", "goes_on"),
    [
        (OUT, ["joins", "answers"], [Arrival.ANSWERED]),
        (OUT, ["joins"], [Arrival.IN_LINE]),
        (KEPT, [], []),
    ],
    ids=["a dispatcher has answered", "they wait in the line", "they are called back to their place"],
)
async def test_whom_we_have_called_is_not_hung_up_on_when_the_database_dies_under_it(
    storage: Storage, tmp_path: Path, channel: Channel, happened: Sequence[str], goes_on: list[Arrival]
) -> None:
    spoken, gone_on = 0, list[Arrival]()

    async def converse(_call: Call, arrival: Arrival) -> None:
        gone_on.append(arrival)

    async with asyncio.TaskGroup() as tasks:
        asterisk: Any = Asterisk()
        sessions = sessions_of(storage, tmp_path, tasks, asterisk, converse, ari=asterisk)
        call = sessions.place(channel, CallRecord(id=channel.id, number=None, shown="", arrived_at=NOON))

        async def speak() -> None:
            nonlocal spoken
            spoken += 1
            if "joins" in happened:
                await call.note(Step.JOINED_LINE)
            if "answers" in happened:
                await call.hand_over(Leg("leg-1", "PJSIP/desk-201-1"))
            if spoken == 1:
                raise ConnectionError("the database went away")

        await sessions.carry_on(call, speak)
    assert gone_on == goes_on
    assert spoken == (1 if goes_on else 2), "who was called back to their place is spoken with anew"


async def test_whoever_is_called_for_a_matter_of_ours_is_not_asked_anew_when_the_database_dies_under_it(
    storage: Storage, tmp_path: Path
) -> None:
    async def converse(*_: object) -> None:
        raise AssertionError("its source says what follows")

    async def speak() -> None:
        raise ConnectionError("the database went away")

    async with asyncio.TaskGroup() as tasks:
        asterisk: Any = Asterisk()
        sessions = sessions_of(storage, tmp_path, tasks, asterisk, converse, ari=asterisk)
        call = sessions.place(OUT, CallRecord(id=OUT.id, number=None, shown="", arrived_at=NOON))
        with pytest.raises(ConnectionError):
            await sessions.carry_on(call, speak)


async def test_whoever_comes_back_from_asterisks_own_queue_hears_music_before_anything_is_read(
    storage: Storage, tmp_path: Path
) -> None:
    asterisk: Any = Asterisk()
    arrivals: list[tuple[Arrival, bool]] = []

    async def among(_calls: Collection[str]) -> Collection[str]:
        assert asterisk.music == [CALL.id]
        return ()

    async def converse(call: Call, arrival: Arrival) -> None:
        assert isinstance(call, AsteriskCall)
        arrivals.append((arrival, call._playing.music))
        call.channel.hung_up = True
        raise CallGone("they have hung up")

    async with asyncio.TaskGroup() as tasks:
        parts = {"ari": asterisk, "wrongly_lost": SimpleNamespace(among=among)}
        await sessions_of(storage, tmp_path, tasks, asterisk, converse, **parts).take_back(CALL)
    assert arrivals == [(Arrival.IN_LINE, True)], "and goes on hearing it until the line says something"


@pytest.mark.parametrize("ends", ["waits", "is over", "fails"])
@pytest.mark.parametrize("joins", [True, False])
async def test_who_left_us_unheard_and_is_back_is_served_by_one_alone_and_keeps_their_place(
    storage: Storage, tmp_path: Path, ends: str, *, joins: bool
) -> None:
    """As a caller whom Asterisk took, for want of a service, when a new one was reading who waits."""
    asterisk: Any = Asterisk()
    arrivals: list[Arrival] = []
    begun, back = asyncio.Event(), asyncio.Event()

    async def among(_calls: Collection[str]) -> Collection[str]:
        return ()

    async def converse(call: Call, arrival: Arrival) -> None:
        assert isinstance(call, AsteriskCall)
        arrivals.append(arrival)
        if arrival is Arrival.NEW:
            if joins:
                await call.note(Step.JOINED_LINE)
                await storage.line.enter(CALL.id, at=NOON)
            begun.set()
            if ends == "waits":
                await call.channel.until(lambda: False)
            await back.wait()
            if ends == "fails":
                raise RuntimeError("not in our application")
            return
        back.set()
        await asyncio.wait([other])
        assert sessions.followed(CALL.id) is call
        place = await storage.line.entry(CALL.id)
        assert (place is not None and place.state is QueueEntryState.WAITING) is joins
        call.channel.hung_up = True
        raise CallGone("they have hung up")

    async with asyncio.TaskGroup() as tasks:
        parts = {"ari": asterisk, "wrongly_lost": SimpleNamespace(among=among)}
        sessions = sessions_of(storage, tmp_path, tasks, asterisk, converse, **parts)
        sessions.greet(CALL)
        await begun.wait()
        (other,) = [one for one in asyncio.all_tasks() if one.get_name() == f"call {CALL.id}"]
        await sessions.take_back(CALL)
    assert arrivals == [Arrival.NEW, Arrival.IN_LINE if joins else Arrival.IN_MENU]
    assert asterisk.given == []
    await storage.calls.flush()
    steps = [one.step for one in await storage.calls.journey(CALL.id)]
    assert steps.count(Step.ENDED) == 1


@pytest.mark.parametrize("has_talked", [False, True])
async def test_the_emergencys_key_in_asterisks_own_queue_is_on_record_unless_they_have_talked_since(
    storage: Storage, tmp_path: Path, *, has_talked: bool
) -> None:
    asterisk: Any = Asterisk()
    asterisk.said_emergency = True
    await storage.calls.open(CallRecord(id=CALL.id, number=None, shown="", arrived_at=NOON))
    if has_talked:
        await storage.calls.note(JourneyStep(call_id=CALL.id, number=1, at=NOON, step=Step.TALK_STARTED))
    urgent: list[bool] = []

    async def among(_calls: Collection[str]) -> Collection[str]:
        return ()

    async def converse(call: Call, _arrival: Arrival) -> None:
        assert isinstance(call, AsteriskCall)
        urgent.append(call.urgent)
        call.channel.hung_up = True
        raise CallGone("they have hung up")

    async with asyncio.TaskGroup() as tasks:
        parts = {"ari": asterisk, "wrongly_lost": SimpleNamespace(among=among)}
        await sessions_of(storage, tmp_path, tasks, asterisk, converse, **parts).take_back(CALL)
    assert urgent == [not has_talked]
    await storage.calls.flush()
    keys = [one.detail for one in await storage.calls.journey(CALL.id) if one.step is Step.PRESSED]
    assert keys == ([] if has_talked else [{"key": "4", "asked": "one", MEANWHILE: True}])


async def test_whom_asterisks_own_queue_has_is_taken_back_only_once_the_line_goes_on(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    asterisk: Any = Asterisk()

    async def entry(_call_id: str) -> None:
        asterisk.given.append("line")
        if asterisk.given.count("line") < 3:
            raise ConnectionError("the database is away")

    monkeypatch.setattr(storage.line, "entry", entry)

    async def converse(call: Call, _arrival: Arrival) -> None:
        assert isinstance(call, AsteriskCall)
        await call.note(Step.JOINED_LINE)
        call.take(StasisEnd(timestamp=NOON, channel=CALL))
        raise CallGone("they were lent to Asterisk's own queue")

    async with asyncio.TaskGroup() as tasks:
        sessions_of(storage, tmp_path, tasks, asterisk, converse).greet(CALL)
    assert asterisk.given == [f"returns {CALL.id}", "line", "line", "line", f"back {CALL.id}"]


@pytest.mark.parametrize(
    ("heard", "refuses", "goes_on_at"),
    [
        ([], False, Before.NOTHING),
        ([{"phrases": "please-wait", MEANWHILE: True}], False, Before.NOTHING),
        ([{"phrases": "welcome"}], False, Before.GREETED),
        ([{"phrases": "welcome"}, SAID_THAT_WE_RECORD], False, Before.TOLD),
        ([{"phrases": "welcome"}, SAID_THAT_WE_RECORD], True, Before.GREETED),
    ],
)
async def test_whoever_is_left_to_asterisks_own_queue_is_told_there_what_they_have_not_heard_yet(
    storage: Storage,
    tmp_path: Path,
    heard: Sequence[Mapping[str, Scalar]],
    goes_on_at: Before,
    *,
    refuses: bool,
) -> None:
    asterisk: Any = Asterisk()

    async def converse(call: Call, _arrival: Arrival) -> None:
        assert isinstance(call, AsteriskCall)
        for one in heard:
            await call.note(Step.HEARD, **one)
        if refuses:
            await call.refuse_recording()
        await call._dead_air._leave()
        call.channel.hung_up = True
        raise CallGone("they have hung up")

    async with asyncio.TaskGroup() as tasks:
        sessions_of(storage, tmp_path, tasks, asterisk, converse, ari=asterisk).greet(CALL)
    first = [f"refuses {CALL.id}"] * refuses
    assert asterisk.given == [*first, f"emergency {CALL.id} True", f"{CALL.id} {goes_on_at}"]


def sessions_of(
    storage: Storage,
    folder: Path,
    tasks: asyncio.TaskGroup,
    asterisk: Any,
    converse: Callable[[Call, Arrival], Awaitable[None]],
    **parts: Any,
) -> CallSessions:
    ports: Any = SimpleNamespace(
        calls=storage.calls,
        line=storage.line,
        clock=SetClock(),
        voice=None,
        events=SimpleNamespace(tell=lambda _event: None),
        is_database_lost=lambda error: isinstance(error, ConnectionError),
        line_of=ours_alone,
    )
    word = Phrase(name="one", uk="Мить", en="One moment")
    words = WaitWords(please_wait=word, emergency_key=word, key="4", kept="*", recorded=NOTICE)
    plan: Any = SimpleNamespace(messages=folder, wait_words=words, interpreters=NO_INTERPRETERS)
    nothing: Any = None
    made: dict[str, Any] = {
        "ari": nothing,
        "ports": ports,
        "plan": plan,
        "converse": converse,
        "talks": asterisk,
        "contact_talks": nothing,
        "fallback": asterisk,
        "registry": ChannelRegistry(),
        "called_out": nothing,
        "line_changed": asyncio.Event(),
        "tasks": tasks,
        "owed": OwedWrites(tasks),
        "hearing": nothing,
        "origin_of": lambda _name: None,
        "wrongly_lost": nothing,
    }
    return CallSessions(**made | parts)
