"""The manager connection against a server that refuses, hangs, splits its words and goes away."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from hotline.errors import CallGone
from telephony.ami import client as module
from telephony.ami.client import AmiAddress, AmiConnection, AmiRefused, AmiUnavailable, connect
from telephony.ami.messages import DeviceState, FallbackCaller
from tests.fakes.ami_server import SILENCE, AmiServer

DEVICE = "Event: DeviceStateChange\nDevice: PJSIP/desk-{number}\nState: INUSE"


@pytest.fixture
async def server() -> AmiServer:
    return AmiServer()


@pytest.fixture
async def address(server: AmiServer) -> AsyncIterator[AmiAddress]:
    async with server.running() as where:
        yield where


@pytest.fixture
async def ami(address: AmiAddress) -> AsyncIterator[AmiConnection]:
    async with connect(address) as connection:
        yield connection


async def test_it_logs_in_and_leaves_when_it_is_done(server: AmiServer, address: AmiAddress) -> None:
    async with connect(address):
        assert server.actions[0]["username"] == "hotline"
    async with asyncio.timeout(60):
        await server.nobody_left.wait()


async def test_an_action_names_what_it_is_about(server: AmiServer, ami: AmiConnection) -> None:
    await ami.absolute_timeout("PJSIP/citizens-00000001", 60)
    await ami.redirect("PJSIP/citizens-00000001", "resume")
    await ami.queue_add("PJSIP/desk-201", "Олена")
    timeout, redirect, add = server.actions[1:]
    assert (timeout["action"], timeout["channel"], timeout["timeout"]) == (
        *("AbsoluteTimeout", "PJSIP/citizens-00000001", "60"),
    )
    assert (redirect["context"], redirect["exten"], redirect["priority"]) == ("resume", "s", "1")
    assert (add["queue"], add["interface"], add["membername"]) == ("hotline", "PJSIP/desk-201", "Олена")


@pytest.mark.parametrize("reason", ["No such channel", "Channel does not exist: PJSIP/x"])
async def test_a_channel_that_is_no_more_is_gone(server: AmiServer, ami: AmiConnection, reason: str) -> None:
    server.answers["AbsoluteTimeout"] = f"Response: Error\nMessage: {reason}"
    with pytest.raises(CallGone):
        await ami.absolute_timeout("PJSIP/x", 60)


async def test_what_asterisk_refuses_is_refused_with_its_reason(
    server: AmiServer, ami: AmiConnection
) -> None:
    server.answers["QueueAdd"] = "Response: Error\nMessage: Unable to add interface: Already there"
    with pytest.raises(AmiRefused, match="QueueAdd: Unable to add interface: Already there"):
        await ami.queue_add("PJSIP/desk-201", "Олена")


@pytest.mark.parametrize("action", ["QueueAdd", "QueueStatus"])
async def test_an_action_that_is_never_answered_does_not_wait_for_ever(
    server: AmiServer, ami: AmiConnection, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    monkeypatch.setattr(module, "ACTION_SECONDS", 0.1)
    server.answers[action] = SILENCE
    with pytest.raises(AmiUnavailable, match=f"{action} got no answer"):
        await (ami.queue_add("PJSIP/desk-201", "Олена") if action == "QueueAdd" else ami.queue_members())


async def test_leases_of_many_are_renewed_at_once_and_who_has_gone_is_passed_over(
    server: AmiServer, ami: AmiConnection
) -> None:
    channels = [f"PJSIP/citizens-0000000{one}" for one in range(3)]
    await ami.renew(channels, 12)
    asked = server.actions[1:]
    assert [(one["action"], one["channel"], one["timeout"]) for one in asked] == [
        ("AbsoluteTimeout", channel, "12") for channel in channels
    ]
    server.answers["AbsoluteTimeout"] = "Response: Error\nMessage: No such channel"
    await ami.renew(channels, 12)
    server.answers["AbsoluteTimeout"] = "Response: Error\nMessage: Permission denied"
    with pytest.raises(AmiRefused, match="Permission denied"):
        await ami.renew(channels, 12)


async def test_leases_that_nobody_answers_for_are_not_waited_for_for_ever(
    server: AmiServer, ami: AmiConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ACTION_SECONDS", 0.1)
    server.answers["AbsoluteTimeout"] = SILENCE
    with pytest.raises(AmiUnavailable, match="AbsoluteTimeout got no answer"):
        await ami.renew(["PJSIP/x", "PJSIP/y"], 12)


async def test_the_queue_is_read_whole(server: AmiServer, ami: AmiConnection) -> None:
    server.answers["QueueStatus"] = [
        "Response: Success\nEventList: start\nMessage: Queue status will follow",
        "Event: QueueParams\nQueue: hotline\nMax: 0",
        "Event: QueueMember\nQueue: hotline\nName: Олена\nLocation: PJSIP/desk-201",
        "Event: QueueMember\nQueue: hotline\nName: Тарас\nLocation: PJSIP/desk-202",
        "Event: QueueEntry\nQueue: hotline\nPosition: 1\nChannel: PJSIP/c-1\nUniqueid: hotline-1.1",
        "Event: QueueEntry\nQueue: hotline\nPosition: 2\nChannel: PJSIP/c-2\nUniqueid: hotline-1.2",
        "Event: QueueStatusComplete\nEventList: Complete\nListItems: 5",
    ]
    assert await ami.queue_members() == {"PJSIP/desk-201", "PJSIP/desk-202"}
    assert await ami.fallback_callers() == [
        FallbackCaller(channel_id="hotline-1.1", channel="PJSIP/c-1"),
        FallbackCaller(channel_id="hotline-1.2", channel="PJSIP/c-2"),
    ]


async def test_an_empty_queue_is_empty(server: AmiServer, ami: AmiConnection) -> None:
    server.answers["QueueStatus"] = [
        "Response: Success\nEventList: start\nMessage: Queue status will follow",
        "Event: QueueStatusComplete\nEventList: Complete\nListItems: 0",
    ]
    assert await ami.queue_members() == set()


async def test_events_come_in_their_order_and_end_with_the_connection(
    server: AmiServer, ami: AmiConnection
) -> None:
    for number in range(200):
        await server.event(DEVICE.format(number=number))
        await server.event("Event: VarSet\nVariable: x")
    server.hang_up()
    async with asyncio.timeout(60):
        events = [event async for event in ami.events()]
    assert events == [DeviceState(device=f"PJSIP/desk-{number}", state="INUSE") for number in range(200)]


async def test_an_event_may_come_byte_by_byte(server: AmiServer, ami: AmiConnection) -> None:
    whole = DEVICE.format(number=1).replace("\n", "\r\n").encode() + b"\r\n\r\n"
    await server.send(*(whole[at : at + 1] for at in range(len(whole))))
    async with asyncio.timeout(60):
        assert await anext(ami.events()) == DeviceState(device="PJSIP/desk-1", state="INUSE")


@pytest.mark.parametrize(
    "garbage", [b"\xff\xfe\r\n\r\n", b"\r\n\r\n\r\n\r\n", b"x" * 1_000_000 + b"\r\n\r\n", b": \r\n\r\n"]
)
async def test_garbage_is_passed_over(server: AmiServer, ami: AmiConnection, garbage: bytes) -> None:
    await server.send(garbage)
    await server.event(DEVICE.format(number=1))
    async with asyncio.timeout(60):
        assert await anext(ami.events()) == DeviceState(device="PJSIP/desk-1", state="INUSE")


async def test_a_wrong_secret_is_refused(address: AmiAddress) -> None:
    with pytest.raises(AmiRefused, match="Authentication failed"):
        async with connect(replace(address, secret="wrong")):
            pass


@pytest.mark.parametrize("login", ["Response: Error\nMessage: Authentication failed", SILENCE])
async def test_a_login_that_fails_leaves_no_connection_open(
    server: AmiServer, address: AmiAddress, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    monkeypatch.setattr(module, "ACTION_SECONDS", 0.1)
    server.answers["Login"] = login
    with pytest.raises((AmiRefused, AmiUnavailable)):
        async with connect(address):
            pass
    async with asyncio.timeout(60):
        await server.nobody_left.wait()


async def test_a_closed_port_is_unavailable_not_a_crash() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        with pytest.raises(AmiUnavailable, match="does not answer"):
            async with connect(AmiAddress(host="127.0.0.1", port=port, user="hotline", secret="x")):
                pass


async def test_a_loss_is_noticed_behind_a_full_queue(
    server: AmiServer, address: AmiAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EVENTS_HELD", 3)
    async with connect(address) as ami:
        for number in range(20):
            await server.event(DEVICE.format(number=number))
        await ami.absolute_timeout("PJSIP/x", 60)
        server.hang_up()
        async with asyncio.timeout(60):
            while not ami._manager.protocol.closed:
                await asyncio.sleep(0)
            assert len([event async for event in ami.events()]) <= 3
