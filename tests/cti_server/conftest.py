"""The web application on real SQLite, a board that tests set, and a person who signs in and sends forms."""

import asyncio
import re
import secrets
import socket
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import jinja2
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import insert, select
from yarl import URL

from cti_server.application import application
from cti_server.auth.access import open_to_all
from cti_server.auth.passwords import Passwords
from cti_server.frame.assets import FOR_GOOD
from cti_server.frame.language import LANGUAGES
from cti_server.frame.pages import Pages, _environment
from cti_server.keys import ACCOUNTS, Accounts
from cti_server.status.board import LineState
from hotline.access.networks import THIS_MACHINE, Networks
from hotline.access.permissions import Role
from hotline.access.sign_in import IDLE, Session
from hotline.access.tokens import hash_of
from hotline.access.users import User
from hotline.retention.room import Room
from service.node.local_node import free_ports
from storage.store import Storage
from storage.tables.accounts import users as rows
from tests.fakes.databases import fresh_storage
from tests.fakes.made_once import made_once
from tests.fakes.passwords import QUICK
from tests.system.browser import AXE, AXE_PATH, HAVE_AXE

PASSWORD = "correct horse battery"
KYIV = ZoneInfo("Europe/Kyiv")


class SetBoard:
    """Implements `cti_server.status.board.Board`."""

    def __init__(self) -> None:
        self.state = {"asterisk": True, "database": True}
        self.pace = {"escalation": True}
        self.has_room = Room.AMPLE
        self.now = LineState(waiting=3, talking=2, on_duty=4)
        self.found: dict[str, int] = {}
        self.held = {"web": 1, "telephony": 1, "scheduler": 1, "media": 1}
        self.nodes_up: dict[str, bool] = {}

    async def parts(self) -> Mapping[str, bool]:
        return self.state

    def background(self) -> Mapping[str, bool]:
        return self.pace

    def store_away_since(self) -> datetime | None:
        return None

    def defects(self) -> Mapping[str, int]:
        return self.found

    def room(self) -> Room:
        return self.has_room

    def free(self) -> int:
        return 7 * 2**30

    def roles(self) -> Mapping[str, int]:
        return self.held

    def nodes(self) -> Mapping[str, bool]:
        return self.nodes_up

    async def line(self) -> LineState:
        assert self.state["database"], "the line is in the database"
        return self.now


class MovedClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def pass_(self, **span: float) -> None:
        self.moment += timedelta(**span)


@dataclass
class Person:
    """Somebody at a browser: keeps cookies, sends forms with the page's token and origin."""

    client: TestClient[web.Request, web.Application]
    csrf: str = ""

    @property
    def origin(self) -> dict[str, str]:
        return {"Origin": str(self.client.make_url("/")).rstrip("/")}

    async def get(self, path: str, **options: Any) -> aiohttp.ClientResponse:
        return await self.client.get(path, allow_redirects=False, **options)

    async def text(self, path: str) -> str:
        answer = await self.get(path)
        assert answer.status == 200, (answer.status, await answer.text())
        return await answer.text()

    async def post(
        self, path: str, form: Mapping[str, str | list[str]] | None = None
    ) -> aiohttp.ClientResponse:
        """Send a form as the browser does: with the origin, and the token of the page."""
        data = {"csrf": self.csrf, **(form or {})}
        return await self.client.post(path, data=data, headers=self.origin, allow_redirects=False)

    async def sign_in(self, login: str, password: str = PASSWORD, **form: str) -> aiohttp.ClientResponse:
        answer = await self.post("/sign-in", {"login": login, "password": password, **form})
        if answer.status == 303:
            page = await (await self.get("/account")).text()
            if found := re.search(r'name="csrf" value="([^"]+)"', page):
                self.csrf = found[1]
        return answer

    async def enter(self, login: str) -> None:
        """Have the session that signing in begins, without its page: nothing is in the audit log of it."""
        app = self.client.app
        assert app is not None
        accounts, token = app[ACCOUNTS], secrets.token_urlsafe(32)
        user, now = await accounts.users.by_login(login), accounts.clock.now()
        assert user is not None, login
        session = Session(
            token_hash=hash_of(token),
            user_id=user.id,
            csrf=secrets.token_urlsafe(24),
            created_at=now,
            seen_at=now,
            expires_at=now + IDLE,
        )
        await accounts.sessions.open(session)
        self.client.session.cookie_jar.update_cookies({"hotline": token}, self.client.make_url("/"))
        self.csrf = session.csrf


async def status_with_cookie(url: URL, cookie: bytes) -> int:
    """Give the status of the page for a cookie of these bytes, which no client of ours would send."""
    reader, writer = await asyncio.open_connection(url.host, url.port)
    head = f"GET {url.path} HTTP/1.1\r\nHost: {url.authority}\r\nConnection: close\r\nCookie: "
    writer.write(head.encode() + cookie + b"\r\n\r\n")
    status = int((await reader.readline()).split()[1])
    writer.close()
    await writer.wait_closed()
    return status


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once() -> None:
    """By the first worker that fills them, in the first of both languages."""
    kept = jinja2.FileSystemBytecodeCache(str(made_once("templates", Path.mkdir)))
    for language in LANGUAGES:
        _environment(language, KYIV).bytecode_cache = kept


