"""What another city has not got stands on the list of what waits, with whom to ring."""

import pytest
from aiohttp import web

from cti_server.frame.numbers import phone
from cti_server.neighbours.routes import add_neighbours
from hotline.access.permissions import Role
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.neighbours.conftest import neighbour_sources_on
from tests.fakes.neighbours import answered_for, taken_for


@pytest.fixture
def app(app: web.Application, storage: Storage, clock: MovedClock) -> web.Application:
    add_neighbours(app, neighbour_sources_on(storage, clock))
    return app


async def test_an_emergency_that_is_not_there_says_whom_to_ring(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    agreement = await answered_for(storage, clock.now())
    one = await taken_for(storage, agreement, clock.now(), urgent=True)
    assert "todo-other-city" not in await head.text("/todo"), "it is on its way"
    before = await head.text("/todo/count")
    clock.pass_(seconds=20)
    page = await head.text("/todo?wait=other-cities")
    assert f'id="todo-other-city-{one.id}"' in page
    for shown in (
        "Славутич",
        "Витік води",
        'href="tel:+380462999999"',
        "Подзвоніть черговому громади",
        "не передано",
    ):
        assert shown in page, shown
    assert await head.text("/todo/count") != before
    card = await head.text(f"/neighbours/{agreement.id}/appeals/{one.id}")
    assert 'href="tel:+380462999999"' in card
    assert "Прорвало трубу" in card
    told = {"reason": "Телефоном черговому, Петренко"}
    assert (await head.post(f"/neighbours/{agreement.id}/appeals/{one.id}/otherwise", told)).status == 303
    assert "todo-other-city" not in await head.text("/todo")


async def test_a_number_that_is_missing_is_written_down_by_the_head(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    agreement = await answered_for(storage, clock.now(), duty="")
    await taken_for(storage, agreement, clock.now())
    clock.pass_(minutes=30)
    assert "номер не записано, див. договір" in await head.text("/todo")
    address = f"/neighbours/{agreement.id}"
    assert (await head.post(f"{address}/duty", {"duty": "12"})).status == 422
    assert "телефон чергового не записано" in await head.text("/neighbours")
    asked = f'id="todo-duty-{agreement.id}"'
    assert asked in await head.text("/todo"), "also where nothing waits to be handed over"
    await head.enter(Role.DISPATCHER.value)
    assert asked not in await head.text("/todo"), "the head writes it down"
    await head.enter(Role.HEAD.value)
    assert (await head.post(f"{address}/duty", {"duty": "044 123 45 67"})).status == 303
    assert asked not in await head.text("/todo")
    assert "телефон чергового не записано" not in await head.text("/neighbours")
    assert 'href="tel:+380441234567"' in await head.text("/todo")
    assert phone("+380441234567") in await head.text(address)


async def test_the_head_is_told_of_an_agreement_that_no_person_here_has_ended(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    first = await answered_for(storage, clock.now())
    await storage.agreements.end(first.id, by=first.made_by, why="Досить", at=clock.now())
    assert "todo-agreement" not in await head.text("/todo")
    second = await answered_for(storage, clock.now())
    await storage.agreements.end(second.id, by=None, why="Славутич: answered 401", at=clock.now())
    page = await head.text("/todo")
    assert f'id="todo-agreement-{second.id}"' in page
    assert "Славутич: answered 401" in page
    await head.enter(Role.DISPATCHER.value)
    assert "todo-agreement" not in await head.text("/todo"), "the head sees to it"
    clock.pass_(days=7)
    await head.enter(Role.HEAD.value)
    assert "todo-agreement" not in await head.text("/todo")
