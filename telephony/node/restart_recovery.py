"""Recovery after a restart or a lost connection: each call that is still alive is served on."""

import asyncio
from collections.abc import Sequence

from attrs import define

from hotline.calls.conversation import Arrival
from hotline.clock import Clock
from hotline.errors import CallGone
from telephony.ami.client import AmiConnection
from telephony.ari.actions import Ari
from telephony.calls.call import AsteriskCall
from telephony.calls.channel import FollowedChannel
from telephony.calls.recording_pause import RecordingPauses
from telephony.dialling.calling_out import CallingOut
from telephony.dialling.conference import Conferences
from telephony.dialling.kept_places import QueueCallbacks
from telephony.dialling.listening_in import Supervisors
from telephony.dialling.placed import to_whom
from telephony.ids import is_outgoing
from telephony.line.fallback_queue import FallbackQueue
from telephony.node.call_session import CallSessions
from telephony.node.registry import ChannelRegistry
from telephony.node.surviving_calls import Alive, Survivors

TOLD_SECONDS = 1.0
"""How long the event of an end, which Asterisk has carried out already, may be on its way."""


@define(eq=False, repr=False, kw_only=True)
class Recovery:
    """Recovers the calls of one Asterisk, once, before any new caller is paired."""

    _survivors: Survivors
    _ari: Ari
    _ami: AmiConnection
    _clock: Clock
    _sessions: CallSessions
    _fallback: FallbackQueue
    _calling_out: CallingOut
    _conferences: Conferences
    _supervisors: Supervisors
    _pauses: RecordingPauses
    _registry: ChannelRegistry
    _callbacks: QueueCallbacks
    _tasks: asyncio.TaskGroup

    async def recover(self) -> None:
        """Recover calls in our application, in the line's order; then callers in Asterisk's own queue."""
        in_talk: list[FollowedChannel] = []
        with self._registry.unfollowed() as left:
            for alive in await self._survivors.alive_calls():
                if alive.channel.id in left and await self._lives(alive.channel.id):
                    continue  # Asterisk took them meanwhile: `CallSessions.take_back` alone serves them then
                if alive.channel.id not in self._registry.calls:
                    call = self._take_up(alive)
                    if alive.legs:
                        in_talk += [call.channel, *alive.legs]
        self._tasks.create_task(self._end_untold(in_talk), name="talks-looked-at-again")
        for one in self._survivors.called_back:
            self._callbacks.call_now(one)
        self._fallback.engaged(await self._survivors.engaged())
        for caller in await self._survivors.fallen_back(await self._ami.fallback_callers()):
            await self._fallback.fetch(caller)

    async def _lives(self, channel: str) -> bool:
        try:
            await self._ari.channel(channel)
        except CallGone:
            return False
        return True

    def _take_up(self, alive: Alive) -> AsteriskCall:
        channel = alive.channel
        if alive.record is not None and is_outgoing(channel.id):
            channel = to_whom(channel, alive.record)
        call = self._sessions.follow(channel, alive.journey, alive.record)
        if alive.leg is not None and alive.leg.left_to is not None:
            call.leg = alive.leg
            self._registry.others[alive.leg.left_to.id] = alive.leg.left_to
        elif alive.leg is not None:
            self._registry.legs[alive.leg.id] = alive.leg
            alive.leg.caller = call.channel
            call.leg = alive.leg
            self._pauses.taken_up(call, alive.leg)
            if call.outgoing and alive.arrival is Arrival.IN_TALK:
                self._calling_out.taken_up(alive.leg.dispatcher_id, call)
            if alive.third is not None:
                self._conferences.taken_up(
                    call, alive.leg, alive.third, alive.third_number, together=alive.together
                )
            if alive.watch is not None:
                self._supervisors.taken_up(call, alive.watch)
        self._sessions.take_up(call, alive.arrival)
        return call

    async def _end_untold(self, in_talk: Sequence[FollowedChannel]) -> None:
        """End channels that were there when they were read, and gone when their events began to be heard.

        Of such an end nobody tells: one of the two would be alone in the bridge of the talk, or the citizen
        hear music for as long as the dispatcher waits for a third who has gone.
        """
        for one in in_talk:
            try:
                await self._ari.channel(one.id)
            except CallGone:
                await one.told_cause(TOLD_SECONDS)
                if not one.destroyed:
                    self._registry.legs.pop(one.id, None)
                    self._registry.others.pop(one.id, None)
                    one.ended_untold(self._clock.now())
