"""The verbs of a call against an Asterisk that does not tell how a playback ended."""

import asyncio
from collections.abc import AsyncIterator
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


@pytest.fixture
async def call(tmp_path: Path) -> AsyncIterator[AsteriskCall]:
    server, clock = AriServer(), SetClock()
    async with (
        server.running() as address,
        connect(address) as connection,
        fresh_storage(clock) as storage,
        asyncio.TaskGroup() as tasks,
    ):
        reading = asyncio.create_task(connection.read(lambda _event: None))
        yield AsteriskCall(
            Channel(id="1.1", name="PJSIP/x", state="Up", caller=CallerId("", "1"), creationtime=NOON),
            ari=Ari(connection.requests, "hotline"),
            voice=ShortVoice(),
            log=storage.calls,
            journey=Journey("1.1", storage.calls, clock),
            talks=cast("Any", None),
            clock=clock,
            line_changed=asyncio.Event(),
            tasks=tasks,
            messages=tmp_path,
            others={},
            timeouts=DigitTimeouts(first=0.01, between=0.01),
        )
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def test_a_caller_is_led_on_though_the_end_of_a_prompt_is_never_told(
    call: AsteriskCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_module, "SAID_LATE_SECONDS", 0.02)
    async with asyncio.timeout(60):
        await call.play(HELLO)
        assert not await call.announce(HELLO)
        assert await call.digits(HELLO, most=1) is None
