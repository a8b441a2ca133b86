"""Two database machines and a third with a vote, on loopback: real Patroni, etcd and pgbouncer."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from service import environment
from service.node.database_machine import PATRONI_PORT, POOL_PORT, url, write
from service.settings.database import DatabaseMachineSettings
from tests.storage.killed_server import signal_server

PATIENCE_SECONDS = 120
_SECRET = "a secret of this test, and of no other"
_PROGRAMS = ("/usr/bin/etcd", "/usr/bin/patroni", "/usr/sbin/pgbouncer", "/usr/bin/pgbackrest")


@dataclass
class Machine:
    """One of the three, as its unit files would run it."""

    settings: DatabaseMachineSettings
    etc: Path
    host: str
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def _data(self) -> Path:
        return self.settings.data / "data"

    def start(self) -> None:
        lines = [
            line for line in (self.etc / "etcd.env").read_text().splitlines() if line.startswith("ETCD_")
        ]
        etcd = {name: value.strip('"') for name, _, value in (line.partition("=") for line in lines)}
        self._run("etcd", ["/usr/bin/etcd", "--log-level", "warn"], etcd)
        if (self.etc / "patroni.yml").exists():
            self._run("patroni", ["/usr/bin/patroni", str(self.etc / "patroni.yml")])
            self._run("pgbouncer", ["/usr/sbin/pgbouncer", "-q", str(self.etc / "pgbouncer.ini")])

    def _run(self, name: str, command: Sequence[str], environ: Mapping[str, str] | None = None) -> None:
        as_postgres = ("--reuid=postgres", "--regid=postgres", "--clear-groups")
        their = as_postgres if os.geteuid() == 0 else ()  # PostgreSQL refuses to run as root
        command = ["setpriv", *their, "--pdeathsig", "TERM", "--", *command]
        with (self.etc.parent / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(  # noqa: S603
                command,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", **(environ or {})},
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.etc,
            )

    def signal(self, what: signal.Signals) -> None:
        """Send it to everything on this machine at once: killed, it has lost its power."""
        for one in self.running.values():
            one.send_signal(what)
        with suppress(FileNotFoundError):
            signal_server(self._data, what)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        for one in self.running.values():
            one.wait()
        self.running.clear()

    def is_(self, what: str) -> bool:
        """Whether Patroni says that it is `primary`, or `synchronous`: a standby that has everything."""
        try:
            with urlopen(f"http://{self.host}:{PATRONI_PORT}/{what}", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def sql(self, statement: str) -> str:
        """By who may do everything, on the machine itself."""
        command = ["psql", "-qAt", "-h", str(self.etc / "run"), "-U", "postgres", "-c", statement, "hotline"]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        return subprocess.run(  # noqa: S603
            command, check=True, capture_output=True, text=True, timeout=60, cwd="/"
        ).stdout.strip()

    def log(self) -> str:
        return "\n".join(one.read_text(errors="replace")[-3000:] for one in self.etc.parent.glob("*.log"))


@dataclass
class Machines:
    """The three of them; `first` has begun as the primary."""

    all: list[Machine]

    @property
    def first(self) -> Machine:
        return self.all[0]

    @property
    def second(self) -> Machine:
        return self.all[1]

    @property
    def url(self) -> str:
        return url(self.first.settings)

    @property
    def pool_url(self) -> str:
        return url(self.first.settings, port=POOL_PORT)

    def until(self, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            if time.monotonic() > end:
                pytest.fail("\n\n".join(one.log() for one in self.all), pytrace=False)
            time.sleep(0.1)

    def switch_over(self, to: str) -> None:
        """Have another machine take over, as before work on this one."""
        config = str(self.first.etc / "patroni.yml")
        command = ["/usr/bin/patronictl", "-c", config, "switchover", "--candidate", to, "--force", "hotline"]
        subprocess.run(command, check=True, capture_output=True, timeout=60)  # noqa: S603


@contextmanager
def running_machines() -> Iterator[Machines]:
    """Both databases are there, and the second has all that the first acknowledges."""
    if missing := [one for one in _PROGRAMS if not Path(one).exists()]:
        pytest.fail(f"missing: {missing}; run ./check --all once", pytrace=False)
    folder = Path(tempfile.mkdtemp(prefix="hotline-machines-"))
    network = f"127.{100 + os.getpid() % 100}.{os.getpid() // 100 % 250 + 1}"  # no two tests share addresses
    named = {name: f"{network}.{number}" for number, name in enumerate(("a", "b", "edge"), start=1)}
    machines = Machines([_made(folder / name, name, named) for name in named])
    try:
        (folder / "backups").mkdir()
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", "postgres:", str(folder)], check=True)  # noqa: S603, S607
        for one in machines.all:
            one.start()
        machines.until(lambda: any(one.is_("primary") for one in machines.all))
        if machines.second.is_("primary"):  # who is quicker makes the cluster
            machines.all = [machines.second, machines.first, machines.all[2]]
        machines.until(lambda: machines.second.is_("synchronous"))
        yield machines
    finally:
        for one in machines.all:
            one.kill()
        shutil.rmtree(folder)


def _made(folder: Path, name: str, named: Mapping[str, str]) -> Machine:
    settings = environment.read(
        DatabaseMachineSettings,
        {
            "HOTLINE_DATABASE_MACHINES": f"a={named['a']},b={named['b']}",
            "HOTLINE_DATABASE_WITNESS": f"edge={named['edge']}",
            "HOTLINE_DATABASE_MACHINE": name,
            "HOTLINE_DATABASE_SECRET": _SECRET,
            "HOTLINE_DATABASE_FOLDER": str(folder / "state"),
            "HOTLINE_DATABASE_BACKUPS": str(folder.parent / "backups"),
        },
    )
    settings.data.mkdir(parents=True)
    write(settings, folder / "etc")
    return Machine(settings, folder / "etc", named[name])
