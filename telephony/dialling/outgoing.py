"""Places a call to an outside number, over the city's trunk, and returns its outcome.

A channel is created first and dialled later, so that the person who asked can be brought to the telephone in
between: no outside phone rings for nobody. It knows no dispatcher: automatic calls use it too.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from attrs import define

from hotline.calls.call import Outcome
from hotline.errors import CallGone
from telephony.ari.actions import CALLED, Ari
from telephony.ari.messages import Channel
from telephony.calls.channel import FollowedChannel
from telephony.causes import OUTCOMES
from telephony.ids import TRUNK, demo_citizen

log = logging.getLogger(__name__)

RINGING_TONE = "tone:ring"
"""The tone that the waiting side hears: the trunk's own sound stays outside."""
MARGIN_SECONDS = 5.0
DEMO_CITIZEN = "Local/s@demo-citizen/n"
"""The dialplan that speaks as the demo citizen: a channel within Asterisk, and no line of the trunk."""
_SOUND = "sound:"
LOOKS_EVERY_SECONDS = 5.0
"""The longest silence for a person who has answered, when Asterisk did not report it."""
CAUSE_SECONDS = 1.0
ENTERS_WITHIN_SECONDS = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Pauses before dialling once more: a busy Asterisk has brought a new channel to us 80 ms late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    """The trunk that calls leave by. Without an address there is none."""

    address: str
    """Host and port, with SIP parameters behind it if needed: `trunk.example:5060;transport=tcp`."""
    shown: str
    """The number that the called see."""
    ring_seconds: int

    def target(self, number: str) -> str:
        """Return Asterisk's dial string of the number; emergency numbers keep their three digits."""
        return f"PJSIP/{TRUNK}/sip:{number}@{self.address}"


@define(eq=False, repr=False)
class Outgoing:
    """Calls to the outside on one Asterisk."""

    _ari: Ari
    _trunk: Trunk

    async def prepare(self, channel: str, number: str) -> Channel:
        """Make the channel, which keeps the number; it rings nobody. Raises AriRefused without a trunk."""
        target = self._trunk.target(number)
        return await self._ari.create(
            channel, target, args=TRUNK, shown=self._trunk.shown, variables={CALLED: number}
        )

    async def prepare_trial(self, channel: str, lines: Sequence[str]) -> Channel:
        """Make the channel of a trial call: the demo citizen on it says these lines, ARI media URIs."""
        said = ",".join(one.removeprefix(_SOUND) for one in lines)
        return await self._ari.create(
            channel, DEMO_CITIZEN, args=TRUNK, other=demo_citizen(channel), variables={"DEMO_LINES": said}
        )

    async def ring(
        self,
        channel: FollowedChannel,
        *,
        rings: Callable[[], Awaitable[None]],
        given_up: Callable[[], bool],
    ) -> Outcome | None:
        """Dial; None when they answered. `rings` is awaited as soon as the phone rings.

        The caller may give up: call `channel.changed()` whenever `given_up` may have become true.
        """
        try:
            await self._dial(channel)
            await self._answers(channel, rings, given_up)
        except CallGone:
            await channel.told_cause(CAUSE_SECONDS)
            if not channel.up:  # else they had answered before it ended
                return self._in_vain(channel)
        if given_up():
            return Outcome.GIVEN_UP
        return None if channel.up else Outcome.NO_ANSWER

    async def _answers(
        self, channel: FollowedChannel, rings: Callable[[], Awaitable[None]], given_up: Callable[[], bool]
    ) -> None:
        """Wait no longer than Asterisk rings, and `MARGIN_SECONDS` for its word."""
        until = asyncio.get_running_loop().time() + self._trunk.ring_seconds + MARGIN_SECONDS
        await self._wait(channel, lambda: channel.rings or channel.up or given_up(), until)
        if channel.rings and not given_up():
            await rings()
        await self._wait(channel, lambda: channel.up or given_up(), until)

    async def _wait(self, channel: FollowedChannel, ready: Callable[[], bool], until: float) -> None:
        """Wait for events, and query Asterisk now and then: an event may be missing."""
        clock = asyncio.get_running_loop()
        while not await channel.until(ready, min(LOOKS_EVERY_SECONDS, until - clock.time())):
            channel.stands(await self._ari.channel(channel.id))
            if clock.time() >= until:
                return

    async def _dial(self, channel: FollowedChannel) -> None:
        """Dial as soon as the channel is in our application, where Asterisk brings it after it is made.

        It may have come there before we followed it, so that nobody tells: then dialling simply succeeds.
        """
        for pause in ENTERS_WITHIN_SECONDS:
            try:
                return await self._ari.dial(channel.id, ring_seconds=self._trunk.ring_seconds)
            except CallGone:
                await channel.until(lambda: channel.entered, pause)
        return await self._ari.dial(channel.id, ring_seconds=self._trunk.ring_seconds)

    def _in_vain(self, channel: FollowedChannel) -> Outcome:
        if channel.dialled == "NOANSWER":
            return Outcome.NO_ANSWER
        outcome = OUTCOMES.get(channel.cause, Outcome.FAILED)
        log.info("call out in vain channel=%s cause=%s outcome=%s", channel.id, channel.cause, outcome)
        return outcome
