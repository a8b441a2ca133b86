"""Applicants who are real SIP phones are asked whether it was done: each road, each way not to be reached."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import RowMapping

from hotline.access.permissions import Role
from hotline.appeals.acts.actors import Actor, ActorRole
from hotline.appeals.acts.work import Accept, BeginWork, ReportDone
from hotline.appeals.appeal import Appeal, AppealKind, AppealState, ResultKind
from hotline.appeals.control import AppealWaitsFor
from hotline.appeals.handling import Entry
from hotline.appeals.registering import NewAppeal, NewPerson
from hotline.appeals.routing import Rule
from hotline.calls.call import CallRecord, Direction, Outcome, Step
from hotline.city.classifier import Urgency
from hotline.clock import SystemClock
from hotline.contact.channel import Channel
from hotline.dialling.job_states import JobState
from hotline.enterprises.executors import Executor
from hotline.surveys.completion import SURVEY, Survey, SurveyOutcome
from hotline.surveys.forms import COMPLETION
from hotline.voice.speech import Language
from telephony.phone.incoming import IncomingCall
from telephony.phone.sound import tone
from tests.fakes.jobs import standing
from tests.system.lending import Hotlines
from tests.system.oracle import compare
from tests.system.outside import Outside

pytestmark = pytest.mark.system

MARIA = "+380671112233"
AROUND_THE_CLOCK = {"HOTLINE_SURVEY_HOURS": "00:00-23:59:59"}


@dataclass(kw_only=True)
class City(Outside):
    """The hotline, the provider through whom calls leave, and an enterprise that reports work done."""

    heat: Executor

    async def reported_done(self, number: str = MARIA) -> Appeal:
        """An appeal of this number's, just reported done."""
        storage, now = self.hotline.storage, SystemClock().now()
        (user, *_) = await storage.users.all()
        new = NewAppeal(
            text="Немає опалення",
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
        by = Actor(part=ActorRole.EXECUTOR, executor_id=self.heat.id, user_id=user.id)
        for act in (
            Accept(by=by, at=now),
            BeginWork(by=by, at=now),
            ReportDone(by=by, at=now, result=ResultKind.SATISFIED, answer="Полагодили"),
        ):
            appeal = await storage.handling.carry_out(appeal.number, act, version=None)
        return appeal

    async def answered(self, keys: str = "", *, sound: bool = False) -> IncomingCall:
        """The applicant answers, and presses each key once the voice has begun to ask."""
        call = await self.rung(MARIA)
        await call.ring()
        await (call.answer(tone(440)) if sound else call.answer())
        await call.heard_voice()
        for asked, key in enumerate(keys, start=1):
            await self.hotline.until(lambda asked=asked: self.asked(asked))
            await call.press(key)
        return call

    async def asked(self, times: int) -> bool:
        """Whether so many questions have been asked in the latest call."""
        latest = (await self.hotline.storage.calls.recent(1))[0]
        steps = await self.hotline.storage.calls.journey(latest.id)
        heard = [str(one.detail.get("phrases")) for one in steps if one.step == "heard"]
        return sum(one.startswith("survey-") for one in heard) >= times

    async def survey(self, appeal: Appeal) -> Survey:
        return (await self.hotline.storage.surveys.of_appeal(appeal.number))[0]

    async def job(self, survey: Survey, state: JobState) -> RowMapping:
        """Wait until the call that is owed for a survey stands so."""

        async def there() -> bool:
            return (await standing(self.hotline.storage, SURVEY, survey.id))["state"] == state

        await self.hotline.until(there)
        return await standing(self.hotline.storage, SURVEY, survey.id)

    async def comes_to(self, appeal: Appeal, outcome: SurveyOutcome, state: AppealState) -> Survey:
        """Wait until the survey came to this; the appeal must stand so then."""

        async def there() -> bool:
            return (await self.survey(appeal)).outcome is outcome

        await self.hotline.until(there)
        now = await self.hotline.storage.appeals.find(appeal.number)
        assert now is not None
        assert now.state is state
        return await self.survey(appeal)

    async def last(self, appeal: Appeal) -> Entry:
        return (await self.hotline.storage.handling.history(appeal.number, hidden=True))[-1]

    async def spent(self) -> list[str]:
        """What stands on the dispatchers' list as not reached often enough."""
        found = await self.hotline.storage.control.waiting(AppealWaitsFor.SPENT, attempts=3, limit=9)
        return [one.listed.appeal.number for one in found]


@pytest.fixture
def settings() -> dict[str, str]:
    """Settings of the hotline beyond those of every test."""
    return {}


@pytest.fixture
async def city(hotlines: Hotlines, settings: dict[str, str]) -> AsyncIterator[City]:
    async with hotlines.calling_outside(**AROUND_THE_CLOCK, **settings) as outside:
        yield await furnished(outside)


async def furnished(outside: Outside) -> City:
    storage = outside.hotline.storage
    heat = await storage.executors.add("КП «Тепломережі»", "Тепломережі", ())
    await storage.rules.add(Rule(order=1, executor_id=heat.id, categories=("heat-*",)))
    await storage.users.add(login="head", name="Олена", role=Role.HEAD, password_hash="x")
    return City(**vars(outside), heat=heat)


async def ended(city: City) -> CallRecord:
    call = await city.hotline.ended_call()
    assert (call.number, call.direction) == (MARIA, Direction.OUTGOING)
    await compare(city.hotline)
    return call


async def test_one_and_a_rating_close_the_appeal_and_the_call_ends_by_itself(city: City) -> None:
    appeal = await city.reported_done()
    called = await city.answered("115")
    await called.ended()
    survey = await city.comes_to(appeal, SurveyOutcome.CONFIRMED, AppealState.CLOSED)
    call = await ended(city)
    assert call.outcome is Outcome.TOLD
    entry = await city.last(appeal)
    assert (entry.act, dict(entry.facts)) == ("confirm", {"rating": 5, "source": f"survey:{call.id}"})
    assert survey.rating == 5
    assert (await city.job(survey, JobState.REACHED))["attempt"] == 1
    assert len(city.provider.calls) == 1


@pytest.mark.nightly  # by day `ivr_flows`, and no is said on a real call in `test_survey_road.py`
@pytest.mark.parametrize(
    ("key", "outcome"),
    [("2", SurveyOutcome.NOT_DONE), ("3", SurveyOutcome.PARTLY)],
)
async def test_no_and_partly_return_it_with_what_was_said(
    city: City, key: str, outcome: SurveyOutcome
) -> None:
    appeal = await city.reported_done()
    called = await city.answered(f"1{key}", sound=True)

    async def spoken() -> bool:
        left = await city.hotline.storage.calls.messages()
        return bool(left) and Path(left[0].file).exists() and Path(left[0].file).stat().st_size > 16_000

    await city.hotline.until(spoken)
    await called.press("#")
    await called.ended()
    await city.comes_to(appeal, outcome, AppealState.DISPUTED)
    await ended(city)
    (remark,) = await city.hotline.storage.calls.messages()
    assert (await city.last(appeal)).facts["remark"] == remark.id
    (told, *_) = await city.hotline.storage.outbox.on_page("head")
    assert (told.number, told.about) == (appeal.number, "dispute")


async def test_zero_brings_them_to_a_free_dispatcher_at_once(city: City) -> None:
    phone = await city.hotline.desk("201")
    appeal = await city.reported_done()
    called = await city.answered("0")
    ringing = await phone.next_call()
    await ringing.answer()
    await city.hotline.reached(Step.TALK_STARTED)
    await ringing.hang_up()
    await called.ended()
    await city.comes_to(appeal, SurveyOutcome.DISPATCHER, AppealState.BEING_CHECKED)
    assert (await ended(city)).outcome is Outcome.TALKED
    assert await city.hotline.storage.callbacks.owed(9) == []


async def test_zero_without_a_free_dispatcher_is_a_call_back_on_their_list(city: City) -> None:
    appeal = await city.reported_done()
    called = await city.answered("10")
    await called.ended()
    await city.comes_to(appeal, SurveyOutcome.DISPATCHER, AppealState.BEING_CHECKED)
    call = await ended(city)
    assert call.outcome is Outcome.CALLBACK_WANTED
    (owed,) = await city.hotline.storage.callbacks.owed(9)
    assert (owed.number, owed.last_call_id) == (MARIA, call.id)


async def test_a_stranger_is_asked_once_and_a_dispatcher_sees_to_it(city: City) -> None:
    appeal = await city.reported_done()
    called = await city.answered("2")
    await called.ended()
    survey = await city.comes_to(appeal, SurveyOutcome.WRONG_PERSON, AppealState.BEING_CHECKED)
    assert survey.ended_at is not None
    assert await city.spent() == [appeal.number]
    assert (await ended(city)).outcome is Outcome.TOLD


@pytest.mark.nightly  # by day of an outage: `test_outage_told.py`
async def test_an_answering_machine_that_greets_and_listens_has_said_nothing(city: City) -> None:
    appeal = await city.reported_done()
    called = await city.answered(sound=True)
    await called.ended(timeout=150)
    survey = await city.comes_to(appeal, SurveyOutcome.SILENT, AppealState.BEING_CHECKED)
    job = await city.job(survey, JobState.DUE)
    assert job["attempt"] == 1
    late = job["changed_at"] + timedelta(hours=2) - job["due_at"]
    assert timedelta() <= late < timedelta(minutes=1), "the pause after a machine"
    call = await ended(city)
    assert call.outcome is Outcome.NOT_HEARD_OUT
    assert Step.LIKE_A_MACHINE in await city.hotline.steps(call.id)
    asked = [one for one in await city.hotline.journey(call.id) if one.step is Step.SILENT]
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("code", "outcome", "again"),
    [
        (486, SurveyOutcome.BUSY, timedelta(minutes=10)),
        pytest.param(480, SurveyOutcome.NO_ANSWER, timedelta(hours=2), marks=pytest.mark.nightly),
        pytest.param(603, SurveyOutcome.REFUSED, timedelta(days=1), marks=pytest.mark.nightly),
        (404, SurveyOutcome.NOT_IN_USE, None),
        pytest.param(503, SurveyOutcome.FAILED, timedelta(minutes=5), marks=pytest.mark.nightly),
    ],
)
async def test_who_is_not_reached_is_tried_again_as_the_cause_says(
    city: City, code: int, outcome: SurveyOutcome, again: timedelta | None
) -> None:
    appeal = await city.reported_done()
    await (await city.rung(MARIA)).reject(code)
    survey = await city.comes_to(appeal, outcome, AppealState.BEING_CHECKED)
    if again is None:
        assert survey.ended_at is not None
        assert await city.spent() == [appeal.number]
    else:
        job = await city.job(survey, JobState.DUE)
        assert timedelta() <= job["changed_at"] + again - job["due_at"] < timedelta(minutes=1)
    assert len(city.provider.calls) == 1
    await ended(city)


