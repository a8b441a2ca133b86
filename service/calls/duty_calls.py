"""Automatic calls about emergencies: from the outbox to a telephone, from a key to an accepted appeal."""

import contextlib
import logging
from datetime import datetime

from attrs import define

from hotline.appeals.acts.actors import SERVICE
from hotline.appeals.acts.work import Accept
from hotline.appeals.appeal import Appeals, AppealState
from hotline.appeals.duty_calls import RETRIES, Acceptance, Duty, duty_of
from hotline.appeals.handling import Handling, Overtaken
from hotline.calls.conversation import Call
from hotline.clock import Clock
from hotline.delivery.notice_states import NoticeEvent
from hotline.delivery.outbox import Outbox
from hotline.dialling.calling_out import CallingRules, NotDialled
from hotline.dialling.dialler import Result
from hotline.dialling.jobs import GIVEN_UP, Attempt, Brief, Follows, Job
from hotline.dialling.notices import DUTY, after_call, note_call, owed_notice
from hotline.enterprises.executors import Executor, Executors
from hotline.errors import ForbiddenTransition, NotFound
from hotline.voice.speech import Language, Voice
from ivr_flows import duty_phrases
from ivr_flows.duty_call import duty_call
from telephony.voice.engines import SynthesisError

log = logging.getLogger(__name__)

FICTIONAL = "fictional"
"""Why a demo enterprise's contact is not called over a real trunk: its number may be a stranger's."""


@define(eq=False, repr=False, kw_only=True)
class DutyCalls:
    """Implements `hotline.dialling.jobs.JobSource` on the outbox."""

    name = DUTY

    _outbox: Outbox
    _appeals: Appeals
    _executors: Executors
    _handling: Handling
    _rules: CallingRules
    _voice: Voice
    _clock: Clock
    _demo: bool
    """Calls leave for a phone on this machine, so that nobody's number is rung."""

    async def brief(self, job: Job, at: datetime) -> Brief[Duty] | Follows:
        notice = await owed_notice(self._outbox, job)
        if notice is None:
            return GIVEN_UP
        appeal = await self._appeals.find(notice.number)
        executor = await self._executor(appeal.executor_id) if appeal and appeal.executor_id else None
        duty = duty_of(notice, appeal, executor)
        if duty is None:
            await note_call(self._outbox, job, NoticeEvent.TAKE_BACK, at)
            return GIVEN_UP
        if duty.executor.demo and not self._demo:
            return await self._cannot_be_called(job, FICTIONAL, at)
        try:
            number = self._rules.dialable_by_itself(notice.address)
        except NotDialled as refused:
            return await self._cannot_be_called(job, refused.why.value, at)
        exempt = f"appeal {notice.number}: an emergency that nobody has accepted yet"
        return Brief(number=number, about=duty, exempt=exempt)

    async def after(self, job: Job, result: Result, at: datetime, about: Duty | None) -> Follows:  # noqa: ARG002
        return await after_call(self._outbox, job, result, at, RETRIES)

    async def prepare(self, about: Duty) -> None:
        with contextlib.suppress(SynthesisError):  # without it the call says what it can
            await self._voice.media(duty_phrases.emergency(about.appeal), Language.UKRAINIAN)

    async def attend(self, call: Call, attempt: Attempt[Duty]) -> None:
        """Say which emergency it is; take down that it is accepted, without a database when it is back."""
        duty = attempt.brief.about

        async def accept() -> Acceptance:
            at, acceptance = self._clock.now(), Acceptance.OWED

            async def take_down() -> None:
                nonlocal acceptance
                acceptance = await self._accept(duty, attempt.call_id, at)

            await attempt.settle(take_down)
            return acceptance

        await duty_call(call, duty.appeal, accept)

    async def _cannot_be_called(self, job: Job, fault: str, at: datetime) -> Follows:
        log.warning("duty contact cannot be called notice=%s reason=%s", job.subject, fault)
        await note_call(self._outbox, job, NoticeEvent.NOT_REACHED, at, fault=fault)
        return GIVEN_UP

    async def _executor(self, executor_id: int) -> Executor | None:
        try:
            return await self._executors.get(executor_id)
        except NotFound:
            return None

    async def _accept(self, duty: Duty, call_id: str, at: datetime) -> Acceptance:
        """Accept it for the executor whose contact pressed the key, and for no other."""
        act = Accept(by=SERVICE, at=at, acknowledged_by=duty.contact.name, call_id=call_id)
        while (appeal := await self._appeals.find(duty.appeal.number)) is not None:
            if appeal.state is not AppealState.ASSIGNED or appeal.executor_id != duty.executor.id:
                break
            try:
                await self._handling.carry_out(appeal.number, act, version=appeal.version)
            except Overtaken:
                continue  # a note, or somebody who accepted it in this very moment: look again
            except ForbiddenTransition:
                break
            log.info("emergency accepted by telephone appeal=%s call_id=%s", appeal.number, call_id)
            return Acceptance.ACCEPTED
        return Acceptance.NOT_NEEDED
