"""The verbs of a call against an Asterisk that does not tell how a playback ended."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from hotline.calls.call import Step
from hotline.calls.conversation import DigitTimeouts, Held
from hotline.voice.speech import Language, Phrase
from telephony.ari.actions import Ari
from telephony.ari.client import connect
from telephony.ari.messages import CallerId, Channel
from telephony.calls import call as call_module
from telephony.calls import playing as playing_module
from telephony.calls.call import AsteriskCall
from telephony.calls.dead_air import WaitWords
from telephony.calls.journey import Journey
from telephony.phone.call import PATIENCE_SECONDS
from tests.fakes.ari_server import AriServer
from tests.fakes.clock import NOON, SetClock
from tests.fakes.databases import fresh_storage

HELLO = Phrase(name="hello", uk="Добрий день", en="Hello")
ANSWER = Phrase(name="answer", uk="Роботу виконано", en="Done")
WORDS = WaitWords(
    please_wait=Phrase(name="please-wait", uk="Зачекайте", en="Please wait"),
    emergency_key=Phrase(name="emergency-key", uk="Аварія — чотири", en="Emergency: four"),
    key="4",
    kept="*",
    recorded=Phrase(name="recorded", uk="Розмова записується", en="Recorded"),
)


class ShortVoice:
    """Implements `hotline.voice.speech.Voice`: every phrase is a blink; some have to be read aloud first."""

    def __init__(self) -> None:
        self.unread: dict[str, asyncio.Event] = {}

    async def at_hand(self, phrase: Phrase, language: Language) -> str | None:
        return None if phrase.name in self.unread else await self.media(phrase, language)

    async def media(self, phrase: Phrase, language: Language) -> str:
        del language
        if phrase.name in self.unread:
            await self.unread[phrase.name].wait()
        return f"sound:{phrase.name}"

    def seconds(self, media: str) -> float:
        del media
        return 0.01


Calls = Callable[[str], AsteriskCall]


@pytest.fixture
def server() -> AriServer:
    return AriServer()


@pytest.fixture
def voice() -> ShortVoice:
    return ShortVoice()


@pytest.fixture
def left() -> "asyncio.Queue[str]":
    """The calls that were given to Asterisk's own queue."""
    return asyncio.Queue()


@pytest.fixture
async def calls(
    server: AriServer, voice: ShortVoice, left: "asyncio.Queue[str]", tmp_path: Path
) -> AsyncIterator[Calls]:
    """Make calls by their ids; each knows of the others."""
    clock, others = SetClock(), dict[str, AsteriskCall]()
    async with (
        server.running() as address,
        connect(address) as connection,
        fresh_storage(clock) as storage,
        asyncio.TaskGroup() as tasks,
    ):
        reading = asyncio.create_task(connection.read(lambda _event: None))

        def make(name: str) -> AsteriskCall:
            others[name] = AsteriskCall(
                Channel(id=name, name="PJSIP/x", state="Up", caller=CallerId("", "1"), creationtime=NOON),
                ari=Ari(connection.requests, "hotline"),
                voice=voice,
                log=storage.calls,
                journey=Journey(name, storage.calls, clock),
                talks=cast("Any", None),
                contact_talks=cast("Any", None),
                clock=clock,
                line_changed=asyncio.Event(),
                messages=tmp_path,
                wait_words=WORDS,
                leave=partial(left.put, name),
                tasks=tasks,
                others=others,
                timeouts=DigitTimeouts(first=0.01, between=0.01),
            )
            return others[name]

        yield make
        for one in others.values():
            await one.waits_no_more()
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


@pytest.fixture
def call(calls: Calls) -> AsteriskCall:
    return calls("1.1")


async def test_a_caller_is_led_on_though_the_end_of_a_prompt_is_never_told(
    call: AsteriskCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playing_module, "SAID_LATE_SECONDS", 0.02)
    async with asyncio.timeout(60):
        await call.play(HELLO)
        assert not await call.announce(HELLO)
        assert await call.digits(HELLO, most=1) is None


async def test_a_contact_who_comes_while_another_hangs_up_unheard_is_brought_to_the_caller(
    call: AsteriskCall, calls: Calls
) -> None:
    call.contact = first = calls("2.1")
    second = calls("3.1")
    meeting = asyncio.create_task(second.meet(call.id))
    await asyncio.wait({meeting}, timeout=0)
    assert call.contact is first
    call.part_from(first)
    assert await call.channel.until(lambda: call.contact is second, PATIENCE_SECONDS)
    call.part_from(first)  # its own task finds that out as well, a moment later
    assert call.contact is second
    call.part_from(second)
    assert await meeting


async def test_a_contact_who_comes_into_a_talk_is_not(
    call: AsteriskCall, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_module, "UNHEARD_SECONDS", 0.01)
    call.contact = first = calls("2.1")
    assert not await calls("3.1").meet(call.id)
    assert call.contact is first


class Phone:
    """A caller's telephone as Asterisk counts its packets; `asked` is how often it was looked at."""

    def __init__(self, *packets: int) -> None:
        self._packets = iter(packets)
        self.asked = 0

    async def answer(self, server: AriServer, request: dict[str, Any]) -> None:
        if request["uri"].endswith("/rtp_statistics"):
            self.asked += 1
            await server.respond(request, 200, f'{{"rxcount": {next(self._packets)}}}')
        else:
            await server.respond(request, 204)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_module, "HEARD_LOOK_SECONDS", 0.001)


@pytest.mark.usefixtures("soon")
async def test_a_call_from_which_nothing_has_come_waits_until_sound_comes(
    call: AsteriskCall, server: AriServer
) -> None:
    await call.answer()
    server.answer = (phone := Phone(0, 0, 1)).answer
    await call.until_heard_from()
    assert phone.asked == 3


@pytest.mark.usefixtures("soon")
async def test_a_muted_caller_is_led_on_once_a_call_that_was_not_acknowledged_would_be_over(
    call: AsteriskCall, server: AriServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_module, "ACKNOWLEDGED_WITHIN_SECONDS", 0.02)
    await call.answer()
    server.answer = Phone(*[0] * 100).answer
    await call.until_heard_from()


async def test_who_has_pressed_a_key_is_there(call: AsteriskCall, server: AriServer) -> None:
    await call.answer()
    call.channel.pressed = True
    server.answer = (phone := Phone()).answer
    await call.until_heard_from()
    assert phone.asked == 0


async def test_a_key_pressed_as_somebody_comes_is_on_record_and_the_talk_goes_first(
    call: AsteriskCall, calls: Calls
) -> None:
    call.channel.keys.extend("1*")
    call.contact = calls("2.2")
    assert await call.hold(60, keys="1") is Held.CONTACT
    assert call.journey.detail(Step.PRESSED) == {"key": "1", "asked": "waiting"}
    assert call.has_pressed("*")
