"""`/sip` and `/desk/phone`: a dispatcher's browser is joined to Asterisk, nobody else's is."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial

import aiohttp
import pytest
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.application import application
from cti_server.desk import sip_proxy
from cti_server.desk.open_phones import ELSEWHERE
from cti_server.desk.phone_routes import add_softphone
from cti_server.desk.sip_proxy import (
    EXCHANGE_AWAY,
    LONGEST_MESSAGE,
    REGISTERS,
    TOO_MANY_TRIES,
    exchange_socket,
)
from cti_server.desk.softphone import Softphones
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.errors import TelephonyError
from hotline.line.presence_states import Presence
from storage.store import Storage
from tests.cti_server.conftest import KYIV, PASSWORD, Person, SetBoard
from tests.fakes.clock import NOON

REGISTER = "REGISTER sip:hotline SIP/2.0\r\n\r\n"


class Exchange:
    """Asterisk's WebSocket: answers what it hears with the same in brackets. Also gives passwords."""

    def __init__(self) -> None:
        self.away = False
        self.silent = False
        """It takes connections, and answers no ping: as one that hangs, or whose cable was pulled."""
        self.opened: list[str] = []
        self.sockets: list[web.WebSocketResponse] = []

    async def browser_left(self, extension: str) -> None:
        pass

    async def open_browser_phone(self, extension: str) -> str:
        if self.away:
            raise TelephonyError("away")
        self.opened.append(extension)
        return f"password-{len(self.opened)}"

    async def sip(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("sip",), autoping=not self.silent)
        await socket.prepare(request)
        self.sockets.append(socket)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await socket.send_str(f"[{message.data}]")
        return socket


@dataclass
class Desk:
    """The application with a softphone, and the exchange behind it."""

    exchange: Exchange
    server: TestServer
    storage: Storage
    accounts: Accounts
    people: list[Person] = field(default_factory=list)

    async def person(self, login: str, role: Role, extension: str = "") -> Person:
        """Somebody signed in."""
        desk = None
        if extension:
            desk = (await self.storage.dispatchers.add(extension, extension, "secret", frozenset())).id
        hashed = await self.accounts.passwords.hash(PASSWORD)
        await self.storage.users.add(
            login=login, name=login, role=role, password_hash=hashed, dispatcher_id=desk
        )
        return await self.signed_in(login)

    async def signed_in(self, login: str) -> Person:
        person = self.stranger()
        assert (await person.sign_in(login)).status == 303
        return person

    def stranger(self) -> Person:
        self.people.append(Person(TestClient(self.server)))
        return self.people[-1]


@pytest.fixture
async def desk(board: SetBoard, accounts: Accounts, storage: Storage) -> AsyncIterator[Desk]:
    exchange = Exchange()
    asterisk = web.Application()
    asterisk.router.add_get("/ws", exchange.sip)
    async with TestServer(asterisk) as behind:
        app = application(board, "1580", accounts, Pages(KYIV))
        websocket = str(behind.make_url("/ws")).replace("http", "ws", 1)
        add_softphone(app, Softphones(phones=exchange, websocket=websocket))
        async with TestServer(app) as server:
            one = Desk(exchange, server, storage, accounts)
            yield one
            for person in one.people:
                await person.client.close()


async def test_what_the_browser_and_asterisk_say_is_carried_both_ways(desk: Desk) -> None:
    person = await desk.person("olena", Role.DISPATCHER, "201")
    socket = await opened(person)
    await socket.send_str(REGISTER)
    assert await socket.receive_str(timeout=60) == f"[{REGISTER}]"
    assert socket.protocol == "sip"


async def test_of_two_kamailios_the_one_that_lives_is_told_whose_browser_it_is() -> None:
    exchange, kamailio = Exchange(), web.Application()
    kamailio.router.add_get("/201", exchange.sip)
    async with TestServer(kamailio) as living:
        edges = ["ws://127.0.0.1:9", str(living.make_url("")).rstrip("/").replace("http", "ws", 1)]
        softphones = Softphones(phones=exchange, websocket="", edges=edges)
        async with exchange_socket(*softphones.addresses("201")) as socket:
            await socket.send_str(REGISTER)
            assert await socket.receive_str(timeout=60) == f"[{REGISTER}]"


async def test_a_password_is_given_for_each_opening_of_the_desk(desk: Desk) -> None:
    person = await desk.person("olena", Role.DISPATCHER, "201")
    first, second = await account(person), await account(person)
    assert (first["user"], first["uri"]) == ("web-201", "sip:web-201@hotline")
    assert first["password"] != second["password"]
    assert desk.exchange.opened == ["201", "201"]


async def test_no_password_while_the_exchange_is_away(desk: Desk) -> None:
    person = await desk.person("olena", Role.DISPATCHER, "201")
    desk.exchange.away = True
    answer = await person.client.post("/desk/phone", headers=person.origin | {"X-CSRF-Token": person.csrf})
    assert answer.status == 503


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.EXECUTOR, Role.ADMINISTRATOR, Role.HEAD])
async def test_nobody_without_a_desk_gets_a_phone(desk: Desk, role: Role) -> None:
    person = await desk.person("somebody", role)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await opened(person)
    assert refused.value.status == 403
    assert desk.exchange.sockets == []


async def test_a_dispatcher_whose_account_has_no_desk_gets_no_phone(desk: Desk) -> None:
    person = await desk.person("olena", Role.DISPATCHER)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await opened(person)
    assert refused.value.status == 403


async def test_a_page_of_another_site_gets_no_phone(desk: Desk) -> None:
    person = await desk.person("olena", Role.DISPATCHER, "201")
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await person.client.ws_connect("/sip", protocols=("sip",), headers={"Origin": "https://elsewhere"})
    assert refused.value.status == 403


