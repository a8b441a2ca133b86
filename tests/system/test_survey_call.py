"""Applicants who are real SIP phones are asked whether it was done: each road, each way not to be reached."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.acts.actors import Actor, Part
from hotline.acts.work import Accept, BeginWork, ReportDone
from hotline.appeals import Appeal, AppealKind, AppealState, Channel, ResultKind, Urgency
from hotline.calls import CallRecord, Direction, Outcome
from hotline.clock import SystemClock
from hotline.completion import Survey, SurveyOutcome, SurveyState
from hotline.control import Waits
from hotline.executors import Executor
from hotline.handling import Entry
from hotline.registering import NewAppeal, NewPerson
from hotline.routing_rules import Rule
from hotline.users import Role
from telephony.phone.incoming import IncomingCall
from telephony.phone.phone import Phone
from telephony.phone.sip import user_of
from telephony.phone.sound import tone
from tests.system.hotline import Hotline, running_hotline
from tests.system.oracle import compare

pytestmark = pytest.mark.system

PROVIDER = "127.0.0.10"
MARIA = "+380671112233"
AROUND_THE_CLOCK = {"HOTLINE_SURVEY_HOURS": "00:00-23:59:59"}


@dataclass(kw_only=True)
class City:
    """The hotline, the provider through whom calls leave, and an enterprise that reports work done."""

    hotline: Hotline
    provider: Phone
    heat: Executor

    async def reported_done(self, number: str = MARIA) -> Appeal:
        """An appeal of this number's, just reported done."""
        storage, now = self.hotline.storage, SystemClock().now()
        (user, *_) = await storage.users.all()
        new = NewAppeal(
            summary="Немає опалення",
            kind=AppealKind.APPLICATION,
            category="heat-none",
            classifier=1,
            address="Київський квартал, 7, кв. 12",
            urgency=Urgency.ORDINARY,
            registered_at=now,
            year=now.year,
            due_on=now.date(),
            due_at=now + timedelta(hours=24),
            registered_by=user.id,
            applicant_number=number,
            applicant=NewPerson(name="Марія Демченко", address="Київський квартал, 7, кв. 12"),
            consent=True,
            reply_by=Channel.SMS,
        )
        appeal = await storage.registry.enter(new)
        by = Actor(part=Part.EXECUTOR, executor_id=self.heat.id, user_id=user.id)
        for act in (
            Accept(by=by, at=now),
            BeginWork(by=by, at=now),
            ReportDone(by=by, at=now, result=ResultKind.SATISFIED, answer="Полагодили"),
        ):
            appeal = await storage.handling.carry_out(appeal.number, act, version=None)
        return appeal

    async def rung(self, number: str = MARIA, seconds: float = 20) -> IncomingCall:
        """The next call that comes to the provider, which must be for this number."""
        call = await self.provider.next_call(seconds)
        assert user_of(call.invite.uri) == number
        return call

    async def answered(self, keys: str = "", *, sound: bool = False) -> IncomingCall:
        """The applicant answers, and presses each key once the voice has begun to ask."""
        call = await self.rung()
        await call.ring()
        await (call.answer(tone(440)) if sound else call.answer())
        await call.heard_voice()
        for asked, key in enumerate(keys, start=1):
            await self.hotline.until(lambda asked=asked: self._asked(asked), seconds=30)
            await call.press(key)
        return call

    async def _asked(self, times: int) -> bool:
        """Whether so many questions have been asked in the latest call."""
        latest = (await self.hotline.storage.calls.recent(1))[0]
        steps = await self.hotline.storage.calls.journey(latest.id)
        heard = [str(one.detail.get("phrases")) for one in steps if one.step == "heard"]
        return sum(one.startswith("survey-") for one in heard) >= times

    async def survey(self, appeal: Appeal) -> Survey:
        return (await self.hotline.storage.surveys.of_appeal(appeal.number))[0]

    async def comes_to(
        self, appeal: Appeal, outcome: SurveyOutcome, state: AppealState, *, seconds: float = 30
    ) -> Survey:
        """Wait until the survey came to this; the appeal must stand so then."""

        async def there() -> bool:
            return (await self.survey(appeal)).outcome is outcome

        await self.hotline.until(there, seconds=seconds)
        now = await self.hotline.storage.appeals.find(appeal.number)
        assert now is not None
        assert now.state is state
        return await self.survey(appeal)

    async def last(self, appeal: Appeal) -> Entry:
        return (await self.hotline.storage.handling.history(appeal.number, hidden=True))[-1]

    async def spent(self) -> list[str]:
        """What stands on the dispatchers' list as not reached often enough."""
        found = await self.hotline.storage.control.waiting(Waits.SPENT, attempts=3, limit=9)
        return [one.listed.appeal.number for one in found]


@pytest.fixture
def settings() -> dict[str, str]:
    """Settings of the hotline beyond those of every test."""
    return {}


@pytest.fixture
async def city(tmp_path: Path, settings: dict[str, str]) -> AsyncIterator[City]:
    async with Phone(PROVIDER, user="provider") as provider:
        way_out = {"HOTLINE_TRUNK_HOST": PROVIDER, "HOTLINE_TRUNK_PORT": str(provider.address[1])}
        async with running_hotline(tmp_path, **way_out, **AROUND_THE_CLOCK, **settings) as hotline:
            storage = hotline.storage
            heat = await storage.executors.add("КП «Тепломережі»", "Тепломережі", ())
            await storage.rules.add(Rule(order=1, executor_id=heat.id, categories=("heat-*",)))
            await storage.users.add(login="head", name="Олена", role=Role.HEAD, password_hash="x")
            yield City(hotline=hotline, provider=provider, heat=heat)


async def ended(city: City) -> CallRecord:
    call = await city.hotline.ended_call()
    assert (call.number, call.direction) == (MARIA, Direction.OUTGOING)
    await compare(city.hotline)
    return call


async def test_one_and_a_rating_close_the_appeal_and_the_call_ends_by_itself(city: City) -> None:
    appeal = await city.reported_done()
    called = await city.answered("115")
    await called.ended(timeout=30)
    survey = await city.comes_to(appeal, SurveyOutcome.CONFIRMED, AppealState.CLOSED)
    call = await ended(city)
    assert call.outcome is Outcome.TOLD
    entry = await city.last(appeal)
    assert (entry.act, dict(entry.facts)) == ("confirm", {"rating": 5, "source": f"survey:{call.id}"})
    assert (survey.state, survey.attempts, survey.rating) == (SurveyState.ENDED, 1, 5)
    assert len(city.provider.calls) == 1


@pytest.mark.parametrize(("key", "outcome"), [("2", SurveyOutcome.NOT_DONE), ("3", SurveyOutcome.PARTLY)])
async def test_no_and_partly_return_it_with_what_was_said(
    city: City, key: str, outcome: SurveyOutcome
) -> None:
    appeal = await city.reported_done()
    called = await city.answered(f"1{key}", sound=True)

    async def spoken() -> bool:
        left = await city.hotline.storage.calls.messages()
        return bool(left) and Path(left[0].file).exists() and Path(left[0].file).stat().st_size > 16_000

    await city.hotline.until(spoken, seconds=40)
    await called.press("#")
    await called.ended(timeout=30)
    await city.comes_to(appeal, outcome, AppealState.DISPUTED)
    await ended(city)
    (remark,) = await city.hotline.storage.calls.messages()
    assert (await city.last(appeal)).facts["remark"] == remark.id
    (told, *_) = await city.hotline.storage.outbox.on_page("head")
    assert (told.number, told.about) == (appeal.number, "dispute")
