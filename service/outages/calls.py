"""Automatic calls to those who asked to be told of an outage: from the outbox to an answer by key."""

import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import define

from hotline.calls.conversation import Call, Next
from hotline.city.classifier import Urgency
from hotline.clock import Clock
from hotline.contact.channel import Channel
from hotline.contact.numbers import gets_sms
from hotline.delivery.notice_states import NoticeEvent
from hotline.delivery.outbox import NewNotice, Notice, Outbox
from hotline.dialling.calling_out import CallingRules, NotDialled
from hotline.dialling.dialler import Result, RetryRules
from hotline.dialling.jobs import GIVEN_UP, REACHED, Attempt, Brief, Follows, Job, again_at, later
from hotline.dialling.notices import OUTAGE, owed_notice
from hotline.outages.answers import OutageAnswers, WatcherAnswer, asked
from hotline.outages.disputes import OutageDisputes
from hotline.outages.outage import Outage, Outages
from hotline.outages.telling import WATCHER, OutageChange, outage_of
from hotline.outages.watchers import OutageWatch, Watcher
from hotline.voice.speech import Phrase, Voice
from ivr_flows import outage_over_phrases as said
from ivr_flows.outage_over import outage_over
from telephony.voice.engines import SynthesisError

log = logging.getLogger(__name__)

RETRIES = RetryRules(
    {
        Result.BUSY: (timedelta(minutes=5), timedelta(minutes=15)),
        Result.NO_ANSWER: (timedelta(minutes=15), timedelta(hours=1)),
        Result.UNHEARD: (timedelta(minutes=30),),
        Result.MACHINE: (timedelta(minutes=30), timedelta(hours=1)),
        Result.FAILED: (timedelta(minutes=2), timedelta(minutes=10)),
        Result.INTERRUPTED: (timedelta(minutes=1), timedelta(minutes=5)),
    }
)
"""Then a short message is sent, where the number takes one. Who refused the call is not rung again."""
SETTLES_LATER = timedelta(seconds=30)
"""What has changed again is looked at so much later: by then it is told anew, or is as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What one call is about."""

    watcher: Watcher
    outage: Outage
    phrase: Phrase
    asks: bool


