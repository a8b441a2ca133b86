"""Rings the duty contacts of the enterprise that takes emergencies, for a caller who holds.

The callers are kept here as long as their own channels live: after a restart a caller who still holds sounds
the alarm anew. A caller who presses the key again and again rings no telephone without end: each contact is
rung once in a while, for all who hold.
"""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.appeals.appeal import AppealKind
from hotline.appeals.routing import Routed, Rules
from hotline.calls.conversation import Call
from hotline.city.city_rules import CityRules
from hotline.city.classifier import Urgency, classifier
from hotline.clock import Clock
from hotline.dialling.calling_out import CallingRules, NotDialled
from hotline.dialling.dialler import Kind, Result
from hotline.dialling.jobs import GIVEN_UP, REACHED, Attempt, Brief, CallJobs, Follows, Job, NewJob
from hotline.enterprises.executors import Contact, Executors
from hotline.voice.speech import Language, Voice
from ivr_flows import alarm_phrases
from ivr_flows.alarm_call import Left, alarm_call

log = logging.getLogger(__name__)

ALARM = "alarm"
EXEMPT = "somebody with an emergency holds, and there is no dispatcher"
RUNG_AGAIN_AFTER = timedelta(minutes=3)
TOLD_WITHIN = timedelta(minutes=15)
"""Later a contact is told no more of a caller who has hung up: they stand first on the dispatchers' list."""


@dataclass(slots=True, kw_only=True)
class _Caller:
    number: str | None
    since: datetime
    holds: bool = True
    wrote: bool = False
    """In a chat."""


