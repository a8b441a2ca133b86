"""From a report that it is done to the applicant's own word, on real storage: each road, each retry."""

import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from hotline.appeals.acts.actors import applicant
from hotline.appeals.acts.applicants_word import AttemptInVain, BeginCheck, Confirm, Dispute
from hotline.appeals.acts.keeping import Amend, ToldBy
from hotline.appeals.acts.way_back import RefuseDone
from hotline.appeals.acts.work import BeginWork, ReportDone
from hotline.appeals.appeal import Appeal, AppealState, ResultKind
from hotline.appeals.control import AppealWaitsFor
from hotline.appeals.handling import Entry
from hotline.calls.call import Step
from hotline.calls.conversation import Call
from hotline.chats.chats import Medium, NewChat, WrittenFrom
from hotline.delivery.wording import wants_code, wants_link
from hotline.dialling.calling_out import CallingRules
from hotline.dialling.dialler import Result
from hotline.dialling.job_states import JobState
from hotline.dialling.jobs import Attempt
from hotline.errors import CallGone
from hotline.speech.hearing import Heard
from hotline.surveys.completion import SURVEY, Answer, Survey, SurveyOutcome
from hotline.surveys.forms import COMPLETION, Meaning, QuestionKind
from hotline.surveys.in_writing import answers_of, by_chat
from hotline.voice.speech import Language
from service.surveys.calls import Interview, SurveyCalls
from service.surveys.what_follows import SurveyEndings, Told
from storage.store import SLAVUTYCH, Storage
from tests.fakes.call import FakeCall
from tests.fakes.clock import SetClock
from tests.fakes.jobs import Worker, standing
from tests.fakes.said import UNDERSTANDING, heard
from tests.service.calls.test_duty_calls import QuietVoice
from tests.storage.conftest import NOON
from tests.storage.enterprise import NUMBER, City, found
from tests.storage.surveys.test_completion import reported_done

Keys = str | list[str | Heard]
"""What is pressed, or said in the place of a key."""


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


@dataclass(kw_only=True)
class Road:
    """The surveys, and whoever is called by them."""

    city: City
    clock: SetClock
    voice: QuietVoice = field(default_factory=QuietVoice)
    to_dispatcher: list[str] = field(default_factory=list)
    calls: SurveyCalls = field(init=False)
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """The service is started, of which nothing is left but the database."""
        storage = self.city.storage
        self.calls = survey_calls(storage, self.clock, self.voice, self.to_dispatcher)
        self.worker = Worker(storage, self.clock, self.calls)

    async def answers(self, keys: Keys, **how: Any) -> FakeCall:
        """Somebody answers the next call and does this."""
        (attempt,) = await self.worker.take()
        await self.calls.prepare(attempt.brief.about)
        await self.worker.dial(attempt)
        call = await self.speaks(attempt, keys, **how)
        await self.worker.over(attempt, Result.UNHEARD)
        return call

    async def speaks(self, attempt: Attempt[Interview], keys: Keys, **how: Any) -> FakeCall:
        """Somebody answers this call and does this; it is not noted yet that it is over."""
        call = FakeCall(keys, outgoing=True, call_id=attempt.call_id, number=NUMBER, **how)
        with contextlib.suppress(CallGone):
            await self.calls.attend(call, attempt)
        return call

    async def not_answered(self, result: Result) -> None:
        await self.worker.over(await self.worker.dialled(), result)

    async def due_at(self, appeal: Appeal) -> datetime | None:
        """When they are called again; None: never."""
        job = await standing(self.city.storage, SURVEY, (await self.survey(appeal)).id)
        due_at: datetime | None = job["due_at"] if job["state"] == JobState.DUE else None
        return due_at

    async def survey(self, appeal: Appeal) -> Survey:
        return (await self.city.storage.surveys.of_appeal(appeal.number))[0]

    async def appeal(self, appeal: Appeal) -> Appeal:
        now = await self.city.storage.appeals.find(appeal.number)
        assert now is not None
        return now

    async def last(self, appeal: Appeal) -> Entry:
        return (await self.city.storage.handling.history(appeal.number, hidden=True))[-1]

    async def waits(self, wait: AppealWaitsFor) -> list[str]:
        """What stands on the dispatchers' list."""
        found = await self.city.storage.control.waiting(wait, attempts=SLAVUTYCH.check_attempts, limit=9)
        return [one.listed.appeal.number for one in found]


