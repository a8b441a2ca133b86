"""Dispatchers' phones as Asterisk sees them: made at run time, remembered, with no way out to the city."""

import asyncio

import pytest

from tests.system.conftest import Probes
from tests.system.node import Node, running

pytestmark = pytest.mark.system

DESK = "<sip:desk-201@127.0.0.1>"


async def test_a_desk_reaches_other_desks_and_nothing_else(node: Node, probe: Probes) -> None:
    await furnish(node)
    codes = {}
    for number in ("202", "112", "1580", "0671234567", "+380671234567", "s", "trunk", "1"):
        codes[number] = (await probe(node, shown=DESK).request("INVITE", number)).code

    outside = {number: code for number, code in codes.items() if number not in {"202", "112"}}
    assert set(outside.values()) <= {404, 484}
    assert {row["context"] for row in node.cel_rows()} == {"from-dispatchers"}
    assert {row["appname"] for row in node.cel_rows()} <= {"", "Stasis"}


async def test_a_registered_phone_is_still_known_after_asterisk_died(node: Node, probe: Probes) -> None:
    await furnish(node)
    phone = probe(node, shown=DESK)
    assert (await phone.request("REGISTER", "desk-201")).code == 200
    state = node.settings.folders.asterisk / "lib" / "astdb.sqlite3"
    await node.until(lambda: b"desk-201" in state.read_bytes())
    node.kill()
    await node.process.wait()

    async with running(node.settings, node.environ) as again:
        await furnish(again)
        await becomes(again, "online")
        assert (await phone.request("REGISTER", "desk-201", "Expires: 0", sequence=2)).code == 200
        await becomes(again, "offline")


async def furnish(node: Node) -> None:
    await node.provide("aor", "desk-201", max_contacts="1", remove_existing="yes")
    await node.provide(
        "endpoint", "desk-201", aors="desk-201", context="from-dispatchers", disallow="all", allow="alaw"
    )


async def becomes(node: Node, state: str) -> None:
    """Wait until Asterisk tells so of the phone; TimeoutError otherwise."""
    async with asyncio.timeout(60):
        while (await node.ask("GET", "endpoints/PJSIP/desk-201"))["state"] != state:
            await asyncio.sleep(0.02)
