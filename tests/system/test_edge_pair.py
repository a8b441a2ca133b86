"""Two Kamailios before one node: each knows the phones of both, and stands in for the one that is killed."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from hotline.line.presence_states import Presence
from service.node.local_node import free_ports
from service.settings.settings import Settings
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.fakes.certificates import Authority, Given
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.system.edge import Edge, edge_settings, over_tcp, running_edge, shows
from tests.system.hotline import Hotline, running_hotline
from tests.system.people import CITIZEN, FIRST, picks_up
from tests.system.secured_phone import SecuredPhone
from tests.system.test_roles import CONNECTED, serve

__all__ = ["cluster", "migrated_postgres"]
pytestmark = [pytest.mark.system, pytest.mark.nightly]

DESK, MOVING = "desk-201", "127.0.0.88"
"""The second is listened on by both, each at its port: as if keepalived had moved it."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A node with two Kamailios before it, each of which may be ended and begun again."""

    hotline: Hotline
    edges: dict[str, AsyncExitStack]
    """What runs, by name."""
    settings: dict[str, Settings]
    phones: AsyncExitStack
    authority: Authority
    shown: dict[str, Given]
    """The certificate of each."""

    async def begin(self, name: str) -> Edge:
        self.edges[name] = AsyncExitStack()
        return await self.edges[name].enter_async_context(running_edge(self.settings[name]))

    def port(self, name: str) -> int:
        return self.settings[name].edge.port

    async def citizen(self, number: str, by: str) -> OutgoingCall:
        """Somebody calls by this Kamailio, and asks for a dispatcher."""
        phone = await self.phones.enter_async_context(Phone(user=number))
        to = (MOVING, self.port(by))
        call = await phone.call(self.hotline.settings.number, to=to, sound=tone(CITIZEN))
        await call.answered()
        await call.press("0")
        return call

    async def until_known(self, edge: Edge) -> None:
        async def known() -> bool:
            return DESK in await edge.control.registered()

        await self.hotline.until(known)

    async def until_in_talk(self, edge: Edge, desks: list[str]) -> None:
        async def known() -> bool:
            return await edge.control.in_talk() == desks

        await self.hotline.until(known)


@pytest.fixture
async def pair(cluster: Cluster, migrated_postgres: str, tmp_path: Path) -> AsyncIterator[Pair]:
    cluster.sql("CREATE DATABASE pair TEMPLATE hotline")
    authority = Authority(tmp_path / "certificates")
    shown = {name: authority.gives(name) for name in ("one", "two")}
    held = ExitStack()
    one, two, one_tls, two_tls = held.enter_context(free_ports(4))  # the node takes none meanwhile
    try:
        async with AsyncExitStack() as stack:
            hotline = await stack.enter_async_context(
                running_hotline(
                    tmp_path / "a",
                    service=False,
                    HOTLINE_NODE="a",
                    HOTLINE_EDGE=f"127.0.0.1:{one},127.0.0.1:{two},{MOVING}:{one}",
                    HOTLINE_DATABASE_URL=cluster.url("pair"),
                    HOTLINE_DESK_TLS="offered",
                )
            )
            database = await stack.enter_async_context(over_tcp(cluster.folder / ".s.PGSQL.5432"))
            nodes = {"a": hotline.settings.sip_port}
            desks = {
                "HOTLINE_EDGE_DATABASE_URL": f"postgres://postgres@127.0.0.1:{database}/pair",
                "HOTLINE_EDGE_MOVING": MOVING,
            }
            held.close()
            settings = {
                name: edge_settings(
                    tmp_path / name,
                    ours,
                    nodes,
                    HOTLINE_EDGE_PEER=f"127.0.0.1:{other}",
                    HOTLINE_DESK_TLS="offered",
                    **shows(shown[name], tls_port),
                    **desks,
                )
                for name, ours, other, tls_port in (("one", one, two, one_tls), ("two", two, one, two_tls))
            }
            phones = await stack.enter_async_context(AsyncExitStack())
            edges: dict[str, AsyncExitStack] = {}
            made = Pair(
                hotline=hotline,
                edges=edges,
                settings=settings,
                phones=phones,
                authority=authority,
                shown=shown,
            )
            hotline.service = await serve(hotline.node.environ, hotline.log, "telephony,scheduler,media")
            await hotline.until(lambda: hotline.log.exists() and CONNECTED in hotline.log.read_text("utf-8"))
            yield made
            for running in edges.values():
                await running.aclose()
    finally:
        held.close()
        cluster.sql("DROP DATABASE pair WITH (FORCE)")


