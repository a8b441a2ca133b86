"""Residents see when there is power at their house; what is old or not known is called so."""

from datetime import timedelta

import pytest
from aiohttp.test_utils import TestServer

from hotline.city.addresses import Area
from hotline.city.classifier import Utility
from hotline.outages.outage import By, NewOutage, OutageKind
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.test_in_browser import opened_window

HOUSE = "/power?address=Київський квартал, 3"
HOUR = timedelta(hours=1)


@pytest.mark.usefixtures("told")
async def test_a_house_hears_of_its_next_change_and_of_each_stretch(person: Person) -> None:
    page = await person.text(HOUSE)
    assert "За графіком зараз світло є. Наступна зміна: сьогодні, 18:00." in page
    assert "<li>18:00–20:00: світла немає</li>" in page
    assert "<li>00:00–24:00: невідомо: постачальник іще не сказав</li>" in page


@pytest.mark.usefixtures("told")
async def test_while_it_is_off_it_says_until_when_and_afterwards_no_more(
    person: Person, clock: MovedClock
) -> None:
    clock.pass_(hours=5)
    assert "Зараз світла немає. За графіком має з'явитися: сьогодні, 20:00." in (
        await person.text(HOUSE)
    ).replace("&#39;", "'")
    clock.pass_(hours=2)
    page = await person.text(HOUSE)
    assert "За графіком зараз світло є" in page
    assert "18:00–20:00: світла немає</li>" not in page


@pytest.mark.usefixtures("told")
async def test_after_two_hours_without_a_word_it_is_called_old(person: Person, clock: MovedClock) -> None:
    assert "Відтоді він міг змінитися" not in await person.text(HOUSE)
    clock.pass_(hours=2, minutes=1)
    assert "Відтоді він міг змінитися" in await person.text(HOUSE)


@pytest.mark.usefixtures("told")
async def test_emergency_cuts_go_before_every_schedule(
    person: Person, storage: Storage, clock: MovedClock
) -> None:
    await storage.power.emergency_begins(clock.now(), by=None)
    page = await person.text(HOUSE)
    assert "Діють аварійні відключення світла" in page
    assert "За графіком зараз світло є" not in page


@pytest.mark.usefixtures("told")
async def test_a_breakdown_at_the_house_goes_before_the_schedule(
    person: Person, storage: Storage, clock: MovedClock
) -> None:
    new = NewOutage(
        utility=Utility.POWER,
        kind=OutageKind.EMERGENCY,
        starts_at=clock.now() - HOUR,
        areas=(Area(street="Київський квартал", first=3, last=3),),
    )
    await storage.outages.enter(new, By())
    assert "Зараз світла немає: роботи або аварія." in await person.text(HOUSE)
    assert "За графіком зараз світло є" in await person.text("/power?address=Київський квартал, 5")


@pytest.mark.usefixtures("told")
async def test_who_reads_again_is_sent_the_page_only_once_it_says_anything_else(
    person: Person, storage: Storage, clock: MovedClock
) -> None:
    tag = (await person.get(HOUSE)).headers["ETag"]
    assert (await person.get(HOUSE, headers={"If-None-Match": tag})).status == 304
    await storage.power.emergency_begins(clock.now(), by=None)
    cut = await person.get(HOUSE, headers={"If-None-Match": tag})
    assert "Діють аварійні відключення світла" in await cut.text()
    await storage.power.emergency_ends(clock.now(), by=None)
    assert "За графіком зараз світло є" in await person.text(HOUSE)
    english = await person.text(f"{HOUSE}&lang=en")
    assert "All queues" in english
    assert "Усі черги" in await person.text(HOUSE)


@pytest.mark.usefixtures("told")
async def test_unknown_houses_and_streets_are_told_what_to_do(person: Person) -> None:
    unknown = await person.text("/power?address=Київський квартал, 12")
    assert "Ми не знаємо черги цього будинку" in unknown
    assert "0800210310" in unknown
    assert "Напишіть ще номер будинку" in await person.text("/power?address=Київський квартал")
    assert "Такої адреси ми не знаємо." in await person.text("/power?address=Хрещатик, 1")
    for query in ("", "?queue=9.9", "?address=Хрещатик, 1"):
        assert (await person.get(f"/power.json{query}")).status == 404


@pytest.mark.usefixtures("told")
async def test_the_suppliers_number_and_page_stand_there_whatever_holds(
    person: Person, storage: Storage, clock: MovedClock
) -> None:
    async def require_told(path: str) -> None:
        page = await person.text(path)
        assert 'Постачальник електроенергії: Чернігівобленерго, <a href="tel:0800210310">' in page
        assert '<a href="https://supplier.example/account" rel="noopener">' in page

    for path in (HOUSE, "/power", "/power?account=unknown", "/power?address=Хрещатик, 1"):
        await require_told(path)
    await storage.power.emergency_begins(clock.now(), by=None)
    await require_told(HOUSE)


@pytest.mark.usefixtures("told")
async def test_programs_and_calendars_have_the_same_truth(person: Person) -> None:
    both = await (await person.get("/power.json?address=Київський квартал, 7")).json()
    assert both["queues"] == ["4.1", "5.2"]
    cut = [one for one in both["stretches"] if one["supply"] == "maybe"]
    assert [(one["since"][11:16], one["until"][11:16]) for one in cut] == [("16:00", "20:00")]
    calendar = await person.text("/power.ics?queue=4.1")
    assert calendar.count("BEGIN:VEVENT") == 1
    assert "DTSTART:20260302T160000Z\r\nDTEND:20260302T180000Z" in calendar
    of_house = await person.text("/power.ics?address=Київський квартал, 7")
    assert "DTSTART:20260302T160000Z\r\nDTEND:20260302T200000Z" in of_house, "it has two queues"


async def test_without_any_schedule_it_says_so(person: Person) -> None:
    assert "Графіка відключень на сьогодні немає." in await person.text("/power")


@pytest.mark.system
@pytest.mark.usefixtures("told")
async def test_it_is_readable_without_scripts_in_all_sizes(server: TestServer) -> None:
    async with opened_window(server) as window:
        await window.look("/power", "power")
        await window.look(HOUSE, "power-house")
    async with opened_window(server, java_script_enabled=False) as window:
        await window.open("/power")
        await window.page.get_by_label("Коли є світло за вашою адресою?").fill("Київський квартал, 3")
        await window.page.get_by_role("button", name="Перевірити").click()
        assert "Наступна зміна" in await window.page.content()
