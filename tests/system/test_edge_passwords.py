"""Kamailio asks the database for desks' passwords: one of two that hangs, and both, keep no telephone out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from service.node.local_node import free_ports
from storage.store import open_storage
from telephony.phone.phone import Phone, RegistrationRefused
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.system.edge import Edge, edge_settings, running_edge

__all__ = ["cluster", "migrated_postgres"]
pytestmark = [pytest.mark.system, pytest.mark.nightly]

FIRST, SECOND = "127.0.0.1", "127.0.0.2"
"""Where the two databases are; both are one."""


@dataclass
class Databases:
    """Relays to one server from two addresses, each of which may take connections and never answer."""

    path: Path
    silent: set[str] = field(default_factory=set)
    _relays: "set[asyncio.Task[None]]" = field(default_factory=set)

    @asynccontextmanager
    async def listening(self, port: int) -> AsyncIterator[None]:
        async with await asyncio.start_server(self._relay, [FIRST, SECOND], port):
            yield
            for one in self._relays:
                one.cancel()
            await asyncio.gather(*self._relays, return_exceptions=True)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = writer.get_extra_info("sockname")[0]
        there = await asyncio.open_unix_connection(str(self.path))
        for one in (self._carry(reader, there[1], address), self._carry(there[0], writer, address)):
            self._relays.add(asyncio.create_task(one))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str) -> None:
        while data := await reader.read(65536):
            if address not in self.silent:
                with suppress(ConnectionError):
                    writer.write(data)
        writer.close()


@dataclass(frozen=True, kw_only=True)
class Office:
    """A Kamailio with desks' telephones, and its databases."""

    edge: Edge
    databases: Databases
    secrets: dict[str, str]

    async def registers(self, extension: str, *, secret: str = "") -> bool:
        """Whether a telephone that comes now is let in."""
        who = {"user": f"desk-{extension}", "secret": secret or self.secrets[extension]}
        async with Phone(**who, registrar=("127.0.0.1", self.edge.port)) as phone:
            with suppress(RegistrationRefused):
                await phone.register()
                return True
        return False


@pytest.fixture
async def office(cluster: Cluster, migrated_postgres: str, tmp_path: Path) -> AsyncIterator[Office]:
    cluster.sql("CREATE DATABASE office TEMPLATE hotline")
    try:
        async with AsyncExitStack() as stack:
            held = stack.enter_context(ExitStack())
            port, database = held.enter_context(free_ports(2))
            databases = Databases(cluster.folder / ".s.PGSQL.5432")
            held.close()
            await stack.enter_async_context(databases.listening(database))
            storage = await stack.enter_async_context(open_storage(cluster.url("office")))
            secrets = {}
            for extension in ("201", "202", "203"):
                one = await storage.dispatchers.add(extension, extension, f"secret-{extension}", frozenset())
                secrets[extension] = one.secret
            url = f"postgres://postgres@{FIRST},{SECOND}:{database}/office"
            settings = edge_settings(tmp_path, port, {"a": 9}, HOTLINE_EDGE_DATABASE_URL=url)
            edge = await stack.enter_async_context(running_edge(settings))
            yield Office(edge=edge, databases=databases, secrets=secrets)
    finally:
        cluster.sql("DROP DATABASE office WITH (FORCE)")


async def test_telephones_come_in_while_one_database_hangs_and_those_that_are_known_while_both_do(
    office: Office,
) -> None:
    assert await office.registers("201")
    assert not await office.registers("201", secret="a wrong one")
    office.databases.silent.add(FIRST)
    assert await office.registers("201")
    assert await office.registers("202"), "who was never here is looked up in the other database"
    office.databases.silent.add(SECOND)
    assert await office.registers("201")
    assert not await office.registers("201", secret="a wrong one")
    assert not await office.registers("203"), "nobody knows their password"
    office.databases.silent.clear()
    assert await office.registers("203")
    assert not await office.registers("204", secret="of no desk")


async def test_kamailio_begins_without_a_database_and_takes_telephones_when_there_is_one(
    office: Office, tmp_path: Path
) -> None:
    office.databases.silent |= {FIRST, SECOND}
    with free_ports(1) as (port,):
        pass
    url = office.edge.settings.edge.database
    settings = edge_settings(tmp_path / "second", port, {"a": 9}, HOTLINE_EDGE_DATABASE_URL=url)
    async with running_edge(settings) as edge:
        begun = Office(edge=edge, databases=office.databases, secrets=office.secrets)
        assert not await begun.registers("201")
        office.databases.silent.clear()
        assert await begun.registers("201")
