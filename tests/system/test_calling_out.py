"""A dispatcher calls somebody outside: real Chromium, real Asterisk, a provider that is a real SIP phone."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import expect

from hotline.calls import CallRecord, Direction, Outcome, Step
from hotline.line import Duty
from telephony.phone.incoming import IncomingCall
from telephony.phone.phone import Phone
from telephony.phone.sip import user_of
from telephony.phone.sound import tone
from tests.system.hotline import Hotline, running_hotline
from tests.system.oracle import compare
from tests.system.people import CITIZEN, FIRST, loudest
from tests.system.web_desk import WebDesk, web_desk

pytestmark = pytest.mark.system

PROVIDER = "127.0.0.9"
TYPED, DIALLED = "067 123 45 67", "+380671234567"


@dataclass(kw_only=True)
class City:
    """The hotline, the provider through whom calls leave, and a dispatcher at a browser."""

    hotline: Hotline
    provider: Phone
    desk: WebDesk

    async def outcome_is(self, outcome: str) -> None:
        """Wait until the panel says how the call went."""
        panel = self.desk.page.locator("[data-softphone]")
        await expect(panel).to_have_attribute("data-outcome", outcome, timeout=20_000)

    async def dials(self, number: str = TYPED) -> IncomingCall:
        """The dispatcher types the number; the call as it comes to the provider."""
        await self.desk.dials(number, "call")
        return await self.provider.next_call()

    async def in_talk(self) -> IncomingCall:
        """Somebody who was called and answered, past the notice."""
        called = await self.dials()
        await called.answer(tone(CITIZEN))
        await called.press("1")
        await called.heard_tone(FIRST)
        await self.desk.hears(CITIZEN)
        return called

    async def ended(self) -> CallRecord:
        call = await self.hotline.ended_call()
        assert call.direction is Direction.OUTGOING
        return call


@pytest.fixture
async def city(tmp_path: Path) -> AsyncIterator[City]:
    async with Phone(PROVIDER, user="provider") as provider:
        way_out = {"HOTLINE_TRUNK_HOST": PROVIDER, "HOTLINE_TRUNK_PORT": str(provider.address[1])}
        async with (
            running_hotline(tmp_path, **way_out) as hotline,
            web_desk(hotline, tmp_path, "101", FIRST) as desk,
        ):
            yield City(hotline=hotline, provider=provider, desk=desk)


async def test_a_dispatcher_calls_a_citizen_and_both_hear_each_other(city: City) -> None:
    called = await city.dials()
    assert user_of(called.invite.uri) == DIALLED
    assert called.caller == city.hotline.settings.number
    await city.desk.call_is("talking")
    await called.ring()
    await city.desk.hears(425)
    await called.answer(tone(CITIZEN))
    await called.heard_voice()
    await called.heard_tone(FIRST, timeout=20)
    await city.desk.hears(CITIZEN)

    await called.hang_up()

    await city.desk.call_is("none")
    call = await city.ended()
    assert (call.number, call.outcome) == (DIALLED, Outcome.TALKED)
    steps = await city.hotline.steps(call.id)
    assert steps[:3] == [Step.CALLED_OUT, Step.RANG, Step.ANSWERED]
    (kept,) = await city.hotline.storage.calls.recordings(call.id)
    assert (loudest(Path(kept.caller_file)), loudest(Path(kept.dispatcher_file))) == (CITIZEN, FIRST)
    await compare(city.hotline)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (486, Outcome.BUSY),
        (603, Outcome.REFUSED),
        (480, Outcome.NO_ANSWER),
        (404, Outcome.NOT_IN_USE),
        (503, Outcome.FAILED),
    ],
)
async def test_it_is_told_why_nobody_answers(city: City, code: int, outcome: Outcome) -> None:
    called = await city.dials()
    await called.ring()

    await called.reject(code)

    await city.outcome_is(outcome.value)
    await city.desk.call_is("none")
    assert (await city.ended()).outcome is outcome
    assert (await city.hotline.dispatcher("101")).duty is Duty.READY
    await compare(city.hotline)
