"""Orders of the city on the public page, in its widget and feeds: while they stand, where they are for."""

from html import unescape
from typing import Any

import feedparser
import pytest

from hotline.city.addresses import Area
from hotline.informing.order_states import OrderAct
from hotline.informing.orders import InformingOrder, Way
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.outages.public.conftest import ADDRESS, Town
from tests.fakes.orders import LASTS, standing_order

TEXT = "Воду <перед питтям> кип'ятіть.\nДовше п'яти хвилин."


@pytest.fixture
async def order(town: Town) -> InformingOrder:
    areas = Area(street="Київський квартал")
    return await standing_order(town.storage, town.clock, TEXT, areas, way=Way.PAGE)


async def test_it_stands_above_all_with_its_text_and_by_whose_order(
    person: Person, order: InformingOrder
) -> None:
    page = await person.text("/outages")
    text = unescape(page)
    assert TEXT in text
    assert "<перед" not in page
    assert "За розпорядженням № 12-р від 02.03.2026, Міський голова." in text
    assert text.index("Місто повідомляє") < text.index("Відключено зараз")
    assert f'/outages#order-{order.id}"' in await person.text("/outages/widget")


@pytest.mark.usefixtures("order")
async def test_an_address_is_told_only_what_is_for_it(person: Person) -> None:
    assert "Місто повідомляє" in await person.text("/outages?address=Київський+7")
    assert "Місто повідомляє" not in await person.text("/outages?address=Дніпровський+3а")


async def test_it_is_gone_when_it_is_stopped_or_past_its_end(
    person: Person, storage: Storage, clock: MovedClock, order: InformingOrder
) -> None:
    assert "Місто повідомляє" in await person.text("/outages")
    await storage.informing.move(order, OrderAct.STOP, clock.now(), user_id=order.author_id, reason="Усунено")
    await storage.standing_orders.renew()
    clock.pass_(minutes=1)
    assert "Місто повідомляє" not in await person.text("/outages")
    await standing_order(storage, clock, "Збори.", way=Way.PAGE)
    clock.pass_(minutes=1)
    assert "Збори." in await person.text("/outages")
    clock.pass_(minutes=LASTS.total_seconds() / 60)
    assert "Збори." not in await person.text("/outages")


async def test_what_callers_hear_alone_does_not_stand_there(person: Person, town: Town) -> None:
    await standing_order(town.storage, town.clock, "Збори.")
    assert "Збори." not in await person.text("/outages")


@pytest.mark.parametrize("kind", ["atom", "rss"])
async def test_readers_of_feeds_find_it_as_an_entry(person: Person, order: InformingOrder, kind: str) -> None:
    read: Any = feedparser.parse((await person.text(f"/outages.{kind}")).encode())
    assert not read.bozo
    entry = read.entries[0]
    assert (entry.title, entry.link) == ("Вода", f"{ADDRESS}/outages#order-{order.id}")
    assert "Довше п'яти хвилин." in unescape(entry.summary)


async def test_programs_read_it_without_those_whom_it_calls(person: Person, order: InformingOrder) -> None:
    told = await (await person.get("/outages.json")).json()
    (one,) = told["orders"]
    assert (one["number"], one["text"], one["city_wide"]) == ("12-р", TEXT, False)
    assert one["areas"][0]["street"] == "Київський квартал"
    assert "audience" not in one
    assert one["id"] == order.id
