"""The queue by account: brought as a list, asked for on the public page, and in no address and no log."""

import logging

import aiohttp
import pytest

from cti_server.power.sources import FREE_WRONG
from tests.cti_server.conftest import MovedClock, Person

LIST = "Особовий рахунок;Черга\n1234567890;4.1\n"


async def brought(person: Person, content: str) -> aiohttp.ClientResponse:
    form = aiohttp.FormData()
    form.add_field("csrf", person.csrf)
    form.add_field("file", content.encode(), filename="accounts.csv", content_type="text/csv")
    path = "/power/schedules/accounts"
    return await person.client.post(path, data=form, headers=person.origin, allow_redirects=False)


@pytest.mark.usefixtures("told")
async def test_an_account_leads_to_its_queue_and_leaves_no_trace(
    head: Person, clock: MovedClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert "особового рахунку" not in await head.text("/power?lang=uk")
    answer = await brought(head, LIST)
    assert answer.status == 303
    assert "Особових рахунків із відомою чергою: 1." in await head.text("/power/schedules")
    clock.pass_(seconds=60)  # the page is kept for a minute
    assert "номером особового рахунку" in await head.text("/power?lang=uk")
    found = await head.post("/power/account", {"account": "1234 567 890"})
    assert found.headers["Location"] == "/power?queue=4.1"
    page = await head.text("/power?queue=4.1")
    assert "Наступна зміна" in page
    unknown = await head.post("/power/account", {"account": "9999999999"})
    assert unknown.headers["Location"] == "/power?account=unknown"
    assert "Такого рахунку постачальник нам не подавав" in await head.text("/power?account=unknown")
    assert "1234567890" not in caplog.text.replace(" ", "")
    refused = await brought(head, "1234567890;4.1\nхтось;4.1")
    assert refused.status == 422
    assert "У рядку 2" in await refused.text()


@pytest.mark.usefixtures("told")
async def test_whoever_tries_accounts_one_after_the_other_has_to_wait(head: Person) -> None:
    await brought(head, LIST)
    statuses = [
        (await head.post("/power/account", {"account": f"555000{number:04d}"})).status
        for number in range(FREE_WRONG + 3)
    ]
    assert statuses.count(303) <= FREE_WRONG + 1
    assert 429 in statuses
    assert (await head.post("/power/account", {"account": "1234567890"})).status == 429
