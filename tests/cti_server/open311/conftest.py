"""Open311 on real storage, beside the interface for programs whose tokens are its keys."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from aiohttp import web

from cti_server.api.feed import Feed
from cti_server.api.routes import add_api
from cti_server.application import application
from cti_server.frame.pages import Pages
from cti_server.keys import REPORTING, Accounts
from cti_server.open311.routes import add_open311
from cti_server.open311.sources import Open311Sources
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.attachments import FileLimits
from service.node.bus import Bus
from service.wiring.portal import reporting
from storage.appeals.attachment_store import AttachmentFolder
from storage.store import Storage
from tests.cti_server.api.conftest import Client, Program, api_sources, token_of
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard
from tests.cti_server.outages.public.conftest import ADDRESS
from tests.fakes.register import Register


def open311_sources(storage: Storage, clock: MovedClock) -> Open311Sources:
    return Open311Sources(
        appeal_lists=storage.appeal_lists,
        change_log=storage.change_log,
        registry=storage.registry,
        public_texts=storage.public_texts,
        handling=storage.handling,
        work=storage.executor_work,
        clock=clock,
        timezone=KYIV,
        address=ADDRESS,
        number="1580",
    )


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, tmp_path: Path
) -> web.Application:
    made, feed = (
        application(board, "1580", accounts, Pages(KYIV)),
        Feed(storage.dispatchers, storage.callers, clock),
    )
    add_api(made, api_sources(storage, clock, Bus(), feed))
    add_open311(made, open311_sources(storage, clock))
    store = AttachmentFolder(tmp_path / "evidence", FileLimits())
    store.prepare()
    made[REPORTING] = reporting(storage, KYIV, store=store, events=Bus(), key=b"key", clock=clock)
    return made


@pytest.fixture
async def programs(
    client: Client, storage: Storage, clock: MovedClock, users: Mapping[Role, User]
) -> Mapping[Role, Program]:
    """A dispatcher's token, which may report, an observer's, which may not, and one of the enterprise."""
    enterprise = await storage.executors.add("КП «УЖКГ» (демо)", "УЖКГ", [])
    maker = users[Role.HEAD]

    async def made(role: Role) -> Program:
        whose = enterprise if role is Role.EXECUTOR else None
        return await token_of(client, storage, clock, role, user=maker, personal=False, executor=whose)

    return {role: await made(role) for role in (Role.DISPATCHER, Role.OBSERVER, Role.EXECUTOR)}


@pytest.fixture
def register(storage: Storage, clock: MovedClock) -> Register:
    return Register(storage, clock)
