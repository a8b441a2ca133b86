"""A survey in whose middle the database goes away: what the applicant says counts, and is asked once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from hotline.appeals.appeal import AppealState
from hotline.calls.call import Step
from hotline.dialling.dialler import Lines
from hotline.dialling.job_states import JobState
from hotline.dialling.jobs import Attempt
from hotline.surveys.completion import SURVEY, SurveyOutcome
from service.surveys.calls import Interview
from telephony import owed as owed_module
from telephony.dialling.dialler import Dialler
from telephony.owed import OwedWrites
from tests.fakes.call import FakeCall
from tests.fakes.jobs import standing
from tests.service.surveys.test_calls import Road, city, clock, road
from tests.storage.enterprise import NUMBER
from tests.storage.line.test_outage import away
from tests.storage.surveys.test_completion import reported_done

__all__ = ["city", "clock", "road"]


@pytest.fixture(autouse=True)
def _goes_on_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owed_module, "HURRY_SECONDS", 0.01)
    monkeypatch.setattr(owed_module, "FIRST_PAUSE_SECONDS", 3600)  # nothing is tried again by itself
    monkeypatch.setattr(owed_module, "AWAITED_PAUSE_SECONDS", 0.01)


class Telephone(FakeCall):
    """The applicant's, with what the dialler knows of its channel."""

    channel = SimpleNamespace(greeting=SimpleNamespace(lasted=lambda _now: None), left_at=None)
    journey = SimpleNamespace(has=lambda _step: False)


@dataclass(frozen=True)
class Called:
    """A call of the survey that is over, though nothing of it is written."""

    attempt: Attempt[Interview]
    call: FakeCall
    owed: OwedWrites
    back: Callable[[], None]
    """Has the database be there again."""

    async def written(self) -> None:
        self.back()
        await self.owed.settled(self.attempt.call_id)


@asynccontextmanager
async def called_while_away(road: Road, keys: str) -> AsyncIterator[Called]:
    """Have the dialler call the applicant, who answers as the database goes away."""
    (attempt,) = await road.worker.take()
    call: Any = Telephone(keys, outgoing=True, call_id=attempt.call_id, number=NUMBER)
    with ExitStack() as gone:

        async def ring(_call: object) -> None:
            gone.enter_context(away(road.city.storage))

        async def carry_on(_call: object, speak: Callable[[], Awaitable[None]]) -> None:
            await speak()

        async def as_asked(*_: object, **__: object) -> Any:
            return call

        other: Any = SimpleNamespace(
            prepare=as_asked,
            on_record=as_asked,
            ring=ring,
            carry_on=carry_on,
            finish=as_asked,
            hang_up=as_asked,
            detect_talking=as_asked,
        )
        async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
            owed = OwedWrites(tasks)
            dialler = Dialler(
                ari=other,
                outgoing=other,
                calls=other,
                placed=other,
                clock=road.clock,
                claims=road.worker.claims,
                lines=Lines(whole=9, most=9),
                tasks=tasks,
                owed=owed,
            )
            await dialler.place(attempt)
            yield Called(attempt, call, owed, gone.close)
            await owed.settled(attempt.call_id)


async def test_what_they_say_is_written_when_the_database_is_back(road: Road) -> None:
    appeal = await reported_done(road.city)
    async with called_while_away(road, "114") as called:
        assert Step.INFORMED not in called.call.steps, "nothing is on record yet"
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
    async with called_while_away(road, "12") as called:
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
    async with called_while_away(road, "11") as called:
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
    async with called_while_away(road, "11") as called:
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
