import html
import re
from collections.abc import Mapping
from datetime import timedelta

import pytest
from aiohttp.test_utils import TestServer

from cti_server.outages.alerts import linked, pages
from hotline.access.users import User
from hotline.city.addresses import Area
from hotline.city.classifier import Utility
from hotline.outages.alert_states import AlertState
from hotline.outages.alerts import Alert
from hotline.outages.outage import By, EntrySource, NewOutage, OutageKind
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.outages.register.conftest import signed_in
from tests.storage.enterprise import City

from .conftest import QUARTER

PATH = "/outage-register/alerts"
FORM = {"kind": "unplanned", "starts": "02.03.2026 13:50", "unknown": "yes", "areas": f"{QUARTER}, 1-9"}


async def test_the_page_proposes_an_outage_and_shows_what_the_alert_is_made_of(
    oksana: Person, alert: Alert
) -> None:
    assert "чекає на рішення" in await oksana.text(PATH)
    shown = await oksana.text(f"{PATH}/{alert.id}")
    for words in ("Вода: повідомляють 3 людини", "Київський квартал, 1–9", 'value="02.03.2026 13:50"'):
        assert words in shown, words
    for words in ("Київський квартал, 3", "/calls/c0", "/appeals/2600001", "+380670000001"):
        assert words in shown, words


async def test_accepted_it_is_an_outage_of_the_register_with_all_reports(
    oksana: Person, alert: Alert, storage: Storage
) -> None:
    answer = await oksana.post(f"{PATH}/{alert.id}/accept", FORM | {"reason": "Перевіряють"})
    (outage,) = await storage.outages.find(limit=9)
    assert (answer.status, answer.headers["Location"]) == (303, f"/outage-register/{outage.id}?done=entered")
    assert (outage.utility, outage.source) == (Utility.WATER, EntrySource.REPORTS)
    assert outage.areas == (Area(street=QUARTER, first=1, last=9),)
    assert len(await storage.outage_reports.of_outage(outage.id)) == 3
    shown = await oksana.text(f"{PATH}/{alert.id}")
    assert "внесено відключення" in shown.casefold()
    assert f"/outage-register/{outage.id}" in shown
    assert 'name="areas"' not in shown


async def test_what_cannot_be_read_stays_as_typed_and_nothing_is_decided(
    oksana: Person, alert: Alert, storage: Storage
) -> None:
    answer = await oksana.post(f"{PATH}/{alert.id}/accept", FORM | {"areas": "вулиця Невідома"})
    assert answer.status == 422
    text = await answer.text()
    assert "«вулиця Невідома»" in text
    assert text.count("вулиця Невідома") > 1
    answer = await oksana.post(f"{PATH}/{alert.id}/dismiss", {"reason": " "})
    assert (answer.status, "Напишіть чому" in await answer.text()) == (422, True)
    answer = await oksana.post(f"{PATH}/{alert.id}/belongs", {"outage": "77"})
    assert answer.status == 422
    assert (await storage.outage_alerts.get(alert.id)).state is AlertState.OPEN


async def test_dismissed_with_a_reason_it_says_who_and_why(oksana: Person, alert: Alert) -> None:
    answer = await oksana.post(f"{PATH}/{alert.id}/dismiss", {"reason": "Навчання рятувальників"})
    assert answer.headers["Location"] == f"{PATH}/{alert.id}"
    shown = await oksana.text(f"{PATH}/{alert.id}")
    assert "Оксана Диспетчер" in shown
    assert "Навчання рятувальників" in shown
    assert "Ніщо не чекає на рішення" in await oksana.text(PATH)


async def test_it_belongs_to_an_outage_of_its_utility_that_goes_on(
    oksana: Person, alert: Alert, storage: Storage, clock: MovedClock
) -> None:
    new = NewOutage(
        utility=Utility.WATER,
        kind=OutageKind.REPAIR,
        starts_at=clock.now() - timedelta(hours=1),
        areas=(Area(street=QUARTER, first=20),),
    )
    outage = await storage.outages.enter(new, By())
    assert f'<option value="{outage.id}">' in await oksana.text(f"{PATH}/{alert.id}")
    answer = await oksana.post(f"{PATH}/{alert.id}/belongs", {"outage": str(outage.id)})
    assert answer.status == 303
    decided = await storage.outage_alerts.get(alert.id)
    assert (decided.state, decided.outage_id) == (AlertState.BELONGS, outage.id)
    assert len(await storage.outage_reports.of_outage(outage.id)) == 3


