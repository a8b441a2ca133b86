"""Heals broken invariants with everyday means: the line's own acts, and a hang-up."""

import asyncio
import contextlib
from datetime import timedelta

from attrs import define

from hotline.clock import Clock
from hotline.errors import CallGone
from hotline.line.invariants import Broken, InAsterisk, Truth
from hotline.line.kept_places import KeptPlaces
from hotline.line.line import Line
from hotline.line.presence_states import ASTERISKS_QUEUE
from telephony.ari.actions import Ari
from telephony.ari.errors import AriRefused
from telephony.dialling.claims import ENGAGED_FOR
from telephony.dialling.conference import THIRD_PREFIX
from telephony.ids import LEG_PREFIX, call_of, is_outgoing
from telephony.line.fallback_queue import FallbackQueue
from telephony.node.registry import ChannelRegistry

UNHEALED = frozenset(
    {
        # Asterisk's own account ends calls; what was not recorded is not to be had any more.
        Truth.CALL_ENDS,
        Truth.TALK_IS_RECORDED,
        # Which of the two is the true one is not known here: its own end ends it.
        Truth.ONE_PLACE,
        Truth.PLACE_ENGAGES,
        Truth.ONE_ATTEMPT,
    }
)


@define(eq=False, repr=False, kw_only=True)
class Healing:
    """Healing on one Asterisk."""

    _ari: Ari
    _line: Line
    _kept: KeptPlaces
    _fallback: FallbackQueue
    _registry: ChannelRegistry
    _clock: Clock
    _wrap_up: timedelta
    _line_changed: asyncio.Event

    async def heal(self, one: Broken, asterisk: InAsterisk) -> bool:
        """Make it true again, which does no harm twice; False for what cannot be healed."""
        if one.truth in UNHEALED:
            return False
        with contextlib.suppress(CallGone, AriRefused):  # it has come right, or gone, meanwhile
            await self._mend(one, asterisk)
            self._line_changed.set()
        return True

    async def _mend(self, one: Broken, asterisk: InAsterisk) -> None:  # noqa: C901 - one case a truth
        now = self._clock.now()
        match one.truth:
            case Truth.OFFER_RINGS if one.kept:
                await self._kept.cut_off(one.call_id, now + ENGAGED_FOR, now)
            case Truth.OFFER_RINGS:
                await self._line.missed(one.call_id, one.dispatcher_id, now, pause_after=None)
            case Truth.TALK_HAS_PHONE:
                await self._line.talk_ended(one.call_id, one.dispatcher_id, now, wrap_up=self._wrap_up)
            case Truth.TALK_IS_HEARD:
                await self._end_unheard(one, asterisk)
            case Truth.TALK_ENDS:
                await self._line.talk_ended(one.call_id, one.dispatcher_id, now, wrap_up=timedelta(0))
            case Truth.ENGAGED_WITH_SOMEBODY:
                await self._line.disengage(one.dispatcher_id, now)
            case Truth.PHONE_ENGAGES:
                await self._line.engage(one.dispatcher_id, now, ASTERISKS_QUEUE)
            case Truth.CALLER_IS_HERE:
                await self._line.leave(one.call_id, now)
            case Truth.BRIDGE_HOLDS_SOMEBODY:
                await self._ari.destroy_bridge(one.channel)
            case Truth.CHANNEL_IS_FOLLOWED:
                await self._let_go(one.channel, asterisk)
            case _:
                pass

    async def _end_unheard(self, one: Broken, asterisk: InAsterisk) -> None:
        """Hang up the dispatcher's leg; the caller's own task sees it, and goes on by itself.

        Where no task has the leg any more, the dispatcher is freed once none of their telephones is in it.
        """
        call = self._registry.calls.get(one.call_id)
        if call is not None and call.leg is not None:
            await self._ari.hang_up(call.leg.id)
            return
        for leg in asterisk.channels:
            if leg.startswith(LEG_PREFIX) and call_of(leg) == one.call_id:
                with contextlib.suppress(CallGone):
                    await self._ari.hang_up(leg)
        await self._line.talk_ended(one.call_id, one.dispatcher_id, self._clock.now(), wrap_up=self._wrap_up)

    async def _let_go(self, channel: str, asterisk: InAsterisk) -> None:
        """Give a citizen to Asterisk's own queue; all others were called by us, and nobody waits for them."""
        ours = channel.startswith((LEG_PREFIX, THIRD_PREFIX)) or is_outgoing(channel)
        if ours or asterisk.channels[channel].desk is not None:
            await self._ari.hang_up(channel)
        else:
            await self._fallback.give(channel)
