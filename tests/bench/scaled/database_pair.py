"""A PostgreSQL and its standby on two machines, under real Patroni; the third vote is an edge's."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from hotline.errors import HotlineError
from service import environment
from service.node.database_machine import POSTGRES_PORT, url, write
from service.settings.database import DatabaseMachineSettings
from tests.bench import postgres
from tests.bench.scaled.machine import Machine

READY_SECONDS = 90.0
LOOK_SECONDS = 0.5
PATRONI = "patroni.yml"
ETCD, PATRONI_PROGRAM = Path("/usr/bin/etcd"), Path("/usr/bin/patroni")
_IS_STANDBY = "SELECT pg_is_in_recovery()"
_FOLLOWERS = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
_SECRET = "the secret of this benchmark's machines"  # noqa: S105 - of machines that live for minutes


class NotInstalled(HotlineError):  # noqa: N818 - reads as what happened
    """A program of the database machines is missing; the message names it, and what sets it up."""

    code = "not-installed"


class DatabasePair:
    """Both database machines, by name, and how to reach whichever is the primary."""

    def __init__(self, machines: Mapping[str, Machine], witness: Machine, network: str) -> None:
        self._machines, self._witness = machines, witness
        self._settings = {
            name: _settings(name, one, machines, witness, network)
            for name, one in (*machines.items(), (witness.name, witness))
        }
        self._last = next(iter(machines.values()))

    @property
    def url(self) -> str:
        """The HOTLINE_DATABASE_URL of all."""
        return url(next(iter(self._settings.values())))

    @property
    def edge_url(self) -> str:
        """The HOTLINE_EDGE_DATABASE_URL: passwords are read from whichever of the two answers."""
        given = urlsplit(self.url)
        hosts = ",".join(value.rpartition(":")[0] for name, value in parse_qsl(given.query) if name == "host")
        return f"postgres://{given.netloc.rstrip('@')}@{hosts}:{POSTGRES_PORT}{given.path}"

    @property
    def machines(self) -> Sequence[Machine]:
        return [*self._machines.values()]

    @property
    def voters(self) -> Sequence[Machine]:
        return [*self._machines.values(), self._witness]

    def etc(self, machine: Machine) -> Path:
        return machine.folder / "etc"

    def prepare(self) -> None:
        """Write the configuration of all three. Raises NotInstalled."""
        need(ETCD, PATRONI_PROGRAM)
        for machine in self.voters:
            settings = self._settings[machine.name]
            settings.data.mkdir(parents=True)
            write(settings, self.etc(machine))
            for place in (self.etc(machine), settings.data):
                postgres.give_to_postgres(place)

    def etcd(self, machine: Machine) -> Sequence[str]:
        lines = (self.etc(machine) / "etcd.env").read_text(encoding="utf-8").splitlines()
        told = [line.replace('"', "") for line in lines if line.startswith("ETCD_")]
        return (*_as_postgres(), "env", *told, str(ETCD), "--log-level", "warn")

    def patroni(self, machine: Machine) -> Sequence[str]:
        return (*_as_postgres(), str(PATRONI_PROGRAM), str(self.etc(machine) / PATRONI))

    async def ready(self) -> None:
        """Wait until both are there, and the second has whatever the first acknowledges."""
        async with asyncio.timeout(READY_SECONDS):
            while not await self.is_whole():  # noqa: ASYNC110 - other processes become ready
                await asyncio.sleep(LOOK_SECONDS)

    async def is_whole(self) -> bool:
        for machine in self._machines.values():
            if await self._says(machine, _IS_STANDBY) == "f" and await self._says(machine, _FOLLOWERS) == "1":
                return True
        return False

    async def primary(self) -> Machine:
        """Give the machine that takes writes; while there is none, the last one that did."""
        for machine in self._machines.values():
            if await self._says(machine, _IS_STANDBY) == "f":
                self._last = machine
        return self._last

    async def standby(self) -> Machine:
        primary = await self.primary()
        return next(one for one in self._machines.values() if one is not primary)

    async def _says(self, machine: Machine, statement: str) -> str:
        """Ask its PostgreSQL, on the machine itself; nothing is said by one that is away."""
        run = self.etc(machine) / "run"
        with suppress(postgres.PostgresFailed, TimeoutError):
            async with asyncio.timeout(postgres.START_SECONDS):
                return await postgres.sql(run, statement)
        return ""


def need(*programs: Path) -> None:
    """Raise NotInstalled for those that are missing: begun, each would only end again and again."""
    if missing := [str(one) for one in programs if not one.is_file()]:
        raise NotInstalled(f"Not on this machine: {', '.join(missing)}. `./check --faults` sets them up.")


def _settings(
    name: str, machine: Machine, machines: Mapping[str, Machine], witness: Machine, network: str
) -> DatabaseMachineSettings:
    return environment.read(
        DatabaseMachineSettings,
        {
            "HOTLINE_DATABASE_MACHINES": ",".join(f"{one}={at.address}" for one, at in machines.items()),
            "HOTLINE_DATABASE_WITNESS": f"{witness.name}={witness.address}",
            "HOTLINE_DATABASE_MACHINE": name,
            "HOTLINE_DATABASE_SECRET": _SECRET,
            "HOTLINE_DATABASE_NETWORKS": network,
            "HOTLINE_DATABASE_FOLDER": str(machine.folder / "state"),
        },
    )


def _as_postgres() -> Sequence[str]:
    """Run as PostgreSQL's own user, which may not be root; it ends with the program that began it."""
    as_user = (
        "setpriv",
        "--reuid=postgres",
        "--regid=postgres",
        "--init-groups",
        "--pdeathsig",
        "TERM",
        "--",
    )
    paths = ("env", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8")
    return (*(as_user if os.geteuid() == 0 else ()), *paths)
