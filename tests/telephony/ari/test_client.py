"""The ARI connection against a server that answers late, wrongly, in disorder, or not at all."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from hotline.errors import CallGone
from telephony.ari import client as module
from telephony.ari.actions import Ari
from telephony.ari.client import AriAddress, AriConnection, connect
from telephony.ari.errors import AriRefused, AriUnavailable, NotThere
from telephony.ari.messages import ChannelDestroyed, ChannelDtmfReceived, Event, channel_of
from tests.fakes.ari_server import AriServer, no_content

CHANNEL = {
    "id": "hotline-1.1",
    "name": "PJSIP/citizens-00000001",
    "state": "Up",
    "caller": {"name": 'О"л\\ена ☎', "number": "0457900001"},
    "creationtime": "2026-12-01T12:00:00.000+0200",
    "dialplan": {"context": "hotline", "exten": "s", "priority": 2, "app_name": "Stasis", "app_data": ""},
}


class Client:
    """A connection that is being read, and the events that came in."""

    def __init__(self, server: AriServer, connection: AriConnection) -> None:
        self.server = server
        self.connection = connection
        self.ari = Ari(connection.requests, "hotline")
        self.events: list[Event] = []
        self._came = asyncio.Condition()
        self.reading = asyncio.create_task(connection.read(self._take))

    async def has_heard(self, count: int) -> list[Event]:
        async with asyncio.timeout(60), self._came:
            await self._came.wait_for(lambda: len(self.events) >= count)
        return self.events

    def _take(self, event: Event) -> None:
        self.events.append(event)
        self._told = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        async with self._came:
            self._came.notify_all()


@asynccontextmanager
async def _connected(server: AriServer) -> AsyncIterator[Client]:
    async with server.running() as address, connect(address) as connection:
        client = Client(server, connection)
        await server.connected.wait()
        try:
            yield client
        finally:
            client.reading.cancel()
            await asyncio.wait([client.reading])


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with _connected(AriServer()) as one:
        yield one


async def test_a_request_goes_over_the_websocket_as_asterisk_takes_it(client: Client) -> None:
    await client.ari.play("hotline-1.1", "p1", ["sound:a", "sound:b"])
    (request,) = client.server.requests
    assert request["type"] == "RESTRequest"
    assert (request["method"], request["uri"]) == ("POST", "channels/hotline-1.1/play/p1")
    assert request["query_strings"] == [{"name": "media", "value": "sound:a,sound:b"}]
    assert client.server.http_requests == []


async def test_answers_find_their_requests_in_whatever_order_they_come() -> None:
    waiting: list[dict[str, Any]] = []

    async def backwards(server: AriServer, request: dict[str, Any]) -> None:
        waiting.append(request)
        if len(waiting) == 3:
            for one in reversed(waiting):
                channel = one["uri"].rpartition("/")[2]
                await server.respond(one, 200, f'{{"id": "{channel}", {_rest_of_channel()}}}')

    async with _connected(AriServer(answer=backwards)) as client:
        found = await asyncio.gather(*(client.ari.channel(id_) for id_ in ("a", "b", "c")))
        assert [one.id for one in found] == ["a", "b", "c"]


def _rest_of_channel() -> str:
    return (
        '"name": "n", "state": "Up", "caller": {"name": "", "number": ""}, '
        '"creationtime": "2026-12-01T12:00:00.000+0200"'
    )


@pytest.mark.parametrize("status", [404, 409, 412])
async def test_what_is_no_more_is_gone(client: Client, status: int) -> None:
    client.server.answer = _with(status)
    with pytest.raises(NotThere) as caught:
        await client.ari.answer("hotline-1.1")
    assert isinstance(caught.value, CallGone)


async def test_a_channel_that_a_bridge_cannot_find_is_gone(client: Client) -> None:
    client.server.answer = _with(400, '{"message":"Channel not found"}')
    with pytest.raises(NotThere):
        await client.ari.add_to_bridge("talk-1", "hotline-1.1", "ring-1")


@pytest.mark.parametrize("status", [400, 401, 403, 422, 500, 503])
async def test_what_asterisk_refuses_is_refused_with_its_reason(client: Client, status: int) -> None:
    client.server.answer = _with(status, '{"message":"Allocation failed"}')
    with pytest.raises(AriRefused, match=rf"POST /channels/1/answer: {status} .*Allocation failed"):
        await client.ari.answer("1")


@pytest.mark.parametrize(("status", "told"), [(204, False), (404, False), (500, True)])
async def test_of_an_order_nobody_waits_for_the_answer_and_only_a_refusal_is_logged(
    client: Client, caplog: pytest.LogCaptureFixture, status: int, *, told: bool
) -> None:
    async def answer(server: AriServer, request: dict[str, Any]) -> None:
        await server.respond(request, status if request["method"] == "DELETE" else 204, "{}")

    client.server.answer = answer
    client.ari.stop_playback_beside("voice-1.1-1")
    await client.ari.play("1.1", "voice-1.1-2", ["sound:a"])
    assert [one["uri"] for one in client.server.requests] == [
        "playbacks/voice-1.1-1",
        "channels/1.1/play/voice-1.1-2",
    ]
    assert ("DELETE /playbacks/voice-1.1-1" in caplog.text) is told
    assert client.connection._over_socket._ordered == {}


async def test_an_order_on_a_lost_connection_is_told(client: Client) -> None:
    await client.server.drop()
    await client.reading
    with pytest.raises(AriUnavailable):
        client.ari.stop_playback_beside("voice-1.1-1")


async def test_over_http_an_order_is_carried_out_as_well(caplog: pytest.LogCaptureFixture) -> None:
    async with _connected(AriServer(version="20.6.0")) as client:
        client.server.http_status = 404
        client.ari.stop_playback_beside("gone")
        async with asyncio.timeout(60):
            while not client.server.http_requests:
                await asyncio.sleep(0)
        client.server.http_status = 500
        client.ari.stop_playback_beside("refused")
        async with asyncio.timeout(60):
            while "DELETE /playbacks/refused" not in caplog.text:
                await asyncio.sleep(0)
    assert "gone" not in caplog.text


@pytest.mark.parametrize("reached", [True, False])
async def test_a_transfer_is_answered_once_asterisk_has_taken_it_in(*, reached: bool) -> None:
    looked_up: list[dict[str, Any]] = []

    async def keep(_server: AriServer, request: dict[str, Any]) -> None:
        looked_up.append(request)

    async with _connected(AriServer(answer=keep)) as client:
        tell = client.ari.transfer_done if reached else client.ari.transfer_refused
        telling = asyncio.create_task(tell("ring-1"))
        async with asyncio.timeout(60):
            while not looked_up:
                await asyncio.sleep(0)
        client.server.answer = no_content
        await client.ari.answer("another")  # by which time a second request would have come
        (request,) = looked_up
        assert (request["method"], request["uri"]) == ("GET", "channels/ring-1/variable")
        assert not any("transfer_progress" in one["uri"] for one in client.server.requests)
        await client.server.respond(request, 200, '{"value": "3c26@127.0.0.1"}')
        await telling
        assert client.server.requests[-1]["uri"] == "channels/ring-1/transfer_progress"


@pytest.mark.parametrize("status", [404, 500])  # the channel has gone; or its dialogue, a moment before it
async def test_of_a_transfer_by_a_phone_that_hung_up_nobody_is_told(client: Client, status: int) -> None:
    client.server.answer = _with(status)
    with pytest.raises(CallGone):
        await client.ari.transfer_done("ring-1")
    assert len(client.server.requests) == 1


async def test_an_object_that_does_not_exist_is_no_error(client: Client) -> None:
    client.server.answer = _with(404)
    assert not await client.ari.has_object("aor", "desk-201")
    client.server.answer = no_content
    assert await client.ari.has_object("aor", "desk-201")


def _with(status: int, body: str = "") -> Any:
    async def answer(server: AriServer, request: dict[str, Any]) -> None:
        await server.respond(request, status, body)

    return answer


async def test_events_come_typed_and_in_order(client: Client) -> None:
    for digit in "0123456789*#":
        await client.server.event("ChannelDtmfReceived", channel=CHANNEL, digit=digit, duration_ms=80)
    await client.server.event("ChannelDestroyed", channel=CHANNEL, cause=16, cause_txt="Normal Clearing")
    events = await client.has_heard(13)
    assert "".join(one.digit for one in events if isinstance(one, ChannelDtmfReceived)) == "0123456789*#"
    last = events[-1]
    assert isinstance(last, ChannelDestroyed)
    assert (last.cause, channel_of(last), last.channel.caller.name) == (16, "hotline-1.1", 'О"л\\ена ☎')
    assert last.timestamp.utcoffset() is not None


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "ChannelUserevent", "timestamp": "2026-12-01T12:00:00.000+0200"}',
        '{"type": "NobodyKnows"}',
        '{"timestamp": "2026-12-01T12:00:00.000+0200"}',
        '{"type": "StasisStart", "timestamp": "yesterday"}',
        '{"type": "ChannelDtmfReceived", "timestamp": "2026-12-01T12:00:00.000+0200"}',
        '{"type": "RESTResponse", "request_id": "77", "status_code": 200}',
        '{"type": "RESTResponse"}',
        "[]",
        "null",
        '"text"',
        "{}",
    ],
)
async def test_a_message_that_is_not_understood_is_passed_over(client: Client, text: str) -> None:
    await client.server.send(text)
    await client.ari.answer("1")
    assert not client.reading.done()


@pytest.mark.parametrize("text", ["", "{", "not json", '{"type": "StasisStart"', "\x00", "🤷"])
async def test_text_that_is_no_json_is_passed_over(client: Client, text: str) -> None:
    await client.server.send(text)
    await client.ari.answer("1")
    assert not client.reading.done()


async def test_a_lost_connection_ends_the_reading_and_every_waiting_request() -> None:
    async def die(server: AriServer, _request: dict[str, Any]) -> None:
        await server.drop()

    async with _connected(AriServer(answer=die)) as client:
        with pytest.raises(AriUnavailable):
            await client.ari.answer("1")
        async with asyncio.timeout(60):
            await client.reading
        with pytest.raises(AriUnavailable):
            await client.ari.answer("2")


async def test_all_requests_under_way_hear_of_the_loss() -> None:
    came = 0

    async def die_at_the_third(server: AriServer, _request: dict[str, Any]) -> None:
        nonlocal came
        came += 1
        if came == 3:
            await server.drop()

    async with _connected(AriServer(answer=die_at_the_third)) as client:
        ends = await asyncio.gather(*(client.ari.answer(one) for one in "abc"), return_exceptions=True)
        assert [type(one) for one in ends] == [AriUnavailable] * 3


async def test_a_request_that_is_never_answered_does_not_wait_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def say_nothing(_server: AriServer, _request: dict[str, Any]) -> None:
        return

    async with _connected(AriServer(answer=say_nothing)) as client:
        monkeypatch.setattr(module, "REQUEST_SECONDS", 0.1)  # of requests alone, not of the connection
        with pytest.raises(AriUnavailable, match="got no answer"):
            await client.ari.answer("1")


async def test_what_is_asked_when_nobody_reads_any_more_is_sent_and_not_waited_for(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REQUEST_SECONDS", 3600)
    client.reading.cancel()
    await asyncio.wait([client.reading])
    with pytest.raises(AriUnavailable, match="gets no answer"):
        await client.ari.answer("1")
    async with asyncio.timeout(60):
        while not client.server.requests:
            await asyncio.sleep(0)


async def test_a_late_answer_meets_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    late: list[dict[str, Any]] = []

    async def keep(_server: AriServer, request: dict[str, Any]) -> None:
        late.append(request)

    async with _connected(AriServer(answer=keep)) as client:
        monkeypatch.setattr(module, "REQUEST_SECONDS", 0.1)  # of requests alone, not of the connection
        with pytest.raises(AriUnavailable):
            await client.ari.answer("1")
        await client.server.respond(late[0], 204)
        client.server.answer = no_content
        monkeypatch.undo()
        await client.ari.answer("2")


async def test_a_request_that_is_given_up_leaves_nothing_behind(client: Client) -> None:
    async def say_nothing(_server: AriServer, _request: dict[str, Any]) -> None:
        return

    client.server.answer = say_nothing
    asking = asyncio.create_task(client.ari.answer("1"))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait([asking])
    client.server.answer = no_content
    await client.ari.answer("2")
    assert client.connection._over_socket._waiting == {}


@pytest.mark.parametrize(
    ("version", "over_http"),
    [
        ("22.10.1~dfsg+~cs6.15.60671435-1", False),
        ("22.5.0", False),
        ("23.0.0", False),
        ("certified-22.8-cert1", False),
        ("22.4.1", True),
        ("20.6.0~dfsg+~cs6.13.40431414-2build5", True),
        ("GIT-master-0d6", True),
        ("", True),
    ],
)
async def test_an_asterisk_that_takes_no_requests_there_is_asked_by_http(
    version: str, *, over_http: bool
) -> None:
    async with _connected(AriServer(version=version)) as client:
        await client.ari.record("hotline-1.1", "ж", most_seconds=5, most_silence=2)
        assert bool(client.server.http_requests) is over_http
        assert bool(client.server.requests) is not over_http


async def test_over_http_the_same_errors_are_raised() -> None:
    async with _connected(AriServer(version="20.6.0")) as client:
        client.server.http_status = 404
        with pytest.raises(NotThere):
            await client.ari.answer("1")
        client.server.http_status = 500
        with pytest.raises(AriRefused):
            await client.ari.answer("1")
        client.server.http_status, client.server.http_body = 200, "[]"
        assert await client.ari.channels() == []
        await client.ari.put_object("auth", "desk-201", {"username": "x"})
        assert client.server.http_requests[-1][3] == '{"fields":[{"attribute":"username","value":"x"}]}'


async def test_a_closed_port_is_unavailable_not_a_crash() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        address = AriAddress(url=url, user="hotline", secret="s", application="hotline")
        with pytest.raises(AriUnavailable, match="does not answer"):
            async with connect(address):
                pass
