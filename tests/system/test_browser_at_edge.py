"""A dispatcher's browser registers once, at Kamailio, and takes callers of both nodes, sound both ways."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.line.presence_states import Presence
from telephony.phone.outgoing import OutgoingCall
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.system.desk_browser import PATIENT
from tests.system.hotline import Hotline
from tests.system.people import CITIZEN, FIRST, SECOND, picks_up
from tests.system.scaled import Scaled, all_holds, scaled_hotline
from tests.system.test_roles import serve
from tests.system.web_desk import WebDesk, add_dispatcher, web_browser

__all__ = ["cluster", "migrated_postgres"]
pytestmark = [pytest.mark.system, pytest.mark.nightly]

BROWSER = "web-201"


@pytest.fixture
async def scaled(cluster: Cluster, migrated_postgres: str, tmp_path: Path) -> AsyncIterator[Scaled]:
    """Two nodes, and a process of pages beside them that brings browsers to the edge."""
    async with scaled_hotline(cluster, tmp_path, browsers=True, **PATIENT) as scaled:
        environ = {name: one for name, one in scaled.a.node.environ.items() if name != "HOTLINE_NODE"}
        pages = await serve(environ, scaled.a.log.with_name("web.log"), "web")
        await scaled.a.ready()
        yield scaled
        pages.kill()
        await pages.wait()


def _latest(node: Hotline) -> str:
    """What the node knew last of the browser being reachable."""
    told = re.findall(rf"endpoint={BROWSER} reachable=(\w+)", node.log.read_text("utf-8"))
    return told[-1] if told else ""


async def _hear_one_another(desk: WebDesk, citizen: OutgoingCall) -> None:
    await desk.picks_up()
    await citizen.heard_tone(FIRST)
    await desk.hears(CITIZEN)


async def test_one_registration_brings_callers_of_both_nodes_to_the_browser(scaled: Scaled) -> None:
    a, b = scaled.a, scaled.b
    await add_dispatcher(a, "201")
    async with web_browser(a, "201", FIRST) as desk:
        assert await scaled.edge.control.registered() == [BROWSER]
        for node in (a, b):
            await node.until(lambda node=node: _latest(node) == "True")
        await a.presence("201", Presence.READY)
        for name in ("a", "b"):
            await scaled.to_node(name)
            citizen = await scaled.citizen("+380457900001")
            await _hear_one_another(desk, citizen)
            await desk.press("F4")  # hangs up
            await citizen.ended()
            await desk.call_is("none")
        assert await scaled.nodes() == ["a", "b"]

        citizen = await scaled.citizen("+380457900002")
        await _hear_one_another(desk, citizen)
        await desk.press("F9")  # a hold, which the browser asks for within the call
        await a.until(lambda: not citizen.hears_tone(FIRST))
        await desk.press("F9")
        await citizen.heard_tone(FIRST)
        await citizen.hang_up()
        await desk.call_is("none")

        await a.presence("201", Presence.AWAY)
        colleague = await scaled.desk("202")
        await desk.dials("202", "call")  # the browser proves to the node that it is this desk's
        talk = await picks_up(colleague, SECOND)
        await talk.heard_tone(FIRST)
        await desk.hears(SECOND)
        await talk.hang_up()
        await desk.call_is("none")

    async def gone() -> bool:
        return BROWSER not in await scaled.edge.control.registered()

    await a.until(gone)  # the page is closed
    for node in (a, b):
        await node.until(lambda node=node: _latest(node) == "False")
    await all_holds(a, b)