def survey_calls(
    storage: Storage, clock: SetClock, voice: QuietVoice, wanted: list[str], *, demo: bool = False
) -> SurveyCalls:
    async def to_dispatcher(call: Call, *, urgent: bool = False) -> None:
        wanted.append(f"{call.id} urgent" if urgent else call.id)

    return SurveyCalls(
        surveys=storage.surveys,
        in_writing=storage.surveys_in_writing,
        forms=storage.survey_forms,
        appeals=storage.appeals,
        executors=storage.executors,
        endings=SurveyEndings(
            surveys=storage.surveys, appeals=storage.appeals, handling=storage.handling, city=SLAVUTYCH
        ),
        refuses_recording=storage.calls.refuses_recording,
        to_dispatcher=to_dispatcher,
        understanding=UNDERSTANDING,
        rules=CallingRules(),
        voice=voice,
        clock=clock,
        demo=demo,
    )


@pytest.fixture
def road(city: City, clock: SetClock) -> Road:
    return Road(city=city, clock=clock)


async def test_yes_closes_the_appeal_by_the_applicants_word_with_the_rating(road: Road) -> None:
    appeal = await reported_done(road.city)
    call = await road.answers("114")
    entry = await road.last(appeal)
    assert (await road.appeal(appeal)).state is AppealState.CLOSED
    assert (entry.act, dict(entry.facts)) == ("confirm", {"rating": 4, "source": f"survey:{call.id}"})
    survey = await road.survey(appeal)
    assert (survey.ended_at, survey.outcome, survey.rating) == (NOON, SurveyOutcome.CONFIRMED, 4)
    assert Step.INFORMED in call.steps
    assert road.voice.made[0].startswith("Вас вітає контакт-центр")


@pytest.mark.parametrize(
    ("key", "outcome", "said"),
    [("2", SurveyOutcome.NOT_DONE, ""), ("3", SurveyOutcome.PARTLY, "Зроблено лише частково.")],
)
async def test_no_returns_it_to_the_executor_with_the_spoken_remark(
    road: Road, key: str, outcome: SurveyOutcome, said: str
) -> None:
    appeal = await reported_done(road.city)
    call = await road.answers(f"1{key}")
    entry = await road.last(appeal)
    returned = await road.appeal(appeal)
    assert (returned.state, returned.executor_id) == (AppealState.DISPUTED, road.city.heat.id)
    assert (entry.act, entry.said) == ("dispute", said)
    assert entry.facts["remark"] == f"{call.id}-message-1"
    assert (await road.survey(appeal)).outcome is outcome
    told = await road.city.storage.outbox.on_page("head")
    assert [(one.number, one.about) for one in told] == [(appeal.number, "dispute")]


async def test_the_appeal_is_being_checked_while_they_are_asked(road: Road) -> None:
    appeal = await reported_done(road.city)
    await road.answers("", hang_up_at=1)
    acts = [one.act for one in await road.city.storage.handling.history(appeal.number, hidden=True)]
    assert acts[-2:] == ["begin-check", "attempt-in-vain"]


