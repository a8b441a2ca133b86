"""In whichever order Asterisk's events come, a call of ours comes to what the called have done.

Recorded from Asterisk 22 at calls of the hotline: what it tells of one outcome, with the channel's state at
that moment.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import permutations
from typing import cast

import pytest

from hotline.calls.call import Outcome
from hotline.errors import CallGone
from telephony.ari.actions import Ari
from telephony.ari.messages import (
    CallerId,
    Channel,
    ChannelDestroyed,
    ChannelHangupRequest,
    Dial,
    Event,
    StasisEnd,
    StasisStart,
)
from telephony.calls.channel import FollowedChannel
from telephony.dialling.outgoing import Outgoing, Trunk

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TRUNK = Trunk(address="127.0.0.9:5060", shown="1580", ring_seconds=30)


def channel(state: str) -> Channel:
    return Channel(id="out-1", name="PJSIP/outgoing-1", state=state, caller=CallerId(), creationtime=NOON)


def dial(status: str, state: str) -> Dial:
    return Dial(timestamp=NOON, peer=channel(state), dialstatus=status)


def ends(state: str, asked: int, cause: int) -> Sequence[Event]:
    """What is told of a channel's end; `asked` is the cause that comes with the request."""
    return (
        ChannelHangupRequest(timestamp=NOON, channel=channel(state), cause=asked),
        StasisEnd(timestamp=NOON, channel=channel(state)),
        ChannelDestroyed(timestamp=NOON, channel=channel(state), cause=cause),
    )


DIALLED = (StasisStart(timestamp=NOON, channel=channel("Down"), args=["outgoing"]), dial("", "Down"))
TRACES: Mapping[str, tuple[Sequence[Event], Outcome | None]] = {
    "answered": ((*DIALLED, dial("RINGING", "Ringing"), dial("ANSWER", "Up")), None),
    "answered at once": ((*DIALLED, dial("RINGING", "Down"), dial("ANSWER", "Up")), None),
    "answered with early sound": ((*DIALLED, dial("PROGRESS", "Down"), dial("ANSWER", "Up")), None),
    "answered and hung up": ((*DIALLED, dial("ANSWER", "Up"), *ends("Up", 0, 16)), None),
    "busy": ((*DIALLED, *ends("Down", 17, 17)), Outcome.BUSY),
    "refused": ((*DIALLED, dial("RINGING", "Ringing"), *ends("Ringing", 21, 21)), Outcome.REFUSED),
    "no answer": ((*DIALLED, dial("RINGING", "Ringing"), *ends("Ringing", 32, 19)), Outcome.NO_ANSWER),
    "not in use": ((*DIALLED, *ends("Down", 1, 1)), Outcome.NOT_IN_USE),
    "no way": ((*DIALLED, *ends("Down", 34, 34)), Outcome.FAILED),
}


class ToldByAsterisk:
    """Tells these events as soon as it is to dial."""

    def __init__(self, events: Sequence[Event], *, is_now: str | None = "Ringing", at_once: int = 1) -> None:
        """`is_now`: the channel's state for whoever asks; None: there is none any more.

        So many events come `at_once`, before anybody looks.
        """
        self.followed = FollowedChannel("out-1", "PJSIP/outgoing-1")
        self._events = events
        self._is_now = is_now
        self._at_once = at_once

    async def dial(self, _channel: str, *, ring_seconds: int) -> None:
        assert ring_seconds == TRUNK.ring_seconds
        self._telling = asyncio.create_task(self._tell())

    async def channel(self, _channel: str) -> Channel:
        if self._is_now is None:
            raise CallGone("404 Channel not found")
        return channel(self._is_now)

    async def _tell(self) -> None:
        for told, event in enumerate(self._events, 1):
            self.followed.take(event)
            if told % self._at_once == 0:
                await asyncio.sleep(0)

    async def comes_to(self) -> Outcome | None:
        async def rings() -> None:
            await asyncio.sleep(0)

        outgoing = Outgoing(cast("Ari", self), TRUNK)
        outcome = await outgoing.ring(self.followed, rings=rings, given_up=lambda: False)
        await self._telling
        return outcome


@pytest.fixture
def asked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asterisk has rung for as long as it rings."""
    monkeypatch.setattr("telephony.dialling.outgoing.MARGIN_SECONDS", -TRUNK.ring_seconds)


@pytest.mark.parametrize("at_once", [1, 2, 9])
@pytest.mark.parametrize("named", TRACES)
async def test_no_order_of_the_events_makes_anything_else_of_a_call(named: str, at_once: int) -> None:
    events, expected = TRACES[named]
    orders = list(permutations(events))
    found = [await ToldByAsterisk(order, at_once=at_once).comes_to() for order in orders]
    assert [(order, one) for order, one in zip(orders, found, strict=True) if one is not expected] == []


@pytest.mark.usefixtures("asked_at_once")
async def test_an_answer_that_no_event_told_is_not_taken_for_no_answer() -> None:
    assert await ToldByAsterisk(DIALLED, is_now="Up").comes_to() is None


@pytest.mark.parametrize("told", [DIALLED, (*DIALLED, dial("RINGING", "Ringing"))])
async def test_whoever_has_answered_does_not_listen_to_nothing_until_it_would_have_rung_out(
    told: Sequence[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telephony.dialling.outgoing.LOOKS_EVERY_SECONDS", 0.001)
    monkeypatch.setattr("telephony.dialling.outgoing.MARGIN_SECONDS", 3600)
    assert await ToldByAsterisk(told, is_now="Up").comes_to() is None


@pytest.mark.usefixtures("asked_at_once")
@pytest.mark.parametrize(("is_now", "outcome"), [("Ringing", Outcome.NO_ANSWER), (None, Outcome.FAILED)])
async def test_nobody_is_waited_for_without_an_end(
    is_now: str | None, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telephony.dialling.outgoing.CAUSE_SECONDS", 0.001)
    assert await ToldByAsterisk(DIALLED, is_now=is_now).comes_to() is outcome
