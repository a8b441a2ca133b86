"""The hotline as several processes on one machine (`./start --scaled`), kept running by our supervisor.

Two Asterisk nodes with a telephony process each, two Kamailios before them, two processes of pages behind
nginx, one with the other roles, and our own PostgreSQL where there is none given.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from hotline.errors import SettingsError
from service.demo.accounts import require_no_demo_accounts
from service.ending import BEGIN_ANEW, SUPERVISED
from service.node import asterisk_node, edge
from service.node.supervisor import Program, hotline_command, stop_signals, supervise
from service.node.welcome import welcome
from service.processes.roles import Role
from service.scaled import front
from service.scaled.layout import Layout, laid_out, share_by_nodes
from service.scaled.words import welcome_text
from service.settings.settings import Settings
from service.settings.telephony import LOOPBACK
from storage.store import open_storage

CONNECTIONS = 300
"""At most to our own PostgreSQL: each process holds some, and each of Kamailio's."""
LOOK_SECONDS = 0.1
_SERVER = (
    *("-c", f"listen_addresses={LOOPBACK}", "-c", "unix_socket_directories="),
    *("-c", f"max_connections={CONNECTIONS}"),
)


async def run(settings: Settings) -> int:
    """Run all parts until a signal to stop; the exit code, as `service.node.supervisor.run` gives it.

    Raises SettingsError at once.
    """
    layout = laid_out(settings)
    _prepare(layout)
    anew = asyncio.Event()
    with stop_signals() as stop:

        def begin_anew() -> None:
            anew.set()
            stop.set()

        others = programs(layout, begin_anew)
        async with _database(layout, stop):
            if not stop.is_set():
                async with open_storage(settings.database_url) as storage:
                    await require_no_demo_accounts(settings, storage)
                async with asyncio.TaskGroup() as tasks:
                    greeting = tasks.create_task(welcome(settings, partial(welcome_text, layout)))
                    await supervise(others, stop)
                    greeting.cancel()
    return BEGIN_ANEW if anew.is_set() else 0


def programs(layout: Layout, anew: Callable[[], None]) -> Sequence[Program]:
    """Give all programs but the database, in the order in which they are started."""
    settings, nodes = layout.settings, layout.nodes
    own = {"HOTLINE_VAR": str(settings.folders.var), **layout.known}
    return [
        *(
            Program(
                name=f"asterisk-{node.name}",
                argv=asterisk_node.program(node.settings),
                before=partial(asterisk_node.before_a_start, node.settings),
            )
            for node in nodes
        ),
        *(Program(name=f"edge-{one.name}", argv=edge.program(one.settings)) for one in layout.edges),
        *(_serving(f"telephony-{node.name}", (Role.TELEPHONY,), node.told) for node in nodes),
        _serving("scheduler", (Role.SCHEDULER, Role.MEDIA), own),
        *(
            _serving(f"web-{number}", (Role.WEB,), own | _of_pages(settings, port), anew)
            for number, port in enumerate(layout.pages, start=1)
        ),
        Program(name="front", argv=front.program(settings)),
    ]


def _of_pages(settings: Settings, port: int) -> dict[str, str]:
    """Tell a process of pages of its port."""
    return {
        "HOTLINE_HTTP_HOST": LOOPBACK,
        "HOTLINE_HTTP_PUBLISHED": settings.http_published,
        "HOTLINE_HTTP_PORT": str(port),
    }


def _serving(
    name: str, roles: Sequence[Role], told: Mapping[str, str], anew: Callable[[], None] | None = None
) -> Program:
    argv = (str(hotline_command()), "serve", "--role", ",".join(roles))
    supervised = {SUPERVISED: "1"} if anew else {}
    return Program(name=name, argv=argv, watched=True, told={**told, **supervised}, anew=anew)


def _prepare(layout: Layout) -> None:
    """Make the folders of all parts, and write the configuration of what is not ours."""
    share_by_nodes(layout)
    for node in layout.nodes:
        asterisk_node.prepare(node.settings)
    for one in layout.edges:
        edge.prepare(one.settings)
    front.prepare(layout.settings, layout.pages)


@asynccontextmanager
async def _database(layout: Layout, stop: asyncio.Event) -> AsyncIterator[None]:
    """Run our own PostgreSQL for the time of the block, ready for connections, where no other is given."""
    port = layout.database_port
    if port is None:
        yield
        return
    programs, data = _postgres(layout.settings), layout.settings.folders.postgresql
    server = Program(
        name="postgresql",
        argv=(str(programs / "postgres"), "-D", str(data), "-p", str(port), *_SERVER),
        ended_by=signal.SIGINT,  # at once: SIGTERM waits for everybody who is connected
    )
    ended = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(supervise((server,), ended))
        try:
            while not (  # noqa: ASYNC110 - it is another program that becomes ready
                stop.is_set() or await _is_ready(programs / "pg_isready", port)
            ):
                await asyncio.sleep(LOOK_SECONDS)
            yield
        finally:
            ended.set()


def _postgres(settings: Settings) -> Path:
    """Find the programs of the version that has made the folder. Raises SettingsError."""
    version = (settings.folders.postgresql / "PG_VERSION").read_text(encoding="ascii").strip()
    programs = Path(f"/usr/lib/postgresql/{version}/bin")
    if not (programs / "postgres").is_file():
        raise SettingsError(
            f"{settings.folders.postgresql} is of PostgreSQL {version}, which is not installed."
        )
    return programs


async def _is_ready(program: Path, port: int) -> bool:
    asked = await asyncio.create_subprocess_exec(program, "-q", "-h", LOOPBACK, "-p", str(port))
    return await asked.wait() == 0
