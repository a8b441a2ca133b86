"""Sockets, files and tokens end with the right to them, whether a page or another process ended it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, web
from aiohttp.test_utils import TestClient, TestServer

import cti_server
from cti_server.api import socket
from cti_server.auth.access import allowed
from cti_server.auth.revocation import WATCH, LastingFile
from cti_server.desk.sources import DESK
from cti_server.frame.export import Table, route, send_table
from cti_server.frame.table_files import Row
from cti_server.keys import Accounts
from hotline.access.permissions import Permission, Role
from hotline.access.scopes import scopes_of
from hotline.access.tokens import hash_of
from hotline.access.users import User
from hotline.line.presence_states import Presence
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person, SetBoard
from tests.cti_server.whole import whole_application

SECRET = "hotline_secret"
MEGABYTE = 1 << 20


@dataclass
class Open:
    """A dispatcher at a desk, and an administrator's and the head's tokens."""

    app: web.Application
    person: Person
    dispatcher: User
    head: User
    storage: Storage
    clock: MovedClock

    async def changed(self, user: User, **fields: Any) -> None:
        """Change the account as another process does, past all pages."""
        await self.storage.users.update(replace(user, **fields))
        await self.app[WATCH].look()

    async def signed_out(self) -> None:
        await self.storage.sessions.close_all_of(self.dispatcher.id)
        await self.app[WATCH].look()

    async def socket(self, path: str) -> ClientWebSocketResponse:
        protocols = ("sip",) if path == "/sip" else ()
        return await self.person.client.ws_connect(path, protocols=protocols, headers=self.person.origin)

    async def stream(self) -> ClientWebSocketResponse:
        return await self.person.client.ws_connect(
            "/api/v1/events", headers={"Authorization": f"Bearer {SECRET}"}
        )


@allowed(Permission.SEE_CALLS)
async def endless(request: web.Request) -> web.StreamResponse:
    """A list that never ends."""

    async def rows() -> AsyncIterator[Row]:
        while True:
            yield ["x" * 1000]
            await asyncio.sleep(0)

    return await send_table(request, Table(name="endless", title="Endless", headings=("x",)), rows())


@pytest.fixture
async def asterisk() -> AsyncIterator[str]:
    """Asterisk's own WebSocket, which says nothing."""

    async def listens(request: web.Request) -> web.WebSocketResponse:
        opened = web.WebSocketResponse(protocols=("sip",))
        await opened.prepare(request)
        async for _message in opened:
            pass
        return opened

    app = web.Application()
    app.router.add_get("/ws", listens)
    async with TestServer(app) as server:
        yield str(server.make_url("/ws")).replace("http", "ws", 1)


@pytest.fixture
def app(  # noqa: PLR0917 - fixtures
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, tmp_path: Path, asterisk: str
) -> web.Application:
    made = whole_application(board, accounts, storage, clock, tmp_path, sip=asterisk)
    large = tmp_path / "large.wav"
    with large.open("wb") as file:
        file.truncate(64 * MEGABYTE)  # a hole: nothing is written for each test

    @allowed(Permission.HEAR_RECORDINGS)
    async def recording(_request: web.Request) -> web.StreamResponse:
        return LastingFile(large)

    made.router.add_get(route("/endless"), endless)
    made.router.add_get("/large.wav", recording)
    return made


@pytest.fixture
async def opened(
    app: web.Application,
    client: TestClient[web.Request, web.Application],
    users: Mapping[Role, User],
    storage: Storage,
    clock: MovedClock,
) -> Open:
    desk = await storage.dispatchers.add("201", "Олена", "secret", frozenset())
    dispatcher = replace(users[Role.DISPATCHER], dispatcher_id=desk.id)
    await storage.users.update(dispatcher)
    person = Person(client)
    await person.sign_in("dispatcher")
    await storage.tokens.add(
        hash_of(SECRET),
        name="Табло",
        role=Role.DISPATCHER,
        personal=True,
        user_id=users[Role.HEAD].id,
        made_at=clock.now(),
        expires_at=clock.now() + timedelta(days=30),
        scopes=scopes_of(Role.DISPATCHER),
    )
    return Open(app, person, dispatcher, users[Role.HEAD], storage, clock)


LOSES: Mapping[str, Callable[[Open], Awaitable[None]]] = {
    "session": lambda one: one.signed_out(),
    "role": lambda one: one.changed(one.dispatcher, role=Role.OBSERVER),
    "desk": lambda one: one.changed(one.dispatcher, dispatcher_id=None),
    "account": lambda one: one.changed(one.dispatcher, active=False),
}


