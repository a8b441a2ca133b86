"""The first page of all, as citizens get it: the number, what is off, what the city tells; no scripts."""

import re
from collections.abc import Mapping
from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.informing.city_messages import MessageBy, NewMessage
from hotline.informing.orders import Way
from hotline.outages.outage import By
from tests.cti_server.conftest import Person, SetBoard
from tests.cti_server.outages.public.conftest import Town
from tests.fakes.orders import standing_order

LARGEST = 15 * 1024

pytestmark = pytest.mark.usefixtures("town")


async def test_it_says_what_number_to_call_and_what_is_off(person: Person, town: Town) -> None:
    page = await person.text("/")
    assert '<p class="home-number"><a href="tel:1580">1580</a></p>' in page
    assert "Немає холодної води" in page
    assert "Київський квартал, 1–15 непарні" in page
    assert "Заплановано ще 1." in page
    assert 'action="/outages"' in page
    assert "<script" not in page
    assert len(page.encode()) < LARGEST
    for programmers in ("База даних", "hotline citizen", "Телефонна станція"):
        assert programmers not in page
    assert "База даних" in await person.text("/status")
    await town.storage.outages.end(town.water.id, town.clock.now(), By())
    page = await person.text("/")
    assert "Немає холодної води" not in page
    assert "Наскільки нам відомо, у місті все працює." in page


async def test_what_the_city_tells_callers_stands_on_it_as_long_as_it_is_on(
    person: Person, town: Town, users: Mapping[Role, User]
) -> None:
    await standing_order(town.storage, town.clock, "Кип'ятіть воду.", way=Way.PAGE)
    messages, by = town.storage.city_messages, MessageBy(user_id=users[Role.HEAD].id)
    new = NewMessage(title="Лише для своїх", uk="Увага: повітряна тривога.", en="Air alarm.")
    entered = await messages.enter(new, by)
    until = town.clock.now() + timedelta(hours=1)
    await messages.switch_on(entered.id, by, until=until)
    page = await person.text("/")
    assert "Увага: повітряна тривога." in page
    assert "Кип&#39;ятіть воду." in page
    assert "Лише для своїх" not in page
    town.clock.pass_(hours=1)
    assert "повітряна тривога" not in await person.text("/")


async def test_it_comes_without_the_exchange_and_without_the_database(
    person: Person, board: SetBoard
) -> None:
    board.state["asterisk"] = False
    assert "приймає резервна черга" in await person.text("/")
    board.state |= {"asterisk": True, "database": False}
    page = await person.text("/")
    assert "tel:1580" in page
    assert "Зараз не можемо цього показати" in page


async def test_who_has_it_gets_nothing_sent_until_something_changes(person: Person, town: Town) -> None:
    tag = (await person.get("/")).headers["ETag"]
    assert (await person.get("/", headers={"If-None-Match": tag})).status == 304
    await town.storage.outages.end(town.water.id, town.clock.now(), By())
    assert (await person.get("/", headers={"If-None-Match": tag})).status == 200


async def test_it_is_in_english_and_in_the_theme_that_was_chosen(person: Person) -> None:
    await person.post("/preferences", {"language": "en", "theme": "dark"})
    page = await person.text("/")
    assert "No cold water" in page
    assert 'data-theme="dark"' in page


async def test_who_is_signed_in_is_led_to_their_own_home(person: Person, users: Mapping[Role, User]) -> None:
    del users
    await person.enter(Role.ADMINISTRATOR.value)
    answer = await person.get("/")
    assert (answer.status, answer.headers["Location"]) == (303, "/admin/users")


async def test_an_appeal_is_told_of_on_the_telephone_alone(person: Person) -> None:
    page = await person.text("/")
    assert "натисніть 2" in page
    assert not re.search(r'name="number"', page)