async def test_a_desk_rings_by_the_kamailio_that_lives_wherever_its_phone_has_registered(pair: Pair) -> None:
    hotline, one, two = pair.hotline, await pair.begin("one"), await pair.begin("two")
    dispatcher = await hotline.storage.dispatchers.add("201", "201", "secret-201", frozenset())
    desk = await pair.phones.enter_async_context(
        Phone(user=DESK, secret=dispatcher.secret, registrar=("127.0.0.1", one.port))
    )
    await desk.register()
    await pair.until_known(one)
    await pair.until_known(two)
    log = hotline.log
    await hotline.until(lambda: log.read_text("utf-8").count(f"endpoint={DESK} reachable=True") >= 3)
    await hotline.presence("201", Presence.READY)
    citizen = await pair.citizen("+380457900001", "one")
    talk = await picks_up(desk, FIRST)
    await citizen.heard_tone(FIRST)
    await talk.heard_tone(CITIZEN)
    for edge in (one, two):
        await pair.until_in_talk(edge, ["201"])
    (route,) = talk.dialog.routes  # whichever Kamailio it rang by may die meanwhile
    assert f"{MOVING}:" in route
    await talk.hang_up()
    await citizen.ended()
    for edge in (one, two):
        await pair.until_in_talk(edge, [])

    await pair.edges.pop("one").aclose()
    await hotline.until(lambda: log.read_text("utf-8").count(f"endpoint={DESK} reachable=False") >= 2)
    second = await pair.citizen("+380457900002", "two")
    talk = await picks_up(desk, FIRST)
    assert talk.caller == "+380457900002"
    await second.heard_tone(FIRST)
    await talk.hang_up()
    await second.ended()

    await pair.until_known(await pair.begin("one"))  # from the other: the phone has said nothing meanwhile
    await pair.edges.pop("two").aclose()
    third = await pair.citizen("+380457900003", "one")
    talk = await picks_up(desk, FIRST)
    assert talk.caller == "+380457900003"
    await third.heard_tone(FIRST)
    await talk.hang_up()
    await third.ended()


async def test_a_phone_by_tls_is_rung_by_the_kamailio_that_it_has_reached_each_with_its_own_certificate(
    pair: Pair,
) -> None:
    hotline, one, two = pair.hotline, await pair.begin("one"), await pair.begin("two")
    dispatcher = await hotline.storage.dispatchers.add("201", "201", "secret-201", frozenset())

    async def phone_at(edge: Edge) -> SecuredPhone:
        phone = SecuredPhone(
            user=DESK,
            secret=dispatcher.secret,
            registrar=("127.0.0.1", edge.tls_port),
            authority=pair.authority.file,
        )
        await pair.phones.enter_async_context(phone)
        await phone.register()
        return phone

    first = await phone_at(one)
    assert first.shown == pair.shown["one"].der
    assert (await one.control.registered(), await two.control.registered()) == ([DESK], [])
    reachable = f"endpoint={DESK} reachable=True"
    await hotline.until(lambda: reachable in hotline.log.read_text("utf-8"))
    await hotline.presence("201", Presence.READY)
    citizen = await pair.citizen("+380457900001", "one")
    talk = await picks_up(first, FIRST)
    await citizen.heard_tone(FIRST)
    await talk.heard_tone(CITIZEN)
    await talk.hang_up()
    await citizen.ended()

    await pair.edges.pop("one").aclose()
    known = hotline.log.read_text("utf-8").count(reachable)
    second = await phone_at(two)
    assert second.shown == pair.shown["two"].der
    await hotline.until(lambda: hotline.log.read_text("utf-8").count(reachable) > known)
    citizen = await pair.citizen("+380457900002", "two")
    talk = await picks_up(second, FIRST)
    await citizen.heard_tone(FIRST)
    await talk.heard_tone(CITIZEN)
    await talk.hang_up()
    await citizen.ended()
