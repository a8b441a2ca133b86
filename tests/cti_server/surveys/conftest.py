"""The pages of surveys on real storage, with surveys that came to one thing and another."""

from collections.abc import Mapping

import pytest
from aiohttp import web

from cti_server.application import application
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.surveys.routes import add_surveys
from cti_server.surveys.sources import SurveySources
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.dialling.calling_out import CallingRules
from hotline.surveys.completion import SurveyCall, SurveyOutcome
from service.wiring import desks
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, Person, SetBoard
from tests.storage.enterprise import City, found
from tests.storage.surveys.test_completion import reported_done

CAME_TO = (
    *((SurveyOutcome.CONFIRMED, 5), (SurveyOutcome.CONFIRMED, 4), (SurveyOutcome.CONFIRMED, 5)),
    *((SurveyOutcome.NOT_DONE, None), (SurveyOutcome.PARTLY, None), (SurveyOutcome.WRONG_PERSON, None)),
    *((SurveyOutcome.DISPATCHER, None), (SurveyOutcome.CONFIRMED, None), (SurveyOutcome.ELSEWHERE, None)),
)


def survey_sources(storage: Storage, clock: MovedClock) -> SurveySources:
    return desks.survey_sources(storage, CallingRules(most=3), KYIV, clock)


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_surveys(made, survey_sources(storage, clock))
    return made


@pytest.fixture
async def city(storage: Storage, users: Mapping[Role, User]) -> City:
    assert users
    return await found(storage)


@pytest.fixture
async def numbers(city: City, clock: MovedClock) -> list[str]:
    """Appeals with surveys that came to CAME_TO, and one that is still to be called."""
    surveys, made = city.storage.surveys, []
    for outcome, rating in CAME_TO:
        made.append((await reported_done(city)).number)
        (survey,) = await surveys.of_appeal(made[-1])
        call = SurveyCall(call_id=f"out-survey-{survey.id}", at=clock.now(), outcome=outcome)
        await surveys.ended(survey.id, outcome, clock.now(), call=call, rating=rating)
        clock.pass_(minutes=1)
    (survey,) = await surveys.of_appeal((await reported_done(city)).number)
    await surveys.ended(survey.id, SurveyOutcome.BUSY, clock.now(), goes_on=True)
    return made


@pytest.fixture
async def head(person: Person, city: City) -> Person:
    assert city
    await person.enter(Role.HEAD.value)
    return person
