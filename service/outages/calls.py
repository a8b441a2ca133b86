"""Automatic calls to those who asked to be told of an outage: from the outbox to an answer by key."""

import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from hotline.appeals.duty_calls import CallsOwed
from hotline.calls.conversation import Call, Next
from hotline.city.classifier import Urgency
from hotline.clock import Clock
from hotline.contact.channel import Channel
from hotline.contact.numbers import takes_sms
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.outbox import NewNotice, Notice, Outbox
from hotline.dialling.calling_out import CallingRules, NotDialled
from hotline.dialling.dialler import Attempt, Errand, Kind, Result, RetryRules
from hotline.outages.answers import OutageAnswers, WatcherAnswer, asked
from hotline.outages.disputes import OutageDisputes
from hotline.outages.outage import Outage, Outages
from hotline.outages.telling import WATCHER, OutageChange, outage_of
from hotline.outages.watchers import OutageWatch, Watcher
from hotline.voice.speech import Phrase, Voice
from ivr_flows import outage_over_phrases as said
from ivr_flows.outage_over import outage_over
from telephony.dialling.sources import errands_of
from telephony.voice.engines import SynthesisError

log = logging.getLogger(__name__)

NAME = "outage"
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


class OutageCalls:
    """Implements `hotline.dialling.dialler.Source` on the outbox, and takes down what is answered."""

    name = NAME

    def __init__(
        self,
        *,
        owed: CallsOwed,
        outbox: Outbox,
        watch: OutageWatch,
        outages: Outages,
        answers: OutageAnswers,
        disputes: OutageDisputes,
        rules: CallingRules,
        voice: Voice,
        clock: Clock,
        zone: ZoneInfo,
        asked_percent: int,
        to_dispatcher: Callable[[Call], Awaitable[None]],
    ) -> None:
        self._owed = owed
        self._outbox = outbox
        self._watch = watch
        self._outages = outages
        self._answers = answers
        self._disputes = disputes
        self._rules = rules
        self._voice = voice
        self._clock = clock
        self._zone = zone
        self._asked_percent = asked_percent
        self._to_dispatcher = to_dispatcher
        self._news: dict[str, News] = {}

    async def claim(self, at: datetime, most: int) -> Sequence[Errand]:
        return await errands_of(await self._owed.claim(at, most), partial(self._errand, at=at))

    async def renew(self, errands: Sequence[Errand], at: datetime) -> None:
        await self._owed.renew([_notice_id(one) for one in errands], at)

    async def left_behind(self, renewed_before: datetime, at: datetime) -> int:
        return await self._owed.left_behind(renewed_before, at)

    async def put_off(self, errand: Errand, until: datetime, at: datetime) -> None:
        self._news.pop(errand.name, None)
        await self._owed.put_off(_notice_id(errand), until, at, tries=errand.attempt)

    async def ended(self, errand: Errand, result: Result, at: datetime) -> None:
        self._news.pop(errand.name, None)
        notice = await self._outbox.find(_notice_id(errand))
        if notice is None or notice.state is not NoticeState.CLAIMED or notice.tries != errand.attempt:
            return
        if result is Result.SETTLED:
            await self._owed.ended(notice.id, NoticeState.SENT, at, tries=notice.tries)
        elif (again_in := RETRIES.again_in(result, errand.attempt)) is not None:
            fault = result.value
            await self._owed.ended(
                notice.id, NoticeState.OWED, at, tries=notice.tries, fault=fault, again_in=again_in
            )
        else:
            await self._give_up(notice, result.value, at)

    async def prepare(self, errand: Errand) -> None:
        news = self._news[errand.name]
        with contextlib.suppress(SynthesisError):  # without it the call says what it can
            await self._voice.media(news.phrase, news.watcher.language)

    async def attend(self, call: Call, attempt: Attempt) -> None:
        """Say what is new, take down what they answer, and bring who wants a dispatcher to one."""
        news = self._news[attempt.errand.name]

        async def answered(answer: WatcherAnswer) -> str | None:
            at, number = self._clock.now(), None
            if answer is WatcherAnswer.NOT_RESTORED:
                number = await self._disputes.take(news.watcher, news.outage, call_id=call.id, at=at)
            else:
                await self._answers.keep(news.watcher, news.outage.version, answer, at, call_id=call.id)
            attempt.settled = True
            # What a key says is on disk before the answer to it is heard: nobody is asked twice.
            of_this = attempt.errand
            await self._owed.ended(_notice_id(of_this), NoticeState.SENT, at, tries=of_this.attempt)
            return number

        await call.speak(news.watcher.language)
        going = await outage_over(call, news.phrase, answered, asks=news.asks)
        if going is Next.DISPATCHER:
            await self._to_dispatcher(call)

    async def _errand(self, notice: Notice, at: datetime) -> Errand | None:
        """Prepare a claimed notice to be dialled; None, and the claim is ended, where nobody is called."""
        watcher = await self._watch.get(int(notice.to.removeprefix(WATCHER)))
        if watcher is None:
            await self._owed.ended(notice.id, NoticeState.NEEDLESS, at, tries=notice.tries)
            return None
        outage = await self._outages.get(watcher.outage_id)
        if outage.version != outage_of(notice.matter)[1]:
            await self._gives_way(notice, watcher, outage, at)
            return None
        try:
            number = self._rules.dialable_by_itself(notice.address)
        except NotDialled as refused:
            log.warning("watcher cannot be called outage=%d reason=%s", outage.id, refused.why)
            await self._give_up(notice, refused.why.value, at)
            return None
        change = OutageChange(notice.about)
        news = News(
            watcher=watcher,
            outage=outage,
            phrase=said.news(outage, change, self._zone, now=at),
            asks=change is OutageChange.OVER and asked(watcher.id, self._asked_percent),
        )
        errand = Errand(
            name=f"{NAME}-{notice.id}",
            attempt=notice.tries,
            claimed_at=notice.changed_at,
            number=number,
            kind=Kind.OUTAGE,
            exempt=_exempt(notice, outage),
        )
        self._news[errand.name] = news
        return errand

    async def _gives_way(self, notice: Notice, watcher: Watcher, outage: Outage, at: datetime) -> None:
        """Leave it to what they are told of the outage as it is now, which takes this back once settled."""
        if watcher.version < outage.version:
            await self._owed.put_off(notice.id, at + SETTLES_LATER, at, tries=notice.tries)
        else:  # that was made while this call was under way: nothing would ever take it back
            await self._owed.ended(notice.id, NoticeState.NEEDLESS, at, tries=notice.tries)

    async def _give_up(self, notice: Notice, fault: str, at: datetime) -> None:
        """Tell them by a short message where the number takes one; the outage's page counts them."""
        watcher = await self._watch.get(int(notice.to.removeprefix(WATCHER)))
        if watcher is not None:
            unheard = fault in {Result.UNHEARD, Result.MACHINE}
            answer = WatcherAnswer.UNHEARD if unheard else WatcherAnswer.UNREACHED
            await self._answers.keep(watcher, outage_of(notice.matter)[1], answer, at)
            if takes_sms(notice.address):
                await self._outbox.owe([_by_sms(notice)], at)
        await self._owed.ended(notice.id, NoticeState.NEEDLESS, at, tries=notice.tries, fault=fault)


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


def _notice_id(errand: Errand) -> int:
    return int(errand.name.removeprefix(f"{NAME}-"))