@pytest.mark.parametrize(
    ("keys", "hang_up_at", "state", "outcome"),
    [
        ("", 1, AppealState.BEING_CHECKED, SurveyOutcome.HUNG_UP),
        ("1", 2, AppealState.BEING_CHECKED, SurveyOutcome.HUNG_UP),
        ("11", 3, AppealState.CLOSED, SurveyOutcome.CONFIRMED),
        ("115", 4, AppealState.CLOSED, SurveyOutcome.CONFIRMED),
        ("12", 3, AppealState.DISPUTED, SurveyOutcome.NOT_DONE),
        ("12", 4, AppealState.DISPUTED, SurveyOutcome.NOT_DONE),
        ("12", 5, AppealState.DISPUTED, SurveyOutcome.NOT_DONE),
    ],
)
async def test_whoever_hangs_up_has_said_what_they_had_said(
    road: Road, keys: str, hang_up_at: int, state: AppealState, outcome: SurveyOutcome
) -> None:
    appeal = await reported_done(road.city)
    await road.answers(keys, hang_up_at=hang_up_at)
    assert (await road.appeal(appeal)).state is state
    assert (await road.survey(appeal)).outcome is outcome
    (call,) = await road.city.storage.surveys.calls((await road.survey(appeal)).id)
    assert call.outcome is outcome


async def test_a_stranger_ends_it_and_a_dispatcher_finds_another_way(road: Road) -> None:
    appeal = await reported_done(road.city)
    await road.answers("2")
    survey = await road.survey(appeal)
    assert (survey.ended_at, survey.outcome) == (NOON, SurveyOutcome.WRONG_PERSON)
    assert await road.due_at(appeal) is None
    assert await road.waits(AppealWaitsFor.SPENT) == [appeal.number]
    assert (await road.last(appeal)).said == "wrong-person"


async def test_zero_leads_to_a_dispatcher_and_the_appeal_waits_for_them(road: Road) -> None:
    appeal = await reported_done(road.city)
    call = await road.answers("10")
    assert road.to_dispatcher == [call.id]
    assert (await road.survey(appeal)).outcome is SurveyOutcome.DISPATCHER
    assert (await road.appeal(appeal)).state is AppealState.BEING_CHECKED
    assert await road.waits(AppealWaitsFor.TO_CHECK) == [appeal.number]


async def test_an_emergency_that_is_said_in_a_survey_goes_before_the_line(road: Road) -> None:
    await reported_done(road.city)
    call = await road.answers(["1", heard("горить будинок")])
    assert road.to_dispatcher == [f"{call.id} urgent"]


async def test_a_machine_is_called_again_and_at_last_a_dispatcher_decides(road: Road) -> None:
    appeal = await reported_done(road.city)
    for pause, attempts in ((timedelta(hours=3), 1), (timedelta(days=1), 2)):
        await road.answers("")
        survey = await road.survey(appeal)
        assert (survey.ended_at, survey.outcome) == (None, SurveyOutcome.SILENT)
        assert await road.due_at(appeal) == road.clock.now() + pause
        assert (await road.appeal(appeal)).attempts == attempts
        assert await road.waits(AppealWaitsFor.TO_CHECK) == await road.waits(AppealWaitsFor.SPENT) == []
        road.clock.pass_by(pause.total_seconds())
    await road.answers("")
    assert (await road.survey(appeal)).ended_at == road.clock.now()
    assert await road.due_at(appeal) is None
    assert await road.waits(AppealWaitsFor.SPENT) == [appeal.number]
    assert len(await road.city.storage.surveys.calls(survey.id)) == 3


@pytest.mark.parametrize(
    ("result", "outcome", "again"),
    [
        (Result.BUSY, SurveyOutcome.BUSY, timedelta(minutes=10)),
        (Result.NO_ANSWER, SurveyOutcome.NO_ANSWER, timedelta(hours=2)),
        (Result.REFUSED, SurveyOutcome.REFUSED, timedelta(days=1)),
        (Result.FAILED, SurveyOutcome.FAILED, timedelta(minutes=5)),
        (Result.INTERRUPTED, SurveyOutcome.INTERRUPTED, timedelta(minutes=10)),
        (Result.UNWANTED, SurveyOutcome.UNWANTED, None),
        (Result.NOT_IN_USE, SurveyOutcome.NOT_IN_USE, None),
    ],
)
async def test_who_was_not_reached_is_called_again_as_the_cause_says(
    road: Road, result: Result, outcome: SurveyOutcome, again: timedelta | None
) -> None:
    appeal = await reported_done(road.city)
    await road.not_answered(result)
    survey = await road.survey(appeal)
    placed = await road.city.storage.surveys.calls(survey.id)
    assert len(placed) == (result is not Result.UNWANTED), "no call is named that is not on record"
    assert survey.outcome is outcome
    assert survey.ended_at == (NOON if again is None else None)
    assert await road.due_at(appeal) == (None if again is None else NOON + again)
    assert (await road.waits(AppealWaitsFor.SPENT) == [appeal.number]) is (again is None)
    assert (await road.appeal(appeal)).attempts == (
        SLAVUTYCH.check_attempts if again is None else outcome is not SurveyOutcome.FAILED
    )


