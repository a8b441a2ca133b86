"""The monitor of automatic calls, and whom not to call: what is shown, done and noted."""

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

import pytest

from cti_server.campaigns import pages
from cti_server.campaigns.do_not_call import SHOWN
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.contact.numbers import masked
from hotline.dialling.campaign_states import CAMPAIGN, CampaignAct, CampaignState
from hotline.dialling.campaigns import Campaign
from hotline.informing.order_states import OrderAct
from hotline.informing.orders import Audience
from hotline.people.do_not_call import Unwanted
from service.informing.informing import Informing
from storage.store import Storage
from tests.cti_server.campaigns.conftest import over
from tests.cti_server.conftest import MovedClock, Person
from tests.storage.informing.test_orders import NEW

from .conftest import WATER

NUMBER = "+380671112233"


async def state(storage: Storage, campaign: Campaign) -> CampaignState:
    found = await storage.campaigns.find(campaign.id)
    assert found is not None
    return found.state


async def ordered(storage: Storage, clock: MovedClock, users: Mapping[Role, User]) -> Campaign:
    """An order's campaign that is under way."""
    orders, now, author = storage.informing, clock.now(), users[Role.DISPATCHER].id
    new = replace(NEW, audience=Audience(nobody=True, listed=(NUMBER,)), starts_at=now)
    order = await orders.add(new, author, now)
    order = await orders.move(order, OrderAct.SUBMIT, now, user_id=author)
    await orders.move(order, OrderAct.APPROVE, now, user_id=users[Role.HEAD].id)
    await Informing(storage.informing, storage.informing_preparing, clock).once()
    (campaign,) = await storage.campaigns.latest(9)
    return campaign


async def test_the_monitor_shows_who_is_called_now_with_masked_numbers(
    head: Person, campaign: Campaign
) -> None:
    page = await head.text("/campaigns")
    assert campaign.name in page
    assert "опрацьовано 8 з 40" in page
    assert masked("+380671110012") in page
    assert "380671110012" not in page


async def test_a_campaign_shows_outcomes_that_lead_to_people_and_their_calls(
    head: Person, campaign: Campaign
) -> None:
    here = f"/campaigns/{campaign.id}"
    page = await head.text(here)
    assert campaign.says in page.replace("&#39;", "'")
    assert f"{here}?result=settled#people" in page
    busy = await head.text(f"{here}?result=busy")
    assert masked("+380671110004") in busy
    assert busy.count("/calls/out-campaign-") == 1
    assert "380671110" not in busy.replace(masked("+380671110004"), "")
    due = await head.text(f"{here}?state=due")
    assert masked("+380671110014") in due


async def test_it_is_paused_gone_on_with_and_stopped_for_good(
    head: Person, storage: Storage, campaign: Campaign
) -> None:
    here = f"/campaigns/{campaign.id}"
    for act in (CampaignAct.PAUSE, CampaignAct.START, CampaignAct.STOP):
        assert f'value="{act}"' in await head.text(here)
        await head.post(f"{here}/state", {"act": act.value})
        assert await state(storage, campaign) is CAMPAIGN.target(act)
    assert 'name="act"' not in await head.text(here)


async def test_a_click_that_came_too_late_changes_nothing_and_says_so(
    head: Person, storage: Storage, campaign: Campaign, clock: MovedClock
) -> None:
    await storage.campaigns.move(campaign.id, CampaignAct.STOP, clock.now())
    answer = await head.post(f"/campaigns/{campaign.id}/state", {"act": "pause"})
    assert await state(storage, campaign) is CampaignState.STOPPED
    assert answer.headers["Location"].endswith("?late=yes")
    assert "alert-warning" in await head.text(f"/campaigns/{campaign.id}?late=yes")


@pytest.mark.parametrize("act", ["finish", "running", "nonsense", ""])
async def test_nobody_does_what_is_nobodys_to_do(
    head: Person, storage: Storage, campaign: Campaign, act: str
) -> None:
    answer = await head.post(f"/campaigns/{campaign.id}/state", {"act": act})
    assert answer.status == 400
    assert await state(storage, campaign) is CampaignState.RUNNING


async def test_a_campaign_that_is_not_there_is_not_found(head: Person) -> None:
    assert (await head.get("/campaigns/99")).status == 404


async def test_the_head_puts_a_number_on_the_list_and_takes_it_off_both_noted(
    head: Person, storage: Storage
) -> None:
    here = "/campaigns/do-not-call"
    await head.post(here, {"number": "067 111 22 33", "reason": "Просила телефоном 12 березня"})
    (unwanted,) = await storage.do_not_call.latest(9)
    assert (unwanted.number, unwanted.reason) == (NUMBER, "Просила телефоном 12 березня")
    page = await head.text(here)
    assert "Просила телефоном 12 березня" in page
    await head.post(f"{here}/remove", {"number": NUMBER})
    assert await storage.do_not_call.latest(9) == []
    noted = [one.action for one in await storage.audit.latest(9) if one.subject.startswith("do-not-call:")]
    assert noted == ["remove", "add"]


