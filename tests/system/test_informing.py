"""Residents are informed by order: real Asterisk, and residents who are real phones behind the provider."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.calls.call import Step
from hotline.clock import SystemClock
from hotline.dialling.campaigns import PersonState
from hotline.dialling.dialler import Result
from hotline.informing.order_states import OrderAct, OrderState
from hotline.informing.orders import Audience, NewOrder, Way
from ivr_flows import prompts
from storage.core.fresh import FRESH_SECONDS
from telephony.phone.sip import user_of
from telephony.phone.sound import tone
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.oracle import compare
from tests.system.people import CITIZEN
from tests.system.test_city_message import called, of, record, says

pytestmark = pytest.mark.system

VOICE = 440
"""Hz: a person's voice."""
CONFIRMS, ENGAGED, SILENT = "+380671112201", "+380671112202", "+380671112203"


async def _heads(hotline: Hotline) -> list[User]:
    return [
        await hotline.storage.users.add(login=one, name=one, role=Role.HEAD, password_hash="none")
        for one in ("author", "second")
    ]


async def approved(hotline: Hotline, new: NewOrder, voice: Path | None = None) -> int:
    """Have one head prepare it, perhaps in their own voice, and another approve it."""
    orders, now = hotline.storage.informing, SystemClock().now()
    author, second = await _heads(hotline)
    order = await orders.add(new, author.id, now)
    if voice:
        phrase = order.phrase_to_record
        await record(hotline, voice, phrase, VOICE, author)
        order = await orders.speak(order, phrase.name, now, user_id=author.id)
    order = await orders.move(order, OrderAct.SUBMIT, now, user_id=author.id)
    await orders.move(order, OrderAct.APPROVE, now, user_id=second.id)
    return order.id


def order_calling(*listed: str) -> NewOrder:
    """Call these; it may be told at any hour."""
    now = SystemClock().now()
    return NewOrder(
        number="12-р",
        dated=now.date(),
        issued_by="Міський голова",
        subject="Вода",
        text="Завтра не буде води.",
        ways=frozenset({Way.CALL}),
        audience=Audience(nobody=True, listed=listed),
        starts_at=now - timedelta(minutes=1),
        exempt="Випробування",
    )


async def test_each_resident_is_called_and_only_a_key_is_proof(hotlines: Hotlines) -> None:
    async with hotlines.calling_outside() as outside:
        hotline, provider = outside.hotline, outside.provider
        order_id = await approved(hotline, order_calling(CONFIRMS, ENGAGED, SILENT))
        for _ in range(3):
            call = await provider.next_call()
            match user_of(call.invite.uri):
                case number if number == ENGAGED:
                    await call.reject(486)
                case number if number == SILENT:
                    await call.answer(tone(CITIZEN))
                    await call.heard_voice()
                    await call.hang_up()
                case _:
                    await call.answer(tone(CITIZEN))
                    await call.press("1")

        async def proved() -> bool:
            found = {one.number: one async for one in hotline.storage.informing.people(order_id)}
            return (
                len(found) == 3
                and found[CONFIRMS].called is PersonState.REACHED
                and found[ENGAGED].result is Result.BUSY
                and found[SILENT].result is Result.UNHEARD
            )

        await hotline.until(proved)
        people = [one async for one in hotline.storage.informing.people(order_id)]
        assert [one.number for one in people if one.proof.proved] == [CONFIRMS]
        await compare(hotline)


async def test_a_voice_that_was_recorded_for_an_order_is_heard_in_its_calls(
    hotlines: Hotlines, tmp_path: Path
) -> None:
    async with hotlines.calling_outside() as outside:
        hotline, provider = outside.hotline, outside.provider
        order_id = await approved(hotline, order_calling(CONFIRMS), voice=tmp_path / "voice.wav")
        call = await provider.next_call()
        await call.answer(tone(CITIZEN))
        await call.heard_tone(VOICE)
        await call.press("1")

        async def proved() -> bool:
            return [one.proof.proved async for one in hotline.storage.informing.people(order_id)] == [True]

        await hotline.until(proved)


async def test_whoever_calls_hears_an_order_behind_the_greeting_until_it_is_stopped(hotline: Hotline) -> None:
    orders, now = hotline.storage.informing, SystemClock().now()
    said = replace(order_calling(), ways=frozenset({Way.IVR}), until=now + timedelta(hours=1))
    order_id = await approved(hotline, said)

    async def runs() -> bool:
        return (await orders.get(order_id)).state is OrderState.RUNNING

    await hotline.until(runs)
    await asyncio.sleep(FRESH_SECONDS)  # the service is another process
    call = await called(hotline)
    await says(hotline, "menu")
    await call.hang_up()
    first = await of(hotline)
    assert (await hotline.phrases(first.id))[len(prompts.GREETING) :] == [
        "city-message",
        f"order-{order_id}",
        "english-on-nine",
        "menu",
    ]
    told = [one.detail for one in await hotline.journey(first.id) if one.step is Step.INFORMED]
    assert told == [{"about": "order", "order": order_id}]
    assert await orders.heard_in(order_id) == 1

    order = await orders.get(order_id)
    await orders.move(order, OrderAct.STOP, SystemClock().now(), user_id=order.author_id, reason="Усунено")
    await asyncio.sleep(FRESH_SECONDS)
    again = await called(hotline, "+380457900002")
    await says(hotline, "menu", times=2)
    await again.hang_up()
    second = await of(hotline, "+380457900002")
    assert "city-message" not in await hotline.phrases(second.id)
