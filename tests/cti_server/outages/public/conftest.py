"""The public pages of outages on a real database, with a register that has one of each."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from aiohttp import web

from cti_server.outages.public.published import Published
from cti_server.outages.public.routes import add_public_outages, add_subscribing
from cti_server.outages.public.sources import PublicSources
from cti_server.outages.public.subscribing_sources import SubscribingSources, SubscriptionLinks
from cti_server.status.home import add_home
from hotline.city.addresses import Area, Side, Street
from hotline.city.classifier import Utility
from hotline.outages.outage import By, NewOutage, Outage, OutageKind
from service.node.bus import Bus
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock

ADDRESS = "https://hotline.example"
STREETS = (
    Street(name="Київський квартал"),
    Street(name="Дніпровський квартал", former=("Бєлгородський квартал",)),
    Street(name="вулиця Атомників", former=("вулиця Курчатова",)),
)
LINKS = SubscriptionLinks(key=b"test", address=ADDRESS)
HOUR = timedelta(hours=1)


@dataclass
class Town:
    """What is off in it; acts are told to what is published, as in the service."""

    storage: Storage
    clock: MovedClock
    water: Outage
    heat: Outage
    lifts: Outage

    async def move_end(self, outage: Outage, hours: float) -> Outage:
        fields = {name: getattr(outage, name) for name in NewOutage.__dataclass_fields__}
        later = replace(NewOutage(**fields), expected_end=self.clock.now() + hours * HOUR)
        return await self.storage.outages.change(outage, later, By())


def public_sources(storage: Storage, clock: MovedClock) -> PublicSources:
    # Seconds by the tests' own clock: what is read stays good until a test moves it, or tells of a change.
    orders = storage.standing_orders
    published = Published(storage.outages, storage.executors, orders, clock, lambda: clock.now().timestamp())
    return PublicSources(
        published=published, streets=storage.streets, timezone=KYIV, number="1580", address=ADDRESS
    )


def subscribing_sources(storage: Storage) -> SubscribingSources:
    return SubscribingSources(subscriptions=storage.outage_subscriptions, outbox=storage.outbox, links=LINKS)


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def telling(storage: Storage, bus: Bus) -> Storage:
    """The storage whose acts are told, as in the service."""
    return replace(storage, outages=storage.outages.told_on(bus))


@pytest.fixture
def app(app: web.Application, telling: Storage, bus: Bus, clock: MovedClock) -> web.Application:
    sources = public_sources(telling, clock)
    bus.add(sources.published.tell)
    add_public_outages(app, sources)
    add_subscribing(app, subscribing_sources(telling))
    add_home(app, telling.city_messages)
    return app


@pytest.fixture
async def town(telling: Storage, clock: MovedClock) -> Town:
    """Water is off in odd houses of a quarter, heating will be in the whole city, lifts were mended."""
    storage = telling
    await storage.streets.add(STREETS)
    now = clock.now()
    water = await storage.outages.enter(
        NewOutage(
            utility=Utility.WATER,
            kind=OutageKind.EMERGENCY,
            starts_at=now - HOUR,
            expected_end=now + 2 * HOUR,
            areas=(Area(street="Київський квартал", first=1, last=15, side=Side.ODD),),
            reason="Прорив труби <DN 100> & заміна засувки",
        ),
        By(),
    )
    heat = await storage.outages.enter(
        NewOutage(
            utility=Utility.HEAT,
            kind=OutageKind.PLANNED,
            starts_at=now + 24 * HOUR,
            expected_end=now + 30 * HOUR,
            reason="Гідравлічні випробування",
            order="№ 7 від 20.02.2026",
        ),
        By(),
    )
    lifts = await storage.outages.enter(
        NewOutage(
            utility=Utility.LIFTS,
            kind=OutageKind.REPAIR,
            starts_at=now - 10 * HOUR,
            areas=(Area(street="Дніпровський квартал", first=3, last=3, letter="а"),),
        ),
        By(),
    )
    lifts = await storage.outages.end(lifts.id, now - HOUR, By())
    return Town(storage, clock, water, heat, lifts)