@pytest.mark.parametrize("settings", [{"HOTLINE_CALL_OUT_RING_SECONDS": "3"}], ids=["rings-3-s"])
async def test_a_telephone_that_rings_and_is_not_taken_is_tried_again(city: City) -> None:
    appeal = await city.reported_done()
    await (await city.rung(MARIA)).ring()
    survey = await city.comes_to(appeal, SurveyOutcome.NO_ANSWER, AppealState.BEING_CHECKED)
    await city.job(survey, JobState.DUE)
    assert (await ended(city)).outcome is Outcome.NO_ANSWER


@pytest.mark.parametrize(
    ("keys", "outcome", "state"),
    [
        ("", SurveyOutcome.HUNG_UP, AppealState.BEING_CHECKED),
        pytest.param("1", SurveyOutcome.HUNG_UP, AppealState.BEING_CHECKED, marks=pytest.mark.nightly),
        ("11", SurveyOutcome.CONFIRMED, AppealState.CLOSED),
        pytest.param("12", SurveyOutcome.NOT_DONE, AppealState.DISPUTED, marks=pytest.mark.nightly),
    ],
    ids=["at the greeting", "at the question", "at the rating", "at the remark"],
)
async def test_whoever_hangs_up_has_said_what_they_had_said(
    city: City, keys: str, outcome: SurveyOutcome, state: AppealState
) -> None:
    appeal = await city.reported_done()
    called = await city.answered(keys)
    await city.hotline.until(lambda: city.asked(len(keys) + 1))
    await called.hang_up()
    survey = await city.comes_to(appeal, outcome, state)
    await city.job(survey, JobState.DUE if state is AppealState.BEING_CHECKED else JobState.REACHED)
    await ended(city)


