"""A dispatcher's browser registers once, at Kamailio, and takes callers of both nodes with sound both ways."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hotline.line.presence_states import Presence
from service.node.local_node import free_ports
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
    held = ExitStack()
    (port,) = held.enter_context(free_ports(1))
    websockets = {"HOTLINE_EDGE_WEBSOCKETS": f"ws://127.0.0.1:9,ws://127.0.0.1:{port}"}  # the first is dead
    held.close()
    async with scaled_hotline(
        cluster, tmp_path, of_edge={"HOTLINE_EDGE_WEBSOCKET_PORT": str(port)}, **websockets, **PATIENT
    ) as scaled:
        environ = {name: one for name, one in scaled.a.node.environ.items() if name != "HOTLINE_NODE"}
        pages = await serve(environ, scaled.a.log.with_name("web.log"), "web")
        await scaled.a.ready()
        yield scaled
        pages.kill()
        await pages.wait()


def _told(node: Hotline, *, reachable: bool) -> bool:
    return f"endpoint={BROWSER} reachable={reachable}" in node.log.read_text("utf-8")


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
            await node.until(lambda node=node: _told(node, reachable=True))
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

    for node in (a, b):  # the page is closed, and nobody rings it any more
        await node.until(lambda node=node: _told(node, reachable=False))
    assert BROWSER not in await scaled.edge.control.registered()
    await all_holds(a, b)
