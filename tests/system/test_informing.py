"""Residents are informed by order: real Asterisk, and residents who are real phones behind the provider."""

from datetime import timedelta
from pathlib import Path

import pytest

from hotline.campaigns import PersonState
from hotline.clock import SystemClock
from hotline.dialler import Result
from hotline.informing import Audience, NewOrder, OrderState, Way
from hotline.users import Role
from telephony.phone.phone import Phone
from telephony.phone.sip import user_of
from telephony.phone.sound import tone
from tests.system.hotline import Hotline, running_hotline
from tests.system.oracle import compare
from tests.system.people import CITIZEN

pytestmark = pytest.mark.system

PROVIDER = "127.0.0.9"
CONFIRMS, ENGAGED, SILENT = "+380671112201", "+380671112202", "+380671112203"


async def _runs(hotline: Hotline, *listed: str) -> int:
    """Prepare an order by one head and approve it by another; it may be told at any hour."""
    orders, now = hotline.storage.informing, SystemClock().now()
    heads = [
        await hotline.storage.users.add(login=one, name=one, role=Role.HEAD, password_hash="none")
        for one in ("author", "second")
    ]
    new = NewOrder(
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
    order = await orders.add(new, heads[0].id, now)
    order = await orders.move(order, OrderState.SUBMITTED, now, user_id=heads[0].id)
    await orders.move(order, OrderState.APPROVED, now, user_id=heads[1].id)
    return order.id


async def test_each_resident_is_called_and_only_a_key_is_proof(tmp_path: Path) -> None:
    async with Phone(PROVIDER, user="provider") as provider:
        way_out = {"HOTLINE_TRUNK_HOST": PROVIDER, "HOTLINE_TRUNK_PORT": str(provider.address[1])}
        async with running_hotline(tmp_path, **way_out) as hotline:
            order_id = await _runs(hotline, CONFIRMS, ENGAGED, SILENT)
            for _ in range(3):
                call = await provider.next_call(20)
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

            await hotline.until(proved, seconds=30)
            people = [one async for one in hotline.storage.informing.people(order_id)]
            assert [one.number for one in people if one.told] == [CONFIRMS]
            await compare(hotline)
