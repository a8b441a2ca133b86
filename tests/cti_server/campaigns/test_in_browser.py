"""Automatic calls in a real Chromium: axe, both themes, every size; the monitor moves by itself."""

from collections.abc import AsyncIterator, Mapping

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.dialling.campaign_states import CampaignAct, CampaignState
from hotline.dialling.campaigns import Campaign
from hotline.dialling.dialler import Result
from hotline.people.do_not_call import Unwanted
from storage.store import Storage
from tests.cti_server.campaigns.conftest import over
from tests.cti_server.campaigns.test_campaigns import ordered
from tests.cti_server.conftest import MovedClock
from tests.cti_server.test_in_browser import Window, opened_window
from tests.fakes.jobs import carried_out

pytestmark = pytest.mark.system


@pytest.fixture
async def window(server: TestServer) -> AsyncIterator[Window]:
    async with opened_window(server, borne=("422",)) as one:
        yield one


async def test_the_monitor_and_a_campaign_on_every_screen(window: Window, campaign: Campaign) -> None:
    await window.sign_in(Role.HEAD.value)
    await window.look("/campaigns", "campaigns")
    await window.look(f"/campaigns/{campaign.id}", "campaign")


async def test_a_campaign_of_an_order_leads_there_by_a_link_that_is_seen_as_one(
    window: Window, storage: Storage, clock: MovedClock, users: Mapping[Role, User]
) -> None:
    campaign = await ordered(storage, clock, users)
    await window.sign_in(Role.HEAD.value)
    await window.look("/campaigns", "campaigns-of-an-order", nightly=True)
    await expect(
        window.page.locator(f".campaign-about a[href='/informing/{campaign.order_id}']")
    ).to_be_visible()


@pytest.mark.nightly
async def test_whom_not_to_call_on_every_screen(
    window: Window, storage: Storage, clock: MovedClock, campaign: Campaign
) -> None:
    assert campaign.user_id
    said = Unwanted(number="+380671112200", reason="", at=clock.now(), call_id="out-campaign-1-1-x")
    noted = Unwanted(
        number="+380671112201", reason="Просила телефоном", at=clock.now(), user_id=campaign.user_id
    )
    assert await storage.do_not_call.add(said)
    assert await storage.do_not_call.add(noted)
    await window.sign_in(Role.HEAD.value)
    await window.look("/campaigns/do-not-call", "do-not-call")
    page = window.page
    await page.focus("#number")
    await page.keyboard.type("067 111 22 33")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Просив не турбувати")
    await page.keyboard.press("Enter")
    await expect(page.locator("tbody tr")).to_have_count(3)


async def test_the_monitor_moves_by_itself_and_the_head_pauses_by_keyboard(
    window: Window, storage: Storage, clock: MovedClock, campaign: Campaign
) -> None:
    await window.sign_in(Role.HEAD.value)
    await window.open(f"/campaigns/{campaign.id}")
    page = window.page
    await expect(page.locator("#progress")).to_contain_text("8 з 40")
    (job,) = await storage.call_jobs.claim(clock.now(), 1)
    await carried_out(storage, job, Result.SETTLED, clock.now())
    await expect(page.locator("#progress")).to_contain_text("9 з 40")
    await page.focus("button[name=act][value=pause]")
    await page.keyboard.press("Enter")
    await expect(page.locator("#progress")).to_contain_text("призупинено", ignore_case=True)
    found = await storage.campaigns.find(campaign.id)
    assert found is not None
    assert found.state is CampaignState.PAUSED


@pytest.mark.nightly
async def test_a_campaign_is_looked_at_until_its_last_call_is_over_and_no_longer(
    window: Window, storage: Storage, clock: MovedClock, campaign: Campaign
) -> None:
    await storage.campaigns.move(campaign.id, CampaignAct.STOP, clock.now())
    await window.sign_in(Role.HEAD.value)
    await window.open(f"/campaigns/{campaign.id}")
    page = window.page
    asking = page.locator("#campaign [hx-trigger]")
    await expect(asking).to_have_count(1)
    await over(storage, clock.now())
    await expect(asking).to_have_count(0)
    async with page.expect_request("**/*") as asked:
        await page.evaluate("setTimeout(() => fetch('/health/live'), 3000)")
    assert (await asked.value).url.endswith("/health/live"), "nothing asks any more"
