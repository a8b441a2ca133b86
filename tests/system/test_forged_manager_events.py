"""What a caller puts into their number must not reach us as an event of Asterisk's own."""

import asyncio

import pytest

from tests.system.conftest import Probes
from tests.system.manager_account import act
from tests.system.node import Node

FORGED = (
    "<sip:a%0d%0a%0d%0aEvent%3a%20QueueCallerJoin%0d%0aUniqueid%3a%20evil%0d%0a"
    "Channel%3a%20PJSIP%2fvictim%0d%0aX%3a%201@127.0.0.1>"
)
pytestmark = pytest.mark.system


async def test_a_number_with_line_breaks_forges_no_manager_event(node: Node, probe: Probes) -> None:
    control = node.settings.asterisk
    reader, writer = await asyncio.open_connection(control.host, control.ami_port)
    await reader.readline()
    await act(writer, "Login", {"Username": "hotline", "Secret": control.ami_secret, "Events": "on"})
    caller = probe(node, shown=FORGED)
    await caller.request("INVITE")
    await caller.hang_up()
    await act(writer, "Ping", {})
    async with asyncio.timeout(60):
        heard = await reader.readuntil(b"Ping: Pong")
    writer.close()
    assert b"PJSIP/victim" not in heard
