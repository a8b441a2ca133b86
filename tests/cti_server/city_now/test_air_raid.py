"""Pages of the centre say that an air-raid alert holds and what changes, and when its source is silent."""

from datetime import timedelta

import pytest
from aiohttp import web

from cti_server.city_now.routes import add_city_now
from cti_server.city_now.watch import CityWatch
from hotline.air_raid.alarm import SILENT_AFTER, AirRaid, Alarm
from service.wiring.desks import city_now_sources
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, Person


@pytest.fixture
def air() -> AirRaid:
    return AirRaid()


@pytest.fixture
def app(bare_app: web.Application, storage: Storage, clock: MovedClock, air: AirRaid) -> web.Application:
    sources = city_now_sources(storage, KYIV, clock, air=air)
    add_city_now(bare_app, sources, CityWatch(sources))
    return bare_app


async def test_the_bar_says_so_for_as_long_as_it_holds(head: Person, air: AirRaid, clock: MovedClock) -> None:
    assert "тривог" not in await head.text("/on-now")
    now = clock.now()
    air.hear(Alarm(since=now, threats=["air_raid"]), now)
    bar = await head.text("/city")
    assert f"Повітряна тривога з {now.astimezone(KYIV):%H:%M}" in bar
    assert "Наради в залі зупиняють" in bar
    clock.pass_(seconds=SILENT_AFTER.total_seconds() + 1)
    assert "даних про тривоги немає" in await head.text("/on-now")
    air.hear(None, clock.now())
    assert "тривог" not in await head.text("/on-now")
    clock.pass_(seconds=timedelta(hours=1).total_seconds())
    assert "перевірте в іншому джерелі" in await head.text("/on-now")
