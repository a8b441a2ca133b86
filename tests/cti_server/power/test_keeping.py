"""The source of the schedules: a file by hand, what is wrong with one, emergency cuts, and who may."""

import aiohttp
import pytest

from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, Person
from tests.fakes.power import published

PATH = "/power/schedules"


async def brought(person: Person, content: bytes) -> aiohttp.ClientResponse:
    form = aiohttp.FormData()
    form.add_field("csrf", person.csrf)
    form.add_field("file", content, filename="gpv.json", content_type="application/json")
    return await person.client.post(f"{PATH}/file", data=form, headers=person.origin, allow_redirects=False)


async def test_a_file_is_taken_noted_and_told_at_once(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    day = clock.now().astimezone(KYIV).date()
    assert (await brought(head, published(day, {"4.1": {19: "no"}}))).status == 303
    assert "18:00–19:00: світла немає" in await head.text("/power?address=Київський квартал, 3")
    assert "<td>файл</td>" in await head.text(PATH)
    older = published(day, {"4.1": {}}, update=f"{day:%d.%m.%Y} 00:05")
    refused = await brought(head, older)
    assert refused.status == 422
    assert "Уже є пізніший графік" in await refused.text()
    assert "18:00–19:00: світла немає" in await head.text("/power?address=Київський квартал, 3")


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"<html>", "Це не JSON"), (b"{}", "У `fact.data` має бути"), (b"", "Це не JSON")],
)
async def test_what_is_no_schedule_comes_back_with_the_reason(
    head: Person, storage: Storage, content: bytes, says: str
) -> None:
    answer = await brought(head, content)
    assert answer.status == 422
    assert says in await answer.text()
    assert not (await storage.power.known()).schedules


async def test_emergency_cuts_begin_and_end_once_though_two_press(head: Person, storage: Storage) -> None:
    for _ in range(2):
        assert (await head.post("/power/emergency")).status == 303
    assert (await storage.power.known()).emergency is not None
    assert "Їх скасовано" in await head.text(PATH)
    for _ in range(2):
        assert (await head.post("/power/emergency/end")).status == 303
    assert (await storage.power.known()).emergency is None
