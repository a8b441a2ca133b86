"""Two desks talk with one another: whoever is left alone is hung up on."""

import asyncio
from datetime import UTC, datetime
from typing import Any, cast

from hotline.line.line import Dispatcher
from hotline.line.presence_states import Presence
from telephony.ari.errors import NotThere
from telephony.calls.leg import Leg, PassOn
from telephony.dialling.consult import Consults
from tests.fakes.clock import SetClock


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

    async def hang_up(self, channel: str, *, reason_code: int = 0) -> None:
        del reason_code
        self.ended.append(channel)


class Talks:
    def colleague(self, leg: Leg) -> None: ...


class EngagedByAnother:
    """A line in which somebody was quicker."""

    async def engage(self, dispatcher_id: int, at: datetime, reason: str) -> bool:
        del dispatcher_id, at, reason
        return False

    async def disengage(self, dispatcher_id: int, at: datetime, *, reason: str) -> None:
        raise AssertionError(f"{dispatcher_id} freed at {at} of {reason}, which another engaged them for")


def consults_of(asterisk: object, line: object = None) -> Consults:
    nothing = cast("Any", None)
    return Consults(
        ari=cast("Any", asterisk),
        talks=cast("Any", Talks()),
        line=cast("Any", line),
        dispatchers=nothing,
        clock=SetClock(datetime(2026, 12, 1, tzinfo=UTC)),
        legs={},
        channels={},
        ring_seconds=1,
        line_changed=asyncio.Event(),
        browsers=nothing,
        events=nothing,
        talk_of=lambda _dispatcher_id: None,
        owed=nothing,
    )


async def test_a_colleague_who_is_engaged_in_this_very_moment_is_busy() -> None:
    asker = Leg("asks", "PJSIP/desk-201-1")
    asterisk = HangsUpAtOnce(asker)
    since = datetime(2026, 12, 1, tzinfo=UTC)
    colleague = Dispatcher(
        id=2, extension="202", name="Тарас", secret="", since=since, presence=Presence.READY
    )
    await consults_of(asterisk, EngagedByAnother())._connect(cast("Any", None), asker, colleague, None)
    assert asterisk.ended == [asker.id]


async def test_whose_colleague_hangs_up_over_a_transfer_to_nobody_is_not_left_alone() -> None:
    asker, colleague = Leg("asks", "PJSIP/desk-201-1"), Leg("asked", "PJSIP/desk-202-1")
    colleague.caller = asker
    colleague.passed_on = PassOn(extension="203", answered_channel=None)
    asterisk = HangsUpAtOnce(colleague)
    consults = consults_of(asterisk)
    await consults._talk(asker, colleague)  # what goes on once both have answered
    assert asterisk.ended == [asker.id]