async def _said_by_link_in_the_call(road: Road, word: Confirm | Dispute, keys: str) -> Appeal:
    """They press a key of the link's page while we call them, then these keys; gives the appeal by then."""
    appeal = await reported_done(road.city)
    attempt = await road.worker.dialled()
    then = await road.city.storage.handling.carry_out(appeal.number, word, version=None)
    await road.speaks(attempt, keys)
    await road.worker.over(attempt, Result.UNHEARD)
    return then


@pytest.mark.parametrize(
    ("act", "keys"),
    [(Confirm, "11"), (Dispute, "11")],
    ids=["confirmed by the link, then yes", "disputed by the link, then yes"],
)
async def test_a_yes_behind_another_word_changes_nothing(
    road: Road, act: type[Confirm | Dispute], keys: str
) -> None:
    then = await _said_by_link_in_the_call(road, act(by=applicant("link:7"), at=NOON), keys)
    assert (await road.appeal(then)).version == then.version
    assert (await road.survey(then)).outcome is SurveyOutcome.ELSEWHERE


async def test_a_no_behind_a_yes_by_the_link_returns_it(road: Road) -> None:
    then = await _said_by_link_in_the_call(road, Confirm(by=applicant("link:7"), at=NOON), "12")
    assert then.state is AppealState.CLOSED
    assert (await road.appeal(then)).state is AppealState.DISPUTED
    assert (await road.survey(then)).outcome is SurveyOutcome.NOT_DONE


async def test_a_no_that_was_given_before_the_yes_by_the_link_changes_nothing(road: Road) -> None:
    appeal = await reported_done(road.city)
    attempt = await road.worker.dialled()
    await road.speaks(attempt, "12")  # the service dies before it acts on it
    road.clock.pass_by(60)
    word = Confirm(by=applicant("link:7"), at=road.clock.now())
    await road.city.storage.handling.carry_out(appeal.number, word, version=None)
    await road.worker.over(attempt, Result.UNHEARD)
    assert (await road.appeal(appeal)).state is AppealState.CLOSED
    assert (await road.survey(appeal)).outcome is SurveyOutcome.ELSEWHERE


async def test_a_no_in_the_call_counts_after_a_yes_in_the_chat_has_ended_the_survey(road: Road) -> None:
    appeal = await reported_done(road.city)
    attempt = await road.worker.dialled()
    survey, chat = await road.survey(appeal), answers_of(7, attempt.job.subject or 0)
    yes = Answer(
        survey_id=survey.id,
        call_id=chat,
        question="done",
        kind=QuestionKind.KEYS,
        at=NOON,
        means=Meaning.DONE,
    )
    await road.city.storage.surveys.answer(yes)
    told = Told(result=Result.SETTLED, call_id=chat, at=NOON, by=by_chat(7, Medium.VIBER), called=False)
    await road.calls._endings.ended(survey, told)
    assert (await road.survey(appeal)).ended_at is not None
    await road.speaks(attempt, "12")
    await road.worker.over(attempt, Result.UNHEARD)
    assert (await road.appeal(appeal)).state is AppealState.DISPUTED


async def _done_anew(city: City, appeal: Appeal) -> None:
    for act in (
        RefuseDone(by=city.dispatcher, at=NOON, reason="Ще тече"),
        ReportDone(by=city.executor, at=NOON, result=ResultKind.SATISFIED, answer="Тепер так"),
    ):
        await city.storage.handling.carry_out(appeal.number, act, version=None)


