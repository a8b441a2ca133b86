"""The city's page: its figures lead to what they count, and it has nobody's name in it."""

import re
from collections.abc import Mapping
from datetime import time, timedelta
from html import unescape

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.appeal import AppealState
from hotline.city.addresses import Area
from hotline.city.city_map import CityMap, Shape
from hotline.city.classifier import Utility
from hotline.informing.city_messages import MessageBy, NewMessage
from hotline.line.presence_states import Presence
from hotline.outages.outage import By, NewOutage, OutageKind
from hotline.shifts.roster import Shift
from tests.cti_server.appeals.card.conftest import CALL, Road
from tests.cti_server.appeals.list.test_list import shown
from tests.cti_server.conftest import Person
from tests.cti_server.control.test_overview import city
from tests.cti_server.outages.alerts.conftest import raised

LINK = re.compile(r'href="(/appeals\?[^"]+)"[^>]*>(\d+)<')
WHOLE = Shape(street="Київський квартал", rings=(((0, 0), (400, 0), (400, 300)),))
HOUSE = Shape(street="Київський квартал", house="7", rings=(((10, 10), (20, 10), (20, 20)),))
OTHER = Shape(street="Ризький квартал", rings=(((500, 0), (900, 0), (900, 300)),))


def outage(road: Road, *areas: Area, kind: OutageKind = OutageKind.REPAIR) -> NewOutage:
    return NewOutage(utility=Utility.WATER, kind=kind, starts_at=road.clock.now(), areas=areas)


async def test_every_figure_of_appeals_leads_to_as_many(head: Person, road: Road) -> None:
    await city(road)
    await road.begins(
        number=11, state=AppealState.CLOSED, state_since=road.clock.now(), executor_id=road.heat.id
    )
    page = await head.text("/city")
    found = [(unescape(path), int(number)) for path, number in LINK.findall(page)]
    assert {"due=overdue", "due=today", "due=soon", "closed-from", "category"} <= {
        part for path, _ in found for part in re.split(r"[?&]|(?<=closed-from)=.*|(?<=category)=.*", path)
    }
    for path, number in found:
        assert len(shown(await head.text(path))) == number, path


async def test_shares_lead_to_what_they_are_shares_of(head: Person, road: Road) -> None:
    now = road.clock.now()
    for number, state, due in (
        (1, AppealState.CLOSED, 1),
        (2, AppealState.CLOSED, -1),
        (3, AppealState.CLOSED_UNCONFIRMED, 1),
    ):
        await road.begins(
            number=number,
            registered_at=now - timedelta(days=4),
            state=state,
            state_since=now,
            due_at=now + timedelta(days=due),
            executor_id=road.heat.id,
        )
    page = unescape(await head.text("/city"))
    days = "closed-from=2026-02-01&closed-to=2026-03-02"
    for query, figure in (
        (days, "4 дн."),
        (f"{days}&mark=in-time", "67\u00a0%"),
        (f"{days}&state=closed", "67\u00a0%"),
    ):
        assert f'href="/appeals?{query}">{figure}<' in page
    assert len(shown(await head.text(f"/appeals?{days}&mark=in-time"))) == 2
    assert len(shown(await head.text(f"/appeals?{days}&state=closed"))) == 2


async def test_the_line_is_told_in_figures(head: Person, road: Road) -> None:
    line, clock = road.storage.line, road.clock
    assert "на робочих місцях" in await head.text("/city/line")
    desk = await road.storage.dispatchers.add("201", "Олена", "s", frozenset())
    await road.storage.dispatchers.set_presence(desk.id, Presence.READY, clock.now())
    for call in ("one", "two"):
        await line.enter(call, at=clock.now())
    assert await line.pair(clock.now())
    assert await line.answered("one", desk.id, clock.now())
    clock.pass_(seconds=75)
    page = await head.text("/city/line")
    assert re.search(r'data-since="[^"]+" datetime="[^"]+">1:15</time>', page)
    assert "станом на 02.03.2026 14:01:15" in page
    assert 'href="/city/who#waiting">1<' in page


async def test_fewer_at_their_desks_than_the_roster_has_is_told(head: Person, road: Road) -> None:
    assert "за графіком" not in await head.text("/city/line"), "no roster is published"
    desk = await road.storage.dispatchers.add("201", "Олена", "s", frozenset())
    await road.storage.dispatchers.set_presence(desk.id, Presence.READY, road.clock.now())
    users, day, now = await road.storage.users.all(), road.clock.now().date(), road.clock.now()
    for edition, planned in ((1, 1), (2, 2)):
        shifts = [Shift(user_id=one.id, day=day, since=time(8), until=time(20)) for one in users[:planned]]
        await road.storage.roster.save(day, shifts, instead_of=edition - 1, by=users[0].id, at=now)
        await road.storage.roster.publish(day, edition=edition, by=users[0].id, at=now)
        page = await head.text("/city/line")
        assert f"за графіком {planned}" in page
        assert ("city-grave" in page) is (planned > 1)