async def test_the_outage_that_was_chosen_stays_and_the_fault_stands_beside_it(
    oksana: Person, alert: Alert, storage: Storage, clock: MovedClock
) -> None:
    def going_on(*areas: str) -> NewOutage:
        return NewOutage(
            utility=Utility.WATER,
            kind=OutageKind.REPAIR,
            starts_at=clock.now() - timedelta(hours=1),
            areas=tuple(Area(street=one) for one in areas),
        )

    await storage.outages.enter(going_on("Ризький квартал"), By())
    over = await storage.outages.enter(going_on(QUARTER), By())
    await storage.outages.end(over.id, clock.now(), By())
    answer = await oksana.post(f"{PATH}/{alert.id}/belongs", {"outage": str(over.id)})
    text = await answer.text()
    assert answer.status == 422
    belongs = text[text.index("/belongs") : text.index("/dismiss")]
    assert "Вибране відключення вже не триває" in belongs
    assert text.count('id="decision-fault"') == 1
    answer = await oksana.post(f"{PATH}/{alert.id}/dismiss", {"reason": "ж" * 301})
    text = await answer.text()
    assert "ж" * 301 in text
    assert "Напишіть чому" in text[text.index("/dismiss") :]


async def test_whoever_decides_second_is_told_and_enters_nothing(
    oksana: Person, colleague: Person, alert: Alert, storage: Storage
) -> None:
    await colleague.post(f"{PATH}/{alert.id}/dismiss", {"reason": "Вода є"})
    answer = await oksana.post(f"{PATH}/{alert.id}/accept", FORM | {"reason": "Прорив на Київському"})
    assert answer.status == 409
    text = await answer.text()
    for words in (
        "Тим часом рішення ухвалив хтось із колег",
        "Вода є",
        "Прорив на Київському",
        "02.03.2026 13:50",
    ):
        assert words in text, words
    (link,) = re.findall(r'href="(/outage-register/new\?[^"]+)"', text)
    anew = await oksana.text(html.unescape(link))
    for words in ("Прорив на Київському", f">{QUARTER}, 1-9</textarea>", 'value="02.03.2026 13:50"'):
        assert words in anew, words
    assert '<option value="water" selected>' in anew
    assert await storage.outages.find(limit=9) == []
    answer = await oksana.post(f"{PATH}/{alert.id}/dismiss", {"reason": "Моє"})
    assert (answer.status, "Моє" in await answer.text()) == (409, True)


async def test_looking_is_written_down_and_what_is_not_there_is_not_found(
    oksana: Person, alert: Alert, storage: Storage
) -> None:
    await oksana.text(f"{PATH}/{alert.id}")
    latest = await storage.audit.latest(5)
    assert ("view", f"outage-alert:{alert.id}") in {(one.action, one.subject) for one in latest}
    assert (await oksana.get(f"{PATH}/99")).status == 404
    assert (await oksana.post(f"{PATH}/99/accept", FORM)).status == 404


async def test_the_outages_page_shows_the_calls_and_appeals_that_belong_to_it(
    oksana: Person, alert: Alert, storage: Storage
) -> None:
    await oksana.post(f"{PATH}/{alert.id}/accept", FORM)
    shown = await oksana.text("/outage-register/1")
    latest = await storage.audit.latest(5)
    assert ("view", "outage:1") in {(one.action, one.subject) for one in latest}, "numbers were shown"
    for words in ("/calls/c0", "/appeals/2600001", "Київський квартал, 3"):
        assert words in shown, words


async def test_an_enterprise_sees_how_many_reports_belong_to_its_outage_and_not_whose(
    oksana: Person, alert: Alert, city: City, server: TestServer, people: Mapping[str, User]
) -> None:
    await oksana.post(f"{PATH}/{alert.id}/accept", FORM | {"executor": str(city.water.id)})
    async for vodiany in signed_in(server, "vodiany"):
        shown = await vodiany.text("/enterprise/outages/1")
    assert "До нього належать 3 повідомлення мешканців." in shown
    assert "/calls/c0" not in shown
    assert "+380670000001" not in shown


async def test_every_report_of_an_alert_and_of_its_outage_can_be_reached(
    oksana: Person, alert: Alert, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_REPORTS", 2)
    monkeypatch.setattr(linked, "MOST_SHOWN", 2)
    here = f"{PATH}/{alert.id}"
    both = await oksana.text(here), await oksana.text(f"{here}?page=2")
    assert [page.count("/calls/c") + page.count('"/appeals/2600001"') for page in both] == [2, 1]
    refused = await (await oksana.post(f"{here}/dismiss", {"reason": ""})).text()
    assert f'href="{here}?page=2#reports"' in refused, (
        "what follows is found from a form that was refused, too"
    )
    await oksana.post(f"{here}/accept", FORM)
    both = await oksana.text("/outage-register/1"), await oksana.text("/outage-register/1?page=2")
    assert [page.count("/calls/c") + page.count('"/appeals/2600001"') for page in both] == [2, 1]
    assert 'href="/outage-register/1?page=2#reports"' in both[0]