async def test_of_a_report_that_was_made_anew_they_are_called_once(road: Road) -> None:
    appeal = await reported_done(road.city)
    await road.not_answered(Result.BUSY)
    await _done_anew(road.city, appeal)
    road.clock.pass_by(timedelta(hours=1).total_seconds())
    await road.not_answered(Result.BUSY)
    assert await road.worker.take() == [], "the call of the first report is owed no more"
    latest, first = await road.city.storage.surveys.of_appeal(appeal.number)
    assert (first.outcome, latest.outcome) == (SurveyOutcome.ELSEWHERE, SurveyOutcome.BUSY)


async def test_nobody_is_called_who_has_said_it_before(road: Road) -> None:
    appeal = await reported_done(road.city)
    word = Confirm(by=applicant("link:7"), at=NOON)
    await road.city.storage.handling.carry_out(appeal.number, word, version=None)
    assert await road.worker.take() == []
    assert (await road.survey(appeal)).outcome is SurveyOutcome.ELSEWHERE


async def done_again_for_who_wants_no_call(city: City, appeal: Appeal) -> None:
    """It goes back to work, they ask for it only in writing, and it is done while the first call is owed."""
    for act in (
        RefuseDone(by=city.dispatcher, at=NOON, reason="Ще тече"),
        Amend(by=city.dispatcher, at=NOON, reply_by=ToldBy.SMS_ONLY, reply_to="+380671234567"),
        ReportDone(by=city.executor, at=NOON, result=ResultKind.SATISFIED, answer="Тепер так"),
    ):
        await city.storage.handling.carry_out(appeal.number, act, version=None)


@pytest.mark.parametrize("tried", [False, True])
async def test_nobody_is_called_who_has_asked_since_for_it_only_in_writing(
    road: Road, *, tried: bool
) -> None:
    appeal = await reported_done(road.city)
    if tried:
        await road.not_answered(Result.BUSY)
    await done_again_for_who_wants_no_call(road.city, appeal)
    road.clock.pass_by(timedelta(hours=1).total_seconds())
    assert await road.worker.take() == []
    survey = await road.survey(appeal)
    assert (survey.ended_at, survey.outcome) == (road.clock.now(), SurveyOutcome.UNWANTED)


@pytest.mark.parametrize(
    ("way", "to"), [(ToldBy.SMS_ONLY, "+380677654321"), (ToldBy.EMAIL, "maria@example.org")]
)
async def test_who_says_so_once_it_is_done_is_not_called_and_gets_the_question_in_writing(
    road: Road, way: ToldBy, to: str
) -> None:
    appeal = await reported_done(road.city)
    handling, outbox = road.city.storage.handling, road.city.storage.outbox
    told = Amend(by=road.city.dispatcher, at=NOON, reply_by=way, reply_to=to)
    await handling.carry_out(appeal.number, told, version=None)
    assert await road.worker.take() == []
    survey = await road.survey(appeal)
    assert (survey.ended_at, survey.outcome) == (NOON, SurveyOutcome.UNWANTED)
    assert await road.waits(AppealWaitsFor.TO_CHECK) == [appeal.number]
    (notice,) = [one for one in await outbox.of_appeal(appeal.number) if one.address == to]
    assert (notice.about, notice.channel) == ("report-done", way.channel())
    assert wants_link(notice)
    assert wants_code(notice)
    assert notice.facts["version"] == appeal.version, "its code is that of the report"
    assert notice.facts["act"]["result"] == ResultKind.SATISFIED
    only = Amend(by=road.city.dispatcher, at=NOON, reply_by=ToldBy(f"{way.channel()}-only"), reply_to=to)
    if way is not ToldBy.SMS_ONLY:
        await handling.carry_out(appeal.number, only, version=None)
    assert (await road.appeal(appeal)).only_in_writing
    assert [one.address for one in await outbox.of_appeal(appeal.number)].count(to) == 1, "asked there once"


