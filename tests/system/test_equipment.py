"""Equipment beside a real Asterisk: the trunk is asked whether it answers, and a fault calls a telephone."""

import pytest

from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.equipment.items import Calls, Kind, NewItem, Way
from tests.system.lending import Hotlines

pytestmark = pytest.mark.system

NUMBER = "+380671112201"
ROUNDS = 60.0
"""Seconds within which the watch has looked and followed; Asterisk asks the trunk every thirty."""


async def test_a_fault_calls_a_telephone_until_a_key_and_the_trunk_is_known_to_answer(
    hotlines: Hotlines,
) -> None:
    async with hotlines.calling_outside() as outside:
        hotline = outside.hotline
        closed = NewItem(
            name="Маршрутизатор",
            kind=Kind.ROUTER,
            way=Way.TCP,
            host="127.0.0.1",
            port=1,
            interval_seconds=15,
            failures=1,
            calls=Calls(whom=f"phone:{NUMBER}", after_minutes=0, urgent=True),
        )
        item = await hotline.storage.equipment.add(closed)

        async def told() -> list[NoticeState]:
            """Give the states of the calls about the fault that goes on."""
            faults = await hotline.storage.equipment.faults([item.id])
            if not faults or (Channel.CALL, NUMBER) not in await hotline.storage.equipment.told(
                faults[item.id].id
            ):
                return []
            found = [await hotline.storage.outbox.find(number) for number in range(1, 10)]
            return [one.state for one in found if one is not None and one.channel is Channel.CALL]

        await hotline.until(told, seconds=ROUNDS)
        call = await outside.rung(NUMBER)
        await call.answer()
        await call.heard_voice()
        await call.press("1")
        await call.ended()

        async def settled() -> bool:
            return await told() == [NoticeState.SENT]

        await hotline.until(settled)

        async def answers() -> bool:
            return (await hotline.node.ask("GET", "endpoints/PJSIP/trunk"))["state"] == "online"

        await hotline.until(answers, seconds=ROUNDS)
