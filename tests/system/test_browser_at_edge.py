"""A dispatcher's browser registers once, at Kamailio, and takes callers of both nodes with sound both ways."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import pytest

from hotline.dialling.nodes import node_of
from hotline.line.presence_states import Presence
from service.node.local_node import free_ports
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.system.desk_browser import PATIENT
from tests.system.edge import Edge, edge_settings, over_tcp, running_edge
from tests.system.hotline import Hotline, started_hotline
from tests.system.people import CITIZEN, FIRST, SECOND, picks_up
from tests.system.test_nodes import Scaled, all_holds, to_node
from tests.system.test_roles import CONNECTED, serve
from tests.system.web_desk import WebDesk, add_dispatcher, web_browser

__all__ = ["cluster", "migrated_postgres"]
pytestmark = [pytest.mark.system, pytest.mark.nightly]

BROWSER = "web-201"


@pytest.fixture
async def scaled(cluster: Cluster, migrated_postgres: str, tmp_path: Path) -> AsyncIterator[Scaled]:
    """Two nodes and a process of pages, which brings browsers to the edge."""
    cluster.sql("CREATE DATABASE browsers TEMPLATE hotline")
    held = ExitStack()
    edge_port, websocket_port = held.enter_context(free_ports(2))  # no node takes them meanwhile
    environ = {
        "HOTLINE_DATABASE_URL": cluster.url("browsers"),
        "HOTLINE_EDGE": f"127.0.0.1:{edge_port}",
        "HOTLINE_EDGE_WEBSOCKETS": f"ws://127.0.0.1:9,ws://127.0.0.1:{websocket_port}",  # the first is dead
        **PATIENT,
    }
    pages = None
    try:
        async with AsyncExitStack() as stack:
            a, b = [
                await stack.enter_async_context(
                    started_hotline(tmp_path / name, service=False, HOTLINE_NODE=name, **environ)
                )
                for name in ("a", "b")
            ]
            ports = {"a": a.settings.sip_port, "b": b.settings.sip_port}
            database = await stack.enter_async_context(over_tcp(cluster.folder / ".s.PGSQL.5432"))
            more = {
                "HOTLINE_EDGE_DATABASE_URL": f"postgres://postgres@127.0.0.1:{database}/browsers",
                "HOTLINE_EDGE_WEBSOCKET_PORT": str(websocket_port),
            }
            held.close()
            edge = await stack.enter_async_context(
                running_edge(edge_settings(tmp_path / "edge", edge_port, ports, **more))
            )
            a.service = await serve(a.node.environ, a.log, "telephony,scheduler,media")
            b.service = await serve(b.node.environ, b.log, "telephony")
            of_pages = {name: one for name, one in a.node.environ.items() if name != "HOTLINE_NODE"}
            pages = await serve(of_pages, a.log.with_name("web.log"), "web")
            for one in (a, b):
                await one.until(lambda one=one: one.log.exists() and CONNECTED in one.log.read_text("utf-8"))
            await a.ready()
            phones = await stack.enter_async_context(AsyncExitStack())
            yield Scaled(edge=edge, a=a, b=b, phones=phones)
            pages.kill()
            await pages.wait()
    finally:
        held.close()
        cluster.sql("DROP DATABASE browsers WITH (FORCE)")


async def _reachable(edge: Edge, *nodes: Hotline) -> None:
    async def registered() -> bool:
        return BROWSER in await edge.control.registered()

    await nodes[0].until(registered)
    for node in nodes:
        await node.until(lambda node=node: f"endpoint={BROWSER} reachable=True" in node.log.read_text("utf-8"))


async def _hear_one_another(desk: WebDesk, citizen: OutgoingCall) -> None:
    await desk.picks_up()
    await citizen.heard_tone(FIRST)
    await desk.hears(CITIZEN)


async def test_one_registration_brings_callers_of_both_nodes_to_the_browser(scaled: Scaled) -> None:
    await add_dispatcher(scaled.a, "201")
    async with web_browser(scaled.a, "201", FIRST) as desk:
        await _reachable(scaled.edge, scaled.a, scaled.b)
        await scaled.a.presence("201", Presence.READY)
        for name in ("a", "b"):
            await to_node(scaled, name)
            citizen = await scaled.citizen("+380457900001")
            await _hear_one_another(desk, citizen)
            await desk.press("F4")  # hangs up
            await citizen.ended()
            await desk.call_is("none")
        assert await scaled.nodes() == ["a", "b"]

        citizen = await scaled.citizen("+380457900002")
        await _hear_one_another(desk, citizen)
        await desk.press("F8")  # a hold: asked for by the browser, within the call
        await scaled.a.until(lambda: not citizen.hears_tone(FIRST))
        await desk.press("F8")
        await citizen.heard_tone(FIRST)
        await citizen.hang_up()
        await desk.call_is("none")

        await scaled.a.presence("201", Presence.AWAY)
        colleague = await scaled.desk("202")
        await desk.dials("202", "call")
        talk = await picks_up(colleague, SECOND)
        await talk.heard_tone(FIRST)
        await desk.hears(SECOND)
        await talk.hang_up()
        await desk.call_is("none")
    await scaled.a.until(
        lambda: f"endpoint={BROWSER} reachable=False" in scaled.a.log.read_text("utf-8")
    )  # the page is closed
    assert BROWSER not in await scaled.edge.control.registered()
    await all_holds(scaled.a, scaled.b)
