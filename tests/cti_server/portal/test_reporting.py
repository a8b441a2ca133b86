"""A resident reports by the pages: on foot, without scripts, twice, too fast, and as somebody wicked."""

import html
import re
from collections.abc import Mapping
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.frame.pages import PAGES, Pages
from cti_server.keys import REPORTING
from cti_server.portal.sources import PORTAL
from hotline.access.permissions import Role
from hotline.air_raid.alarm import AirRaid, Alarm
from hotline.appeals.appeal import AppealState
from hotline.calls.interpreters import Interpreters
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, Person
from tests.storage.pictures import photo

HOME = "Київський квартал, 7"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"(?: autocomplete="off")?>')


async def filled(person: Person, clock: MovedClock, category: str = "power-none") -> dict[str, str]:
    """The hidden fields of the second page, as it is shown; then somebody takes their time."""
    text = await person.text(f"/report?{urlencode({'category': category, 'address': HOME})}")
    clock.pass_(seconds=20)
    return {name: html.unescape(value) for name, value in HIDDEN.findall(text)}


async def send(
    person: Person, fields: Mapping[str, str], *photos: bytes, **headers: str
) -> aiohttp.ClientResponse:
    form = aiohttp.FormData(quote_fields=False)
    for name, value in fields.items():
        form.add_field(name, value)
    for number, one in enumerate(photos):
        form.add_field("file", one, filename=f"{number}.jpg", content_type="image/jpeg")
    origin = str(person.client.make_url("/")).rstrip("/")
    answer: aiohttp.ClientResponse = await person.client.post(
        "/report", data=form, headers={"Origin": origin, **headers}, allow_redirects=False
    )
    return answer


async def appeals(storage: Storage) -> int:
    numbers = [f"26{number:05}" for number in range(1, 9)]
    return sum([await storage.registry.find(number) is not None for number in numbers])


@pytest.mark.usefixtures("users")
async def test_the_whole_road_on_foot(person: Person, clock: MovedClock, storage: Storage) -> None:
    first = await person.text("/report?what=нема+світла&address=" + HOME.replace(" ", "+"))
    assert 'name="category"' in first  # several fit: which is meant
    fields = await filled(person, clock)
    sent = await send(
        person, {**fields, "text": "Темно", "contact": "olena@example.org", "publish": "yes"}, photo()
    )
    assert sent.status == 303
    page = await person.text(sent.headers["Location"])
    number = sent.headers["Location"].split("/")[2]
    assert f"Звернення № {number}" in html.unescape(page)
    (file,) = await storage.files.of_appeal(number)
    assert file.photo
    kept = await storage.resident_reports.of_appeal(number)
    assert kept is not None
    assert (kept.contact, kept.confirmed_at) == ("olena@example.org", None)
    assert await storage.outbox.of_appeal(number) == []  # nothing goes to a contact that nobody confirmed
    await person.enter(Role.DISPATCHER.value)
    card = html.unescape(await person.text(f"/appeals/{number}"))
    assert "olena@example.org · як набрано на сайті, не підтверджено" in card
    again = await send(person, {**fields, "text": "Темно"})
    assert again.headers["Location"] == sent.headers["Location"]
    assert await appeals(storage) == 1


async def test_it_is_followed_by_number_and_code_added_to_and_withdrawn(
    person: Person, clock: MovedClock, storage: Storage
) -> None:
    location = (await send(person, await filled(person, clock))).headers["Location"]
    _, _, number, code = location.removesuffix("?new").split("/")
    wrong = await person.post("/my", {"number": number, "code": "1" * 10})
    assert wrong.status == 422
    right = await person.post("/my", {"number": number, "code": f"{code[:5]} {code[5:]}"})
    assert right.headers["Location"] == f"/my/{number}/{code}"
    assert (await person.get(f"/my/{number}/{'1' * 10}")).status == 404
    path = f"/my/{number}/{code}"
    assert (await person.post(path, {"do": "add", "text": ""})).status == 422
    assert (await person.post(path, {"do": "add", "text": "Код домофона 12"})).status == 303
    text = html.unescape(await person.text(path))
    assert "Ви додали" in text
    assert "домофона" not in text  # others may read over the shoulder
    assert (await person.post(path, {"do": "withdraw", "text": "Засвітилося"})).status == 303
    appeal = await storage.registry.find(number)
    assert appeal is not None
    assert appeal.state is AppealState.WITHDRAWN
    for number_of in range(10):
        assert (await person.post(path, {"do": "add", "text": "ще"})).status == (
            303 if number_of < 9 else 422
        )


