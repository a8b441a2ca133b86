"""Desk phones at the edge by TLS, with encrypted sound; a new certificate while they talk."""

import asyncio
import re
import socket
import ssl
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hotline.line.presence_states import Presence
from service.commands import edge as edge_command
from telephony.phone.call import Call
from telephony.phone.phone import Phone, RegistrationRefused
from telephony.phone.sound import tone
from tests.fakes.certificates import Authority, Given
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.system.hotline import Hotline
from tests.system.people import CITIZEN, FIRST, SECOND, picks_up
from tests.system.scaled import Scaled, all_holds, scaled_hotline
from tests.system.secured_phone import SealedMedia, SecuredPhone

__all__ = ["cluster", "migrated_postgres"]
pytestmark = [pytest.mark.system, pytest.mark.nightly]

DESK, COLLEAGUE = "desk-201", "desk-202"
OFFICE = "127.0.0.3"
"""A network of desks; citizens' calls come from 127.0.0.1."""


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "city certificates")


@pytest.fixture
def shown(authority: Authority) -> Given:
    return authority.gives("edge")


@pytest.fixture
async def scaled(
    cluster: Cluster, migrated_postgres: str, tmp_path: Path, shown: Given
) -> AsyncIterator[Scaled]:
    async with scaled_hotline(cluster, tmp_path, shown=shown, HOTLINE_DESK_TLS="demanded") as scaled:
        yield scaled


@asynccontextmanager
async def secured(
    scaled: Scaled, name: str, secret: str, authority: Authority
) -> AsyncIterator[SecuredPhone]:
    """A desk's phone that has registered by TLS."""
    registrar = ("127.0.0.1", scaled.edge.tls_port)
    async with SecuredPhone(user=name, secret=secret, registrar=registrar, authority=authority.file) as phone:
        await phone.register()
        yield phone


def _reachable(node: Hotline, name: str) -> str:
    """What the node knew last of the phone being reachable."""
    told = re.findall(rf"endpoint={name} reachable=(\w+)", node.log.read_text("utf-8"))
    return told[-1] if told else ""


def _shake_hands(port: int, trusted: Authority) -> None:
    """As a phone does; of why it ends the connection it tells the other side, which asyncio does not."""
    context = ssl.create_default_context(cafile=str(trusted.file))
    with socket.create_connection(("127.0.0.1", port)) as plain:
        context.wrap_socket(plain, server_hostname="127.0.0.1").close()


def _sealed(call: Call) -> SealedMedia:
    assert isinstance(call._media, SealedMedia)
    return call._media


async def test_a_talk_by_tls_and_srtp_goes_on_while_the_certificate_is_renewed(
    scaled: Scaled, authority: Authority, shown: Given
) -> None:
    a, b = scaled.a, scaled.b
    for extension in ("201", "202"):
        await a.storage.dispatchers.add(extension, extension, f"secret-{extension}", frozenset())
    async with secured(scaled, DESK, "secret-201", authority) as phone:
        assert phone.shown == shown.der
        for node in (a, b):
            await node.until(lambda node=node: _reachable(node, DESK) == "True")
        await a.presence("201", Presence.READY)
        await scaled.to_node("a")
        citizen = await scaled.citizen("+380457900001")
        talk = await picks_up(phone, FIRST)
        assert _sealed(talk).profile == b"RTP/SAVP"
        await citizen.heard_tone(FIRST)
        await talk.heard_tone(CITIZEN)

        renewed = authority.gives("edge")
        await edge_command.renew(scaled.edge.settings, Namespace())
        async with secured(scaled, COLLEAGUE, "secret-202", authority) as colleague:
            assert colleague.shown == renewed.der
            citizen.say(tone(SECOND))
            await talk.heard_tone(SECOND)
            await talk.hold()  # asked for by the connection of before
            await a.until(lambda: not citizen.hears_tone(FIRST))
            await talk.resume()
            await citizen.heard_tone(FIRST)
            assert _sealed(talk).unreadable == 0
            await citizen.hang_up()
            await talk.ended()

            await scaled.to_node("b")
            second = await scaled.citizen("+380457900002")
            talk = await picks_up(phone, FIRST)
            await second.heard_tone(FIRST)
            await talk.heard_tone(CITIZEN)
            await talk.hang_up()
            await second.ended()

            await a.presence("201", Presence.AWAY)
            asked = await phone.call("202", sound=tone(FIRST))
            answered = await picks_up(colleague, SECOND)
            await asked.heard_tone(SECOND)
            await answered.heard_tone(FIRST)
            await asked.hang_up()
            await answered.ended()
        assert await scaled.nodes() == ["a", "b"]
        phone.vanish()  # its connection is gone with it
        for node in (a, b):
            await node.until(lambda node=node: _reachable(node, DESK) == "False")
    await all_holds(a, b)


async def test_who_does_without_tls_or_does_not_know_the_certificate_is_refused_and_told_of(
    scaled: Scaled, tmp_path: Path
) -> None:
    await scaled.a.storage.dispatchers.add("201", "201", "secret-201", frozenset())
    edge = scaled.edge
    async with Phone(OFFICE, user=DESK, secret="secret-201", registrar=("127.0.0.1", edge.port)) as plain:
        for _ in range(2):
            with pytest.raises(RegistrationRefused, match="403 TLS Only"):
                await plain.register()
        call = await plain.call("202")
        assert (await call.ended()).code == 403
    told = edge.log.read_text("utf-8", errors="replace")
    assert told.count(f"refused without TLS phone=desk-201 address={OFFICE}") == 1

    stranger = Authority(tmp_path / "another")
    with pytest.raises(ssl.SSLCertVerificationError):
        await asyncio.to_thread(_shake_hands, edge.tls_port, stranger)
    await scaled.a.until(lambda: "unknown ca" in edge.log.read_text("utf-8", errors="replace"))
    assert await edge.control.registered() == []