async def test_the_mayor_sees_the_same_and_nobodys_name(head: Person, road: Road) -> None:
    await road.begins(text="Крани сухі")
    await road.storage.line.enter("one", at=road.clock.now())
    await head.enter(Role.OBSERVER.value)
    page = await head.text("/city")
    assert "/calls?" not in page
    for personal in ("Демченко", "Марія", "380457900001", "Крани сухі", "кв. 12"):
        assert personal not in page


async def test_head_and_mayor_begin_here_and_the_brand_leads_here(head: Person, road: Road) -> None:
    del road
    for role in (Role.HEAD, Role.OBSERVER):
        answer = await head.sign_in(role.value)
        assert answer.headers["Location"] == "/city"
        assert re.search(r'class="navbar-brand[^"]*" href="/city"', await head.text("/account"))


async def test_what_is_off_stands_on_the_map_and_beside_it(head: Person, road: Road) -> None:
    storage = road.storage
    assert '<a href="/city-data/map">' in await head.text("/city")
    await storage.outages.enter(outage(road, Area(street="Київський квартал", first=1, last=9)), By())
    await storage.outages.enter(outage(road, Area(street="Ризький квартал"), kind=OutageKind.EMERGENCY), By())
    await raised(storage, road.clock)
    made = CityMap(height=600, shapes=(WHOLE, OTHER, HOUSE))
    await storage.city_maps.put(made, source="map.geojson", at=road.clock.now())
    page = await head.text("/city/rest")
    assert f'class="city-off city-off-emergency city-whole" d="{OTHER.path}"' in page
    assert f'class="city-off city-off-outage city-whole" d="{HOUSE.path}"' in page
    assert re.search(r">Ризький</tspan><tspan[^>]*>1</tspan>", page)
    listed = re.findall(r'<li class="city-one city-one-(\w+)">\s*<a href="([^"]+)"', page)
    assert listed[:2] == [("emergency", "/outage-register/2"), ("outage", "/outage-register/1")]
    assert listed[2][0] == "alert"
    quarter = rf'city-off-outage city-whole" d="[^"]*{WHOLE.path}'
    assert not re.search(quarter, page)
    await storage.outages.enter(outage(road, Area(street="Київський квартал")), By())
    assert re.search(quarter, await head.text("/city/rest")), "drawn anew, once more is off"


async def test_all_pages_say_what_callers_are_told_as_long_as_they_are(
    head: Person, road: Road, users: Mapping[Role, User]
) -> None:
    messages, by = road.storage.city_messages, MessageBy(user_id=users[Role.HEAD].id)
    message = await messages.enter(NewMessage(title="Тривога", uk="Пройдіть до укриття"), by)
    page = await head.text("/account")
    assert "Тривога" not in page
    assert "Що зараз чують" not in page
    await messages.switch_on(message.id, by, road.clock.now() + timedelta(hours=1))
    await messages.renew()
    page = await head.text("/account")
    assert '<a href="/announcements">Тривога</a> · до 02.03 15:00' in page
    assert "Тривога" in await head.text("/on-now")
    refused = await head.post("/account/password", {})
    assert (refused.status, "Тривога" in await refused.text()) == (422, True)
    await head.enter(Role.OBSERVER.value)
    assert 'href="/announcements"' not in await head.text("/account")
    road.clock.pass_(hours=2)
    assert "Тривога" not in await head.text("/account")


async def test_on_the_wall_there_is_no_menu_and_all_figures(head: Person, road: Road) -> None:
    await road.begins()
    page = await head.text("/city?wallboard")
    assert "navbar" not in page
    assert 'data-query="?wallboard"' in page
    assert "city-wall" in page


async def test_the_figures_of_the_line_lead_to_who_they_are(head: Person, road: Road) -> None:
    storage, clock = road.storage, road.clock
    desk = await storage.dispatchers.add("201", "Тарас", "s", frozenset())
    await storage.dispatchers.add("202", "Ніхто", "s", frozenset())
    await storage.dispatchers.set_presence(desk.id, Presence.READY, clock.now())
    for call in (CALL, "two", "three"):
        await storage.line.enter(call, at=clock.now())
    assert await storage.line.pair(clock.now())
    assert await storage.line.answered(CALL, desk.id, clock.now())
    line = await head.text("/city/line")
    page = await head.text("/city/who")
    for anchor, count in (("waiting", 2), ("talking", 1), ("desks", 1)):
        assert f'href="/city/who#{anchor}">{count}<' in line
        part = page[page.index(f'id="{anchor}"') :].partition("</section>")[0]
        assert part.count("<li") == count, anchor
    assert re.search(rf'<a href="/calls/{CALL}">\+380\d+\*+01</a>', page)
    assert "Тарас" in page
    assert "Ніхто" not in page
    await head.enter(Role.OBSERVER.value)
    assert (await head.get("/city/who")).status == 403
    assert "/city/who" not in await head.text("/city")
