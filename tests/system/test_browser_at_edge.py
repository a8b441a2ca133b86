"""A dispatcher's browser registers once, at Kamailio, and takes callers of both nodes, sound both ways."""

import asyncio
import re
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from secrets import token_hex

import aiohttp
import pytest
from aiohttp import WSMsgType

from cti_server.desk.sip_proxy import SUBPROTOCOL, exchange_socket
from hotline.calls.call import Step
from hotline.line.presence_states import Presence
from service.node.local_node import free_ports
from telephony.phone.call import PATIENCE_SECONDS
from telephony.phone.outgoing import OutgoingCall
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.system.desk_browser import PATIENT
from tests.system.edge import SCANNER, Edge, edge_settings, over_tcp, running_edge
from tests.system.hotline import Hotline
from tests.system.node import LOOK_SECONDS
from tests.system.people import CITIZEN, FIRST, SECOND, picks_up
from tests.system.scaled import Scaled, all_holds, scaled_hotline
from tests.system.test_roles import serve
from tests.system.web_desk import WebDesk, add_dispatcher, web_browser

__all__ = ["cluster", "migrated_postgres"]
pytestmark = [pytest.mark.system, pytest.mark.nightly]

BROWSER = "web-201"


@pytest.fixture(params=[1], ids=["one-edge"])
async def scaled(
    cluster: Cluster, migrated_postgres: str, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Scaled]:
    """Two nodes, and a process of pages beside them that brings browsers to the edge, or to one of two."""
    async with scaled_hotline(cluster, tmp_path, browsers=True, edges=request.param, **PATIENT) as scaled:
        environ = {name: one for name, one in scaled.a.node.environ.items() if name != "HOTLINE_NODE"}
        pages = await serve(environ, scaled.a.log.with_name("web.log"), "web")
        await scaled.a.ready()
        yield scaled
        pages.kill()
        await pages.wait()


def _latest(node: Hotline, by: Edge | None = None) -> str:
    """What the node knew last of the browser being reachable, by whichever Kamailio or this one."""
    at = f":{by.port}" if by else ""
    told = re.findall(rf"endpoint={BROWSER} reachable=(\w+) contact=\S*{at}\n", node.log.read_text("utf-8"))
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


@pytest.mark.parametrize("scaled", [2], ids=["two-edges"], indirect=True)
async def test_a_browser_in_a_talk_goes_to_the_other_kamailio_when_its_own_dies(scaled: Scaled) -> None:
    a, first = scaled.a, scaled.before
    assert first is not None
    await add_dispatcher(a, "201")
    async with web_browser(a, "201", FIRST) as desk:
        assert await first.control.registered() == [BROWSER]
        for node in (a, scaled.b):
            await node.until(lambda node=node: _latest(node, first) == "True")
        await a.presence("201", Presence.READY)
        citizen = await scaled.citizen("+380457900001")
        await _hear_one_another(desk, citizen)

        await first.kill()

        async def registered() -> bool:
            return await scaled.edge.control.registered() == [BROWSER]

        await a.until(registered)
        for node in (a, scaled.b):
            await node.until(lambda node=node: _latest(node, first) == "False")
            await node.until(lambda node=node: _latest(node, scaled.edge) == "True")
        await desk.call_is("talking")
        await citizen.heard_tone(FIRST)
        await desk.hears(CITIZEN)
        await citizen.hang_up()
        await desk.call_is("none")

        second = await scaled.citizen("+380457900002")
        await _hear_one_another(desk, second)
        await desk.press("F4")
        await second.ended()
        await desk.call_is("none")
    talks = [(await a.steps(call.id)).count(Step.TALK_STARTED) for call in await a.calls()]
    assert talks == [1, 1]
    await all_holds(a, scaled.b)


