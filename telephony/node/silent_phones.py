"""Ends calls of dispatchers' telephones that send no sound any more: without power, or off the network.

Asterisk has a setting for it (`rtp_timeout`), which goes by the wall clock: when that is set forward, every
call is cut off at once. We count packets, and by a clock that never jumps and stands still when we do.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from hotline.errors import CallGone
from telephony.ari.actions import Ari
from telephony.calls.channel import FollowedChannel
from telephony.desks.endpoints import DeskPlan, extension_of
from telephony.isolation import run_or_pause
from telephony.lived_time import LivedTime
from telephony.node.registry import ChannelRegistry

NO_CHANNEL = 44
"""ISDN's "requested channel not available", with which Asterisk itself ends a call that has no sound."""
LOOKS = 3
"""Looks without a packet, after which a telephone counts as dead."""
LONGEST_PAUSE_SECONDS = 2.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Heard:
    packets: int
    at: float


@dataclass(kw_only=True)
class SilentPhones:
    """The watch over telephones on one Asterisk."""

    ari: Ari
    registry: ChannelRegistry
    plan: DeskPlan
    monotonic: Callable[[], float] = time.monotonic
    _heard: dict[str, _Heard] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._every = min(self.plan.silence_seconds / LOOKS, LONGEST_PAUSE_SECONDS)
        self._lived = LivedTime(2 * self._every, self.monotonic)

    async def keep(self) -> NoReturn:
        """Look for ever; raises AriUnavailable when Asterisk does not answer."""
        while True:
            await run_or_pause(self.look, "not looked whether desk phones are heard")
            await asyncio.sleep(self._every)

    async def look(self) -> None:
        """Query once the packets of each telephone, and end the calls of dead ones."""
        now = self._lived.read()
        in_talk = {one.id: one for one in self._in_talk()}
        self._heard = {one: heard for one, heard in self._heard.items() if one in in_talk}
        for one in in_talk.values():
            with contextlib.suppress(CallGone):  # it has just ended, or has no sound yet
                if self._is_dead(one, (await self.ari.rtp_statistics(one.id)).rxcount, now):
                    log.warning("desk phone silent channel=%s", one.id)
                    await self.ari.hang_up(one.id, reason_code=NO_CHANNEL)

    def _in_talk(self) -> Iterator[FollowedChannel]:
        yield from (leg for leg in self.registry.legs.values() if leg.answered and not leg.gone)
        for other in self.registry.others.values():
            if extension_of(other.name) is not None and other.up and not other.gone:
                yield other

    def _is_dead(self, one: FollowedChannel, packets: int, now: float) -> bool:
        heard = self._heard.get(one.id)
        if heard is None or heard.packets != packets:
            self._heard[one.id] = _Heard(packets, now)
            return False
        plan = self.plan
        return now - heard.at >= (plan.hold_silence_seconds if one.holds else plan.silence_seconds)
