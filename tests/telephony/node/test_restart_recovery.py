"""A talk whose dispatcher hangs up while it is taken up again: after it was read, before it is followed."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from hotline.calls.conversation import Arrival
from telephony.ari.errors import NotThere
from telephony.ari.messages import CallerId, Channel, ChannelDestroyed
from telephony.calls.channel import FollowedChannel
from telephony.calls.leg import Leg
from telephony.causes import OUT_OF_ORDER
from telephony.node import restart_recovery as module
from telephony.node.registry import ChannelRegistry
from telephony.node.restart_recovery import Recovery
from telephony.node.surviving_calls import Alive
from tests.fakes.clock import NOON, SetClock

LEG = "leg-1.1-1"


def _channel(name: str) -> Channel:
    return Channel(id=name, name=f"PJSIP/{name}", state="Up", caller=CallerId(), creationtime=NOON)


class Asterisk:
    """Has the citizen's channel, and the leg unless it is `gone`; `tells` is the event that comes late."""

    def __init__(self, registry: ChannelRegistry, *, gone: bool, tells: ChannelDestroyed | None) -> None:
        self._registry, self._gone, self._tells = registry, gone, tells

    async def channel(self, channel: str) -> Channel:
        if not self._gone:
            return _channel(channel)
        if self._tells is not None:
            asyncio.get_running_loop().call_soon(self._registry.take, self._tells)
        raise NotThere(channel)


async def taken_up(*, gone: bool, tells: ChannelDestroyed | None = None) -> tuple[Leg, ChannelRegistry]:
    """Take a talk up again whose dispatcher hung up (`gone`) as it was read."""
    registry = ChannelRegistry()
    leg = Leg(LEG, f"PJSIP/{LEG}")
    leg.answered = leg.joined = True
    leg.dispatcher_id = 1
    unread: Any = None
    talk = Alive(channel=_channel("1.1"), record=None, journey=unread, arrival=Arrival.IN_TALK, leg=leg)

    async def alive_calls() -> list[Alive]:
        return [talk]

    async def nobody(*_: object) -> dict[str, int]:
        return {}

    def follow(*_: object) -> SimpleNamespace:
        return SimpleNamespace(channel=FollowedChannel("1.1", "PJSIP/1.1"), outgoing=False, leg=None)

    parts: dict[str, Any] = {
        "survivors": SimpleNamespace(
            alive_calls=alive_calls, called_back=[], engaged=nobody, fallen_back=nobody
        ),
        "ari": Asterisk(registry, gone=gone, tells=tells),
        "ami": SimpleNamespace(fallback_callers=nobody),
        "clock": SetClock(),
        "sessions": SimpleNamespace(follow=follow, take_up=lambda *_: None),
        "fallback": SimpleNamespace(engaged=lambda _: None),
        "pauses": SimpleNamespace(taken_up=lambda *_: None),
        "registry": registry,
    }
    parts |= dict.fromkeys(("calling_out", "conferences", "supervisors", "callbacks"))
    async with asyncio.TaskGroup() as tasks:
        await Recovery(**parts, tasks=tasks).recover()
    return leg, registry


async def test_a_talk_that_goes_on_is_left_alone() -> None:
    leg, registry = await taken_up(gone=False)
    assert not leg.gone
    assert registry.legs == {LEG: leg}


async def test_a_dispatcher_who_hung_up_as_they_were_read_is_found_though_nobody_tells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "TOLD_SECONDS", 0.01)
    leg, registry = await taken_up(gone=True)
    assert leg.gone
    assert leg.over
    assert registry.legs == {}


async def test_why_it_ended_is_heard_where_that_is_told_a_moment_later() -> None:
    told = ChannelDestroyed(timestamp=NOON, channel=_channel(LEG), cause=OUT_OF_ORDER)
    leg, registry = await taken_up(gone=True, tells=told)
    assert (leg.gone, leg.cause) == (True, OUT_OF_ORDER)
    assert registry.legs == {}