@pytest.fixture
def board() -> SetBoard:
    return SetBoard()


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def storage(clock: MovedClock) -> AsyncIterator[Storage]:
    async with fresh_storage(clock) as opened:
        yield opened


@pytest.fixture
def accounts(storage: Storage, clock: MovedClock) -> Accounts:
    return accounts_on(storage, clock)


def accounts_on(storage: Storage, clock: MovedClock) -> Accounts:
    """Real storage, and real Argon2id with the least work, so that tests are quick."""
    return Accounts(
        users=storage.users,
        acting_heads=storage.acting_heads,
        sessions=storage.sessions,
        attempts=storage.sign_in_attempts,
        audit=storage.audit,
        views=storage.views,
        dispatchers=storage.dispatchers,
        passwords=Passwords(QUICK),
        clock=clock,
    )


@pytest.fixture
def code_needed() -> bool:
    """Heads and administrators need a one-time code everywhere but in the demo city; here they need none."""
    return False


@pytest.fixture
def https() -> bool:
    return False


@pytest.fixture
def trusted() -> Networks:
    return THIS_MACHINE


@pytest.fixture
def hosts() -> Collection[str]:
    return ()


@pytest.fixture
def app(
    board: SetBoard,
    accounts: Accounts,
    trusted: Networks,
    hosts: Collection[str],
    *,
    https: bool,
    code_needed: bool,
) -> web.Application:
    return application(
        board,
        "1580",
        accounts,
        Pages(KYIV),
        https=https,
        trusted=trusted,
        hosts=hosts,
        code_needed=code_needed,
    )


class Server(TestServer):
    """Ends with its fixture, and not with the first client that is closed: a browser may still ask it."""

    async def close(self) -> None:
        pass

    async def end(self) -> None:
        await super().close()


@pytest.fixture
async def server(app: web.Application) -> AsyncIterator[TestServer]:
    async with served(app) as one:
        yield one


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[TestServer]:
    """Serve it at the port of the test before, unless a browser may still hold what that one has answered."""
    app.on_response_prepare.append(_let_it_last)
    app.router.add_get(AXE_PATH, _axe)
    async with Server(app, socket_factory=_where_the_last_was) as one:
        origin = str(one.make_url("/").origin())
        HAVE_AXE.add(origin)
        yield one
        HAVE_AXE.discard(origin)
    await one.end()


@open_to_all
async def _axe(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(AXE, headers={"Cache-Control": FOR_GOOD})


async def _let_it_last(request: web.Request, response: web.StreamResponse) -> None:
    """Scripts and styles are the same for all tests; after another answer that is kept go elsewhere."""
    if "max-age" in response.headers.get("Cache-Control", "") and not request.path.startswith("/static/"):
        _PORTS.clear()


def _where_the_last_was(host: str, _port: int, family: socket.AddressFamily) -> socket.socket:
    """Listen at the port of the test before, where nobody else does: browsers know what its pages need."""
    with suppress(OSError):
        if _PORTS:
            return _bound(host, _PORTS[-1], family)
    with free_ports(1) as (port,):
        _PORTS.append(port)
    return _bound(host, port, family)


def _bound(host: str, port: int, family: socket.AddressFamily) -> socket.socket:
    one = socket.socket(family, socket.SOCK_STREAM)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((host, port))
    except OSError:
        one.close()
        raise
    return one


_PORTS: list[int] = []
"""At which this worker has listened, the last one at the end."""


@pytest.fixture
async def client(server: TestServer) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    async with TestClient(server) as one:
        yield one


@pytest.fixture
def person(client: TestClient[web.Request, web.Application]) -> Person:
    return Person(client)


@pytest.fixture
async def head(person: Person, users: Mapping[Role, User]) -> Person:
    """The head of the centre, signed in."""
    assert users
    await person.enter(Role.HEAD.value)
    return person


@pytest.fixture
async def users(accounts: Accounts, storage: Storage) -> Mapping[Role, User]:
    """One user of each role; login and name are the role's, the password is PASSWORD.

    The observer has the right to personal data; `test_observers.py` looks at one who has not.
    """
    if not _USERS:
        known = await accounts.passwords.hash(PASSWORD)
        for role in Role:
            await accounts.users.add(
                login=role.value,
                name=role.value,
                role=role,
                password_hash=known,
                sees_people=role is Role.OBSERVER,
            )
        async with storage.database.reading() as connection:
            made = (await connection.execute(select(rows).where(rows.c.login.in_(list(Role))))).mappings()
            _USERS.extend({name: one[name] for name in one if name != "id"} for one in made)
    else:
        async with storage.database.writing() as connection:
            await connection.execute(insert(rows), _USERS)
    return {user.role: user for user in await accounts.users.all() if user.login == user.role}


_USERS: list[dict[str, Any]] = []
"""The rows of `users`, made by a worker's first test: to add one after the other takes longer than a page."""


async def change(accounts: Accounts, user: User, **fields: Any) -> User:
    changed = replace(user, **fields)
    await accounts.users.update(changed)
    return changed
