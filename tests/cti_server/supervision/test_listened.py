"""A dispatcher sees on the desk who is on their talk, unless an order of the head hides it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from aiohttp import web

from cti_server.desk.listened import ListenedBy, read_listened
from cti_server.desk.sources import DESK, Sources
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.line.line import Dispatcher
from hotline.supervision.listening import Mode
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.fakes.telephone import FakeTelephone


@pytest.fixture
def sources(app: web.Application, telephone: FakeTelephone) -> Sources:
    return replace(app[DESK].sources, listening=telephone)


async def test_who_listens_is_seen_and_hidden_by_an_order_but_for_joining(
    chief: Person,
    desk: Dispatcher,
    sources: Sources,
    *,
    telephone: FakeTelephone,
    storage: Storage,
    users: Mapping[Role, User],
    clock: MovedClock,
) -> None:
    del chief
    assert await read_listened(sources, desk.id) is None
    head = await storage.dispatchers.by_extension("209")
    assert head is not None
    await telephone.listen_in(head.id, "talk", Mode.LISTEN)
    assert await read_listened(sources, desk.id) == ListenedBy(name=head.name, mode=Mode.LISTEN)
    assert await read_listened(sources, head.id) is None

    by, now = users[Role.HEAD].id, clock.now()
    order = await storage.listening_orders.place("15-к", date(2026, 1, 1), by=by, at=now)
    assert await read_listened(sources, desk.id) is None
    telephone.on_talks = [replace(telephone.on_talks[0], mode=Mode.JOIN)]
    assert await read_listened(sources, desk.id) == ListenedBy(name=head.name, mode=Mode.JOIN)
    telephone.on_talks = [replace(telephone.on_talks[0], mode=Mode.WHISPER)]
    await storage.listening_orders.end(order.id, by=by, at=now)
    assert await read_listened(sources, desk.id) == ListenedBy(name=head.name, mode=Mode.WHISPER)
