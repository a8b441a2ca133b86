"""Asterisk with our configuration: silent at start, a host by itself when our service is away."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.system.conftest import Probes
from tests.system.node import FALLBACK_TONES, Node, running_node

pytestmark = pytest.mark.system


async def test_it_starts_without_a_warning(tmp_path: Path) -> None:
    async with running_node(tmp_path, documented=True) as node:
        assert (await node.ask("GET", "asterisk/ping"))["ping"] == "pong"
        assert node.complaints == []


async def test_two_nodes_run_side_by_side(tmp_path: Path) -> None:
    async with running_node(tmp_path / "a") as one, running_node(tmp_path / "b") as other:
        assert await one.ask("GET", "asterisk/ping")
        assert await other.ask("GET", "asterisk/ping")
        assert one.complaints == other.complaints == []


async def test_with_the_service_away_a_caller_hears_the_greeting_and_can_leave_a_message(
    node: Node, probe: Probes
) -> None:
    caller = probe(node)

    assert (await caller.request("INVITE")).code == 200
    await caller.hear_tone(FALLBACK_TONES["fallback-greeting"])
    await caller.hear_tone(FALLBACK_TONES["fallback-message"])
    messages = node.settings.folders.messages
    await node.until(lambda: bool([*messages.glob("hotline-*-fallback.wav")]))
    await caller.hang_up()

    await node.until(lambda: "LINKEDID_END" in [row["eventtype"] for row in node.cel_rows()])
    assert [row["appname"] for row in node.cel_rows() if row["eventtype"] == "APP_START"] == [
        "Stasis",
        "AGI",
        "Queue",
    ]


async def test_a_service_that_takes_the_call_and_falls_silent_loses_it_to_the_fallback(
    tmp_path: Path, probe: Probes
) -> None:
    async with running_node(tmp_path, HOTLINE_LEASE_SECONDS="1") as node, events(node) as stream:
        caller = probe(node)
        await caller.send("INVITE")
        started = await stream.receive_json(timeout=60)
        assert (started["type"], started["args"]) == ("StasisStart", ["citizen", "1580", ""])
        await caller.hear_tone(FALLBACK_TONES["fallback-greeting"])


async def test_a_service_that_answers_no_look_up_does_not_hold_the_caller(
    tmp_path: Path, probe: Probes
) -> None:
    async with running_node(tmp_path) as node:
        with socket.create_server(("127.0.0.1", node.settings.asterisk.agi_port)):
            caller = probe(node)
            await caller.request("INVITE")
            await caller.hear_tone(FALLBACK_TONES["fallback-greeting"])


@asynccontextmanager
async def events(node: Node) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """The event socket that makes the application `hotline` exist."""
    control = node.settings.asterisk
    who = {"Authorization": aiohttp.encode_basic_auth("hotline", control.ari_secret)}
    url = f"http://{control.host}:{control.ari_port}/ari/events?app=hotline"
    async with aiohttp.ClientSession(headers=who) as session, session.ws_connect(url) as stream:
        yield stream
