"""A call to the outside is dialled as soon as its channel is ours, however late Asterisk brings it."""

import asyncio
from datetime import UTC, datetime
from typing import cast

import pytest

from hotline.calls.call import Outcome
from telephony.ari.actions import Ari
from telephony.ari.errors import NotThere
from telephony.ari.messages import CallerId, Channel, ChannelDestroyed, Dial, Event, StasisStart
from telephony.calls.channel import FollowedChannel
from telephony.dialling.outgoing import Outgoing, Trunk

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CHANNEL = Channel(id="out-1", name="PJSIP/outgoing-1", state="Down", caller=CallerId(), creationtime=NOON)
TRUNK = Trunk(address="127.0.0.9:5060", shown="1580", ring_seconds=30)
NEVER = 3600.0


class LateAsterisk:
    """Refuses to dial so many times, `then` is told after each refusal; at last the called answer."""

    def __init__(self, refuses: int, then: Event | None = None) -> None:
        self.channel = FollowedChannel(CHANNEL.id, CHANNEL.name)
        self.asked = 0
        self._refuses = refuses
        self._then = then

    async def dial(self, channel: str, *, ring_seconds: int) -> None:
        assert (channel, ring_seconds) == (CHANNEL.id, TRUNK.ring_seconds)
        self.asked += 1
        if self.asked <= self._refuses:
            if self._then is not None:
                asyncio.get_running_loop().call_soon(self.channel.take, self._then)
            raise NotThere("dial: 409 Channel not in Stasis application")
        self.channel.take(Dial(timestamp=NOON, peer=CHANNEL, dialstatus="ANSWER"))

    async def rung(self) -> Outcome | None:
        async def rings() -> None:
            raise AssertionError("it was answered at once")

        outgoing = Outgoing(cast("Ari", self), TRUNK)
        return await outgoing.ring(self.channel, rings=rings, given_up=lambda: False)


async def test_a_channel_that_is_ours_is_dialled_at_once() -> None:
    asterisk = LateAsterisk(refuses=0)
    assert await asterisk.rung() is None
    assert asterisk.asked == 1


async def test_it_is_dialled_again_when_we_are_told_that_it_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("telephony.dialling.outgoing.ENTERS_WITHIN_SECONDS", (NEVER,))
    ours = StasisStart(timestamp=NOON, channel=CHANNEL, args=["outgoing"])
    asterisk = LateAsterisk(refuses=1, then=ours)
    assert await asterisk.rung() is None
    assert asterisk.asked == 2


async def test_it_is_dialled_again_though_nobody_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("telephony.dialling.outgoing.ENTERS_WITHIN_SECONDS", (0.001, 0.001))
    asterisk = LateAsterisk(refuses=2)
    assert await asterisk.rung() is None
    assert asterisk.asked == 3


async def test_a_channel_that_has_died_meanwhile_is_not_dialled_any_more() -> None:
    died = ChannelDestroyed(timestamp=NOON, channel=CHANNEL, cause=34)
    asterisk = LateAsterisk(refuses=1, then=died)
    assert await asterisk.rung() is Outcome.FAILED
    assert asterisk.asked == 1


async def test_a_channel_that_never_becomes_ours_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("telephony.dialling.outgoing.ENTERS_WITHIN_SECONDS", (0.001, 0.001))
    monkeypatch.setattr("telephony.dialling.outgoing.CAUSE_SECONDS", 0.001)
    asterisk = LateAsterisk(refuses=9)
    assert await asterisk.rung() is Outcome.FAILED
    assert asterisk.asked == 3
