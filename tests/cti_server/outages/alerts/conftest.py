"""Alerts beside the register of outages, and three people who have raised one."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from cti_server.application import application
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.outages.alerts.routes import add_outage_alerts
from cti_server.outages.alerts.sources import AlertSources
from cti_server.outages.register.routes import add_outage_register
from hotline.access.users import User
from hotline.city.addresses import Address
from hotline.city.classifier import Utility
from hotline.outages.alerts import Alert, alerts
from hotline.outages.reports import OutageReport
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, Person, SetBoard
from tests.cti_server.outages.register.conftest import city, oksana, outage_sources, people, signed_in
from tests.storage.enterprise import City

__all__ = ["city", "oksana", "people"]
QUARTER = "Київський квартал"


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_outage_register(made, outage_sources(storage, clock))
    add_outage_alerts(made, AlertSources(alerts=storage.outage_alerts, reports=storage.outage_reports))
    return made


@pytest.fixture
async def colleague(server: TestServer, people: Mapping[str, User]) -> AsyncIterator[Person]:
    """The same account in another browser."""
    async for one in signed_in(server, "oksana"):
        yield one


async def raised(
    storage: Storage,
    clock: MovedClock,
    *,
    appeal: str | None = None,
    houses: Sequence[str] = ("1", "3", "9а"),
    utility: Utility = Utility.WATER,
) -> Alert:
    """Callers who are without it, the third one with an appeal if told."""
    for at, house in enumerate(houses):
        said = OutageReport(
            utility=utility,
            address=Address(street=QUARTER, house=house),
            at=clock.now() - timedelta(minutes=10 - at),
            number=f"+38067000000{at}",
            call_id=f"c{at}",
            appeal=appeal if at == 2 else None,
        )
        await storage.outage_reports.add(said)
    since = clock.now() - timedelta(hours=1)
    found = alerts(await storage.outage_reports.open(since), (), clock.now())
    (proposal,) = [one for one in found if one.utility is utility]
    alert = await storage.outage_alerts.raise_(proposal, clock.now())
    assert alert is not None
    return alert


@pytest.fixture
async def alert(storage: Storage, clock: MovedClock, city: City) -> Alert:
    appeal = await city.enter(category="water-none", address=f"{QUARTER}, 9а")
    return await raised(storage, clock, appeal=appeal.number)
