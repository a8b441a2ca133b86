"""Pages for residents say that an air-raid alert holds, though they are kept, and no more once it is over."""

from dataclasses import replace

import pytest
from aiohttp import web

from cti_server.frame.pages import PAGES, Pages
from cti_server.outages.public.published import Published
from cti_server.outages.public.sources import PUBLIC
from hotline.air_raid.alarm import AirRaid, AirState, Alarm
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, Person


@pytest.fixture
def air() -> AirRaid:
    return AirRaid()


@pytest.fixture
def app(app: web.Application, storage: Storage, clock: MovedClock, air: AirRaid) -> web.Application:
    def now() -> AirState:
        return air.now(clock.now())

    published = Published(storage.outages, storage.executors, storage.standing_orders, clock, air=now)
    app[PUBLIC] = replace(app[PUBLIC], published=published)
    app[PAGES] = Pages(KYIV, air=now)
    return app


@pytest.mark.usefixtures("town")
async def test_each_reader_sees_it_at_once_in_their_language(
    person: Person, air: AirRaid, clock: MovedClock
) -> None:
    for path in ("/outages", "/outages?lang=en", "/"):
        assert "тривога" not in await person.text(path)
    air.hear(Alarm(since=clock.now(), threats=["air_raid"]), clock.now())
    assert "Прямуйте в укриття" in await person.text("/outages")
    assert "Go to a shelter" in await person.text("/outages?lang=en")
    assert "Повітряна тривога" in await person.text("/")
    air.hear(None, clock.now())
    assert "Прямуйте" not in await person.text("/outages")
