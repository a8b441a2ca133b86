"""`/call`: who is invited to call by the browser, what is carried, and how it ends."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.keys import Accounts
from cti_server.web_calls.line import CLOSED, REFUSED
from cti_server.web_calls.sources import FREE_BEGUN, FREE_WRONG, WEB_CALLS
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.calls.web_calls import WebOrigin
from hotline.portal.follow_codes import DIGITS
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person, SetBoard
from tests.cti_server.web_calls.test_sip_filter import VOICE, request
from tests.cti_server.whole import whole_application


@dataclass
class Exchange:
    """Asterisk: who may call by which name, and what was carried to it."""

    guests: dict[str, WebOrigin] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    async def open_guest(self, name: str, password: str, origin: WebOrigin) -> None:
        assert password
        self.guests[name] = origin

    async def close_guest(self, name: str) -> None:
        self.guests.pop(name, None)
        self.closed.set()

    async def sip(self, asked: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("sip",))
        await socket.prepare(asked)
        async for message in socket:
            self.heard.append(message.data)
            await socket.send_str("SIP/2.0 100 Trying\r\n\r\n")
        return socket


@pytest.fixture
def exchange() -> Exchange:
    return Exchange()


@pytest.fixture
async def app(  # noqa: PLR0917 - all that the application is made of
    board: SetBoard,
    accounts: Accounts,
    storage: Storage,
    clock: MovedClock,
    tmp_path: Path,
    exchange: Exchange,
) -> AsyncIterator[web.Application]:
    asterisk = web.Application()
    asterisk.router.add_get("/ws", exchange.sip)
    async with TestServer(asterisk) as behind:
        websocket = str(behind.make_url("/ws")).replace("http", "ws", 1)
        yield whole_application(board, accounts, storage, clock, tmp_path, sip=websocket, guests=exchange)


Client = TestClient[web.Request, web.Application]


async def invited(client: Client, page: str = "/", **fields: str) -> aiohttp.ClientResponse:
    form = {"consent": "yes", "from": page} | fields
    return await client.post("/call", data=form, headers={"Origin": origin(client)})


async def on_line(client: Client) -> aiohttp.ClientWebSocketResponse:
    return await client.ws_connect("/call/line", protocols=("sip",), origin=origin(client))


def origin(client: Client) -> str:
    return str(client.make_url("/")).rstrip("/")


async def call(client: Client) -> aiohttp.ClientWebSocketResponse:
    """One who is invited and on the line, and has said who they want."""
    guest = await (await invited(client)).json()
    socket = await on_line(client)
    await socket.send_str(request(who=guest["uri"], to=guest["target"], uri=guest["target"], body=VOICE))
    assert "100 Trying" in await socket.receive_str(timeout=60)
    return socket


async def test_one_call_is_carried_and_gone_with_its_page(client: Client, exchange: Exchange) -> None:
    socket = await call(client)
    (name,) = exchange.guests
    assert [one.splitlines()[0] for one in exchange.heard] == ["INVITE sip:1580@hotline SIP/2.0"]
    assert (await invited(client)).status == HTTPStatus.TOO_MANY_REQUESTS  # one at a time
    await socket.close()
    await exchange.closed.wait()
    assert name not in exchange.guests
    assert (await invited(client)).status == HTTPStatus.OK


async def test_nobody_comes_uninvited_or_twice(client: Client) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await on_line(client)
    await call(client)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await on_line(client)


async def test_who_says_what_no_page_says_is_put_out_and_soon_not_invited(
    client: Client, exchange: Exchange
) -> None:
    for _ in range(FREE_WRONG):
        assert (await invited(client)).status == HTTPStatus.OK
        socket = await on_line(client)
        await socket.send_str(request("REGISTER"))
        assert (await socket.receive(timeout=60)).data == REFUSED
        await exchange.closed.wait()
        exchange.closed.clear()
    assert exchange.heard == []
    assert (await invited(client)).status == HTTPStatus.TOO_MANY_REQUESTS


async def test_many_calls_of_one_network_have_to_wait(client: Client) -> None:
    statuses = [(await invited(client)).status for _ in range(FREE_BEGUN + 2)]
    assert statuses[0] == HTTPStatus.OK
    assert statuses[-1] == HTTPStatus.TOO_MANY_REQUESTS


async def test_a_network_has_so_many_calls_at_once_and_an_invitation_that_was_kept_is_no_more_of_them(
    client: Client, app: web.Application
) -> None:
    most = app[WEB_CALLS].guests.rules.from_network
    others = [TestClient(client.server) for _ in range(most + 1)]
    kept = others.pop()
    assert (await invited(kept)).status == HTTPStatus.OK
    sockets = [await call(one) for one in others]
    assert (await invited(client)).status == HTTPStatus.TOO_MANY_REQUESTS
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await on_line(kept)
    assert refused.value.status == HTTPStatus.TOO_MANY_REQUESTS
    assert app[WEB_CALLS].guests.on_line_now == most
    for socket in sockets:
        await socket.close()
    for one in (*others, kept):
        await one.session.close()


async def test_without_the_tick_nobody_is_invited(client: Client) -> None:
    assert (await invited(client, consent="")).status == HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/power", "/power"),
        (f"/my/2600001/{'1' * DIGITS}", "/my"),
        ("/my", "/my"),
        ("/admin/users", "/"),
        ("", "/"),
    ],
)
async def test_a_page_is_one_of_ours_and_a_wrong_code_opens_no_appeal(
    client: Client, exchange: Exchange, path: str, page: str
) -> None:
    await invited(client, path)
    await on_line(client)
    while not exchange.guests:
        await asyncio.sleep(0)
    assert list(exchange.guests.values()) == [WebOrigin(page=page)]


async def test_the_head_closes_calls_at_once_and_opens_them_again(
    client: Client, app: web.Application, users: dict[Role, User], exchange: Exchange
) -> None:
    socket = await call(client)
    head = Person(TestClient(client.server))
    await head.enter(users[Role.HEAD].login)
    assert "Подзвонити з браузера" in await (await client.get("/")).text()

    assert (await head.post("/web-calls/close")).status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert (await head.post("/web-calls/close", {"reason": "атака"})).status == HTTPStatus.SEE_OTHER

    assert (await socket.receive(timeout=60)).data == CLOSED
    assert (await invited(client)).status == HTTPStatus.FORBIDDEN
    assert "зараз закрито" in await (await client.get("/call")).text()
    assert "атака" in await head.text("/web-calls")
    assert (await head.post("/web-calls/open")).status == HTTPStatus.SEE_OTHER
    assert app[WEB_CALLS].guests.open
    await head.client.close()