class AlarmCalls:
    """Implements `emergency_alarm.Alarm`, `ivr_flows.alarm_call.InNeed` and `dialling.jobs.JobSource`."""

    name = ALARM

    def __init__(
        self,
        *,
        jobs: CallJobs,
        routing: Rules,
        executors: Executors,
        rules: CallingRules,
        city: CityRules,
        voice: Voice,
        clock: Clock,
        demo: bool,
        most: int,
    ) -> None:
        """`demo`: calls leave for a phone on this machine. `most`: calls at once; 0: none are placed."""
        self._jobs = jobs
        self._routing = routing
        self._executors = executors
        self._rules = rules
        self._city = city
        self._voice = voice
        self._clock = clock
        self._demo = demo
        self._most = most
        self._callers: dict[str, _Caller] = {}
        self._ringing: dict[str, datetime] = {}
        self._rung_at: dict[str, datetime] = {}

    async def sound(self, call_id: str, number: str | None) -> bool:
        return await self._sound(call_id, _Caller(number=number, since=self._clock.now()))

    async def sound_for_chat(self, call_id: str, number: str | None) -> bool:
        """Have them rung for who writes; False: there is nobody to ring."""
        return await self._sound(
            call_id, _Caller(number=number, since=self._clock.now(), holds=False, wrote=True)
        )

    async def _sound(self, call_id: str, caller: _Caller) -> bool:
        now = self._clock.now()
        self._callers[call_id] = caller
        if self._most:
            jobs = [self._job(contact, now) for contact in await self._contacts(now)]
            await self._jobs.owe([one for one in jobs if one is not None], now)
        return self.rings()

    def rings(self) -> bool:
        now = self._clock.now()
        return any(abs(now - since) < RUNG_AGAIN_AFTER for since in self._ringing.values())

    def holds_no_longer(self, call_id: str, *, served: bool) -> None:
        caller = self._callers.get(call_id)
        if caller is None:
            return
        caller.holds = False
        if served:
            del self._callers[call_id]

    def hold(self) -> bool:
        return any(one.holds for one in self._callers.values())

    async def meet(self, call: Call) -> bool:
        for call_id, caller in list(self._callers.items()):
            if caller.holds and await call.meet(call_id):
                return True
        return False

    def wrote(self) -> bool:
        return next((one.wrote for one in self._callers.values() if not one.holds), False)

    def who_left(self) -> Left | None:
        self._forget_old()
        for call_id, caller in self._callers.items():
            if not caller.holds:
                del self._callers[call_id]
                return Left(caller.number, caller.wrote)
        return None

    def told_of(self, call_id: str) -> bool:
        """Tell whether a contact has taken it, or it is too old to be told."""
        self._forget_old()
        return call_id not in self._callers

    async def brief(self, job: Job, at: datetime) -> Brief[None] | Follows:
        """Call the contact while it is of use: whom we speak with already, or too late, is not called."""
        self._forget_old()
        since = self._ringing.get(job.about)
        if (
            since is None
            or abs(at - since) >= RUNG_AGAIN_AFTER
            or not self._callers  # somebody has answered them all
            or await self._jobs.on_the_line(job.number)
            or await self._jobs.dialled_to(job.number)
        ):
            self._ringing.pop(job.about, None)
            return GIVEN_UP
        return Brief(number=job.number, about=None, exempt=EXEMPT)

    async def after(self, job: Job, result: Result, at: datetime, about: None) -> Follows:  # noqa: ARG002
        log.info("duty contact was rung call_id=%s result=%s", job.call_id, result)
        self._ringing.pop(job.about, None)
        return REACHED if result is Result.SETTLED else GIVEN_UP

    async def prepare(self, about: None) -> None:  # noqa: ARG002 - a source's
        for phrase in (alarm_phrases.WAITS, alarm_phrases.KEYS):
            await self._voice.media(phrase, Language.UKRAINIAN)

    async def attend(self, call: Call, attempt: Attempt[None]) -> None:
        if await alarm_call(call, self):
            await attempt.settle()

    def _forget_old(self) -> None:
        oldest = self._clock.now() - TOLD_WITHIN
        stay = {name: one for name, one in self._callers.items() if one.holds or one.since > oldest}
        self._callers = stay

    async def _contacts(self, now: datetime) -> Sequence[Contact]:
        """Find who is on duty where the rules send an emergency of which nothing more is known.

        Where that is nobody who can be rung: all to whom they send an emergency of any other kind.
        """
        known = classifier()
        if contacts := await self._on_duty_for(known.emergency, now):
            return contacts
        kinds = [one.code for one in known.categories.values() if one.urgency is Urgency.EMERGENCY]
        found = [contact for kind in kinds for contact in await self._on_duty_for(kind, now)]
        contacts = list({one.number: one for one in found}.values())
        log.error(
            "no rule gives emergencies to anybody who can be rung category=%s rung_instead=%d",
            known.emergency,
            len(contacts),
        )
        return contacts

    async def _on_duty_for(self, category: str, now: datetime) -> Sequence[Contact]:
        """Give who can be rung of the enterprise that gets this kind of emergency; empty: nobody."""
        routed = await self._routing.who_gets(
            category=category,
            classifier=classifier().version,
            address="",
            at=now,
            kind=AppealKind.REPORT,
            urgency=Urgency.EMERGENCY,
        )
        if not isinstance(routed, Routed):
            return ()
        executor = await self._executors.get(routed.rule.executor_id)
        if executor.demo and not self._demo:
            return ()
        return [one for one in executor.on_duty(now.astimezone(self._city.timezone)) if one.number]

    def _job(self, contact: Contact, now: datetime) -> NewJob | None:
        """Owe a call to the contact; None where they cannot be called, or were rung a moment ago."""
        try:
            number = self._rules.dialable_by_itself(contact.number or "")
        except NotDialled as refused:
            log.warning("duty contact cannot be called contact=%s reason=%s", contact.id, refused.why)
            return None
        if now - self._rung_at.get(number, now - RUNG_AGAIN_AFTER) < RUNG_AGAIN_AFTER:
            return None
        self._rung_at[number] = now
        about = uuid.uuid4().hex
        self._ringing[about] = now
        return NewJob(source=ALARM, number=number, kind=Kind.EMERGENCY, about=about, due_at=now)