async def test_who_wants_no_call_is_still_asked_in_the_chat(road: Road) -> None:
    storage = road.city.storage
    chat = await storage.chats.begin(NewChat(medium=Medium.VIBER, address="person"), NOON)
    whence = WrittenFrom(chat_id=chat.id, medium=Medium.VIBER, address="person")
    appeal = await reported_done(road.city, written_from=whence)
    await done_again_for_who_wants_no_call(road.city, appeal)
    road.clock.pass_by(timedelta(hours=20).total_seconds())
    assert await road.worker.take() == []
    assert (await road.survey(appeal)).ended_at is None


async def test_nobody_is_called_whom_dispatchers_have_tried_as_often_as_is_asked(road: Road) -> None:
    appeal = await reported_done(road.city)
    ours = {"by": road.city.dispatcher, "at": NOON}
    for act in (BeginCheck(**ours), *[AttemptInVain(**ours, outcome="busy")] * SLAVUTYCH.check_attempts):
        await road.city.storage.handling.carry_out(appeal.number, act, version=None)
    assert await road.worker.take() == []
    assert await road.waits(AppealWaitsFor.SPENT) == [appeal.number]


async def test_done_again_after_a_dispute_is_asked_again(road: Road) -> None:
    appeal = await reported_done(road.city)
    await road.answers("12")
    for act in (
        BeginWork(by=road.city.executor, at=NOON),
        ReportDone(by=road.city.executor, at=NOON, result=ResultKind.SATISFIED, answer="Тепер так"),
    ):
        await road.city.storage.handling.carry_out(appeal.number, act, version=None)
    await road.answers("115")
    assert (await road.appeal(appeal)).state is AppealState.CLOSED
    outcomes = [one.outcome for one in await road.city.storage.surveys.of_appeal(appeal.number)]
    assert outcomes == [SurveyOutcome.CONFIRMED, SurveyOutcome.NOT_DONE]


async def test_what_was_said_before_the_service_died_counts(road: Road) -> None:
    appeal = await reported_done(road.city)
    attempt = await road.worker.dialled()
    await road.speaks(attempt, "115", hang_up_at=4)
    road.begin_anew()
    # That it was settled is not on disk; and another dies in turn before it notes what follows.
    await road.calls.after(attempt.job, Result.INTERRUPTED, NOON, None)
    await road.worker.survives(attempt)
    survey = await road.survey(appeal)
    assert (await road.appeal(appeal)).state is AppealState.CLOSED
    assert (survey.outcome, survey.rating) == (SurveyOutcome.CONFIRMED, 5)
    assert await road.due_at(appeal) is None


async def test_killed_between_the_word_and_its_end_it_is_the_applicants_word_all_the_same(road: Road) -> None:
    appeal = await reported_done(road.city)
    attempt = await road.worker.dialled()
    call = await road.speaks(attempt, "115")
    word = Confirm(by=applicant(f"survey:{call.id}"), at=NOON, idempotency_key=f"survey:{call.id}", rating=5)
    await road.city.storage.handling.carry_out(appeal.number, word, version=None)
    road.begin_anew()
    await road.worker.survives(attempt)
    assert (await road.survey(appeal)).outcome is SurveyOutcome.CONFIRMED


async def test_told_twice_of_one_call_nothing_changes(road: Road) -> None:
    appeal = await reported_done(road.city)
    attempt = await road.worker.dialled()
    told = await road.calls.after(attempt.job, Result.BUSY, NOON, None)
    before = await road.survey(appeal)
    assert await road.calls.after(attempt.job, Result.BUSY, NOON, None) == told
    assert await road.survey(appeal) == before
    assert len(await road.city.storage.surveys.calls(before.id)) == 1
    assert (await road.appeal(appeal)).attempts == 1


async def test_told_twice_of_every_call_they_are_called_as_often_as_otherwise(road: Road) -> None:
    appeal = await reported_done(road.city)
    for attempts in (1, 2, 3):
        attempt = await road.worker.dialled()
        await road.calls.after(attempt.job, Result.NO_ANSWER, road.clock.now(), None)
        await road.worker.over(attempt, Result.NO_ANSWER)
        assert (await road.appeal(appeal)).attempts == attempts
        assert (await road.due_at(appeal) is None) is (attempts == SLAVUTYCH.check_attempts)
        road.clock.pass_by(timedelta(days=1).total_seconds())
    assert (await road.survey(appeal)).ended_at is not None
    assert await road.waits(AppealWaitsFor.SPENT) == [appeal.number]


