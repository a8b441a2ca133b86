"""Requests of dispatchers' pages to the exchange.

They are those of `hotline.dialling.calling_out.Telephone`, `hotline.calls.recordings.PausableRecordings` and
`hotline.supervision.listening.ListeningIn` (`supervisors`).
"""

import asyncio

from attrs import define

from hotline.calls.call import is_trial
from hotline.calls.recordings import ResumedBy
from hotline.clock import Clock
from hotline.dialling.calling_out import CallOut, DeskTalk, InTrial, Phase
from hotline.errors import ForbiddenTransition, NotRecorded
from telephony.calls.call import AsteriskCall
from telephony.calls.leg import Leg
from telephony.calls.recording_pause import RecordingPauses
from telephony.dialling.calling_out import CallingOut
from telephony.dialling.conference import Conference, Conferences
from telephony.dialling.listening_in import Supervisors
from telephony.node.registry import ChannelRegistry


@define(eq=False, repr=False, kw_only=True)
class DeskTalks:
    """Calls that dispatchers place, and thirds whom they bring into a talk, on one Asterisk."""

    _calling_out: CallingOut
    _conferences: Conferences
    supervisors: Supervisors
    _pauses: RecordingPauses
    _registry: ChannelRegistry
    _clock: Clock
    _tasks: asyncio.TaskGroup

    async def call_out(self, wanted: CallOut) -> DeskTalk:
        """Begin a call that a dispatcher places; raises ForbiddenTransition for who is engaged or away."""
        talk, before = await self._calling_out.claim(wanted)
        self._tasks.create_task(self._calling_out.call(wanted, talk, before), name=f"call {talk.call_id}")
        return talk

    def desk_talk(self, dispatcher_id: int) -> DeskTalk | None:
        """Return this dispatcher's call beyond a plain talk."""
        one, missed = self._conferences.of(dispatcher_id), self._conferences.missed(dispatcher_id)
        placed = self._calling_out.talk(dispatcher_id)
        if one is None and missed is None:
            return placed
        call = one.call if one else self._registry.talk_of(dispatcher_id)
        if call is None:
            return placed
        return DeskTalk(
            call_id=call.id,
            number=call.shown,
            phase=Phase.TALKING,
            third=one.shown if one else None,
            third_missed=missed,
            at=self._clock.now(),
        )

    def talks_with(self, dispatcher_id: int) -> str | None:
        """Return the number of the citizen in this dispatcher's talk, also after a transfer."""
        call = self._registry.talk_of(dispatcher_id)
        return None if call is None else call.number or ""

    async def consult(self, dispatcher_id: int, number: str, *, passing: bool = False) -> None:
        """Ring a third for a dispatcher who talks; raises ForbiddenTransition for who does not."""
        call = self._registry.talk_of(dispatcher_id)
        if call is None or call.leg is None:
            raise ForbiddenTransition("There is no talk into which a third could be brought.")
        if is_trial(call.id):
            raise InTrial("Nobody outside is called in a trial call: end it first.")
        await self._calling_out.require_not_called(number)
        await self._conferences.consult(call, call.leg, number, passing=passing)

    async def pass_to(self, dispatcher_id: int, number: str) -> None:
        await self.consult(dispatcher_id, number, passing=True)

    async def join(self, dispatcher_id: int) -> None:
        await self._conferences.join(self._conference(dispatcher_id))

    async def drop_third(self, dispatcher_id: int) -> None:
        await self._conferences.drop_third(self._conference(dispatcher_id))

    async def drop_citizen(self, dispatcher_id: int) -> None:
        await self._conferences.drop_citizen(self._conference(dispatcher_id))

    async def leave(self, dispatcher_id: int) -> None:
        await self._conferences.leave(self._conference(dispatcher_id))

    async def pause_recording(self, dispatcher_id: int) -> None:
        await self._pauses.pause(*self._talk(dispatcher_id))

    async def resume_recording(self, dispatcher_id: int) -> None:
        await self._pauses.resume(*self._talk(dispatcher_id), ResumedBy.DISPATCHER)

    def _talk(self, dispatcher_id: int) -> tuple[AsteriskCall, Leg]:
        """The dispatcher's talk; raises NotRecorded without one."""
        call = self._registry.talk_of(dispatcher_id)
        if call is None or call.leg is None:
            raise NotRecorded("There is no talk.")
        return call, call.leg

    def _conference(self, dispatcher_id: int) -> Conference:
        """The dispatcher's talk with a third; raises ForbiddenTransition without one."""
        one = self._conferences.of(dispatcher_id)
        if one is None:
            raise ForbiddenTransition("There is no third in this talk.")
        return one
