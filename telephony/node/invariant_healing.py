"""Heals broken invariants with everyday means: the line's own acts, and a hang-up."""

import asyncio
import contextlib
from datetime import timedelta

from attrs import define

from hotline.clock import Clock
from hotline.errors import CallGone
from hotline.line.invariants import Broken, InAsterisk, OnRecord, Truth
from hotline.line.kept_places import KeptPlaces
from hotline.line.line import Line, QueueEntry
from hotline.line.presence_states import ASTERISKS_QUEUE
from hotline.line.queue_entry_states import HOLDING, QueueEntryState
from telephony.ari.actions import Ari
from telephony.ari.errors import AriRefused
from telephony.calls.talk import Talks
from telephony.dialling.claims import ENGAGED_FOR
from telephony.dialling.conference import THIRD_PREFIX
from telephony.ids import LEG_PREFIX, WATCH_PREFIX, call_of, is_nobody, is_outgoing
from telephony.line.fallback_queue import FallbackQueue
from telephony.node.registry import ChannelRegistry


@define(eq=False, repr=False, kw_only=True)
class Healing:
    """Healing on one Asterisk."""

    _ari: Ari
    _line: Line
    _kept: KeptPlaces
    _fallback: FallbackQueue
    _registry: ChannelRegistry
    _talks: Talks
    _clock: Clock
    _wrap_up: timedelta
    _line_changed: asyncio.Event

    async def heal(self, one: Broken, record: OnRecord, asterisk: InAsterisk) -> bool:
        """Make it true again, which does no harm twice; False for what cannot be healed here.

        Calls are ended by Asterisk's own account alone (`service.calls.reconciliation`), which knows how.
        """
        if one.truth is Truth.CALL_ENDS:
            return False
        healed = True
        with contextlib.suppress(CallGone, AriRefused):  # it has come right, or gone, meanwhile
            match one.truth:
                case Truth.ONE_ENTRY:
                    healed = await self._keep_true_entries(one.dispatcher_id, record, asterisk)
                case Truth.ONE_ATTEMPT:
                    healed = await self._keep_one_attempt(one.call_id, record, asterisk)
                case Truth.TALK_IS_RECORDED:
                    healed = await self._record(one)
                case _:
                    await self._mend(one, asterisk)
            self._line_changed.set()
        return healed

    async def _mend(self, one: Broken, asterisk: InAsterisk) -> None:  # noqa: C901, PLR0912 - one case a truth
        now = self._clock.now()
        match one.truth:
            case Truth.OFFER_RINGS if one.kept:
                await self._kept.break_off(one.call_id, now + ENGAGED_FOR, now)
            case Truth.OFFER_RINGS:
                self._withdraw(one.call_id)
                await self._line.missed(one.call_id, one.dispatcher_id, now, pause_after=None)
            case Truth.TALK_HAS_PHONE:
                await self._line.talk_ended(one.call_id, one.dispatcher_id, now, wrap_up=self._wrap_up)
            case Truth.TALK_IS_HEARD:
                await self._end_unheard(one, asterisk)
            case Truth.TALK_ENDS:
                await self._line.talk_ended(one.call_id, one.dispatcher_id, now, wrap_up=timedelta(0))
            case Truth.ENGAGED_WITH_SOMEBODY:
                await self._line.disengage(one.dispatcher_id, now)
            case Truth.ENTRY_ENGAGES:
                await self._line.hold_again(one.dispatcher_id, now)
            case Truth.PHONE_ENGAGES:
                await self._line.engage(one.dispatcher_id, now, ASTERISKS_QUEUE)
            case Truth.CALLER_IS_HERE:
                await self._line.leave(one.call_id, now)
            case Truth.BRIDGE_HOLDS_SOMEBODY:
                await self._ari.destroy_bridge(one.channel)
            case Truth.LISTENER_HAS_TALK:
                await self._ari.hang_up(one.channel)
            case Truth.CHANNEL_IS_FOLLOWED:
                await self._let_go(one.channel, asterisk)
            case _:
                pass

    def _withdraw(self, call_id: str) -> None:
        """Have the call's own task ring no desk any more: it may still be about to, by a slow Asterisk."""
        for leg in self._registry.legs.values():
            if call_of(leg.id) == call_id and not leg.answered:
                leg.withdraw()

    async def _keep_true_entries(self, dispatcher_id: int, record: OnRecord, asterisk: InAsterisk) -> bool:
        """Give up those of a dispatcher's places in which no phone of theirs is; False when all are true."""
        desk = next(one.extension for one in record.dispatchers if one.id == dispatcher_id)
        held = [one for one in record.entries if one.dispatcher_id == dispatcher_id and one.state in HOLDING]
        untrue = [one for one in held if not _has_phone(one, desk, asterisk)]
        now = self._clock.now()
        for entry in untrue:
            if entry.callback_to is not None:
                await self._kept.break_off(entry.call_id, now + ENGAGED_FOR, now)
            elif entry.state is QueueEntryState.OFFERED:
                self._withdraw(entry.call_id)
                await self._line.missed(entry.call_id, dispatcher_id, now, pause_after=None)
            else:
                await self._line.talk_ended(entry.call_id, dispatcher_id, now, wrap_up=timedelta(0))
        return bool(untrue)

    async def _keep_one_attempt(self, call_id: str, record: OnRecord, asterisk: InAsterisk) -> bool:
        """Hang up all calls to a number but the answered one; those that are not there end by themselves."""
        number = record.attempts[call_id]
        same = [call for call, whose in record.attempts.items() if whose == number]
        rung = [call for call in same if call in asterisk.channels]
        rung.sort(key=lambda call: asterisk.channels[call].up, reverse=True)
        for call in rung[1:]:
            await self._ari.hang_up(call)
        return len(rung) > 1

    async def _record(self, one: Broken) -> bool:
        """Begin to record a talk that is not; who refused it is on record as such a moment later."""
        call = self._registry.calls.get(one.call_id)
        if call is None or call.leg is None or call.leg.dispatcher_id != one.dispatcher_id:
            return False
        return await self._talks.record_again(call, call.leg)

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
        """Give a citizen to Asterisk's own queue; all others were made by us, and nobody waits for them."""
        ours = (
            channel.startswith((LEG_PREFIX, THIRD_PREFIX, WATCH_PREFIX))
            or is_outgoing(channel)
            or is_nobody(channel)
        )
        if ours or asterisk.channels[channel].desk is not None:
            await self._ari.hang_up(channel)
        else:
            await self._fallback.give(channel)


def _has_phone(entry: QueueEntry, desk: str, asterisk: InAsterisk) -> bool:
    """Whether a phone of this desk rings for the caller, or is in a bridge with them."""
    phones = {one.id for one in asterisk.channels.values() if one.desk == desk}
    if any(one.calls_back == entry.call_id for one in asterisk.channels.values()):
        return True
    named = any(one.startswith(LEG_PREFIX) and call_of(one) == entry.call_id for one in phones)
    return named or any(entry.call_id in one.channels and phones & one.channels for one in asterisk.bridges)
