"""Automatic calls to landlines before their power changes: their consent, and each change."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from attrs import define

from hotline.calls.conversation import Call, Next
from hotline.city.addresses import Address
from hotline.clock import Clock
from hotline.delivery.notice_states import NoticeEvent
from hotline.delivery.outbox import Notice, Outbox
from hotline.dialling.calling_out import CallingRules, NotDialled
from hotline.dialling.dialler import Result, RetryRules
from hotline.dialling.jobs import GIVEN_UP, Attempt, Brief, Follows, Job
from hotline.dialling.notices import POWER, after_call, note_call, owed_notice
from hotline.outages.subscriptions import BY_CALL, OutageSubscriptions, Subscription, subscription_of
from hotline.power.telling import BEGINS, ENDS, AboutPower
from hotline.voice.speech import Phrase, Voice
from ivr_flows import power_call_phrases as said
from ivr_flows.power_call import power_call, power_consent
from telephony.voice.engines import SynthesisError

RETRIES = RetryRules(
    {
        Result.BUSY: (timedelta(minutes=2), timedelta(minutes=4)),
        Result.NO_ANSWER: (timedelta(minutes=4),),
        Result.FAILED: (timedelta(minutes=2),),
        Result.INTERRUPTED: (timedelta(minutes=1),),
    }
)
"""Soon or never: the change comes. Who has listened to it without pressing a key is not called again."""
CONSENT_WITHIN = timedelta(days=1)
"""After that nobody remembers what they asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerNews:
    """What one call is about; without `news` it asks for consent."""

    to: Subscription
    place: Address
    news: Sequence[Phrase] = ()


@define(eq=False, repr=False, kw_only=True)
class PowerCalls:
    """Implements `hotline.dialling.jobs.JobSource` on the outbox, and takes down what is answered."""

    name = POWER

    _outbox: Outbox
    _subscriptions: OutageSubscriptions
    _rules: CallingRules
    _voice: Voice
    _clock: Clock
    _zone: ZoneInfo
    _to_dispatcher: Callable[[Call], Awaitable[None]]

    async def brief(self, job: Job, at: datetime) -> Brief[PowerNews] | Follows:
        """Call while the subscription lives and the change is ahead; a late notice calls nobody."""
        notice = await owed_notice(self._outbox, job)
        if notice is None:
            return GIVEN_UP
        one = await self._subscriptions.find(subscription_of(notice.to) or 0)
        if one is None or one.place is None or not _still(one, notice, at):
            await note_call(self._outbox, job, NoticeEvent.TAKE_BACK, at)
            return GIVEN_UP
        try:
            number = self._rules.dialable_by_itself(notice.address)
        except NotDialled as refused:
            await note_call(self._outbox, job, NoticeEvent.NOT_REACHED, at, fault=refused.why.value)
            return GIVEN_UP
        news = () if notice.about == BY_CALL else self._news(notice, at)
        return Brief(number=number, about=PowerNews(to=one, place=one.place, news=news))

    async def after(self, job: Job, result: Result, at: datetime, about: PowerNews | None) -> Follows:  # noqa: ARG002
        return await after_call(self._outbox, job, result, at, RETRIES)

    async def prepare(self, about: PowerNews) -> None:
        with contextlib.suppress(SynthesisError):  # without it the call says what it can
            for phrase in (said.address(about.place), *about.news):
                await self._voice.media(phrase, about.to.language)

    async def attend(self, call: Call, attempt: Attempt[PowerNews]) -> None:
        """Say it, and take down what they answer before they hear what follows.

        Where the database has gone it is taken down when it is back, and they hear the same.
        """
        about = attempt.brief.about

        async def agreed(minutes: int) -> None:
            at = self._clock.now()
            await attempt.settle(partial(self._subscriptions.confirm, about.to.id, at, minutes=minutes))

        async def stopped() -> None:
            await attempt.settle(partial(self._subscriptions.end, [about.to.id], self._clock.now()))

        await call.speak(about.to.language)
        if about.news:
            going = await power_call(call, about.place, about.news, attempt.settle, stopped)
        else:
            going = await power_consent(call, about.place, agreed, stopped)
        if going is Next.DISPATCHER:
            await self._to_dispatcher(call)

    def _news(self, notice: Notice, at: datetime) -> Sequence[Phrase]:
        facts = notice.facts
        return said.news(
            AboutPower(notice.about),
            _moment(notice, BEGINS),
            _moment(notice, ENDS),
            self._zone,
            now=at,
            moved="moved" in facts["words"],
        )


def _still(one: Subscription, notice: Notice, at: datetime) -> bool:
    """Tell whether they are to be called now: they wait for it, and what it tells is ahead."""
    if notice.about == BY_CALL:
        return one.confirmed_at is None and one.ended_at is None and at < one.asked_at + CONSENT_WITHIN
    begins = _moment(notice, BEGINS)
    return one.lives and (begins is None or at < begins)


def _moment(notice: Notice, name: str) -> datetime | None:
    given = notice.facts["moments"].get(name)
    return datetime.fromisoformat(given) if given else None