async def ends(opened: ClientWebSocketResponse) -> int | None:
    """Read on until the other side closes, and return its code."""
    async with asyncio.timeout(60):
        while (await opened.receive()).type in {WSMsgType.TEXT, WSMsgType.BINARY}:
            pass
    return opened.close_code


@pytest.mark.parametrize("lost", LOSES)
@pytest.mark.parametrize("path", ["/desk/events", "/sip"])
async def test_no_desk_hears_of_callers_and_no_phone_rings_after_the_right_is_lost(
    opened: Open, path: str, lost: str
) -> None:
    one = await opened.socket(path)
    await opened.app[WATCH].look()
    assert not one.closed
    await LOSES[lost](opened)
    assert await ends(one) == aiohttp.WSCloseCode.POLICY_VIOLATION


@pytest.mark.parametrize("lost", ["session", "role", "account"])
@pytest.mark.parametrize("path", ["/endless.csv", "/large.wav"])
async def test_a_file_that_is_being_sent_breaks_off_with_the_right_to_it(
    opened: Open, path: str, lost: str
) -> None:
    answer = await opened.person.get(path)
    assert answer.status == 200
    await answer.content.readexactly(1000)
    await opened.app[WATCH].look()
    await answer.content.readexactly(1000)
    await LOSES[lost](opened)
    with pytest.raises(aiohttp.ClientError):
        await answer.content.read()


