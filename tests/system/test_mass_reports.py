"""Three callers say by key that they have no water; a dispatcher, who is talking, makes an outage of it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from hotline.calls.call import Step
from hotline.city.addresses import Address, demo_streets
from hotline.city.classifier import Utility
from hotline.line.presence_states import Presence
from hotline.outages.outage import EntrySource
from hotline.outages.reports import OutageReport
from ivr_flows import outage_phrases
from telephony.phone.sound import tone
from tests.system.desk_browser import PATIENT
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.people import CITIZEN, FIRST, asks_for_a_dispatcher
from tests.system.web_desk import WebDesk, add_dispatcher, web_browser

pytestmark = pytest.mark.system

QUARTER = "Київський квартал"
HOUSES = {"+380457900011": 3, "+380457900012": 5, "+380457900013": 9, "+380457900014": 7}
*REPORTING, FOURTH = HOUSES
ELSEWHERE = "+380457900099"


@pytest.fixture
async def hotline(hotlines: Hotlines) -> AsyncIterator[Hotline]:
    async with hotlines.lent(**PATIENT) as one:
        await one.storage.streets.add(demo_streets())
        for number, house in HOUSES.items():
            await one.storage.citizens.add(f"Мешканець {house}", f"Київський кв-л, буд. {house}", [number])
        yield one


@pytest.fixture
async def desk(hotline: Hotline) -> AsyncIterator[WebDesk]:
    await add_dispatcher(hotline, "201")
    async with web_browser(hotline, "201", FIRST, path="/desk") as one:
        await hotline.presence("201", Presence.READY)
        yield one


async def journey_of(hotline: Hotline, number: str) -> list[tuple[Step, dict[str, object]]]:
    of = [one.id for one in await hotline.calls() if one.number == number]
    return [(step.step, dict(step.detail)) for call in of for step in await hotline.journey(call)]


async def until_said(hotline: Hotline, number: str, phrase: str) -> None:
    async def said() -> bool:
        heard = [detail for step, detail in await journey_of(hotline, number) if step is Step.HEARD]
        return any(phrase in str(detail["phrases"]).split() for detail in heard)

    await hotline.until(said)


async def reports_no_water(hotline: Hotline, number: str) -> None:
    call = await hotline.citizen(number)
    await call.answered()
    await call.press("1")
    await until_said(hotline, number, outage_phrases.SOMETHING_OFF.name)
    await call.press("1")
    await until_said(hotline, number, outage_phrases.REPORT_NOTED.name)
    await call.hang_up()


@pytest.mark.nightly  # by day `test_desk_in_browser.py`, `service/outages`, and the test below
async def test_three_reports_by_key_are_an_alert_then_an_outage_that_the_fourth_caller_hears(
    hotline: Hotline, desk: WebDesk
) -> None:
    citizen = await asks_for_a_dispatcher(hotline, ELSEWHERE, tone(CITIZEN))
    await desk.picks_up()
    await desk.hears(CITIZEN)
    strip = desk.page.locator("#outage-alerts")
    await expect(strip).to_be_hidden()
    await asyncio.gather(*(reports_no_water(hotline, number) for number in REPORTING))
    await expect(strip).to_contain_text("Вода: повідомляють 3 людини")
    await expect(strip).to_contain_text(f"{QUARTER}, 3–9")
    await desk.hears(CITIZEN)

    async with desk.page.context.expect_page() as opened:
        await strip.get_by_role("link").click()
    page = await opened.value
    await page.get_by_role("button", name="Створити відключення").click()
    await page.wait_for_url("**/outage-register/*?done=entered")

    await expect(strip).to_be_hidden()
    await desk.hears(CITIZEN)
    (outage,) = await hotline.storage.outages.find(limit=9)
    assert (outage.utility, outage.source) == (Utility.WATER, EntrySource.REPORTS)
    assert len(await hotline.storage.outage_reports.of_outage(outage.id)) == len(REPORTING)
    fourth = await hotline.citizen(FOURTH)
    await fourth.answered()
    await until_said(hotline, FOURTH, outage_phrases.OUTAGE_KEYS.name)
    informed = [detail for step, detail in await journey_of(hotline, FOURTH) if step is Step.INFORMED]
    assert [one.get("outage") for one in informed] == [outage.id]
    await fourth.hang_up()
    await citizen.hang_up()


async def test_what_is_reported_while_the_service_is_dead_raises_its_alert_once_it_lives(
    hotline: Hotline,
) -> None:
    reports, alerts = hotline.storage.outage_reports, hotline.storage.outage_alerts
    await hotline.kill_service()
    for at, number in enumerate(REPORTING):
        said = OutageReport(
            utility=Utility.POWER,
            address=Address(street=QUARTER, house=str(HOUSES[number])),
            at=datetime.now(UTC) - timedelta(hours=1, minutes=at),
            number=number,
            call_id=f"before-{at}",
        )
        await reports.add(said)
    await hotline.start_service()
    await hotline.until(alerts.open)
    (raised,) = await alerts.open()
    await hotline.kill_service()
    await hotline.start_service()
    await reports.add(replace(said, call_id="after", number=FOURTH, at=datetime.now(UTC)))

    async def grown() -> bool:
        return [one.voices for one in await alerts.open()] == [len(HOUSES)]

    await hotline.until(grown)
    assert [one.id for one in await alerts.open()] == [raised.id]