@pytest.mark.parametrize(
    ("number", "reason", "wrong"),
    [("12", "Просила", "number"), ("067 111 22 33", "", "reason"), ("", "", "number")],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(
    head: Person, storage: Storage, number: str, reason: str, wrong: str
) -> None:
    answer = await head.post("/campaigns/do-not-call", {"number": number, "reason": reason})
    page = await answer.text()
    assert answer.status == 422
    assert f'id="{wrong}-note"' in page
    assert f'value="{number}"' in page
    assert await storage.do_not_call.latest(9) == []


async def test_a_number_that_is_on_the_list_is_said_to_be(head: Person) -> None:
    typed = {"number": NUMBER, "reason": "Просила"}
    await head.post("/campaigns/do-not-call", typed)
    answer = await head.post("/campaigns/do-not-call", typed)
    assert answer.status == 422
    assert "уже є в переліку" in await answer.text()


async def test_an_orders_campaign_is_steered_by_its_order_alone(
    head: Person, storage: Storage, clock: MovedClock, users: Mapping[Role, User]
) -> None:
    campaign = await ordered(storage, clock, users)
    here = f"/campaigns/{campaign.id}"
    for page in (await head.text("/campaigns"), await head.text(here)):
        assert f'href="/informing/{campaign.order_id}"' in page
        assert 'name="act"' not in page
    for act in (CampaignAct.PAUSE, CampaignAct.STOP):
        answer = await head.post(f"{here}/state", {"act": act.value})
        assert (answer.status, "належить до розпорядження" in await answer.text()) == (409, True)
    assert await state(storage, campaign) is CampaignState.RUNNING


async def test_a_campaign_that_one_keeps_looking_at_is_noted_once_and_again_when_one_comes_back(
    head: Person, storage: Storage, campaign: Campaign, clock: MovedClock
) -> None:
    async def views() -> int:
        noted = await storage.audit.latest(50)
        return len([one for one in noted if one.action == "view" and one.subject.startswith("campaign")])

    for _ in range(4):
        await head.text("/campaigns")
        await head.text(f"/campaigns/{campaign.id}")
        clock.pass_(seconds=30)
    assert await views() == 2
    await head.text(f"/campaigns/{campaign.id}?state=due")
    assert await views() == 3
    clock.pass_(minutes=1)
    await head.text("/campaigns")
    assert await views() == 4


async def test_what_has_ended_is_not_asked_for_again(
    head: Person, storage: Storage, campaign: Campaign, clock: MovedClock
) -> None:
    here = f"/campaigns/{campaign.id}"
    assert 'hx-trigger="every 2s"' in await head.text(here)
    assert 'hx-trigger="every 2s"' in await head.text("/campaigns")
    await storage.campaigns.move(campaign.id, CampaignAct.STOP, clock.now())
    assert 'hx-trigger="every 2s"' in await head.text(here), "two are still being called"
    await over(storage, clock.now())
    assert "hx-trigger" not in await head.text(here)


async def test_every_number_of_a_long_list_can_be_reached_and_taken_off(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    here = "/campaigns/do-not-call"
    numbers = [f"+38067111{at:04}" for at in range(SHOWN + 5)]
    for number in numbers:
        await storage.do_not_call.add(Unwanted(number=number, reason="Просили", at=clock.now()))
    first, second = await head.text(here), await head.text(f"{here}?page=2")
    assert first.count('name="number" value="+') == SHOWN
    assert f'rel="next" href="{here}?page=2"' in first
    assert f'rel="prev" href="{here}"' in second
    assert {number for number in numbers if f'value="{number}"' in first + second} == set(numbers)
    for nonsense in ("0", "-1", "x", "9999999999999", "٣"):
        assert (await head.text(f"{here}?page={nonsense}")).count('name="number" value="+') == SHOWN


async def test_all_campaigns_and_all_their_people_can_be_reached(
    head: Person, storage: Storage, clock: MovedClock, monkeypatch: pytest.MonkeyPatch, campaign: Campaign
) -> None:
    monkeypatch.setattr(pages, "PEOPLE_SHOWN", 25)
    monkeypatch.setattr(pages, "SHOWN", 1)
    here = f"/campaigns/{campaign.id}"
    both = await head.text(here) + await head.text(f"{here}?page=2")
    assert all(both.count(masked(f"+3806711100{at:02}")) == 1 for at in range(40))
    assert f'href="{here}?state=due&amp;page=2#people"' in await head.text(f"{here}?state=due")
    other = await storage.campaigns.add(WATER, [(NUMBER, "")], clock.now())
    assert f'href="/campaigns/{other.id}"' not in await head.text("/campaigns")
    assert f'href="/campaigns/{other.id}"' in await head.text("/campaigns?page=2")


async def test_campaigns_are_found_by_words_state_and_kind_and_the_filters_are_kept(
    head: Person, campaign: Campaign
) -> None:
    here = f'href="/campaigns/{campaign.id}"'
    page = await head.text("/campaigns")
    assert re.findall(r'class="list-count">(\d+)<', page) == ["1", "0", "0", "0", "0"]
    for query, there in (
        (f"q={campaign.name.split()[0]}", True),
        ("q=нічого", False),
        ("state=running", True),
        ("state=done", False),
        (f"kind={campaign.kind.value}", True),
        ("kind=nonsense", True),
    ):
        page = await head.text(f"/campaigns?{query}")
        assert (here in page) is there, query
        assert f'hx-get="/campaigns?{quote(query, safe="=&")}"' in page, "it renews itself as it is filtered"
    assert "Таких дзвінків немає" in await head.text("/campaigns?state=done")
    kept = await head.post("/campaigns/views", {"name": "Тривають", "query": "state=running&page=7"})
    assert kept.headers["Location"] == "/campaigns?state=running"
    assert 'aria-current="page">Тривають' in await head.text("/campaigns?state=running")
