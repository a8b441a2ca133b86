"""A dispatcher asks a colleague: a call between two desks, to which the citizen may then be passed on."""

import contextlib
import logging
from collections.abc import MutableMapping

from hotline.clock import Clock
from hotline.errors import CallGone, ForbiddenTransition
from hotline.line import Dispatcher, Dispatchers, Duty, Line
from telephony.ari.actions import Ari
from telephony.ari.errors import AriRefused
from telephony.ari.messages import Channel
from telephony.channel import FollowedChannel
from telephony.dialling import SUBSCRIBER_ABSENT, endpoint_of
from telephony.leg import Leg, leg_id
from telephony.talk import Talks, bridge_id

log = logging.getLogger(__name__)

CONSULT = "consult"


class Consults:
    """Calls from desk to desk on one Asterisk."""

    def __init__(
        self,
        *,
        ari: Ari,
        talks: Talks,
        line: Line,
        dispatchers: Dispatchers,
        clock: Clock,
        legs: MutableMapping[str, Leg],
        channels: MutableMapping[str, FollowedChannel],
        ring_seconds: int,
    ) -> None:
        self._ari = ari
        self._talks = talks
        self._line = line
        self._dispatchers = dispatchers
        self._clock = clock
        self._legs = legs
        self._channels = channels
        self._ring_seconds = ring_seconds

    async def consult(self, asking: Channel, extension: str) -> None:
        """Ring the colleague at `extension` and connect the two until one hangs up."""
        asker = FollowedChannel(asking.id, asking.name)
        self._channels[asker.id] = asker
        colleague = await self._dispatchers.by_extension(extension)
        try:
            if colleague is None:
                await self._ari.hang_up(asker.id, reason_code=1)
            else:
                await self._connect(asking, asker, colleague)
        except CallGone:
            log.info("consult ended before it began from=%s", asking.name)
        finally:
            self._channels.pop(asker.id, None)

    async def _connect(self, asking: Channel, asker: FollowedChannel, colleague: Dispatcher) -> None:
        leg = Leg(leg_id(asker.id, 1), "")
        leg.dispatcher_id = colleague.id
        leg.caller = asker
        self._legs[leg.id] = leg
        try:
            if await self._rings_and_answers(asking, asker, leg, colleague):
                await self._talk(asker, leg)
        except CallGone:
            if leg.caller is not asker:
                return  # the citizen has been passed on to this leg: it lives on in their talk
            await self._free(leg)
            raise

    async def _rings_and_answers(
        self, asking: Channel, asker: FollowedChannel, leg: Leg, colleague: Dispatcher
    ) -> bool:
        try:
            await self._ari.originate(
                leg.id,
                f"PJSIP/{endpoint_of(colleague)}",
                args=f"leg,{asker.id},{colleague.id}",
                caller_id=f"<{asking.caller.number}>",
                timeout=self._ring_seconds,
                originator=asker.id,
            )
            await asker.until(lambda: leg.answered or leg.gone, self._ring_seconds)
        except AriRefused as refused:
            log.warning("colleague cannot be rung extension=%s reason=%s", colleague.extension, refused)
        if not leg.answered:
            await self._ari.hang_up(asker.id, reason_code=leg.cause or SUBSCRIBER_ABSENT)
        return leg.answered

    async def _talk(self, asker: FollowedChannel, leg: Leg) -> None:
        with contextlib.suppress(ForbiddenTransition):
            await self._dispatchers.set_duty(leg.dispatcher_id, Duty.TALKING, self._clock.now(), CONSULT)
        await self._ari.answer(asker.id)
        await self._ari.create_bridge(bridge_id(asker.id))
        await self._ari.add_to_bridge(bridge_id(asker.id), asker.id, leg.id)
        self._talks.colleague(leg)
        await asker.until(lambda: leg.gone)
        await self._free(leg)
        await self._ari.hang_up(asker.id)

    async def _free(self, leg: Leg) -> None:
        self._talks.colleague_gone(leg)
        self._legs.pop(leg.id, None)
        with contextlib.suppress(CallGone):
            await self._ari.hang_up(leg.id)
        dispatcher = await self._dispatchers.get(leg.dispatcher_id)
        if dispatcher.duty is Duty.TALKING and dispatcher.reason == CONSULT:
            await self._dispatchers.set_duty(leg.dispatcher_id, Duty.READY, self._clock.now())
