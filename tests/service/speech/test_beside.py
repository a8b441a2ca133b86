"""Talks written along: an ear each, as many as there are; refused, passed on, broken, and over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pytest

from hotline.calls.call import CallRecord, Outcome, Recording
from hotline.city.addresses import Gazetteer
from hotline.events import CallEnded, Event, TalkEnded, TalkHeard, TalkStarted, TalkTakenUp
from hotline.speech.hearing import NotHeard
from hotline.speech.live import Hearing, LiveTalks, Saying
from hotline.speech.slots import Knowledge, SlotKind
from hotline.speech.transcripts import Speaker
from hotline.speech.vocabulary import built_in
from hotline.voice.speech import Language
from service.speech import beside
from service.speech.beside import BesideTalks
from storage.city.name_words import NameWords
from storage.store import Storage
from telephony.speech.beside_process import Sides
from tests.fakes.clock import NOON, SetClock
from tests.fakes.said import heard

OLENA, TARAS = 1, 2


@dataclass
class HeardLater:
    """A talk whose words a test says; None ends it, an error breaks it."""

    sides: Sides
    words: asyncio.Queue[str | NotHeard | None] = field(default_factory=asyncio.Queue)
    ended: bool = False

    def end(self) -> None:
        self.ended = True
        self.words.put_nowait(None)

    async def said(self) -> AsyncIterator[Saying]:
        while (told := await self.words.get()) is not None:
            if isinstance(told, NotHeard):
                raise told
            yield Saying(speaker=Speaker.CALLER, heard=heard(told))


@dataclass
class Room:
    """The hotline around it. `talks`: the ears that were opened, in their order."""

    storage: Storage
    live: LiveTalks = field(default_factory=LiveTalks)
    talks: list[HeardLater] = field(default_factory=list)
    told: asyncio.Queue[TalkHeard] = field(default_factory=asyncio.Queue)
    cannot_open: bool = False

    def tell(self, event: Event) -> None:
        assert isinstance(event, TalkHeard)
        self.told.put_nowait(event)

    @asynccontextmanager
    async def opens(self, _language: Language, sides: Sides) -> AsyncIterator[HeardLater]:
        if self.cannot_open:
            raise NotHeard("The model is broken.")
        self.talks.append(HeardLater(sides))
        yield self.talks[-1]

    async def records(
        self, call_id: str, dispatcher_id: int, language: Language = Language.UKRAINIAN
    ) -> None:
        await self.storage.calls.open(
            CallRecord(id=call_id, number=None, shown="", arrived_at=NOON, language=language)
        )
        leg = f"{call_id}-{dispatcher_id}"
        await self.storage.calls.keep_recording(
            Recording(
                id=leg,
                call_id=call_id,
                dispatcher_id=dispatcher_id,
                started_at=NOON,
                caller_file=f"{leg}-caller.wav",
                dispatcher_file=f"{leg}-dispatcher.wav",
            )
        )
        await self.storage.calls.flush()


@pytest.fixture
async def room(storage: Storage) -> Room:
    for extension in ("201", "202"):
        await storage.dispatchers.add(extension, extension, "secret", frozenset())
    return Room(storage)


@pytest.fixture
async def work(room: Room, storage: Storage) -> AsyncIterator[BesideTalks]:
    async def knowledge(language: Language) -> Knowledge:
        return Knowledge(register=Gazetteer([], {}), words=built_in()[language], names=NameWords())

    one = BesideTalks(
        calls=storage.calls,
        live=room.live,
        opens=room.opens,  # type: ignore[arg-type]
        languages=frozenset({Language.UKRAINIAN}),
        at_once=1,
        knowledge=knowledge,
        lemmas=storage.lemmas,
        events=room,
        clock=SetClock(),
        zone=ZoneInfo("Europe/Kyiv"),
    )
    running = asyncio.create_task(one.keep())
    yield one
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def began(call_id: str, dispatcher_id: int) -> TalkStarted:
    return TalkStarted(call_id=call_id, dispatcher_id=dispatcher_id, at=NOON)


def ended(call_id: str, dispatcher_id: int) -> TalkEnded:
    return TalkEnded(call_id=call_id, dispatcher_id=dispatcher_id, at=NOON)


def words_of(room: Room, call_id: str) -> list[str]:
    talk = room.live.handed(call_id)
    return [one.heard.text for one in talk.said] if talk else []


async def stands(room: Room, call_id: str, hearing: Hearing) -> None:
    """Wait until the desk is told that it stands so."""
    async with asyncio.timeout(60):
        while (talk := room.live.handed(call_id)) is None or talk.hearing is not hearing:
            await room.told.get()


async def test_what_is_said_is_told_to_the_desk_of_the_talk_with_its_slots(
    room: Room, work: BesideTalks
) -> None:
    await room.records("c1", OLENA)
    work.tell(began("c1", OLENA))
    await room.told.get()
    room.talks[0].words.put_nowait("мене звати Ганна Зразкова")
    assert (await room.told.get()).dispatcher_id == OLENA
    talk = room.live.of("c1", OLENA)
    assert talk is not None
    assert words_of(room, "c1") == ["мене звати Ганна Зразкова"]
    assert talk.filled[SlotKind.WHO].value == "Ганна Зразкова"
    assert room.live.of("c1", TARAS) is None  # nobody else's business
    assert [one.name for one in room.talks[0].sides] == ["c1-1-caller.wav", "c1-1-dispatcher.wav"]
    work.tell(ended("c1", OLENA))
    await stands(room, "c1", Hearing.ENDED)
    assert room.talks[0].ended


async def test_who_refused_the_recording_or_speaks_another_language_is_not_heard(
    room: Room, work: BesideTalks, storage: Storage
) -> None:
    await storage.calls.open(CallRecord(id="refused", number=None, shown="", arrived_at=NOON))
    await room.records("english", OLENA, Language.ENGLISH)
    await room.records("c1", OLENA)
    for call_id in ("refused", "english", "c1"):
        work.tell(began(call_id, OLENA))
    await room.told.get()
    assert [room.live.handed(one) is None for one in ("refused", "english", "c1")] == [True, True, False]
    assert len(room.talks) == 1


async def test_a_talk_for_which_no_ear_is_free_has_none_and_says_so(
    room: Room, work: BesideTalks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "EAR_WITHIN", 0.01)
    for call_id, dispatcher_id in (("c1", OLENA), ("c2", TARAS)):
        await room.records(call_id, dispatcher_id)
        work.tell(began(call_id, dispatcher_id))
        await room.told.get()
    assert room.live.handed("c2").hearing is Hearing.NO_EAR  # type: ignore[union-attr]
    assert len(room.talks) == 1
    work.tell(ended("c1", OLENA))
    await stands(room, "c1", Hearing.ENDED)
    await room.records("c3", TARAS)
    work.tell(began("c3", TARAS))
    await stands(room, "c3", Hearing.GOES_ON)


async def test_passed_on_the_colleague_has_the_words_and_goes_on(room: Room, work: BesideTalks) -> None:
    await room.records("c1", OLENA)
    work.tell(began("c1", OLENA))
    await room.told.get()
    room.talks[0].words.put_nowait("добрий день")
    await room.told.get()
    await room.records("c1", TARAS)
    work.tell(began("c1", TARAS))  # the colleague waits for the ear, the first talk ends meanwhile
    room.talks[0].words.put_nowait("дякую")
    work.tell(ended("c1", OLENA))
    async with asyncio.timeout(60):
        while len(room.talks) < 2:
            await room.told.get()
    room.talks[1].words.put_nowait("так це я")
    async with asyncio.timeout(60):
        while len(words_of(room, "c1")) < 3:
            await room.told.get()
    assert words_of(room, "c1") == ["добрий день", "дякую", "так це я"]
    talk = room.live.of("c1", TARAS)
    assert talk is not None
    assert (talk.dispatchers, talk.hearing) == ([OLENA, TARAS], Hearing.GOES_ON)


async def test_an_ear_that_dies_takes_nothing_along(room: Room, work: BesideTalks) -> None:
    await room.records("c1", OLENA)
    work.tell(began("c1", OLENA))
    await room.told.get()
    room.talks[0].words.put_nowait("алло")
    room.talks[0].words.put_nowait(NotHeard("The ear died."))
    await stands(room, "c1", Hearing.BROKEN)
    assert words_of(room, "c1") == ["алло"]
    room.cannot_open = True
    await room.records("c2", TARAS)
    work.tell(began("c2", TARAS))
    await stands(room, "c2", Hearing.BROKEN)


async def test_a_call_that_is_over_ends_its_ear_though_nobody_says_that_the_talk_is(
    room: Room, work: BesideTalks
) -> None:
    await room.records("c1", OLENA)
    work.tell(began("c1", OLENA))
    await room.told.get()
    work.tell(CallEnded(call_id="c1", outcome=Outcome.TALKED, at=NOON))
    await stands(room, "c1", Hearing.ENDED)


async def test_the_oldest_call_is_forgotten_for_the_next_and_a_finished_one_by_who_talked_last() -> None:
    live = LiveTalks(most=2)
    for call_id in ("c1", "c2", "c3"):
        live.begin(call_id, OLENA)
    assert [live.handed(one) is None for one in ("c1", "c2", "c3")] == [True, False, False]
    live.begin("c3", TARAS).hearing = Hearing.ENDED
    live.forget("c3", OLENA)
    assert live.handed("c3") is not None
    live.forget("c3", TARAS)
    assert live.handed("c3") is None
    live.forget("c2", OLENA)  # it goes on
    assert live.handed("c2") is not None


async def test_a_talk_that_is_taken_up_after_a_restart_is_written_along_again(
    room: Room, work: BesideTalks
) -> None:
    await room.records("c1", OLENA)
    for _ in range(2):  # taken up once more, as Asterisk was away for a moment: one ear hears it
        work.tell(TalkTakenUp(call_id="c1", dispatcher_id=OLENA, at=NOON))
    await room.told.get()
    room.talks[0].words.put_nowait("мене звати Ганна Зразкова")
    await room.told.get()
    assert words_of(room, "c1") == ["мене звати Ганна Зразкова"]
    room.talks[0].words.put_nowait(NotHeard("The ear died."))
    await stands(room, "c1", Hearing.BROKEN)
    work.tell(TalkTakenUp(call_id="c1", dispatcher_id=OLENA, at=NOON))  # its words stand there already
    await room.records("c2", TARAS)
    work.tell(TalkTakenUp(call_id="c2", dispatcher_id=TARAS, at=NOON))
    await stands(room, "c2", Hearing.GOES_ON)
    assert [one.sides.caller.name for one in room.talks] == ["c1-1-caller.wav", "c2-2-caller.wav"]