async def test_told_again_when_they_have_said_it_meanwhile_nobody_waits_for_a_call(road: Road) -> None:
    appeal = await reported_done(road.city)
    attempt = await road.worker.dialled()
    await road.calls.after(attempt.job, Result.BUSY, NOON, None)
    word = Confirm(by=applicant("link:7"), at=NOON)
    await road.city.storage.handling.carry_out(appeal.number, word, version=None)
    await road.worker.over(attempt, Result.BUSY)
    assert await road.due_at(appeal) is None
    assert (await road.survey(appeal)).ended_at == NOON


@pytest.mark.parametrize("number", ["+48221234567", "+380900123456"])
async def test_a_number_that_may_not_be_called_waits_for_a_dispatcher(road: Road, number: str) -> None:
    appeal = await reported_done(road.city, applicant_number=number, reply_by=None)
    assert await road.worker.take() == []
    assert (await road.survey(appeal)).outcome is SurveyOutcome.NOT_CALLED
    assert "call_id" not in (await road.last(appeal)).facts
    assert await road.waits(AppealWaitsFor.SPENT) == [appeal.number]


async def test_whoever_refused_to_be_recorded_says_no_without_a_remark(road: Road) -> None:
    appeal = await reported_done(road.city)

    async def refuses(number: str) -> bool:
        return number == NUMBER

    road.calls._refuses_recording = refuses
    call = await road.answers("12")
    assert call.messages == 0
    assert (await road.appeal(appeal)).state is AppealState.DISPUTED
    assert "remark" not in (await road.last(appeal)).facts


async def test_a_trial_asks_by_the_version_that_was_chosen_and_counts_for_nothing(road: Road) -> None:
    forms, surveys = road.city.storage.survey_forms, road.city.storage.surveys
    first = await forms.present(COMPLETION)
    await forms.add(COMPLETION, first.form, seen=1, by=road.city.head.id, at=NOON)
    trial = await surveys.try_out(
        first.id, number=NUMBER, language=Language.ENGLISH, user_id=road.city.head.id, at=NOON
    )
    call = await road.answers("12")
    assert call.heard[0] == "survey-trial"
    assert call.language is Language.ENGLISH
    assert call.messages == 0
    kept = await surveys.find(trial.id)
    assert kept is not None
    assert (kept.ended_at, kept.form_id) == (NOON, first.id)
    assert Step.APPEAL_ASKED not in call.steps
    assert await surveys.answers(trial.id) == []
    assert road.to_dispatcher == []


async def test_whoever_tries_a_form_out_again_is_called_for_that_alone(road: Road) -> None:
    surveys, form = road.city.storage.surveys, await road.city.storage.survey_forms.present(COMPLETION)
    for _ in range(2):
        trial = await surveys.try_out(
            form.id, number=NUMBER, language=Language.UKRAINIAN, user_id=road.city.head.id, at=NOON
        )
    attempt = await road.worker.dialled()
    assert attempt.brief.about.survey.id == trial.id
    await road.worker.over(attempt, Result.UNHEARD)
    assert await road.worker.take() == []


async def test_a_survey_that_was_put_off_is_asked_by_the_form_of_its_moment(road: Road) -> None:
    later = timedelta(hours=9)
    appeal = await reported_done(road.city)
    (attempt,) = await road.worker.take()
    await road.worker.put_off(attempt, NOON + later)
    assert await road.worker.take() == []
    forms = road.city.storage.survey_forms
    second = await forms.add(
        COMPLETION, (await forms.present(COMPLETION)).form, seen=1, by=road.city.head.id, at=NOON
    )
    road.clock.pass_by(later.total_seconds())
    (again,) = await road.worker.take()
    assert (again.job.id, again.job.attempt) == (attempt.job.id, 1)
    assert (await road.survey(appeal)).form_id == second.id
