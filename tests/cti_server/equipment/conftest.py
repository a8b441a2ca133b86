"""The pages of equipment on real storage, with a watch that tests set."""

import pytest
from aiohttp import web

from cti_server.application import application
from cti_server.control.routes import add_control
from cti_server.equipment.routes import add_equipment
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from hotline.equipment.items import Change, Item, Kind, NewItem, Way
from hotline.equipment.states import NOTHING, Look, Standing, State
from service.wiring.equipment import equipment_sources
from storage.store import Storage
from tests.cti_server.appeals.conftest import control_sources
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard

ROUTER = NewItem(name="Маршрутизатор", kind=Kind.ROUTER, way=Way.TCP, host="10.0.0.1")
DISK = NewItem(name="", kind=Kind.DISK, way=Way.BUILT_IN)


class SetWatch:
    """Implements `hotline.equipment.items.Watching`."""

    def __init__(self, storage: Storage, clock: MovedClock) -> None:
        self._storage = storage
        self._clock = clock
        self._standing: dict[int, Standing] = {}
        self.asked: list[int] = []

    def standing(self, item_id: int) -> Standing:
        return self._standing.get(item_id, NOTHING)

    def look_soon(self, item_id: int) -> None:
        self.asked.append(item_id)

    async def find(self, item: Item, state: State, said: str, **values: str | int) -> None:
        """Have the item be so from now on."""
        look, now = Look(state=state, said=said, values=values), self._clock.now()
        await self._storage.equipment.change(Change(item_id=item.id, look=look, began_at=now))
        await self._storage.equipment.watched(now)
        self._standing[item.id] = Standing(look=look, settled=look, since=now, looked_at=now)


@pytest.fixture
def watch(storage: Storage, clock: MovedClock) -> SetWatch:
    return SetWatch(storage, clock)


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, watch: SetWatch
) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_equipment(made, equipment_sources(storage, KYIV, watch, clock))
    add_control(made, control_sources(storage, clock))
    return made


@pytest.fixture
async def router(storage: Storage) -> Item:
    await storage.equipment.provide({Kind.DISK: DISK})
    return await storage.equipment.add(ROUTER)
