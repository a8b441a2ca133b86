"""The directory's pages: found, open or closed, who stands in, what residents see, changed by a file."""

import csv
import io

import pytest

from cti_server.directory.sources import DirectorySources
from hotline.access.permissions import Role
from hotline.city_data.tables import TABLES
from hotline.directory.bodies import bodies_in_force
from hotline.documents.document import DocumentKind
from service.wiring.desks import directory_sources
from storage.store import Storage
from tests.cti_server.city_data.test_city_data import bring, hidden, put, save
from tests.cti_server.conftest import KYIV, MovedClock, Person
from tests.cti_server.directory.conftest import WATER

_, OFFICIALS = TABLES[DocumentKind.DIRECTORY]


@pytest.fixture
async def olena(person: Person, users: object) -> Person:
    assert users
    await person.enter(Role.DISPATCHER.value)
    return person


async def test_it_is_found_by_a_word_and_a_number_that_two_bodies_share(olena: Person) -> None:
    page = await olena.text("/directory")
    for name in ("Міська рада", "Центр надання адміністративних послуг", "Водоканал"):
        assert name in page
    assert f'data-call="{WATER}"' in page
    shared = await olena.text("/directory?q=04579 2-00-00")
    assert "Міська рада" in shared
    assert "Центр надання" in shared
    assert "Водоканал" not in shared
    assert "Нічого не знайдено" in await olena.text("/directory?q=дракон")
    assert "Міська рада" not in await olena.text("/directory?kind=state")


async def test_open_now_or_when_it_opens(olena: Person, clock: MovedClock) -> None:
    assert "працює до 12:00" in await olena.text("/directory/council")
    clock.pass_(hours=3)
    assert "зачинено, відчиниться о 12:45" in await olena.text("/directory/council")
    clock.pass_(hours=6)
    await olena.enter(Role.DISPATCHER.value)
    assert "зачинено, відчиниться завтра о 08:00" in await olena.text("/directory/council")
    clock.pass_(days=7)  # Thursday evening: Friday is closed
    await olena.enter(Role.DISPATCHER.value)
    page = await olena.text("/directory/council")
    assert "зачинено, відчиниться пн 13.07 о 08:00" in page
    assert "Не працює: 10.07.2026" in " ".join(page.split())


async def test_who_stands_in_is_named_and_where_nobody_does_the_page_says_whom_to_ask(
    olena: Person, clock: MovedClock
) -> None:
    page = " ".join((await olena.text("/directory/council")).split())
    assert "Заступає: <strong>Бойко Ігор Іванович</strong>" in page
    assert 'data-call="+380671234567"' in page
    assert "Хто заступає, не вказано" not in page
    clock.pass_(days=30)  # Koval is back; Melnyk is away without an end, and Koval stands in for her
    await olena.enter(Role.DISPATCHER.value)
    page = " ".join((await olena.text("/directory/council")).split())
    assert "Заступає: <strong>Коваль Олена Петрівна</strong>" in page


async def test_an_observer_reads_and_dials_nobody(person: Person, users: object) -> None:
    assert users
    await person.enter(Role.OBSERVER.value)
    page = await person.text("/directory/water")
    assert "data-call" not in page
    assert "Диспетчерська" not in page
    for contact in (WATER.removeprefix("+38"), "Диспетчерська"):  # nor finds out a contact by looking for it
        assert "Водоканал" not in await person.text(f"/directory?q={contact}")
    assert (await person.get("/directory/nobody")).status == 404


async def test_residents_see_what_is_chosen_without_inner_numbers_and_other_people(person: Person) -> None:
    page = await person.text("/contacts")
    assert "Міська рада" in page
    assert "Немає на роботі до 31.07.2026" in page
    for hidden_one in ("0099", "Бойко", "671234567", "Водоканал"):
        assert hidden_one not in page
    assert "Центр надання" in await person.text("/contacts?q=паспортом")
    assert "1580" in await person.text("/contacts?q=0671234567")
    assert "City council" in await person.text("/contacts?lang=en")


async def test_people_come_from_a_file_and_a_mistake_is_mended_on_the_page(head: Person) -> None:
    people = [
        {
            "name": "Сова Іван Іванович",
            "body": "Міська рада",
            "post_uk": "Начальник",
            "numbers": "04579 2-33-33, 102",
            "away_since": "01.07.2026",
        },
        {"name": "Рибак Ніна Іванівна", "body": "Лікарня", "post_uk": "Лікарка"},
    ]
    headings = {one.key: one.uk for one in OFFICIALS.columns}
    text = io.StringIO()
    file = csv.DictWriter(text, headings)
    file.writerow(headings)
    file.writerows(people)
    kind = DocumentKind.DIRECTORY
    status, where = await bring(head, kind, "люди.csv", text.getvalue().encode())
    assert (status, where) == (303, "/city-data/directory/draft")
    assert "Установи «Лікарня» тут немає" in await head.text(where)
    assert (await put(head, kind))[0] == 422
    path = "/city-data/directory/rows/official/1"
    status, page = await save(head, path, body="services", stands_in="Рибак Ніна Іванівна")
    assert status == 422
    assert "заступати не може" in page
    assert (await save(head, path, body="services"))[0] == 303
    assert (await put(head, kind))[0] == 303
    known = bodies_in_force()
    assert known.officials["Сова Іван Іванович"].numbers == ("+380457923333", "102")
    assert "Хто заступає, не вказано" in await head.text("/directory/council")


async def test_two_edit_at_once_and_neither_is_lost(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    first = await head.text("/city-data/directory/rows/body/0")
    second = await head.text("/city-data/directory/rows/body/1")
    assert (await save(head, "/city-data/directory/rows/body/0", first, address="Перша, 1"))[0] == 303
    assert (await save(head, "/city-data/directory/rows/body/1", second, address="Друга, 2"))[0] == 303
    status, page = await save(head, "/city-data/directory/rows/body/0", first, address="Третя, 3")
    assert status == 409
    assert "Перша, 1" in page
    assert hidden(page)
    assert (await put(head, DocumentKind.DIRECTORY))[0] == 303
    sources: DirectorySources = directory_sources(storage, KYIV, clock)
    addresses = [one.body.address for one in await sources.entries() if one.body and one.body.address]
    assert addresses == ["Перша, 1", "Друга, 2", "Військових будівельників, 2"]
