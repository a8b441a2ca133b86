"""Who is owed a survey is kept in the act's own transaction, claimed by one alone, and ended once."""

from datetime import timedelta

import pytest

from hotline.appeals.acts.work import Accept, BeginWork, ReportDone
from hotline.appeals.appeal import Appeal, ResultKind, Subject
from hotline.contact.channel import Channel
from hotline.errors import NotFound, Outdated
from hotline.surveys.completion import Answer, Survey, SurveyCall, SurveyOutcome, SurveyState
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


async def claimed(city: City) -> Survey:
    (survey,) = await city.storage.surveys.claim(NOON, 9)
    return survey


async def test_a_report_that_it_is_done_owes_a_call_to_the_applicant(city: City) -> None:
    appeal = await reported_done(city)
    (survey,) = await city.storage.surveys.of_appeal(appeal.number)
    assert (survey.number, survey.state, survey.due_at) == (NUMBER, SurveyState.OWED, NOON)
    assert (survey.attempts, survey.outcome, survey.form_id) == (0, None, None)


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": Subject.ANONYMOUS},
        {"reply_by": Channel.EMAIL, "reply_to": "maria@example.org"},
        {"applicant_number": None, "reply_by": None},
    ],
    ids=["anonymous", "by e-mail", "without a number"],
)
async def test_whoever_is_anonymous_or_chose_another_way_is_not_called(
    city: City, fields: dict[str, object]
) -> None:
    appeal = await reported_done(city, **fields)
    assert await city.storage.surveys.of_appeal(appeal.number) == []


async def test_a_claimed_one_is_nobody_elses_and_one_number_is_called_once_at_a_time(city: City) -> None:
    first, second = await reported_done(city), await reported_done(city)
    survey = await claimed(city)
    assert (survey.appeal, survey.attempts) == (first.number, 1)
    assert await city.storage.surveys.claim(NOON, 9) == []
    await city.storage.surveys.ended(survey.id, SurveyOutcome.CONFIRMED, NOON, attempt=1)
    assert (await claimed(city)).appeal == second.number


async def test_what_was_put_off_is_due_then_and_was_no_attempt(city: City) -> None:
    await reported_done(city)
    survey = await claimed(city)
    await city.storage.surveys.put_off(survey.id, LATER, NOON, attempt=1)
    assert await city.storage.surveys.claim(NOON, 9) == []
    (again,) = await city.storage.surveys.claim(LATER, 9)
    assert again.attempts == 1


async def test_it_is_ended_once_and_the_call_is_kept(city: City) -> None:
    await reported_done(city)
    survey = await claimed(city)
    call = SurveyCall(call_id="out-1", at=NOON, outcome=SurveyOutcome.CONFIRMED, question="rating")
    surveys = city.storage.surveys
    assert await surveys.ended(survey.id, SurveyOutcome.CONFIRMED, NOON, attempt=1, call=call, rating=4)
    assert not await surveys.ended(survey.id, SurveyOutcome.SILENT, NOON, attempt=1, call=call)
    kept = await surveys.find(survey.id)
    assert kept is not None
    assert (kept.state, kept.outcome, kept.rating) == (SurveyState.ENDED, SurveyOutcome.CONFIRMED, 4)
    assert await surveys.calls(survey.id) == [call]


async def test_who_was_not_reached_is_owed_again_after_a_pause(city: City) -> None:
    await reported_done(city)
    survey = await claimed(city)
    hour = timedelta(hours=1)
    await city.storage.surveys.ended(survey.id, SurveyOutcome.BUSY, NOON, attempt=1, again_in=hour)
    kept = await city.storage.surveys.find(survey.id)
    assert kept is not None
    assert (kept.state, kept.due_at, kept.outcome) == (SurveyState.OWED, LATER, SurveyOutcome.BUSY)


async def test_a_late_word_of_one_attempt_ends_no_later_one(city: City) -> None:
    await reported_done(city)
    survey, surveys = await claimed(city), city.storage.surveys
    await surveys.ended(survey.id, SurveyOutcome.BUSY, NOON, attempt=1, again_in=timedelta(hours=1))
    (again,) = await surveys.claim(LATER, 9)
    assert not await surveys.ended(survey.id, SurveyOutcome.REFUSED, LATER, attempt=1)
    await surveys.put_off(survey.id, LATER, LATER, attempt=1)
    kept = await surveys.find(survey.id)
    assert kept is not None
    assert (kept.state, kept.attempts, kept.outcome) == (SurveyState.CLAIMED, 2, SurveyOutcome.BUSY)
    assert await surveys.ended(again.id, SurveyOutcome.CONFIRMED, LATER, attempt=2)


async def test_what_nobody_renews_is_given_back_as_nobody_was_rung(city: City) -> None:
    await reported_done(city)
    survey = await claimed(city)
    surveys = city.storage.surveys
    await surveys.renew([survey.id], NOON + timedelta(seconds=20))
    assert await surveys.left_behind(NOON + timedelta(seconds=20), LATER) == 0
    assert await surveys.left_behind(NOON + timedelta(seconds=21), LATER) == 1
    (again,) = await surveys.claim(LATER, 9)
    assert (again.id, again.attempts) == (survey.id, 1)


async def test_answers_are_kept_as_they_come(city: City) -> None:
    await reported_done(city)
    survey = await claimed(city)
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
    assert (await claimed(city)).id == second.id
    kept = await city.storage.surveys.find(first.id)
    assert kept is not None
    assert kept.outcome is SurveyOutcome.NOT_CALLED
    assert (second.appeal, second.tried_by, second.form_id) == ("", city.head.id, form.id)