@define(eq=False, repr=False, kw_only=True)
class OutageCalls:
    """Implements `hotline.dialling.jobs.JobSource` on the outbox, and takes down what is answered."""

    name = OUTAGE

    _outbox: Outbox
    _watch: OutageWatch
    _outages: Outages
    _answers: OutageAnswers
    _disputes: OutageDisputes
    _rules: CallingRules
    _voice: Voice
    _clock: Clock
    _zone: ZoneInfo
    _asked_percent: int
    _to_dispatcher: Callable[[Call], Awaitable[None]]

    async def brief(self, job: Job, at: datetime) -> Brief[News] | Follows:
        notice = await owed_notice(self._outbox, job)
        if notice is None:
            return GIVEN_UP
        watcher = await self._watch.get(_watcher_id(notice))
        if watcher is None:
            await self._outbox.call_over(notice.id, NoticeEvent.TAKE_BACK, at, tries=job.attempt)
            return GIVEN_UP
        outage = await self._outages.get(watcher.outage_id)
        if outage.version != outage_of(notice.matter)[1]:
            return await self._gives_way(notice, watcher, outage, at)
        try:
            number = self._rules.dialable_by_itself(notice.address)
        except NotDialled as refused:
            log.warning("watcher cannot be called outage=%d reason=%s", outage.id, refused.why)
            return await self._give_up(notice, refused.why.value, at, tries=job.attempt)
        change = OutageChange(notice.about)
        news = News(
            watcher=watcher,
            outage=outage,
            phrase=said.news(outage, change, self._zone, now=at),
            asks=change is OutageChange.OVER and asked(watcher.id, self._asked_percent),
        )
        return Brief(number=number, about=news, exempt=_exempt(notice, outage))

    async def after(self, job: Job, result: Result, at: datetime, about: News | None) -> Follows:  # noqa: ARG002
        notice = await owed_notice(self._outbox, job)
        if notice is None:
            return REACHED if result is Result.SETTLED else GIVEN_UP
        if result is Result.SETTLED:
            await self._outbox.call_over(notice.id, NoticeEvent.HAND_OVER, at, tries=job.attempt)
            return REACHED
        again_in = RETRIES.again_in(result, job.attempt)
        if again_in is None:
            return await self._give_up(notice, result.value, at, tries=job.attempt)
        await self._outbox.call_over(
            notice.id,
            NoticeEvent.CALLED_IN_VAIN,
            at,
            tries=job.attempt,
            fault=result.value,
            again_in=again_in,
        )
        return again_at(at + again_in)

    async def prepare(self, about: News) -> None:
        with contextlib.suppress(SynthesisError):  # without it the call says what it can
            await self._voice.media(about.phrase, about.watcher.language)

    async def attend(self, call: Call, attempt: Attempt[News]) -> None:
        """Say what is new, take down what they answer, and bring who wants a dispatcher to one.

        Where the database has gone their answer is taken down when it is back.
        """
        news = attempt.brief.about

        async def answered(answer: WatcherAnswer) -> str | None:
            at, disputes = self._clock.now(), answer is WatcherAnswer.NOT_RESTORED
            number: str | None = None

            async def take_down() -> None:
                nonlocal number
                if disputes:
                    number = await self._disputes.take(news.watcher, news.outage, call_id=call.id, at=at)
                else:
                    await self._answers.keep(news.watcher, news.outage.version, answer, at, call_id=call.id)

            await attempt.settle(take_down)
            owed = disputes and not attempt.settled and self._disputes.registers(news.outage)
            return "" if owed else number

        await call.speak(news.watcher.language)
        going = await outage_over(call, news.phrase, answered, asks=news.asks)
        if going is Next.DISPATCHER:
            await self._to_dispatcher(call)

    async def _gives_way(self, notice: Notice, watcher: Watcher, outage: Outage, at: datetime) -> Follows:
        """Leave it to what they are told of the outage as it is now, which takes this back once settled."""
        if watcher.version < outage.version:
            return later(at + SETTLES_LATER)
        # That was made while this call was under way: nothing would ever take it back.
        await self._outbox.call_over(notice.id, NoticeEvent.TAKE_BACK, at, tries=notice.tries)
        return GIVEN_UP

    async def _give_up(self, notice: Notice, fault: str, at: datetime, *, tries: int) -> Follows:
        """Tell them by a short message where the number takes one; the outage's page counts them."""
        watcher = await self._watch.get(_watcher_id(notice))
        if watcher is not None:
            unheard = fault in {Result.UNHEARD, Result.MACHINE}
            answer = WatcherAnswer.UNHEARD if unheard else WatcherAnswer.UNREACHED
            await self._answers.keep(watcher, outage_of(notice.matter)[1], answer, at)
            if gets_sms(notice.address, self._disputes.sms):
                await self._outbox.owe([_by_sms(notice)], at)
        await self._outbox.call_over(notice.id, NoticeEvent.TAKE_BACK, at, tries=tries, fault=fault)
        return GIVEN_UP


def _by_sms(notice: Notice) -> NewNotice:
    return NewNotice(
        matter=notice.matter,
        to=notice.to,
        channel=Channel.SMS,
        address=notice.address,
        about=notice.about,
        facts=notice.facts,
    )


def _exempt(notice: Notice, outage: Outage) -> str:
    """Say why they may be called at night; empty: they may not."""
    emergency = notice.facts["urgency"] == Urgency.EMERGENCY
    return f"outage {outage.id}: an emergency that goes on" if emergency else ""


def _watcher_id(notice: Notice) -> int:
    return int(notice.to.removeprefix(WATCHER))
