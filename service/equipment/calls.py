"""Automatic calls about equipment that is out of order: from the outbox to a key."""

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from attrs import define

from hotline.calls.conversation import Call
from hotline.delivery.notice_states import NoticeEvent
from hotline.delivery.outbox import Outbox
from hotline.dialling.calling_out import CallingRules, NotDialled
from hotline.dialling.dialler import Result, RetryRules
from hotline.dialling.jobs import GIVEN_UP, Attempt, Brief, Follows, Job
from hotline.dialling.notices import EQUIPMENT, after_call, note_call, owed_notice
from hotline.equipment.items import Equipment
from hotline.equipment.telling import fault_of
from hotline.voice.speech import Language, Phrase, Voice
from ivr_flows import equipment_phrases
from ivr_flows.equipment_call import equipment_call
from telephony.voice.engines import SynthesisError

RETRIES = RetryRules(
    {
        Result.BUSY: (timedelta(minutes=2), timedelta(minutes=5)),
        Result.NO_ANSWER: (timedelta(minutes=5), timedelta(minutes=15)),
        Result.UNHEARD: (timedelta(minutes=10),),
        Result.MACHINE: (timedelta(minutes=10),),
        Result.FAILED: (timedelta(minutes=2), timedelta(minutes=10)),
        Result.INTERRUPTED: (timedelta(minutes=1), timedelta(minutes=5)),
    }
)
"""Pauses; afterwards a person sees on their list that nobody was reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultCall:
    """The fault that one call is about."""

    phrase: Phrase


@define(eq=False, repr=False, kw_only=True)
class EquipmentCalls:
    """Implements `hotline.dialling.jobs.JobSource` on the outbox."""

    name = EQUIPMENT

    _outbox: Outbox
    _equipment: Equipment
    _rules: CallingRules
    _voice: Voice

    async def brief(self, job: Job, at: datetime) -> Brief[FaultCall] | Follows:
        """Call while the fault lasts."""
        notice = await owed_notice(self._outbox, job)
        if notice is None:
            return GIVEN_UP
        item_id, fault_id, what = fault_of(notice)
        going_on = (await self._equipment.faults([item_id])).get(item_id)
        if going_on is None or going_on.id != fault_id:
            await note_call(self._outbox, job, NoticeEvent.TAKE_BACK, at)
            return GIVEN_UP
        try:
            number = self._rules.dialable_by_itself(notice.address)
        except NotDialled as refused:
            await note_call(self._outbox, job, NoticeEvent.NOT_REACHED, at, fault=refused.why.value)
            return GIVEN_UP
        about = FaultCall(phrase=equipment_phrases.fault(what, fault_id))
        return Brief(number=number, about=about, exempt="equipment is out of order, and that is urgent")

    async def after(self, job: Job, result: Result, at: datetime, about: FaultCall | None) -> Follows:  # noqa: ARG002
        return await after_call(self._outbox, job, result, at, RETRIES)

    async def prepare(self, about: FaultCall) -> None:
        with contextlib.suppress(SynthesisError):  # without it the call says what it can
            await self._voice.media(about.phrase, Language.UKRAINIAN)

    async def attend(self, call: Call, attempt: Attempt[FaultCall]) -> None:
        await equipment_call(call, attempt.brief.about.phrase, attempt.settle)
