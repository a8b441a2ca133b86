"""Dispatchers' phones as Asterisk sees them: made at run time, remembered, with no way out to the city."""

import asyncio

import pytest

from hotline.clock import SystemClock
from service.wiring.rounds import asterisk_logs
from telephony.desks.endpoints import DeskPlan, desk_fields
from telephony.phone.phone import Phone, RegistrationRefused
from tests.system.conftest import Probes
from tests.system.node import Node, running

pytestmark = pytest.mark.system

ELSEWHERE = "127.0.0.9"
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
    state = node.settings.folders.asterisk_memory / "astdb.sqlite3"
    await node.until(lambda: b"desk-201" in state.read_bytes())
    node.kill()
    await node.process.wait()

    async with running(node.settings, node.environ) as again:
        await furnish(again)
        await becomes(again, "online")
        assert (await phone.request("REGISTER", "desk-201", "Expires: 0", sequence=2)).code == 200
        await becomes(again, "offline")


async def test_a_desk_phones_password_is_worth_nothing_elsewhere_and_cannot_be_guessed_there(
    node: Node, probe: Probes
) -> None:
    plan = DeskPlan(proxy="", silence_seconds=3, hold_silence_seconds=300, desks_from="127.0.0.1/32")
    await furnish(node, **desk_fields("desk-201", plan, tells_transfers=False))
    await node.provide("auth", "desk-201", auth_type="userpass", username="desk-201", password="right")
    registrar = ("127.0.0.1", node.settings.sip_port)
    async with Phone(ELSEWHERE, user="desk-201", secret="right", registrar=registrar) as phone:
        with pytest.raises(RegistrationRefused):
            await phone.register()
    stranger = probe(node, shown=DESK, address=ELSEWHERE)
    tries = [await stranger.request("REGISTER", "desk-201", sequence=one) for one in range(1, 200)]
    assert {one.code for one in tries} == {401}, "as for anybody who is not known"
    logs = node.settings.folders.asterisk / "log"
    refused = 'SecurityEvent="FailedACL"'  # written behind the answers
    await node.until(lambda: (logs / "security").read_text("utf-8").count(refused) >= len(tries))
    security = (logs / "security").read_text("utf-8")
    await asterisk_logs(node.settings, SystemClock(), longest=1000).look()
    assert (logs / "security.0").read_text("utf-8").startswith(security[:1000])
    assert (logs / "security").stat().st_size < 1000, "a flood of tries fills no disk"
    async with Phone(user="desk-201", secret="right", registrar=registrar) as phone:
        await phone.register()
        await becomes(node, "online")


async def furnish(node: Node, **fields: str) -> None:
    await node.provide("aor", "desk-201", max_contacts="1", remove_existing="yes")
    fields = fields or {"aors": "desk-201", "context": "from-dispatchers", "disallow": "all", "allow": "alaw"}
    await node.provide("endpoint", "desk-201", **fields)


async def becomes(node: Node, state: str) -> None:
    """Wait until Asterisk tells so of the phone; TimeoutError otherwise."""
    async with asyncio.timeout(60):
        while (await node.ask("GET", "endpoints/PJSIP/desk-201"))["state"] != state:
            await asyncio.sleep(0.02)
