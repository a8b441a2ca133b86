"""The stream of events, as another system sees it on a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError, web

from cti_server.api import socket
from cti_server.api.feed import ROOM, Feed
from cti_server.api.missed import LONGEST
from cti_server.api.sources import API
from cti_server.auth.rates import TokenLimits
from cti_server.auth.revocation import WATCH
from hotline.access.permissions import Role
from hotline.access.tokens import hash_of
from hotline.access.users import AuditFilter
from hotline.appeals.appeal import Appeal, AppealState
from hotline.calls.call import CallRecord, Outcome
from hotline.enterprises.executors import Executor
from hotline.events import (
    AppealChanged,
    AppealRegistered,
    CallArrived,
    CallEnded,
    DispatcherOffered,
    LineChanged,
    TalkEnded,
    TalkStarted,
)
from hotline.line.presence_states import Presence
from service.node.bus import Bus
from storage.store import Storage
from tests.cti_server.api.conftest import NUMBER, Program, given_appeal
from tests.cti_server.conftest import MovedClock


@asynccontextmanager
async def stream(program: Program, after: str = "") -> AsyncIterator[ClientWebSocketResponse]:
    address = "/api/v1/events" + (f"?after={after}" if after else "")
    async with program.client.ws_connect(address, headers=program.headers) as opened:
        yield opened


async def told(opened: ClientWebSocketResponse) -> dict[str, Any]:
    async with asyncio.timeout(60):
        found: dict[str, Any] = json.loads(await opened.receive_str())
    return found


def arrived(clock: MovedClock, call_id: str = "hotline-1.1") -> CallArrived:
    return CallArrived(call_id=call_id, number=NUMBER, at=clock.now())


async def test_a_call_is_told_from_arrival_to_end(head: Program, bus: Bus, clock: MovedClock) -> None:
    one, now = {"call_id": "hotline-1.1", "at": clock.now()}, clock.now().isoformat().replace("+00:00", "Z")
    async with stream(head) as opened:
        assert (await told(opened))["type"] == "hello"
        bus.tell(arrived(clock))
        bus.tell(DispatcherOffered(**one, dispatcher_id=1, number=NUMBER, attempt=1))
        bus.tell(TalkStarted(**one, dispatcher_id=1))
        bus.tell(TalkEnded(**one, dispatcher_id=1))
        bus.tell(CallEnded(**one, outcome=Outcome.TALKED))
        heard = [await told(opened) for _ in range(5)]
    assert [one["type"] for one in heard] == [
        *("call.arrived", "call.offered", "call.answered", "call.talk-ended", "call.ended")
    ]
    assert [one["at"] for one in heard] == [now] * 5
    assert heard[0]["number"] == heard[1]["number"] == NUMBER
    assert heard[4]["outcome"] == "talked"


async def test_numbers_are_masked_without_personal_data_and_their_sight_is_written_down(
    head: Program, masked: Program, bus: Bus, clock: MovedClock, storage: Storage
) -> None:
    async with stream(head) as whole, stream(masked) as hidden:
        await told(whole)
        await told(hidden)
        bus.tell(arrived(clock))
        assert (await told(whole))["number"] == NUMBER
        assert (await told(hidden))["number"] == "+38045*****12"
    seen = await storage.audit.find(AuditFilter(subject="call:hotline-1.1"), limit=10)
    assert [one.detail for one in seen] == [f"token:{head.token.id} Система head; events"]


def some_appeal(clock: MovedClock, executor_id: int | None = None) -> Appeal:
    return Appeal(
        number="2600001",
        applicant_number=None,
        text="Немає води",
        state=AppealState.REGISTERED,
        registered_at=clock.now(),
        due_on=date(2026, 3, 9),
        executor_id=executor_id,
    )


def changed(appeal: Appeal, act: str, *, hidden: bool = False) -> AppealChanged:
    return AppealChanged(appeal=appeal, act=act, at=appeal.registered_at, hidden=hidden)


async def test_each_token_hears_what_its_role_may_see(
    programs: dict[Role, Program], bus: Bus, clock: MovedClock
) -> None:
    appeal = some_appeal(clock)
    async with stream(programs[Role.OBSERVER]) as observer, stream(programs[Role.ADMINISTRATOR]) as admin:
        await told(observer)
        await told(admin)
        bus.tell(arrived(clock))
        bus.tell(AppealRegistered(appeal=appeal))
        bus.tell(changed(appeal, "note", hidden=True))
        bus.tell(changed(appeal, "accept"))
        assert (await told(observer))["number"] == "2600001"
        assert (await told(observer))["act"] == "accept"
        assert admin._reader is not None
        assert not admin._reader._buffer  # nothing else has come for it


async def test_an_executors_system_hears_of_its_own_appeals_alone(
    programs: dict[Role, Program], bus: Bus, clock: MovedClock, heat: Executor
) -> None:
    theirs, others = some_appeal(clock, heat.id), some_appeal(clock, heat.id + 1)
    async with stream(programs[Role.EXECUTOR]) as opened:
        await told(opened)
        bus.tell(arrived(clock))
        for appeal in (others, some_appeal(clock), theirs):
            bus.tell(AppealRegistered(appeal=appeal))
            bus.tell(changed(appeal, "note", hidden=True))
        heard = [await told(opened) for _ in range(2)]
        bus.tell(changed(theirs, "accept"))
        heard.append(await told(opened))
    assert [(one["type"], one["executor_id"]) for one in heard] == [
        ("appeal.registered", heat.id),
        ("appeal.changed", heat.id),
        ("appeal.changed", heat.id),
    ]


async def test_what_is_done_over_the_interface_is_told(
    programs: dict[Role, Program], head: Program, heat: Executor
) -> None:
    async with stream(head) as opened:
        await told(opened)
        key = {"Idempotency-Key": "request-0001"}
        made = await (await head.ask("POST", "/appeals", json=given_appeal(), headers=key)).json()
        body = {"version": made["version"], "executor_id": heat.id}
        path = f"/appeals/{made['number']}/assign"
        key = {"Idempotency-Key": "request-0002"}
        assert (await head.ask("POST", path, json=body, headers=key)).status == 200
        first, second = await told(opened), await told(opened)
    assert (first["type"], first["state"]) == ("appeal.registered", "registered")
    assert (second["act"], second["state"], second["version"]) == ("assign", "assigned", 2)


async def test_whoever_comes_back_gets_what_was_missed(head: Program, bus: Bus, clock: MovedClock) -> None:
    async with stream(head) as opened:
        first = await told(opened)
        bus.tell(arrived(clock, "a-1"))
        last = (await told(opened))["id"]
    for call_id in ("b-2", "c-3"):
        bus.tell(arrived(clock, call_id))
    async with stream(head, last) as again:
        assert (await told(again))["resumed"] is True
        assert [(await told(again))["call_id"] for _ in range(2)] == ["b-2", "c-3"]
    async with stream(head, first["position"]) as anew:
        await told(anew)
        assert (await told(anew))["call_id"] == "a-1"


@pytest.mark.parametrize("after", ["00000000-7", "{name}-999"])
async def test_a_position_that_is_not_known_is_said_to_be_missed(
    head: Program, feed: Feed, bus: Bus, clock: MovedClock, after: str
) -> None:
    bus.tell(arrived(clock))
    async with stream(head, after.format(name=feed._name)) as opened:
        assert (await told(opened))["resumed"] is False


async def test_a_position_too_long_ago_is_said_to_be_missed(
    head: Program, bus: Bus, clock: MovedClock
) -> None:
    async with stream(head) as opened:
        position = (await told(opened))["position"]
    for _ in range(ROOM + 1):
        bus.tell(arrived(clock))
    async with stream(head, position) as opened:
        assert (await told(opened))["resumed"] is False


async def test_after_a_restart_appeals_and_presence_follow_from_the_database(
    programs: dict[Role, Program], head: Program, storage: Storage, clock: MovedClock, app: web.Application
) -> None:
    desk = await storage.dispatchers.add("201", "Олена", "s", frozenset())
    clock.pass_(minutes=1)
    async with stream(head) as opened:
        position = (await told(opened))["position"]
    before = clock.now()
    clock.pass_(minutes=3)
    made = await head.ask("POST", "/appeals", json=given_appeal(), headers={"Idempotency-Key": "request-1"})
    number = (await made.json())["number"]
    await storage.dispatchers.set_presence(desk.id, Presence.READY, clock.now())
    app[API].feed._name = "0badcafe"  # the service that was started anew
    async with stream(head, position) as again:
        hello = await told(again)
        assert (hello["resumed"], hello["restored"]) == (False, True)
        appeal, presence = [await told(again) for _ in range(2)]
    assert (appeal["type"], appeal["number"]) == ("appeal.registered", number)
    assert (presence["type"], presence["presence"]) == ("presence.changed", "ready")
    async with stream(programs[Role.EXECUTOR], position) as others:
        assert (await told(others))["restored"] is True
        assert others._reader is not None
        assert not others._reader._buffer  # none of them is its own
    async with stream(head, appeal["id"]) as broke_off:  # while it was being told
        await told(broke_off)
        assert (await told(broke_off))["number"] == number
    clock.pass_(days=8)
    assert clock.now() - before > LONGEST
    async with stream(head, position) as late:
        assert (await told(late))["restored"] is False


async def test_a_change_of_presence_and_of_the_line_is_told_once(
    head: Program, bus: Bus, feed: Feed, storage: Storage, clock: MovedClock
) -> None:
    desk = await storage.dispatchers.add("201", "Олена", "s", frozenset())
    async with stream(head) as opened:
        await told(opened)
        await storage.dispatchers.set_presence(desk.id, Presence.READY, clock.now())
        await storage.calls.open(
            CallRecord(id="hotline-1.1", number=NUMBER, shown=NUMBER, arrived_at=clock.now())
        )
        await storage.line.enter("hotline-1.1", at=clock.now())
        for _ in range(2):
            bus.tell(LineChanged(at=clock.now()))
            await feed.refresh()
        presence, line = await told(opened), await told(opened)
        bus.tell(arrived(clock))
        assert (await told(opened))["type"] == "call.arrived"
    assert (presence["type"], presence["dispatcher_id"], presence["presence"]) == (
        "presence.changed",
        desk.id,
        "ready",
    )
    assert (line["type"], line["waiting"], line["talking"]) == ("line.changed", 1, 0)


async def test_a_client_that_does_not_keep_up_is_told_so_and_dropped(
    head: Program, bus: Bus, clock: MovedClock
) -> None:
    async with stream(head) as opened:
        await told(opened)
        for _ in range(ROOM + 1):  # in one go, so that nothing can be sent meanwhile
            bus.tell(arrived(clock))
        async with asyncio.timeout(60):
            while (await opened.receive()).type is WSMsgType.TEXT:
                pass
        assert opened.close_code == socket.TOO_SLOW


async def test_a_client_that_reads_nothing_is_let_go_and_holds_up_no_other(
    masked: Program, head: Program, bus: Bus, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "FAREWELL_SECONDS", 0.1)
    opened = masked.client.app[socket.OPEN]
    reader, writer = await asyncio.open_connection(masked.client.host, masked.client.port, limit=1024)
    asked = {
        "Host": "hotline",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        **masked.headers,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in asked.items())
    writer.write(f"GET /api/v1/events HTTP/1.1\r\n{lines}\r\n".encode())
    assert b"101" in await reader.readline()
    ended = CallEnded(call_id="hotline-1.1", outcome=Outcome.TALKED, at=clock.now())
    async with stream(head) as other, asyncio.timeout(30):
        await told(other)
        while opened[masked.token.id]:  # megabytes fit into the network's own buffers
            for _ in range(100):
                bus.tell(ended)
            for _ in range(100):
                assert (await told(other))["type"] == "call.ended"
    writer.close()


async def test_the_stream_ends_with_its_token(
    head: Program, storage: Storage, clock: MovedClock, app: web.Application
) -> None:
    async with stream(head) as opened:
        await told(opened)
        await storage.tokens.revoke(head.token.id, clock.now())
        await app[WATCH].look()
        async with asyncio.timeout(60):
            await opened.receive()
        assert opened.close_code == socket.TOKEN_ENDED


async def test_the_stream_ends_with_the_secret_that_opened_it(
    head: Program, storage: Storage, clock: MovedClock, app: web.Application
) -> None:
    async with stream(head) as opened:
        await told(opened)
        await storage.tokens.renew(head.token.id, hash_of("another"), old_until=clock.now())
        await app[WATCH].look()
        async with asyncio.timeout(60):
            await opened.receive()
        assert opened.close_code == socket.TOKEN_ENDED


@pytest.mark.parametrize("limits", [TokenLimits(sockets=1)])
async def test_one_token_opens_only_so_many_streams(head: Program, app: web.Application) -> None:
    async with stream(head) as opened:
        await told(opened)
        with pytest.raises(WSServerHandshakeError) as refused:
            async with stream(head):
                pass
        assert refused.value.status == 429
    while app[socket.OPEN][head.token.id]:
        await asyncio.sleep(0.01)
    async with stream(head) as again:
        await told(again)


async def test_without_a_token_nothing_is_told(head: Program) -> None:
    with pytest.raises(WSServerHandshakeError) as refused:
        await head.client.ws_connect("/api/v1/events")
    assert refused.value.status == 401
    plain = await head.ask("GET", "/events")
    assert (plain.status, plain.content_type) == (400, "application/problem+json")
