"""Who is owed a survey is kept in the act's own transaction, with the call that is owed, and ended once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.appeals.acts.work import Accept, BeginWork, ReportDone
from hotline.appeals.appeal import Appeal, ResultKind, Subject
from hotline.calls.call import CallRecord
from hotline.calls.interpreters import FROM_INTERPRETER
from hotline.contact.channel import Channel
from hotline.dialling.dialler import Kind, Result
from hotline.dialling.jobs import REACHED
from hotline.errors import NotFound, Outdated
from hotline.surveys.completion import SURVEY, Answer, Survey, SurveyCall, SurveyOutcome
from hotline.surveys.forms import COMPLETION, Form, Meaning, QuestionKind, built_in
from hotline.voice.speech import Language
from storage.store import Storage
from tests.storage.conftest import NOON
from tests.storage.enterprise import NUMBER, City, found

LATER = NOON + timedelta(hours=1)


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


async def reported_done(city: City, **fields: object) -> Appeal:
    """An appeal that the executor has just reported done."""
    appeal = await city.enter(**fields)
    acts = (
        Accept(by=city.executor, at=NOON),
        BeginWork(by=city.executor, at=NOON),
        ReportDone(by=city.executor, at=NOON, result=ResultKind.SATISFIED, answer="Полагодили"),
    )
    for act in acts:
        appeal = await city.storage.handling.carry_out(appeal.number, act, version=None)
    return appeal


async def asked(city: City) -> Survey:
    """A survey that is owed."""
    (survey,) = await city.storage.surveys.of_appeal((await reported_done(city)).number)
    return survey


async def test_a_report_that_it_is_done_owes_a_call_to_the_applicant(city: City) -> None:
    appeal = await reported_done(city)
    (survey,) = await city.storage.surveys.of_appeal(appeal.number)
    assert (survey.number, survey.owed_at, survey.ended_at) == (NUMBER, NOON, None)
    assert (survey.outcome, survey.form_id) == (None, None)
    (job,) = await city.storage.call_jobs.claim(NOON, 9)
    assert (job.source, job.subject, job.about) == (SURVEY, survey.id, appeal.number)
    assert (job.number, job.kind, job.due_at, job.attempt) == (NUMBER, Kind.SURVEY, NOON, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": Subject.ANONYMOUS},
        {"reply_by": Channel.EMAIL, "reply_to": "maria@example.org"},
        {"applicant_number": None, "reply_by": None},
        {"reply_by": Channel.SMS, "only_in_writing": True},
    ],
    ids=["anonymous", "by e-mail", "without a number", "only in writing"],
)
async def test_whoever_is_anonymous_or_chose_another_way_is_not_called(
    city: City, fields: dict[str, object]
) -> None:
    appeal = await reported_done(city, **fields)
    assert await city.storage.surveys.of_appeal(appeal.number) == []
    assert await city.storage.call_jobs.claim(LATER, 9) == []


async def test_whom_an_interpreter_spoke_for_is_asked_in_writing(city: City) -> None:
    calls = city.storage.calls
    await calls.open(CallRecord(id="c1", number=None, shown=FROM_INTERPRETER, arrived_at=NOON))
    await calls.flush()
    appeal = await reported_done(city, call_id="c1", applicant_number=None, reply_to=NUMBER)
    assert await city.storage.surveys.of_appeal(appeal.number) == []
    assert await city.storage.call_jobs.claim(LATER, 9) == []


async def test_a_claimed_one_is_nobody_elses_and_one_number_is_called_once_at_a_time(city: City) -> None:
    first, second = await reported_done(city), await reported_done(city)
    jobs = city.storage.call_jobs
    (job,) = await jobs.claim(NOON, 9)
    assert job.about == first.number
    assert await jobs.claim(NOON, 9) == []
    await jobs.end(job.call_id, Result.SETTLED, NOON)
    await jobs.follow(job.call_id, REACHED, NOON)
    (job,) = await jobs.claim(NOON, 9)
    assert job.about == second.number


async def test_it_is_ended_once_and_the_call_is_kept(city: City) -> None:
    survey, surveys = await asked(city), city.storage.surveys
    call = SurveyCall(call_id="out-1", at=NOON, outcome=SurveyOutcome.CONFIRMED, question="rating")
    assert await surveys.ended(survey.id, SurveyOutcome.CONFIRMED, NOON, call=call, rating=4)
    assert not await surveys.ended(survey.id, SurveyOutcome.SILENT, LATER, call=call)
    assert not await surveys.ended(survey.id, SurveyOutcome.ELSEWHERE, LATER)
    kept = await surveys.find(survey.id)
    assert kept is not None
    assert (kept.ended_at, kept.outcome, kept.rating) == (NOON, SurveyOutcome.CONFIRMED, 4)
    assert await surveys.calls(survey.id) == [call]


async def test_while_another_call_is_owed_the_survey_goes_on(city: City) -> None:
    survey, surveys = await asked(city), city.storage.surveys
    await surveys.ended(survey.id, SurveyOutcome.BUSY, NOON, goes_on=True)
    kept = await surveys.find(survey.id)
    assert kept is not None
    assert (kept.ended_at, kept.outcome) == (None, SurveyOutcome.BUSY)


async def test_a_call_that_is_told_again_counts_once_and_a_later_one_ends_it(city: City) -> None:
    survey, surveys = await asked(city), city.storage.surveys
    first = SurveyCall(call_id="out-1", at=NOON, outcome=SurveyOutcome.BUSY)
    assert await surveys.ended(survey.id, SurveyOutcome.BUSY, NOON, call=first, goes_on=True)
    again = replace(first, at=LATER, outcome=SurveyOutcome.REFUSED)
    assert not await surveys.ended(survey.id, SurveyOutcome.REFUSED, LATER, call=again, goes_on=True)
    kept = await surveys.find(survey.id)
    assert kept is not None
    assert (kept.ended_at, kept.outcome) == (None, SurveyOutcome.BUSY)
    second = SurveyCall(call_id="out-2", at=LATER, outcome=SurveyOutcome.CONFIRMED)
    assert await surveys.ended(survey.id, SurveyOutcome.CONFIRMED, LATER, call=second)
    assert await surveys.calls(survey.id) == [first, second]


async def test_no_call_has_another_outcome_than_the_survey_that_it_ended(city: City) -> None:
    """The service died in the call, and what they had said was written when it was back."""
    survey, surveys = await asked(city), city.storage.surveys
    cut = SurveyCall(call_id="out-1", at=NOON, outcome=SurveyOutcome.INTERRUPTED, question="done")
    assert await surveys.ended(survey.id, SurveyOutcome.INTERRUPTED, NOON, call=cut, goes_on=True)
    heard = replace(cut, at=LATER, outcome=SurveyOutcome.CONFIRMED, question="")
    assert await surveys.ended(survey.id, SurveyOutcome.CONFIRMED, LATER, call=heard)
    kept = await surveys.find(survey.id)
    assert kept is not None
    assert (kept.ended_at, kept.outcome) == (LATER, SurveyOutcome.CONFIRMED)
    assert await surveys.calls(survey.id) == [replace(cut, outcome=SurveyOutcome.CONFIRMED)]
    late = replace(cut, outcome=SurveyOutcome.SILENT)
    assert not await surveys.ended(survey.id, SurveyOutcome.SILENT, LATER, call=late)
    assert await surveys.calls(survey.id) == [replace(cut, outcome=SurveyOutcome.CONFIRMED)]


async def test_answers_are_kept_as_they_come(city: City) -> None:
    survey = await asked(city)
    given = [
        Answer(
            survey_id=survey.id,
            call_id=call,
            question="done",
            kind=QuestionKind.KEYS,
            at=NOON,
            said="2",
            means=Meaning.NOT_DONE,
        )
        for call in ("out-1", "out-2")
    ]
    for one in given:
        await city.storage.surveys.answer(one)
    assert await city.storage.surveys.answers(survey.id) == given
    assert await city.storage.surveys.answers(survey.id, "out-2") == given[1:]


async def test_the_built_in_form_is_the_first_version_and_newer_ones_leave_it_as_it_is(city: City) -> None:
    forms = city.storage.survey_forms
    first = await forms.present(COMPLETION)
    assert (first.version, first.form, first.made_by) == (1, built_in(COMPLETION), None)
    shorter = Form(questions=first.form.questions[1:])
    second = await forms.add(COMPLETION, shorter, seen=1, by=city.head.id, at=LATER, note="Коротша")
    assert (await forms.present(COMPLETION)) == second
    assert [one.version for one in await forms.versions(COMPLETION)] == [2, 1]
    assert (await forms.get(first.id)).form == first.form


async def test_of_two_who_change_a_form_one_is_told_of_the_other(city: City) -> None:
    forms = city.storage.survey_forms
    first = await forms.present(COMPLETION)
    await forms.add(COMPLETION, first.form, seen=1, by=city.head.id, at=NOON)
    with pytest.raises(Outdated):
        await forms.add(COMPLETION, first.form, seen=1, by=city.head.id, at=NOON)
    with pytest.raises(NotFound):
        await forms.get(99)


async def test_whoever_tries_a_form_out_again_takes_the_call_before_back(city: City) -> None:
    form = await city.storage.survey_forms.present(COMPLETION)
    wanted = {"number": NUMBER, "language": Language.ENGLISH, "user_id": city.head.id, "at": NOON}
    first = await city.storage.surveys.try_out(form.id, **wanted)  # type: ignore[arg-type]
    second = await city.storage.surveys.try_out(form.id, **wanted)  # type: ignore[arg-type]
    kept = await city.storage.surveys.find(first.id)
    assert kept is not None
    assert (kept.outcome, kept.ended_at, second.ended_at) == (SurveyOutcome.NOT_CALLED, NOON, None)
    assert (second.appeal, second.tried_by, second.form_id) == ("", city.head.id, form.id)