async def test_codes_are_not_guessed(person: Person, clock: MovedClock) -> None:
    location = (await send(person, await filled(person, clock))).headers["Location"]
    number = location.split("/")[2]
    tried = [(await person.get(f"/my/{number}/{guess:010}")).status for guess in range(14)]
    assert tried[0] == 404
    assert tried[-1] == 429
    assert (await person.get(location)).status == 429  # the right one waits as well, or guessing goes on
    right = {"number": number, "code": location.removesuffix("?new").split("/")[3]}
    assert (await person.post("/my", right)).status == 429
    clock.pass_(minutes=16)
    assert (await person.post("/my", right)).status == 303


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"website": "http://spam.example"}, "Залиште це поле порожнім."),
        ({"shown": "1.AAAAAAAAAAAAAAAA"}, "Перегляньте ще раз"),
        ({"shown": ""}, "Перегляньте ще раз"),
        ({"contact": "ніщо"}, "Вкажіть"),
        ({"name": "Олена"}, "Погодьтеся"),
        ({"text": "я" * 4001}, "Задовгий текст."),
        ({"key": "x"}, "Перегляньте ще раз"),
    ],
)
async def test_a_form_with_a_fault_comes_back_as_it_was_typed(
    person: Person, clock: MovedClock, storage: Storage, broken: dict[str, str], said: str
) -> None:
    fields = {**await filled(person, clock), "text": "Темно", **broken}
    answer = await send(person, fields)
    page = html.unescape(await answer.text())
    assert answer.status == 422
    assert fields["text"][:20] in page
    assert said in page
    assert await appeals(storage) == 0


async def test_nobody_is_told_at_the_interpreters_number(
    person: Person, app: web.Application, clock: MovedClock, storage: Storage
) -> None:
    app[PAGES].interpreters, shared = Interpreters(numbers=("+380671234567",)), {"contact": "067 123 45 67"}
    for answer in (
        await send(person, {**await filled(person, clock), **shared}),
        await person.post("/my/code", shared),
        await person.post("/outages/subscribe", {"address": HOME, **shared}),
    ):
        assert answer.status == 422
        assert "Це номер перекладачів" in html.unescape(await answer.text())
    assert await appeals(storage) == 0


async def test_a_robot_is_too_fast(person: Person, clock: MovedClock, storage: Storage) -> None:
    fields = await filled(person, clock)
    clock.pass_(seconds=-19)
    assert (await send(person, fields)).status == 422
    clock.pass_(seconds=19)
    assert (await send(person, fields)).status == 303
    assert await appeals(storage) == 1


async def test_a_flood_is_held_off_before_its_photos_are_read(
    app: web.Application, person: Person, clock: MovedClock, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.portal.reports.MOST_OF_STRANGER", 2)
    read: list[object] = []
    store = app[REPORTING].store
    taken = store.take

    async def take(pieces: object) -> object:
        read.append(pieces)
        return await taken(pieces)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "take", take)
    for _ in range(2):
        assert (await send(person, await filled(person, clock))).status == 303
    refused = await send(person, await filled(person, clock), photo())
    assert refused.status == 429
    assert read == []
    assert "Зателефонуйте" in await refused.text()
    assert await appeals(storage) == 2
    for _ in range(30):
        last = await send(person, {"category": "power-none"})
    assert last.status == 429
    assert app[PORTAL].sends


async def test_a_script_gets_the_receipt_and_the_faults(person: Person, clock: MovedClock) -> None:
    fields = await filled(person, clock)
    first = await send(person, fields, Accept="application/json")
    second = await send(person, fields, Accept="application/json")
    assert (first.status, second.status) == (201, 200)
    assert await first.json() == await second.json()
    bad = await send(person, {**fields, "key": "f" * 16, "contact": "ніщо"}, Accept="application/json")
    assert (bad.status, list((await bad.json())["faults"])) == (422, ["contact"])


async def test_what_is_known_is_shown_and_joined(person: Person, clock: MovedClock, storage: Storage) -> None:
    first = (await send(person, await filled(person, clock))).headers["Location"].split("/")[2]
    page = html.unescape(
        await person.text(f"/report?{urlencode({'category': 'power-none', 'address': HOME})}")
    )
    assert f'name="joins" value="{first}"' in page
    fields = await filled(person, clock)
    second = (await send(person, {**fields, "joins": first})).headers["Location"].split("/")[2]
    joined = await storage.registry.find(second)
    assert joined is not None
    assert joined.parent == first


async def test_the_place_is_chosen_on_the_map_by_links(person: Person) -> None:
    city = html.unescape(await person.text("/report/map?category=power-none"))
    link = next(one for one in re.findall(r'<li><a href="([^"]+)"', city) if "street=" in one)
    houses = html.unescape(await person.text(link))
    chosen = next(one for one in re.findall(r'<li><a href="([^"]+)"', houses) if "address=" in one)
    assert 'id="report"' in await person.text(chosen)


async def test_the_page_that_a_browser_keeps_tells_no_air_raid_alert(
    app: web.Application, clock: MovedClock
) -> None:
    air = AirRaid()
    air.hear(Alarm(since=clock.now(), threats=["air_raid"]), clock.now())
    app[PAGES] = Pages(KYIV, air=lambda: air.now(clock.now()))
    async with TestClient(TestServer(app)) as client:
        person = Person(client)
        assert "Прямуйте в укриття" in await person.text("/report")
        assert "Прямуйте в укриття" not in await person.text("/report/offline")
