"""Calls by IPv6, where `HOTLINE_SIP_HOST` is an address of it: citizens, desks and a trunk, SIP and sound."""

from pathlib import Path

import pytest

from hotline.calls.call import Outcome
from hotline.line.presence_states import Presence
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.system.hotline import running_hotline
from tests.system.people import CITIZEN, FIRST, SECOND, picks_up
from tests.system.web_desk import web_desk

pytestmark = [pytest.mark.system, pytest.mark.nightly]

HERE = "::1"
OUTSIDE = "+380671234567"


async def test_a_citizen_and_a_desk_hear_each_other(tmp_path: Path) -> None:
    async with running_hotline(tmp_path, HOTLINE_SIP_HOST=HERE) as hotline:
        at = (HERE, hotline.settings.sip_port)
        one = await hotline.storage.dispatchers.add("201", "201", "secret-201", frozenset())
        await hotline.endpoint_exists("201")
        async with (
            Phone(HERE, user="desk-201", secret=one.secret, registrar=at) as desk,
            Phone(HERE, user="+380457900001") as phone,
        ):
            await desk.register()
            await hotline.presence("201", Presence.READY)
            citizen = await phone.call(hotline.settings.number, to=at, sound=tone(CITIZEN))
            await citizen.answered()
            await citizen.press("0")
            talk = await picks_up(desk, FIRST)
            await citizen.heard_tone(FIRST)
            await talk.heard_tone(CITIZEN)
            await talk.hang_up()
            await citizen.ended()
        assert (await hotline.ended_call()).outcome is Outcome.TALKED


async def test_calls_come_and_leave_by_a_trunk(tmp_path: Path) -> None:
    async with Phone(HERE, user="provider") as provider:
        line = {"HOTLINE_TRUNK_HOST": HERE, "HOTLINE_TRUNK_PORT": str(provider.address[1])}
        async with (
            running_hotline(tmp_path, HOTLINE_SIP_HOST=HERE, **line) as hotline,
            web_desk(hotline, "201", SECOND) as desk,
        ):
            await desk.dials(OUTSIDE, "call")
            called = await provider.next_call()
            await called.answer(tone(CITIZEN))
            await called.press("1")
            await called.heard_tone(SECOND)
            await desk.hears(CITIZEN)
            await called.hang_up()
            await desk.call_is("none")
            at = (HERE, hotline.settings.sip_port)
            calling = await provider.call(hotline.settings.number, to=at, sound=tone(CITIZEN))
            await calling.answered()
            await calling.press("0")
            await desk.picks_up()
            await calling.heard_tone(SECOND)
            await desk.hears(CITIZEN)
            await calling.hang_up()
            await desk.call_is("none")
