"""The directory: whoever may be called from the desk, and how they are now, found by what was typed."""

import re
from dataclasses import replace
from datetime import time

import pytest

from hotline.contact.channel import Channel
from hotline.enterprises.executors import Contact, ContactHours, ContactKind
from hotline.line.presence_states import Presence
from storage.store import Storage
from tests.cti_server.conftest import MovedClock
from tests.cti_server.desk.conftest import AtDesk

WATER = "+380457900031"
GUARD = "+380457900032"


@pytest.fixture(autouse=True)
async def _enterprises(storage: Storage) -> None:
    by_night = ContactHours(since=time(20), until=time(8))
    contacts = [
        Contact(name="Диспетчерська", number=WATER, hours=ContactHours(since=time(8), until=time(20))),
        Contact(name="Нічний черговий", number=GUARD, hours=by_night),
        Contact(name="Пошта", email="water@slavutych.example"),
        Contact(
            name="Директорка", number="+380457900033", kind=ContactKind.MANAGER, channels=(Channel.CALL,)
        ),
    ]
    await storage.executors.add("КП «Міський водоканал»", "Водоканал", contacts)


async def found(one: AtDesk, typed: str = "") -> list[str]:
    """The numbers that the directory offers, in its order."""
    answer = await one.person.get(f"/desk/directory?q={typed}")
    return re.findall(r'data-number="([^"]+)"', await answer.text())


async def test_without_a_word_it_lists_colleagues_services_and_who_is_on_duty_at_this_hour(
    olena: AtDesk, taras: AtDesk, storage: Storage, clock: MovedClock
) -> None:
    away = await storage.dispatchers.add("203", "Анна", "s", frozenset())
    assert await found(olena) == ["202", away.extension, "101", "102", "103", "104", "112", WATER]
    await storage.dispatchers.set_presence(taras.dispatcher.id, Presence.PAUSED, clock.now(), "tea")
    assert "Перерва" in await (await olena.person.get("/desk/directory")).text()


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("диспетчера 20", ["202"]),
        ("пожежу", ["101"]),
        ("запаху газу", ["104"]),
        ("водоканалу", [WATER]),
        ("кп міськ", [WATER]),
        ("900031", [WATER]),
        ("10", ["101", "102", "103", "104"]),
        ("директорка", []),
        ("нічний", []),
        ("водоканал пожежа", []),
    ],
)
async def test_words_in_any_form_and_parts_of_numbers_find(
    olena: AtDesk, taras: AtDesk, typed: str, numbers: list[str]
) -> None:
    assert taras.dispatcher.extension == "202"
    assert await found(olena, typed) == numbers


async def test_when_nobody_is_on_duty_there_all_their_contacts_are_shown_and_it_is_said(
    olena: AtDesk, storage: Storage
) -> None:
    seldom = ContactHours(since=time(3), until=time(4))
    await storage.executors.add("КП «Ліфт»", "Ліфт", [Contact(name="Майстер", number=GUARD, hours=seldom)])
    assert await found(olena, "ліфти") == [GUARD]
    assert "поза годинами" in await (await olena.person.get("/desk/directory?q=ліфт")).text()


async def test_a_name_that_nobody_has_is_said_to_be_nobodys(olena: AtDesk) -> None:
    assert "Нікого з таким" in await (await olena.person.get("/desk/directory?q=щось")).text()


async def test_colleagues_are_found_at_their_own_telephones_too(
    olena: AtDesk, taras: AtDesk, storage: Storage
) -> None:
    users = {one.dispatcher_id: one for one in await storage.users.all()}
    theirs = replace(users[taras.dispatcher.id], telephone="+380671112233", email="taras@slavutych.example")
    mine = replace(users[olena.dispatcher.id], telephone="+380671112244")
    await storage.users.update(theirs)
    await storage.users.update(mine)
    assert await found(olena, theirs.name) == ["202", "+380671112233"]
    assert await found(olena, "111222") == []
    assert await found(olena, "1112233") == ["+380671112233"]
    assert await found(olena, "taras@slavutych") == ["202", "+380671112233"]
    page = await (await olena.person.get("/desk/directory")).text()
    assert "Власні телефони колег" in page
    assert "taras@slavutych.example" in page
    assert "+380671112244" not in page, "nobody calls themselves"
    await storage.users.update(replace(theirs, active=False, dispatcher_id=None))
    assert "+380671112233" not in await (await olena.person.get("/desk/directory")).text()
