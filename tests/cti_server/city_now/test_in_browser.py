"""The city's page in a real Chromium: axe, both themes, every size; figures that renew themselves."""

from dataclasses import replace

import pytest
from playwright.async_api import expect

from cti_server.city_now.watch import CityWatch
from hotline.access.bodies import Body
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.city.addresses import Area
from hotline.city.geojson import demo_map
from hotline.informing.city_messages import MessageBy, NewMessage
from hotline.line.presence_states import Presence
from hotline.outages.outage import By, OutageKind
from tests.cti_server.appeals.card.conftest import Road
from tests.cti_server.appeals.form.test_in_browser import window
from tests.cti_server.conftest import Person
from tests.cti_server.control.test_overview import city
from tests.cti_server.outages.alerts.conftest import raised
from tests.cti_server.test_in_browser import Window

from .test_page import outage

pytestmark = pytest.mark.system
__all__ = ["window"]


@pytest.fixture
async def busy(road: Road, users: dict[Role, User]) -> Road:
    """A city in which something of everything goes on."""
    storage, clock = road.storage, road.clock
    await city(road)
    await storage.city_maps.put(demo_map(), source="demo", at=clock.now())
    await storage.outages.enter(outage(road, Area(street="Київський квартал", first=1, last=15)), By())
    whole = Area(street="Ризький квартал")
    await storage.outages.enter(outage(road, whole, kind=OutageKind.EMERGENCY), By())
    await raised(storage, clock)
    for extension in ("211", "212", "213"):
        desk = await storage.dispatchers.add(extension, "Тарас", "s", frozenset())
        await storage.dispatchers.set_presence(desk.id, Presence.READY, clock.now())
    for call in ("one", "two"):
        await storage.line.enter(call, at=clock.now())
    assert await storage.line.pair(clock.now())
    by = MessageBy(user_id=users[Role.HEAD].id)
    message = await storage.city_messages.enter(
        NewMessage(title="Вода за графіком", uk="Вода за графіком"), by
    )
    await storage.city_messages.switch_on(message.id, by)
    await storage.city_messages.renew()
    return road


async def test_the_city_is_seen_and_renews_itself(
    head: Person, busy: Road, watch: CityWatch, window: Window
) -> None:
    del head
    mayor = next(one for one in await busy.storage.users.all() if one.role is Role.OBSERVER)
    await busy.storage.users.update(replace(mayor, body=Body.MAYOR, sees_people=False))
    await window.sign_in(Role.OBSERVER.value)
    await window.look("/city", "city-mayor")
    await window.sign_in(Role.HEAD.value)
    await window.look("/city", "city", nightly=True)
    page = window.page
    waiting = page.locator("#city-line dd >> nth=0")
    assert (await waiting.inner_text()).strip() == "2"
    await busy.storage.line.enter("three", at=busy.clock.now())
    await watch.look()
    await expect(waiting).to_have_text("3")


@pytest.mark.nightly
async def test_the_wallboard_on_every_screen(head: Person, busy: Road, window: Window) -> None:
    del head, busy
    await window.sign_in(Role.HEAD.value)
    await window.look("/city?wallboard", "wallboard")