@pytest.mark.parametrize("fields", [{"active": False}, {"role": Role.OBSERVER}, {"role": Role.ADMINISTRATOR}])
async def test_no_token_outlives_the_right_of_who_made_it(opened: Open, fields: Mapping[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {SECRET}"}
    assert (await opened.person.client.get("/api/v1/citizens?name=Дем", headers=headers)).status == 200
    stream = await opened.stream()
    await opened.app[WATCH].look()
    assert not stream.closed
    await opened.changed(opened.head, **fields)
    assert await ends(stream) == socket.TOKEN_ENDED
    assert (await opened.person.client.get("/api/v1/citizens?name=Дем", headers=headers)).status == 401


@pytest.fixture
async def acts(opened: Open) -> int:
    """The dispatcher is acting head for a day."""
    head, now = opened.head.id, opened.clock.now()
    named = await opened.storage.acting_heads.name(
        opened.dispatcher.id, now, now + timedelta(days=1), order="№ 1", by=head, at=now
    )
    return named.id


@pytest.mark.parametrize("path", ["/endless.csv", "/large.wav"])
async def test_what_an_acting_head_takes_away_breaks_off_with_their_days(
    opened: Open, acts: int, path: str
) -> None:
    answer = await opened.person.get(path)
    await answer.content.readexactly(1000)
    await opened.app[WATCH].look()
    await answer.content.readexactly(1000)
    await opened.storage.acting_heads.end(acts, opened.head.id, opened.clock.now())
    await opened.app[WATCH].look()
    with pytest.raises(aiohttp.ClientError):
        await answer.content.read()


@pytest.mark.parametrize("opened_before", [True, False])
@pytest.mark.parametrize("path", ["/desk/events", "/sip"])
async def test_the_desk_of_an_acting_head_stays_theirs_when_it_begins_and_when_it_ends(
    opened: Open, path: str, *, opened_before: bool
) -> None:
    now, heads = opened.clock.now(), opened.storage.acting_heads
    one = await opened.socket(path) if opened_before else None
    until = now + timedelta(days=1)
    named = await heads.name(opened.dispatcher.id, now, until, order="№ 1", by=opened.head.id, at=now)
    await opened.app[WATCH].look()
    one = one or await opened.socket(path)
    await heads.end(named.id, opened.head.id, now)
    await opened.app[WATCH].look()
    assert len(opened.app[WATCH]._open) == 1
    await opened.changed(opened.dispatcher, active=False)
    assert await ends(one) == aiohttp.WSCloseCode.POLICY_VIOLATION


@pytest.mark.parametrize("opened_before", [True, False])
async def test_an_open_desk_shows_who_asks_the_head_for_help_while_its_dispatcher_acts(
    opened: Open, *, opened_before: bool
) -> None:
    now, heads, screens = opened.clock.now(), opened.storage.acting_heads, opened.app[DESK].sources.screens
    one = await opened.socket("/desk/events") if opened_before else None
    assert not screens.supervised
    until = now + timedelta(days=1)
    named = await heads.name(opened.dispatcher.id, now, until, order="№ 1", by=opened.head.id, at=now)
    one = one or await opened.socket("/desk/events")
    await one.receive()
    await opened.app[WATCH].look()
    assert screens.supervised
    await heads.end(named.id, opened.head.id, now)
    await opened.app[WATCH].look()
    assert not screens.supervised
    assert not one.closed


async def test_no_token_outlives_the_days_of_an_acting_head_who_made_it(opened: Open, acts: int) -> None:
    headers = {"Authorization": "Bearer hotline_acting"}
    await opened.storage.tokens.add(
        hash_of("hotline_acting"),
        name="Табло",
        role=Role.OBSERVER,
        personal=False,
        user_id=opened.dispatcher.id,
        made_at=opened.clock.now(),
        expires_at=opened.clock.now() + timedelta(days=30),
        scopes=scopes_of(Role.OBSERVER),
    )
    assert (await opened.person.client.get("/api/v1/line", headers=headers)).status == 200
    await opened.storage.acting_heads.end(acts, opened.head.id, opened.clock.now())
    assert (await opened.person.client.get("/api/v1/line", headers=headers)).status == 401


async def test_the_watch_looks_by_itself(opened: Open) -> None:
    one = await opened.socket("/desk/events")
    await opened.storage.sessions.close_all_of(opened.dispatcher.id)
    await ends(one)


async def test_a_look_that_fails_ends_nothing(
    opened: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one = await opened.socket("/desk/events")

    async def away(_ids: object) -> Mapping[int, User]:
        raise OSError("the database is away")

    with monkeypatch.context() as broken:
        broken.setattr(type(opened.storage.users), "those", lambda _self, ids: away(ids))
        async with asyncio.timeout(60):
            while "not known who is still signed in" not in caplog.text:
                await asyncio.sleep(0.01)
    assert not one.closed
    await opened.changed(opened.dispatcher, active=False)
    await ends(one)


async def test_what_has_ended_by_itself_while_the_watch_looks_is_not_ended_again(opened: Open) -> None:
    await (await opened.socket("/desk/events")).receive()
    watch, ended = opened.app[WATCH], asyncio.Event()
    (desk,) = watch._open
    await opened.storage.sessions.close_all_of(opened.dispatcher.id)
    with watch.over(desk.request, ended.set):
        looking = asyncio.create_task(watch.look())
        await asyncio.sleep(0)  # it asks the database now
    await looking
    assert not ended.is_set()


async def test_an_open_page_keeps_its_session_from_idling_out(opened: Open) -> None:
    await opened.socket("/desk/events")
    for _hour in range(20):
        opened.clock.pass_(hours=1)
        await opened.app[WATCH].look()
    assert (await opened.person.get("/account")).status == 200


@pytest.mark.parametrize("fields", [{"role": "observer"}, {"desk": ""}])
async def test_a_desk_that_its_account_has_left_is_off_duty(
    opened: Open, head_beside: Person, fields: Mapping[str, str]
) -> None:
    desk = opened.dispatcher.dispatcher_id
    assert desk is not None
    await opened.storage.dispatchers.set_presence(desk, Presence.READY, opened.clock.now())
    form = {"name": "Олена", "role": "dispatcher", "desk": "201"}
    path = f"/admin/users/{opened.dispatcher.id}"
    assert (await head_beside.post(path, {**form, "name": "Інша"})).status == 303
    assert (await opened.storage.dispatchers.get(desk)).presence is Presence.READY
    assert (await head_beside.post(path, {**form, **fields})).status == 303
    assert (await opened.storage.dispatchers.get(desk)).presence is Presence.AWAY


async def test_a_closed_account_leaves_its_desk_off_duty(opened: Open, head_beside: Person) -> None:
    desk = opened.dispatcher.dispatcher_id
    assert desk is not None
    await opened.storage.dispatchers.set_presence(desk, Presence.READY, opened.clock.now())
    await head_beside.post(f"/admin/users/{opened.dispatcher.id}/deactivate")
    assert (await opened.storage.dispatchers.get(desk)).presence is Presence.AWAY


@pytest.fixture
async def head_beside(server: TestServer, users: Mapping[Role, User]) -> AsyncIterator[Person]:
    """The head, in a browser of their own."""
    async with TestClient(server) as client:
        person = Person(client)
        await person.sign_in(users[Role.HEAD].login)
        yield person


def test_whatever_lasts_is_watched() -> None:
    """A socket or stream is served within `lasting` or `cut_off_in_time`, a user's file as `LastingFile`."""
    folder = Path(cti_server.__file__).parent
    texts = {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*.py")}
    long = ("web.WebSocketResponse(", "web.StreamResponse(")
    unwatched = [
        name
        for name, text in texts.items()
        if any(kind in text for kind in long) and "auth.revocation import" not in text
    ]
    assert unwatched == []
    plain = sorted(name for name, text in texts.items() if "web.FileResponse" in text)
    assert plain == ["auth/revocation.py", "frame/assets.py"]