async def test_a_stranger_gets_no_phone(desk: Desk) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await opened(desk.stranger())
    assert desk.exchange.sockets == []


async def test_the_phone_that_is_opened_last_rings_and_the_one_before_is_told(desk: Desk) -> None:
    first = await opened(await desk.person("olena", Role.DISPATCHER, "201"))
    second = await opened(await desk.signed_in("olena"))
    told = await first.receive(timeout=60)
    assert (told.type, told.data) == (WSMsgType.CLOSE, ELSEWHERE)
    await second.send_str(REGISTER)
    assert await second.receive_str(timeout=60) == f"[{REGISTER}]"


async def test_a_phone_that_is_open_elsewhere_stays_there_until_it_is_taken(desk: Desk) -> None:
    olena = await desk.person("olena", Role.DISPATCHER, "201")
    first = await opened(olena)
    elsewhere = await desk.signed_in("olena")

    assert await refused(elsewhere, "open") == {"error": "elsewhere", "engaged": False}
    assert await refused(elsewhere, "wait") == {"error": "elsewhere", "engaged": False}
    await is_talking(desk)
    assert await refused(elsewhere, "take") == {"error": "elsewhere", "engaged": True}
    assert desk.exchange.opened == []
    assert (await asks(elsewhere, "tear")).status == 200
    assert desk.exchange.opened == ["201"]
    assert not first.closed


async def test_a_page_that_is_loaded_anew_waits_until_the_one_before_has_let_the_phone_go(
    desk: Desk,
) -> None:
    olena = await desk.person("olena", Role.DISPATCHER, "201")
    before = await opened(olena)
    asking = asyncio.create_task(asks(olena, "open"))
    await before.close()
    assert (await asking).status == 200


async def test_a_page_that_waits_does_not_have_the_phone_while_a_talk_goes_on(desk: Desk) -> None:
    olena = await desk.person("olena", Role.DISPATCHER, "201")
    await is_talking(desk)
    assert (await asks(olena, "wait")).status == 409
    assert (await asks(olena, "open")).status == 200
    assert (await asks(olena, "steal")).status == 400


async def test_the_browser_learns_that_asterisk_is_gone(desk: Desk) -> None:
    socket = await opened(await desk.person("olena", Role.DISPATCHER, "201"))
    await socket.send_str(REGISTER)
    await socket.receive_str(timeout=60)
    await desk.exchange.sockets[0].close()
    told = await socket.receive(timeout=60)
    assert (told.type, told.data) == (WSMsgType.CLOSE, EXCHANGE_AWAY)


async def test_an_exchange_that_falls_silent_without_a_word_is_given_up(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sip_proxy, "EXCHANGE_HEARTBEAT_SECONDS", 0.05)
    desk.exchange.silent = True
    socket = await opened(await desk.person("olena", Role.DISPATCHER, "201"))
    told = await socket.receive(timeout=60)
    assert (told.type, told.data) == (WSMsgType.CLOSE, EXCHANGE_AWAY)


async def test_a_message_that_no_telephone_sends_ends_the_connection(desk: Desk) -> None:
    socket = await opened(await desk.person("olena", Role.DISPATCHER, "201"))
    await socket.send_str("x" * (LONGEST_MESSAGE + 1))
    assert (await socket.receive(timeout=60)).type is WSMsgType.CLOSE


async def test_nobody_tries_passwords_of_colleagues_through_their_own_page(desk: Desk) -> None:
    person = await desk.person("olena", Role.DISPATCHER, "201")
    first = await opened(person)
    for _ in range(REGISTERS.at_once):
        await first.send_str(REGISTER)
        await first.receive_str(timeout=60)
    await first.close()
    disguised = (REGISTER, f"\r\n{REGISTER}", REGISTER.lower(), f"OPTIONS sip:a SIP/2.0\r\n\r\n{REGISTER}")
    for message in disguised:  # Asterisk reads each of them, also as octets
        for binary in (False, True):
            again = await opened(person)  # gives no further tries
            send = partial(again.send_bytes, message.encode()) if binary else partial(again.send_str, message)
            for _ in range(REGISTERS.at_once):
                await send()
            async with asyncio.timeout(60):
                async for _heard in again:
                    pass
            assert again.close_code == TOO_MANY_TRIES


async def asks(person: Person, how: str) -> aiohttp.ClientResponse:
    headers = person.origin | {"X-CSRF-Token": person.csrf}
    return await person.client.post("/desk/phone", headers=headers, data={"how": how})


async def refused(person: Person, how: str) -> dict[str, object]:
    answer = await asks(person, how)
    assert answer.status == 409
    found: dict[str, object] = await answer.json()
    return found


async def is_talking(desk: Desk) -> None:
    """A citizen talks with this dispatcher."""
    (one,) = await desk.storage.dispatchers.all()
    await desk.storage.line.enter("c1", at=NOON)
    await desk.storage.dispatchers.set_presence(one.id, Presence.READY, NOON)
    offer = await desk.storage.line.pair(NOON)
    assert offer is not None
    assert await desk.storage.line.answered("c1", one.id, NOON)


async def opened(person: Person) -> aiohttp.ClientWebSocketResponse:
    return await person.client.ws_connect("/sip", protocols=("sip",), headers=person.origin)


async def account(person: Person) -> dict[str, str]:
    answer = await person.client.post("/desk/phone", headers=person.origin | {"X-CSRF-Token": person.csrf})
    assert answer.status == 200
    found: dict[str, str] = await answer.json()
    return found
