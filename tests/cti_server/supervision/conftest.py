"""The supervisors' board in the whole of the pages."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from cti_server.keys import Accounts
from cti_server.supervision.watch import WATCH_OF_BOARD, BoardWatch
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.calls.call import CallRecord, JourneyStep, Step
from hotline.line.line import Dispatcher
from hotline.line.presence_states import Presence
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person, SetBoard
from tests.cti_server.whole import whole_application
from tests.fakes.telephone import FakeTelephone


@pytest.fixture
def telephone() -> FakeTelephone:
    return FakeTelephone()


@pytest.fixture
def app(
    board: SetBoard,
    accounts: Accounts,
    storage: Storage,
    clock: MovedClock,
    tmp_path: Path,
    *,
    telephone: FakeTelephone,
) -> web.Application:
    return whole_application(board, accounts, storage, clock, tmp_path, telephone=telephone)


@pytest.fixture
def watch(app: web.Application) -> BoardWatch:
    return app[WATCH_OF_BOARD]


@pytest.fixture
async def desk(storage: Storage, clock: MovedClock, telephone: FakeTelephone) -> Dispatcher:
    """A dispatcher who talks with a citizen; another citizen is in the menu."""
    one = await storage.dispatchers.add("201", "Ірина Гнатюк", "s", frozenset())
    await storage.dispatchers.set_presence(one.id, Presence.READY, clock.now())
    for call, number in (("talk", "+380671112233"), ("menu", "+380671112244")):
        await storage.calls.open(CallRecord(id=call, number=number, shown=number, arrived_at=clock.now()))
    pressed = JourneyStep(
        call_id="menu", number=1, at=clock.now(), step=Step.PRESSED, detail={"key": "1", "asked": "menu"}
    )
    await storage.calls.note(pressed)
    await storage.calls.flush()
    await storage.line.enter("talk", at=clock.now())
    assert await storage.line.pair(clock.now())
    assert await storage.line.answered("talk", one.id, clock.now())
    telephone.talker = one.id
    return one


@pytest.fixture
async def chief(head: Person, users: Mapping[Role, User], storage: Storage) -> Person:
    """A head who has a desk of their own."""
    own = await storage.dispatchers.add("209", "Олена", "s", frozenset())
    await storage.users.update(replace(users[Role.HEAD], dispatcher_id=own.id))
    await head.enter(users[Role.HEAD].login)
    return head
