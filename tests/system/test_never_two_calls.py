"""Nobody has two calls with us at once: who is on the line is not called, and one number has one caller."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from hotline.access.permissions import Role
from hotline.appeals.routing import Rule
from hotline.calls.call import Direction
from hotline.dialling.job_states import JobState
from tests.fakes.jobs import standing
from tests.system.lending import Hotlines
from tests.system.people import FIRST
from tests.system.test_survey_call import AROUND_THE_CLOCK, MARIA, City
from tests.system.web_desk import web_desk

pytestmark = pytest.mark.system


@pytest.fixture
async def city(hotlines: Hotlines) -> AsyncIterator[City]:
    async with hotlines.calling_outside(**AROUND_THE_CLOCK) as outside:
        storage = outside.hotline.storage
        heat = await storage.executors.add("КП «Тепломережі»", "Тепломережі", ())
        await storage.rules.add(Rule(order=1, executor_id=heat.id, categories=("heat-*",)))
        await storage.users.add(login="head", name="Олена", role=Role.HEAD, password_hash="x")
        yield City(**vars(outside), heat=heat)


async def test_a_citizen_who_is_on_the_line_with_us_is_not_called_meanwhile(city: City) -> None:
    hotline = city.hotline
    citizen = await hotline.citizen(MARIA)
    await citizen.heard_voice()
    appeal = await city.reported_done()

    survey = await city.survey(appeal)

    async def put_off() -> bool:
        job = await standing(hotline.storage, "survey", survey.id)
        return bool(job["due_at"] > job["changed_at"])

    await hotline.until(put_off)
    job = await standing(hotline.storage, "survey", survey.id)
    assert (job["state"], job["attempt"]) == (JobState.DUE, 0)
    assert city.provider.calls == []
    (only,) = await hotline.calls()
    assert only.direction is Direction.INCOMING
    await citizen.hang_up()


async def test_whom_the_hotline_itself_calls_no_dispatcher_rings_as_well(city: City) -> None:
    async with web_desk(city.hotline, "201", FIRST) as desk:
        await city.reported_done()
        called = await city.rung(MARIA)
        await called.ring()
        await desk.dials(MARIA, "call")
        await expect(desk.page.locator("[data-softphone]")).to_contain_text("сама зараз телефонує")
        await called.hang_up()
    assert len(city.provider.calls) == 1
