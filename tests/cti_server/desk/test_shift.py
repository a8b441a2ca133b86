"""A desk that begins work outside its shift is noted, and takes calls as any other."""

from datetime import date, time

import pytest
from aiohttp import web

from cti_server.shifts.routes import add_shifts
from hotline.line.presence_states import Presence
from hotline.shifts.roster import Shift
from service.wiring.desks import shift_sources
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock
from tests.cti_server.desk.conftest import AtDesk

MONDAY = date(2026, 3, 2)


@pytest.fixture
def app(app: web.Application, storage: Storage, clock: MovedClock) -> web.Application:
    add_shifts(app, shift_sources(storage, KYIV, clock))
    return app


async def begins(desk: AtDesk) -> None:
    for presence in ("away", "ready"):
        assert (await desk.person.post("/desk/presence", {"presence": presence})).status == 200


async def noted(storage: Storage, desk: AtDesk) -> int:
    found = await storage.audit.latest(100, user_id=desk.user_id)
    return sum(one.detail == "outside their shift" for one in found)


async def test_who_begins_outside_their_shift_is_noted_and_works(
    olena: AtDesk, taras: AtDesk, storage: Storage, clock: MovedClock
) -> None:
    await begins(olena)
    assert await noted(storage, olena) == 0, "no roster is published"
    shift = Shift(user_id=taras.user_id, day=MONDAY, since=time(8), until=time(20))
    await storage.roster.save(MONDAY, [shift], instead_of=0, by=taras.user_id, at=clock.now())
    await storage.roster.publish(MONDAY, edition=1, by=taras.user_id, at=clock.now())
    for one in (olena, taras):
        await begins(one)
    assert [await noted(storage, one) for one in (olena, taras)] == [1, 0]
    assert (await storage.dispatchers.get(olena.dispatcher.id)).presence is Presence.READY
    assert 'hx-get="/shifts/now"' in await olena.person.text("/desk")
