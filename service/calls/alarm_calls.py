"""Rings the duty contacts of whoever takes emergencies, while somebody holds for whom there is nobody.

What is kept here lives as long as the callers' own channels: after a restart whoever still holds sounds the
alarm anew. So that a telephone is not rung without end by whoever presses a key again and again, each contact
is rung once in a while, for all who hold.
"""

import logging
import uuid
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hotline.appeals.appeal import AppealKind
from hotline.appeals.routing import Routed, Rules
from hotline.calls.conversation import Call
from hotline.city.city_rules import CityRules
from hotline.city.classifier import CURRENT, Urgency, classifier
from hotline.clock import Clock
from hotline.dialling.calling_out import CallingRules, NotDialled
from hotline.dialling.dialler import Attempt, Errand, Kind, Result
from hotline.enterprises.executors import Contact, Executors
from hotline.voice.speech import Language, Voice
from ivr_flows import alarm_phrases
from ivr_flows.alarm_call import alarm_call

log = logging.getLogger(__name__)

NAME = "alarm"
EXEMPT = "somebody with an emergency holds, and there is no dispatcher"
RUNG_AGAIN_AFTER = timedelta(minutes=3)
TOLD_WITHIN = timedelta(minutes=15)
"""Later a contact is told no more of a caller who has hung up: they stand first on the dispatchers' list."""


@dataclass(slots=True, kw_only=True)
class _Caller:
    number: str | None
    since: datetime
    holds: bool = True


class AlarmCalls:
    """An `hotline.line.alarm.Alarm`, `ivr_flows.alarm_call.InNeed` and `hotline.dialling.dialler.Source`."""

    name = NAME

    def __init__(
        self,
        *,
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
        self._routing = routing
        self._executors = executors
        self._rules = rules
        self._city = city
        self._voice = voice
        self._clock = clock
        self._demo = demo
        self._most = most
        self._callers: dict[str, _Caller] = {}
        self._due: deque[Errand] = deque()
        self._under_way: dict[str, datetime] = {}
        self._rung_at: dict[str, datetime] = {}

    async def sound(self, call_id: str, number: str | None) -> bool:
        now = self._clock.now()
        self._callers[call_id] = _Caller(number=number, since=now)
        if self._most:
            for contact in await self._contacts(now):
                self._ring(contact, now)
        return self.rings()

    def rings(self) -> bool:
        return bool(self._due or self._under_way)

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

    def who_left(self) -> tuple[str | None] | None:
        self._forget_old()
        for call_id, caller in self._callers.items():
            if not caller.holds:
                del self._callers[call_id]
                return (caller.number,)
        return None

    async def claim(self, at: datetime, most: int) -> Sequence[Errand]:
        self._forget_old()
        if not self._callers:  # somebody has answered them all
            self._due.clear()
        due = [self._due.popleft() for _ in range(min(most, len(self._due)))]
        errands = [replace(one, claimed_at=at) for one in due]
        await self.renew(errands, at)
        return errands

    async def renew(self, errands: Sequence[Errand], at: datetime) -> None:
        self._under_way |= dict.fromkeys((one.name for one in errands), at)

    async def left_behind(self, renewed_before: datetime, _at: datetime) -> int:
        """Forget whom nobody has rung in time: no contact is rung late."""
        left = [name for name, at in self._under_way.items() if at < renewed_before]
        for name in left:
            del self._under_way[name]
        return len(left)

    async def ended(self, errand: Errand, result: Result, _at: datetime) -> None:
        log.info("duty contact was rung errand=%s result=%s", errand.name, result)
        self._under_way.pop(errand.name, None)

    async def put_off(self, errand: Errand, _until: datetime, _at: datetime) -> None:
        """Nothing: the number is called about an emergency already, or the moment has passed."""
        self._under_way.pop(errand.name, None)

    async def prepare(self, _errand: Errand) -> None:
        for phrase in (alarm_phrases.WAITS, alarm_phrases.KEYS):
            await self._voice.media(phrase, Language.UKRAINIAN)

    async def attend(self, call: Call, attempt: Attempt) -> None:
        attempt.settled = await alarm_call(call, self)

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
            classifier=CURRENT,
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

    def _ring(self, contact: Contact, now: datetime) -> None:
        try:
            number = self._rules.dialable_by_itself(contact.number or "")
        except NotDialled as refused:
            log.warning("duty contact cannot be called contact=%s reason=%s", contact.id, refused.why)
            return
        if now - self._rung_at.get(number, now - RUNG_AGAIN_AFTER) < RUNG_AGAIN_AFTER:
            return
        self._rung_at[number] = now
        self._due.append(
            Errand(
                name=f"{NAME}-{uuid.uuid4().hex[:12]}",
                attempt=1,
                claimed_at=now,
                number=number,
                kind=Kind.EMERGENCY,
                exempt=EXEMPT,
            )
        )
