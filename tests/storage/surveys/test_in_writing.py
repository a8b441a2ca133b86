"""Surveys that are asked in a chat first, as both databases keep them."""

from datetime import timedelta

from hotline.chats.chats import Medium, NewChat, WrittenFrom
from hotline.dialling.job_states import JobState
from hotline.surveys.completion import SURVEY, SurveyOutcome
from storage.store import Storage
from tests.fakes.jobs import standing
from tests.storage.conftest import NOON
from tests.storage.enterprise import found
from tests.storage.surveys.test_completion import reported_done

LATER = NOON + timedelta(hours=20)


async def test_it_is_owed_with_its_chat_asked_once_and_then_called(storage: Storage) -> None:
    city, kept = await found(storage), storage.surveys_in_writing
    chat = await storage.chats.begin(NewChat(medium=Medium.VIBER, address="person"), NOON)
    whence = WrittenFrom(chat_id=chat.id, medium=Medium.VIBER, address="person")
    appeal = await reported_done(city, written_from=whence)
    (survey,) = await storage.surveys.of_appeal(appeal.number)
    (one,) = await kept.under_way(9)
    assert (one.survey_id, one.medium, one.address) == (survey.id, Medium.VIBER, "person")
    assert (await standing(storage, SURVEY, survey.id))["due_at"] == LATER
    await kept.asked(survey.id, chat.id, NOON, LATER)
    assert await kept.of(survey.id) == (await kept.under_way(9))[0]
    assert await kept.under_way(9, survey.id) == []
    assert await kept.paid_since(NOON - timedelta(days=1), Medium.VIBER, "person") == (1, 1)
    assert await kept.paid_since(NOON - timedelta(days=1), Medium.SMS, "person") == (1, 0)
    assert await kept.paid_since(NOON, Medium.VIBER, "person") == (0, 0)
    assert await kept.is_latest(survey.id)
    assert await kept.call_now(survey.id, NOON)
    job = await standing(storage, SURVEY, survey.id)
    assert (job["due_at"], job["state"]) == (NOON, JobState.DUE)
    assert await kept.may_be_called(survey.id)
    assert await kept.only_in_writing(Medium.VIBER, "person") == 1
    assert not await kept.may_be_called(survey.id)
    await storage.surveys.ended(survey.id, SurveyOutcome.ELSEWHERE, NOON)
    assert await kept.under_way(9) == []


async def test_a_chat_that_has_moved_is_asked_where_it_is_now(storage: Storage) -> None:
    city = await found(storage)
    chat = await storage.chats.begin(NewChat(medium=Medium.VIBER, address="person"), NOON)
    whence = WrittenFrom(chat_id=chat.id, medium=Medium.VIBER, address="person")
    await storage.chats.add(chat, [], NOON, medium=Medium.TELEGRAM.value, address="there")
    await reported_done(city, written_from=whence)
    (one,) = await storage.surveys_in_writing.under_way(9)
    assert (one.medium, one.address) == (Medium.TELEGRAM, "there")
