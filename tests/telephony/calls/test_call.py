"""The verbs of a call against an Asterisk that does not tell how a playback ended."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, cast

import pytest

from hotline.calls.conversation import DigitTimeouts
from hotline.voice.speech import Language, Phrase
from telephony.ari.actions import Ari
from telephony.ari.client import connect
from telephony.ari.messages import CallerId, Channel
from telephony.calls import call as call_module
from telephony.calls.call import AsteriskCall
from telephony.calls.journey import Journey
from telephony.phone.call import PATIENCE_SECONDS
from tests.fakes.ari_server import AriServer
from tests.fakes.clock import NOON, SetClock
from tests.fakes.databases import fresh_storage

HELLO = Phrase(name="hello", uk="Добрий день", en="Hello")


class ShortVoice:
    """Implements `hotline.voice.speech.Voice`: every phrase is a blink."""

    async def media(self, phrase: Phrase, language: Language) -> str:
        del language
        return f"sound:{phrase.name}"

    def seconds(self, media: str) -> float:
        del media
        return 0.01


Calls = Callable[[str], AsteriskCall]


@pytest.fixture
async def calls(tmp_path: Path) -> AsyncIterator[Calls]:
    """Make calls by their ids; each knows of the others."""
    server, clock, others = AriServer(), SetClock(), dict[str, AsteriskCall]()
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
                voice=ShortVoice(),
                log=storage.calls,
                journey=Journey(name, storage.calls, clock),
                talks=cast("Any", None),
                contact_talks=cast("Any", None),
                clock=clock,
                line_changed=asyncio.Event(),
                tasks=tasks,
                messages=tmp_path,
                others=others,
                timeouts=DigitTimeouts(first=0.01, between=0.01),
            )
            return others[name]

        yield make
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


@pytest.fixture
def call(calls: Calls) -> AsteriskCall:
    return calls("1.1")


async def test_a_caller_is_led_on_though_the_end_of_a_prompt_is_never_told(
    call: AsteriskCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_module, "SAID_LATE_SECONDS", 0.02)
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
