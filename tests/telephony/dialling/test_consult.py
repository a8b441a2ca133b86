"""Two desks talk with one another: whoever is left alone is hung up on."""

import asyncio
from datetime import UTC, datetime
from typing import Any, cast

from telephony.ari.errors import NotThere
from telephony.calls.leg import Leg, PassOn
from telephony.dialling.consult import Consults


class HangsUpAtOnce:
    """An Asterisk in which the colleague asks for a transfer and has hung up when that is refused."""

    def __init__(self, colleague: Leg) -> None:
        self._colleague = colleague
        self.ended: list[str] = []

    async def answer(self, channel: str) -> None: ...

    async def create_bridge(self, bridge: str) -> None: ...

    async def add_to_bridge(self, bridge: str, *channels: str) -> None: ...

    async def transfer_refused(self, channel: str) -> None:
        self._colleague.left_at = datetime(2026, 12, 1, tzinfo=UTC)
        raise NotThere(channel)

    async def hang_up(self, channel: str) -> None:
        self.ended.append(channel)


class Talks:
    def colleague(self, leg: Leg) -> None: ...


async def test_whose_colleague_hangs_up_over_a_transfer_to_nobody_is_not_left_alone() -> None:
    asker, colleague = Leg("asks", "PJSIP/desk-201-1"), Leg("asked", "PJSIP/desk-202-1")
    colleague.caller = asker
    colleague.passed_on = PassOn(extension="203", answered_channel=None)
    asterisk = HangsUpAtOnce(colleague)
    nothing = cast("Any", None)
    consults = Consults(
        ari=cast("Any", asterisk),
        talks=cast("Any", Talks()),
        line=nothing,
        dispatchers=nothing,
        clock=nothing,
        legs={},
        channels={},
        ring_seconds=1,
        line_changed=asyncio.Event(),
        browsers=nothing,
        events=nothing,
        talk_of=lambda _dispatcher_id: None,
        owed=nothing,
    )
    await consults._talk(asker, colleague)  # what goes on once both have answered
    assert asterisk.ended == [asker.id]
