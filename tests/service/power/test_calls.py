"""Calls to a landline before its power changes: none to who did not agree there, and none too late."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from hotline.calls.conversation import Call
from hotline.city.addresses import Address
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.dialling.calling_out import CallingRules
from hotline.dialling.dialler import Result
from hotline.dialling.jobs import Attempt
from hotline.outages.subscriptions import PowerAhead, SubscriptionRequest
from hotline.power.forecast import forecast
from hotline.power.schedule import DaySchedule, KnownPower
from hotline.power.telling import news_for
from hotline.voice.speech import Language
from service.power.calls import CONSENT_WITHIN, PowerCalls, PowerNews
from service.talk.power import without_power
from storage.store import Storage
from tests.fakes.call import FakeCall
from tests.fakes.clock import NOON, SetClock
from tests.fakes.databases import fresh_storage
from tests.fakes.jobs import Worker
from tests.fakes.power import KYIV
from tests.service.calls.test_duty_calls import QuietVoice

LANDLINE = "+380457921580"
WISH = SubscriptionRequest(
    channel=Channel.CALL,
    contact=LANDLINE,
    language=Language.UKRAINIAN,
    place=Address(street="Київський квартал", house="3"),
    power=PowerAhead(),
)


@dataclass(kw_only=True)
class Town:
    """Storage, a clock, and the calls about power in it."""

    storage: Storage
    clock: SetClock
    wanted: list[str] = field(default_factory=list)
    calls: PowerCalls = field(init=False)
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        async def to_dispatcher(call: Call) -> None:
            self.wanted.append(call.id)

        self.calls = PowerCalls(
            outbox=self.storage.outbox,
            subscriptions=self.storage.outage_subscriptions,
            rules=CallingRules(),
            voice=QuietVoice(),
            clock=self.clock,
            zone=KYIV,
            to_dispatcher=to_dispatcher,
        )
        self.worker = Worker(self.storage, self.clock, self.calls)

    async def asks(self) -> None:
        await self.storage.outage_subscriptions.ask(WISH, "", "Київський квартал, 3", self.clock.now())

    async def answers(self, keys: str) -> FakeCall:
        """The one call that is due is dialled, and answered so."""
        (attempt,) = await self.claimed()
        await self.worker.dial(attempt)
        call = FakeCall(keys, outgoing=True, call_id=attempt.call_id, number=attempt.brief.number)
        await self.calls.attend(call, attempt)
        await self.worker.over(attempt, Result.UNHEARD)
        return call

    async def claimed(self) -> list[Attempt[PowerNews]]:
        return list(await self.worker.take())

    async def told_of_a_cut(self, off: str = "15:00–17:00") -> int:
        """A round of the notices, with power off at these hours of the city's clock."""
        now = self.clock.now()
        day = now.astimezone(KYIV).date()
        one = DaySchedule(queue="4.1", day=day, halves=without_power(off), made_at=now, heard_at=now)
        known = KnownPower(schedules={("4.1", day): one})
        there = forecast(known, ["4.1"], (), now=now, zone=KYIV, address=WISH.place)
        subscribers = await self.storage.power_subscribers.living()
        news = [told for who in subscribers if (told := news_for(who, there, now, KYIV))]
        return await self.storage.power_subscribers.tell(news, now, day)


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    clock = SetClock(NOON)
    async with fresh_storage(clock) as storage:
        yield Town(storage=storage, clock=clock)


async def test_who_agrees_at_the_telephone_is_called_so_long_before_each_change(town: Town) -> None:
    await town.asks()
    assert await town.told_of_a_cut() == 0  # nobody has agreed yet
    await town.answers("3")
    (one,) = await town.storage.power_subscribers.living()
    assert one.ahead.minutes == 60
    town.clock.pass_by(timedelta(hours=2).total_seconds())  # it is 14:00 in the city
    assert await town.told_of_a_cut() == 1
    call = await town.answers("1")
    assert "power-off-0-1500-1700" in call.heard
    assert call.heard[-1] == "power-call-thanks"
    assert await town.claimed() == []


@pytest.mark.parametrize("keys", ["9", "____", "_"])
async def test_who_did_not_ask_or_says_nothing_is_called_no_more(town: Town, keys: str) -> None:
    await town.asks()
    await town.answers(keys)
    town.clock.pass_by(timedelta(hours=2).total_seconds())
    assert await town.storage.power_subscribers.living() == []
    assert await town.told_of_a_cut() == 0
    assert await town.claimed() == []


async def test_nine_ends_the_calls_and_what_is_owed(town: Town) -> None:
    await agreed(town)
    await town.told_of_a_cut("14:30–15:00, 16:00–17:00")
    call = await town.answers("9")
    assert call.heard[-1] == "power-call-stopped"
    assert await town.storage.power_subscribers.living() == []


async def test_zero_leads_to_a_dispatcher(town: Town) -> None:
    await agreed(town)
    await town.told_of_a_cut("14:30–15:00")
    call = await town.answers("0")
    assert town.wanted == [call.id]


async def test_a_call_that_would_come_after_the_change_is_not_placed(town: Town) -> None:
    await agreed(town)
    await town.told_of_a_cut("14:30–15:00")
    town.clock.pass_by(timedelta(minutes=31).total_seconds())
    assert await town.claimed() == []
    assert await states(town) == {NoticeState.NEEDLESS}


async def test_consent_is_asked_for_within_a_day(town: Town) -> None:
    await town.asks()
    town.clock.pass_by(CONSENT_WITHIN.total_seconds())
    assert await town.claimed() == []


async def agreed(town: Town) -> None:
    """Somebody who agreed to calls half an hour ahead; it is 14:00 in the city."""
    await town.asks()
    await town.answers("1")
    town.clock.pass_by(timedelta(hours=2).total_seconds())


async def states(town: Town) -> set[NoticeState]:
    found = await town.storage.outbox.find(2)
    assert found is not None
    return {found.state}