def _sip(method: str, said: str, *more: str, to: str = "", tag: str = "") -> str:
    """Write a request as a browser's own script could: who it says to be, to whom, within a call or not."""
    to = to or said
    lines = [
        f"{method} sip:{to}@hotline SIP/2.0",
        "Via: SIP/2.0/WS browser.invalid;branch=z9hG4bK" + token_hex(6),
        "Max-Forwards: 20",
        f"From: <sip:{said}@hotline>;tag={token_hex(4)}",
        f"To: <sip:{to}@hotline>{tag}",
        f"Call-ID: {token_hex(6)}",
        f"CSeq: 1 {method}",
        f"Contact: <sip:{said}@browser.invalid;transport=ws>",
        *more,
        "Content-Length: 0",
    ]
    return "\r\n".join((*lines, "", ""))


async def test_a_browser_speaks_as_its_own_desk_alone(
    cluster: Cluster, migrated_postgres: str, tmp_path: Path
) -> None:
    with free_ports(3) as ports:
        edge_port, websocket_port, node_port = ports
    async with over_tcp(cluster.folder / ".s.PGSQL.5432") as database:
        settings = edge_settings(
            tmp_path / "edge",
            edge_port,
            {"a": node_port},
            HOTLINE_EDGE_DATABASE_URL=f"postgres://postgres@127.0.0.1:{database}/hotline",
            HOTLINE_EDGE_WEBSOCKET_PORT=str(websocket_port),
            HOTLINE_EDGE_PAGES="127.0.0.1/32",
        )
        url = f"ws://127.0.0.1:{websocket_port}/201"
        async with running_edge(settings) as edge:
            async with exchange_socket(url) as browser:

                async def answer(request: str) -> str:
                    await browser.send_str(request)
                    return (await browser.receive_str(timeout=PATIENCE_SECONDS)).partition("\r\n")[0]

                for tag in ("", ";tag=of-a-call"):
                    for method in ("REGISTER", "INVITE", "BYE"):
                        said = await answer(_sip(method, "web-202", tag=tag))
                        assert said == "SIP/2.0 403 Another Desk", (method, tag)
                    said = await answer(_sip("REGISTER", "web-201", to="web-202", tag=tag))
                    assert said == "SIP/2.0 403 Another Desk", tag
                assert await edge.control.registered() == []

                assert await answer(_sip("REGISTER", "web-201")) == "SIP/2.0 200 OK"
                assert await edge.control.registered() == [BROWSER]
            async with asyncio.timeout(PATIENCE_SECONDS):
                while await edge.control.registered():
                    await asyncio.sleep(LOOK_SECONDS)

            async with (
                aiohttp.ClientSession() as pages,
                pages.ws_connect(url, protocols=(SUBPROTOCOL,), autoping=False) as browser,
            ):
                await browser.ping(b"there?")
                said = await browser.receive(timeout=PATIENCE_SECONDS)
                assert (said.type, said.data) == (WSMsgType.PONG, b"there?")

            async with exchange_socket(f"ws://127.0.0.1:{websocket_port}/guest-1a2b") as browser:
                for method, said, to, refusal in (
                    ("REGISTER", "guest-1a2b", "", "403 Another Desk"),
                    ("INVITE", "guest-3c4d", "1580", "403 Another Desk"),
                    ("INVITE", "web-201", "1580", "403 Another Desk"),
                    ("INVITE", "guest-1a2b", "201", "403 Only The Hotline"),
                    ("INVITE", "guest-1a2b", "+380441234567", "403 Only The Hotline"),
                ):
                    assert await answer(_sip(method, said, to=to)) == f"SIP/2.0 {refusal}", (method, said, to)
                assert await edge.control.registered() == []

            connector = aiohttp.TCPConnector(local_addr=(SCANNER, 0))
            async with aiohttp.ClientSession(connector=connector) as stranger:
                with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                    await stranger.ws_connect(url, protocols=(SUBPROTOCOL,))
                assert refused.value.status == HTTPStatus.FORBIDDEN
