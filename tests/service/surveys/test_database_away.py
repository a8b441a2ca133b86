"""A survey in whose middle the database goes away: what the applicant says counts, and is asked once."""

import asyncio

from hotline.appeals.appeal import AppealState
from hotline.calls.call import Step
from hotline.dialling.job_states import JobState
from hotline.surveys.completion import SURVEY, SurveyOutcome
from tests.fakes.jobs import standing
from tests.service.called_while_away import called_while_away, goes_on_at_once
from tests.service.surveys.test_calls import Road, city, clock, road
from tests.storage.surveys.test_completion import reported_done

__all__ = ["city", "clock", "goes_on_at_once", "road"]


async def test_what_they_say_is_written_when_the_database_is_back(road: Road) -> None:
    appeal = await reported_done(road.city)
    async with called_while_away(road.worker, "114") as called:
        assert Step.INFORMED in called.call.steps, "they have answered, whatever is on record"
        assert (await road.survey(appeal)).ended_at is None
        assert (await road.appeal(appeal)).state is AppealState.DONE
        await called.written()
    assert (await road.appeal(appeal)).state is AppealState.CLOSED
    survey = await road.survey(appeal)
    assert (survey.outcome, survey.rating) == (SurveyOutcome.CONFIRMED, 4)
    assert [one.said for one in await road.city.storage.surveys.answers(survey.id)] == ["1", "1", "4"]
    assert (await standing(road.city.storage, SURVEY, survey.id))["state"] == JobState.REACHED


async def test_a_call_whose_word_is_owed_is_nobody_elses_however_long_the_database_was_away(
    road: Road,
) -> None:
    appeal = await reported_done(road.city)
    async with called_while_away(road.worker, "12") as called:
        called.back()
        await road.worker.survives(called.attempt)
        assert (await road.survey(appeal)).outcome is None
        await called.written()
        assert (await road.survey(appeal)).outcome is SurveyOutcome.NOT_DONE
    assert (await road.appeal(appeal)).state is AppealState.DISPUTED


async def test_a_word_that_comes_after_another_has_decided_counts_and_nobody_is_called_again(
    road: Road,
) -> None:
    appeal = await reported_done(road.city)
    async with called_while_away(road.worker, "11") as called:
        called.back()
        road.worker.claims.let_go(called.attempt)  # another process knows nothing of who renews it
        await road.worker.survives(called.attempt)
        assert (await road.survey(appeal)).outcome is SurveyOutcome.INTERRUPTED
        assert await road.due_at(appeal) is not None
        await called.written()
    assert (await road.appeal(appeal)).state is AppealState.CLOSED
    assert (await road.survey(appeal)).outcome is SurveyOutcome.CONFIRMED
    road.clock.pass_by(24 * 3600)
    assert await road.worker.take() == []


async def test_whose_word_was_lost_with_the_process_is_called_once_more(road: Road) -> None:
    appeal = await reported_done(road.city)
    async with called_while_away(road.worker, "11") as called:
        for one in asyncio.all_tasks():
            if one.get_name() == "owed":
                one.cancel()
        called.back()
        road.begin_anew()
        await road.worker.survives(called.attempt)
        assert (await road.survey(appeal)).outcome is SurveyOutcome.INTERRUPTED
    assert (await road.appeal(appeal)).state is AppealState.BEING_CHECKED
    assert await road.due_at(appeal) is not None
    assert (await road.survey(appeal)).ended_at is None


async def test_an_answer_that_is_kept_twice_as_nobody_knew_whether_it_was_is_one(road: Road) -> None:
    appeal = await reported_done(road.city)
    await road.answers("11", hang_up_at=3)
    storage, survey = road.city.storage, await road.survey(appeal)
    before = await storage.surveys.answers(survey.id)
    for one in before:
        await storage.surveys.answer(one)
    assert await storage.surveys.answers(survey.id) == before
