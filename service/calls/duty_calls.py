"""Automatic calls about emergencies: from the outbox to a telephone, from a key to an accepted appeal."""

import contextlib
import logging
from collections.abc import Sequence
from datetime import datetime

from hotline.appeals.acts.actors import SERVICE
from hotline.appeals.acts.work import Accept
from hotline.appeals.appeal import Appeals, AppealState
from hotline.appeals.duty_calls import RETRIES, Acceptance, CallsOwed, Duty, duty_of
from hotline.appeals.handling import Handling, Overtaken
from hotline.calls.conversation import Call
from hotline.clock import Clock
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.outbox import Notice
from hotline.dialling.calling_out import CallingRules, NotDialled
from hotline.dialling.dialler import Attempt, Errand, Kind, Result
from hotline.enterprises.executors import Executor, Executors
from hotline.errors import ForbiddenTransition, NotFound
from hotline.voice.speech import Language, Voice
from ivr_flows import duty_phrases
from ivr_flows.duty_call import duty_call
from telephony.dialling.sources import errands_of
from telephony.voice.engines import SynthesisError

log = logging.getLogger(__name__)

NAME = "notice"
FICTIONAL = "fictional"
"""Why a demo enterprise's contact is not called over a real trunk: its number may be a stranger's."""


class DutyCalls:
    """Implements `hotline.dialling.dialler.Source` on the outbox."""

    name = NAME

    def __init__(
        self,
        *,
        owed: CallsOwed,
        appeals: Appeals,
        executors: Executors,
        handling: Handling,
        rules: CallingRules,
        voice: Voice,
        clock: Clock,
        demo: bool,
    ) -> None:
        """`demo`: calls leave for a phone on this machine, so that nobody's number is rung."""
        self._owed = owed
        self._appeals = appeals
        self._executors = executors
        self._handling = handling
        self._rules = rules
        self._voice = voice
        self._clock = clock
        self._demo = demo
        self._duties: dict[str, Duty] = {}

    async def claim(self, at: datetime, most: int) -> Sequence[Errand]:
        return await errands_of(await self._owed.claim(at, most), self._errand)

    async def renew(self, errands: Sequence[Errand], at: datetime) -> None:
        await self._owed.renew([_notice_id(one) for one in errands], at)

    async def left_behind(self, renewed_before: datetime, at: datetime) -> int:
        return await self._owed.left_behind(renewed_before, at)

    async def ended(self, errand: Errand, result: Result, at: datetime) -> None:
        self._duties.pop(errand.name, None)
        if result is Result.SETTLED:
            await self._owed.ended(_notice_id(errand), NoticeState.SENT, at, tries=errand.attempt)
            return
        again_in = RETRIES.again_in(result, errand.attempt)
        state = NoticeState.FAILED if again_in is None else NoticeState.OWED
        await self._owed.ended(
            _notice_id(errand), state, at, tries=errand.attempt, fault=result.value, again_in=again_in
        )

    async def put_off(self, errand: Errand, until: datetime, at: datetime) -> None:
        self._duties.pop(errand.name, None)
        await self._owed.put_off(_notice_id(errand), until, at, tries=errand.attempt)

    async def prepare(self, errand: Errand) -> None:
        with contextlib.suppress(SynthesisError):  # without it the call says what it can
            phrase = duty_phrases.emergency(self._duties[errand.name].appeal)
            await self._voice.media(phrase, Language.UKRAINIAN)

    async def attend(self, call: Call, attempt: Attempt) -> None:
        """Say which emergency it is, and take down that it is accepted."""
        duty = self._duties[attempt.errand.name]

        async def accept() -> Acceptance:
            acceptance = await self._accept(duty, attempt.call_id)
            attempt.settled = True
            return acceptance

        await duty_call(call, duty.appeal, accept)

    async def _errand(self, notice: Notice) -> Errand | None:
        """Make an errand of a claimed notice; None, and it is ended, where nobody is to be called."""
        appeal = await self._appeals.find(notice.number)
        executor = await self._executor(appeal.executor_id) if appeal and appeal.executor_id else None
        duty = duty_of(notice, appeal, executor)
        if duty is None:
            await self._owed.ended(notice.id, NoticeState.NEEDLESS, self._clock.now(), tries=notice.tries)
            return None
        try:
            number = self._dialable(duty, notice.address)
        except NotDialled as refused:
            log.warning("duty contact cannot be called contact=%s reason=%s", notice.to, refused.why)
            await self._give_up(notice, refused.why.value)
            return None
        if number is None:
            await self._give_up(notice, FICTIONAL)
            return None
        errand = Errand(
            name=f"{NAME}-{notice.id}",
            attempt=notice.tries,
            claimed_at=notice.changed_at,
            number=number,
            kind=Kind.EMERGENCY,
            exempt=f"appeal {notice.number}: an emergency that nobody has accepted yet",
        )
        self._duties[errand.name] = duty
        return errand

    def _dialable(self, duty: Duty, address: str) -> str | None:
        """Give the number as it is dialled; None for a demo enterprise's over a real trunk."""
        number = self._rules.dialable_by_itself(address)
        return number if self._demo or not duty.executor.demo else None

    async def _give_up(self, notice: Notice, fault: str) -> None:
        now = self._clock.now()
        await self._owed.ended(notice.id, NoticeState.FAILED, now, tries=notice.tries, fault=fault)

    async def _executor(self, executor_id: int) -> Executor | None:
        try:
            return await self._executors.get(executor_id)
        except NotFound:
            return None

    async def _accept(self, duty: Duty, call_id: str) -> Acceptance:
        """Accept it for the executor whose contact pressed the key, and for no other."""
        act = Accept(by=SERVICE, at=self._clock.now(), acknowledged_by=duty.contact.name, call_id=call_id)
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


def _notice_id(errand: Errand) -> int:
    return int(errand.name.removeprefix(f"{NAME}-"))
