"""Automatic calls about emergencies that nobody takes: to the senior of the shift, then to the heads."""

import contextlib
import logging
from dataclasses import dataclass
from datetime import datetime, tzinfo

from attrs import define

from hotline.access.users import Users
from hotline.appeals.acts.actors import acting
from hotline.appeals.acts.keeping import Note
from hotline.appeals.appeal import Appeal, Appeals
from hotline.appeals.duty_calls import Acceptance
from hotline.appeals.handling import Handling
from hotline.appeals.untaken import CALLED, RETRIES, TAKEN, InTurn, next_call, untaken
from hotline.calls.conversation import Call
from hotline.clock import Clock
from hotline.delivery.notice_states import NoticeEvent
from hotline.delivery.outbox import Notice, Outbox
from hotline.dialling.calling_out import CallingRules, NotDialled
from hotline.dialling.dialler import Result
from hotline.dialling.jobs import GIVEN_UP, Attempt, Brief, Follows, Job
from hotline.dialling.notices import UNTAKEN, after_call, note_call, owed_notice
from hotline.voice.speech import Language, Phrase, Voice
from ivr_flows import duty_phrases
from ivr_flows.untaken_call import untaken_call
from telephony.voice.engines import SynthesisError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Untaken:
    """The emergency that one call is about, the notice that owes the call, and since when it waits."""

    appeal: Appeal
    notice: Notice
    since: Phrase


@define(eq=False, repr=False, kw_only=True)
class UntakenCalls:
    """Implements `hotline.dialling.jobs.JobSource` on the outbox."""

    name = UNTAKEN

    _outbox: Outbox
    _appeals: Appeals
    _handling: Handling
    _users: Users
    _in_turn: InTurn
    _rules: CallingRules
    _voice: Voice
    _clock: Clock
    _zone: tzinfo

    async def brief(self, job: Job, at: datetime) -> Brief[Untaken] | Follows:
        """Call while nobody has accepted it."""
        notice = await owed_notice(self._outbox, job)
        if notice is None:
            return GIVEN_UP
        appeal = await self._appeals.find(notice.number)
        if appeal is None or not untaken(appeal):
            await note_call(self._outbox, job, NoticeEvent.TAKE_BACK, at)
            return GIVEN_UP
        try:
            number = self._rules.dialable_by_itself(notice.address)
        except NotDialled as refused:
            log.warning("cannot be called notice=%s reason=%s", job.subject, refused.why.value)
            await self._pass_on(notice, at)
            await note_call(self._outbox, job, NoticeEvent.NOT_REACHED, at, fault=refused.why.value)
            return GIVEN_UP
        since = duty_phrases.untaken(appeal, self._zone, now=at)
        exempt = f"appeal {notice.number}: an emergency that nobody takes"
        return Brief(number=number, about=Untaken(appeal=appeal, notice=notice, since=since), exempt=exempt)

    async def after(self, job: Job, result: Result, at: datetime, about: Untaken | None) -> Follows:  # noqa: ARG002
        """Owe the next person a call where this one was not reached, and then say what follows."""
        given_up = result is not Result.SETTLED and RETRIES.again_in(result, job.attempt) is None
        if given_up and (notice := await owed_notice(self._outbox, job)) is not None:
            await self._pass_on(notice, at)
        return await after_call(self._outbox, job, result, at, RETRIES)

    async def prepare(self, about: Untaken) -> None:
        with contextlib.suppress(SynthesisError):  # without it the call says what it can
            for one in (duty_phrases.emergency(about.appeal), about.since):
                await self._voice.media(one, Language.UKRAINIAN)

    async def attend(self, call: Call, attempt: Attempt[Untaken]) -> None:
        """Say it; take down that they take it upon themselves, or have the next one called.

        Without a database that is done once it is back.
        """
        about = attempt.brief.about

        async def take() -> Acceptance:
            at, acceptance = self._clock.now(), Acceptance.OWED

            async def take_down() -> None:
                nonlocal acceptance
                acceptance = await self._take(about, attempt.call_id, at)

            await attempt.settle(take_down)
            return acceptance

        async def cannot() -> bool | None:
            at = self._clock.now()
            another: bool | None = None

            async def pass_on() -> None:
                nonlocal another
                another = await self._pass_on(about.notice, at)

            await attempt.settle(pass_on)
            return another

        await untaken_call(call, about.appeal, about.since, take=take, cannot=cannot)

    async def _take(self, about: Untaken, call_id: str, at: datetime) -> Acceptance:
        appeal = await self._appeals.find(about.appeal.number)
        if appeal is None or not untaken(appeal):
            return Acceptance.NOT_NEEDED
        user = await self._users.get(int(about.notice.to.removeprefix(CALLED)))
        note = Note(by=acting(user), at=at, text=TAKEN, idempotency_key=f"taken:{call_id}")
        await self._handling.carry_out(appeal.number, note, version=None)
        log.info("emergency taken by telephone appeal=%s user=%d call_id=%s", appeal.number, user.id, call_id)
        return Acceptance.ACCEPTED

    async def _pass_on(self, notice: Notice, at: datetime) -> bool:
        """Owe the call to the next one; tells whether there is one."""
        told = await self._outbox.of_appeal(notice.number)
        then = next_call(notice, told, await self._in_turn.at(at))
        if then is not None:
            await self._outbox.owe([then], at)
        return then is not None
