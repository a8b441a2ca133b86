"""The list of calls over HTTP."""

import csv
import re
from collections.abc import Mapping

import pytest

from cti_server.calls.listing import PAGE_ROWS
from hotline.access.permissions import Role
from hotline.access.users import AuditFilter, User
from hotline.calls.call import Outcome
from storage.store import Storage
from tests.cti_server.calls.conftest import MARIA, call
from tests.cti_server.conftest import Person

IVAN = "+380457900002"


@pytest.fixture
async def worker(person: Person, users: Mapping[Role, User]) -> Person:
    assert users
    await person.enter(Role.DISPATCHER.value)
    return person


def opened(page: str) -> list[str]:
    return re.findall(r'href="/calls/(c\d+)"', page)


async def test_numbers_are_masked_in_the_list_and_in_the_export(worker: Person, storage: Storage) -> None:
    await call(storage, "c1")
    await call(storage, "c2", None, 1, Outcome.HUNG_UP_IN_MENU)
    page, table = await worker.text("/calls"), await worker.text("/calls.csv")
    assert opened(page) == ["c2", "c1"]
    assert "прихований" in page
    for text in (page, table):
        assert "+38045*****01" in text
        assert MARIA not in text
    first, *rows = csv.reader(table.splitlines())
    assert first[1:4] == ["Напрямок", "Номер", "Чим завершився"]
    assert [row[-1] for row in rows] == ["c2", "c1"]
    assert rows[0][0] == "02.03.2026 14:01:00"


async def test_who_may_have_called_is_named_in_the_list_alone_and_written_down(
    worker: Person, storage: Storage
) -> None:
    maria = await storage.citizens.add("Марія <Демченко>", "Київський квартал, 7", [MARIA])
    ivan = await storage.citizens.add("Іван Демченко", "Київський квартал, 7", [MARIA, IVAN])
    await call(storage, "c1")
    await call(storage, "c2", None, 1)
    page = await worker.text("/calls")
    assert ">Марія &lt;Демченко&gt; / Іван Демченко<" in page
    assert page.count("Демченко") == 4
    assert "Демченко" not in await worker.text("/calls.csv")
    entries = await storage.audit.find(AuditFilter(subject="calls"), limit=9)
    assert f"citizen:{maria.id} citizen:{ivan.id}" in [one.detail for one in entries]


async def test_filters_stand_in_the_address_and_days_are_those_of_kyiv(
    worker: Person, storage: Storage
) -> None:
    await call(storage, "c1", MARIA, 0)
    await call(storage, "c2", IVAN, 9 * 60 + 59, Outcome.ABANDONED_IN_LINE)  # 23:59 in Kyiv
    await call(storage, "c3", MARIA, 10 * 60, Outcome.ABANDONED_IN_LINE)  # midnight
    assert opened(await worker.text("/calls?to=2026-03-02")) == ["c2", "c1"]
    assert opened(await worker.text("/calls?from=2026-03-03")) == ["c3"]
    assert opened(await worker.text("/calls?missed=1")) == ["c3", "c2"]
    assert opened(await worker.text("/calls?outcome=talked&dispatcher=")) == ["c1"]
    assert opened(await worker.text("/calls?dispatcher=7")) == []
    assert opened(await worker.text("/calls?direction=incoming&missed=1")) == ["c3", "c2"]
    assert opened(await worker.text("/calls?direction=outgoing")) == []
    assert opened(await worker.text("/calls?number=045+790-00-01")) == ["c3", "c1"]
    assert opened(await worker.text("/calls?to=9999-12-31&from=0001-01-01&outcome=x&dispatcher=x")) == [
        "c3",
        "c2",
        "c1",
    ]


async def test_a_number_that_is_none_comes_back_with_the_reason(worker: Person, storage: Storage) -> None:
    await call(storage, "c1")
    page = await worker.text("/calls?number=12")
    assert 'value="12"' in page
    assert "Це не повний номер" in page
    assert opened(page) == []
    assert len((await worker.text("/calls.csv?number=12")).splitlines()) == 1


async def test_pages_follow_one_another_though_calls_arrive_meanwhile(
    worker: Person, storage: Storage
) -> None:
    for number in range(PAGE_ROWS + 3):
        await call(storage, f"c{number}", minutes=number)
    page = await worker.text("/calls?number=0457900001")
    (older,) = re.findall(r'rel="next" href="([^"]+)"', page)
    await call(storage, "c999", minutes=999)
    second = await worker.text(older.replace("&amp;", "&"))
    assert opened(second) == ["c2", "c1", "c0"]
    assert 'rel="next"' not in second


async def test_looking_searching_and_exporting_are_written_down(worker: Person, storage: Storage) -> None:
    for path in ("/calls", "/calls?number=0457900001", "/calls.csv?missed=1"):
        await worker.text(path)
    found = await storage.audit.find(AuditFilter(subject="calls"), limit=9)
    assert [(one.action, one.detail) for one in reversed(found)] == [
        ("view", ""),
        ("search", "number=0457900001"),
        ("export", "missed=1"),
    ]


async def test_parts_and_what_is_set_stand_above_the_list(worker: Person, storage: Storage) -> None:
    await call(storage, "c1", MARIA, 0)
    page = await worker.text("/calls?missed=1&from=2026-03-05&to=2026-03-01&dispatcher=99")
    assert 'href="/calls?from=2026-03-05&amp;to=2026-03-01&amp;dispatcher=99" aria-current="true"' in page
    assert "Від: <strong>05.03.2026</strong>" in page
    assert "<strong>99</strong> — такого вже немає" in page
    assert "Перший день пізніший за останній" in page
    assert "/calls?from=2026-03-01&amp;to=2026-03-05&amp;dispatcher=99&amp;missed=1" in page
    assert opened(await worker.text("/calls?from=2026-03-02&to=2026-03-02")) == ["c1"]
    assert 'from=2026-03-02&amp;to=2026-03-02"' in await worker.text("/calls")