async def test_killed_after_the_word_it_counts_and_nobody_is_called_again(city: City) -> None:
    appeal = await city.reported_done()
    called = await city.answered("11")
    await city.hotline.until(lambda: city.asked(3))

    await city.hotline.kill_service()
    await city.hotline.start_service()

    await called.ended()
    survey = await city.comes_to(appeal, SurveyOutcome.CONFIRMED, AppealState.CLOSED)
    assert survey.ended_at is not None
    assert len(city.provider.calls) == 1


async def test_the_head_is_called_to_try_the_questions_and_nothing_is_counted(city: City) -> None:
    storage = city.hotline.storage
    form = await storage.survey_forms.present(COMPLETION)
    (head, *_) = await storage.users.all()
    now = SystemClock().now()
    trial = await storage.surveys.try_out(
        form.id, number=MARIA, language=Language.UKRAINIAN, user_id=head.id, at=now
    )
    called = await city.answered("0")
    await called.ended()

    async def over() -> bool:
        kept = await storage.surveys.find(trial.id)
        return kept is not None and kept.ended_at is not None

    await city.hotline.until(over)
    call = await ended(city)
    assert (await city.hotline.phrases(call.id))[0] == "survey-trial"
    assert await storage.surveys.answers(trial.id) == []
    assert await storage.callbacks.owed(9) == []
