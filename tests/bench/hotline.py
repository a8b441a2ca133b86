"""The hotline that is measured: Asterisk, a database and `hotline serve`, all for this run alone."""

import asyncio
import csv
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import aiohttp

from hotline.line.invariants import InAsterisk
from hotline.voice.speech import Language
from ivr_flows import prompts
from service.folders import Folders
from service.node import local_node
from service.node.asterisk_node import prepare
from service.settings.settings import Settings, read_settings
from service.wiring.telephony import ari_address
from storage.store import Storage, open_storage
from telephony.ari.client import reading
from telephony.node.asterisk_state import seen
from telephony.phone.signalling import Address
from telephony.voice.engines import find_engines
from telephony.voice.fallback_prompts import FallbackPrompts
from telephony.voice.synthesis import RHVoice
from tests.bench import process
from tests.bench.city import Size
from tests.bench.clock import Clock
from tests.bench.progress import tell
from tests.bench.twin import twin_dialplan

READY_SECONDS = 120
SERVE = (sys.executable, "-m", "service", "serve")
_CEL_FIELDS = (
    *("eventtype", "eventtime", "uniqueid", "linkedid", "channame", "context", "exten", "appname"),
    *("appdata", "cid_num", "peer", "extra"),
)


class Program(Protocol):
    """A program that runs; under a supervisor another takes its place when it ends."""

    @property
    def pid(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Supervised:
    """The child of a supervisor whose command line ends like this."""

    supervisor: int
    ending: str

    @property
    def pid(self) -> int:
        """Its number now. Raises ProcessLookupError while there is none."""
        return process.child(self.supervisor, self.ending)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchHotline:
    """All that runs. `storage` and `voice` are the benchmark's own, beside those of the service."""

    settings: Settings
    environ: Mapping[str, str]
    """The variables with which another program belongs to this hotline."""
    city: Size
    storage: Storage
    voice: RHVoice
    asterisk: Program
    service: Program
    clock: Clock
    kept: Path
    """The folder of files that outlive the run."""

    @property
    def origin(self) -> str:
        """The address of its pages, without a path."""
        return f"http://{self.settings.http_host}:{self.settings.http_port}"

    @property
    def origins(self) -> Sequence[str]:
        return (self.origin,)

    @property
    def registrar(self) -> Address:
        return ("127.0.0.1", self.settings.sip_port)

    @property
    def citizens_from(self) -> str:
        return "127.0.0.1"

    @property
    def desks_from(self) -> str:
        return "127.0.0.1"

    def cel_rows(self) -> list[Mapping[str, str]]:
        """Asterisk's own account of all calls so far, the oldest event first."""
        return cel_rows(self.settings)

    def logs(self) -> Mapping[str, Path]:
        return {log.name: log for log in sorted(self.settings.folders.var.glob("*.log"))}

    async def in_asterisk(self) -> InAsterisk:
        async with reading(ari_address(self.settings)) as ari:
            return await seen(ari)

    async def left(self, what: str) -> Sequence[str]:
        return await left_in(self.settings, what)


def cel_rows(settings: Settings) -> list[Mapping[str, str]]:
    """Read the account of one Asterisk (CEL); of one to whom nobody came there is none."""
    if not settings.folders.cel.exists():
        return []
    with settings.folders.cel.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, fieldnames=_CEL_FIELDS))


async def left_in(settings: Settings, what: str) -> Sequence[str]:
    """Ask one Asterisk for the ids of all its channels or bridges."""
    control = settings.asterisk
    who = aiohttp.encode_basic_auth("hotline", control.ari_secret)
    url = f"http://{control.host}:{control.ari_port}/ari/{what}"
    async with aiohttp.ClientSession(headers={"Authorization": who}) as session, session.get(url) as answer:
        return [one["id"] for one in await answer.json()]


@asynccontextmanager
async def bench_hotline(
    theirs: Folders,
    database_url: str,
    city: Size,
    *,
    supervised: bool = False,
    languages: Iterable[Language] = (Language.UKRAINIAN,),
    program: Sequence[str] = SERVE,
    **more: str,
) -> AsyncIterator[BenchHotline]:
    """Bring everything up on free ports, on a database that holds this city; all is gone afterwards.

    `theirs` lends its synthesised prompts; `more` are `HOTLINE_…` variables. `supervised`: by `hotline up`,
    which starts anew each program that ends, and with a clock that can be moved. Prompts are read aloud
    ahead in these `languages`. `program` is a service that differs in what is measured.
    """
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        environ = local_node.own_environ(
            Path(folder), theirs.private_root, HOTLINE_DATABASE_URL=database_url, **more
        )
        settings = read_settings(environ)
        prepare(settings)
        voice = await spoken(settings, theirs.prompts, languages)
        twin = settings.folders.asterisk / "etc" / "extensions.d" / "bench-twin.conf"
        twin.write_text(await twin_dialplan(voice), encoding="utf-8")
        tell("starting Asterisk and the service")
        clock = Clock(settings.folders.var)
        async with (
            open_storage(settings.database_url) as storage,
            _up(settings, environ, clock) if supervised else _apart(settings, environ, program) as (
                asterisk,
                service,
            ),
        ):
            yield BenchHotline(
                settings=settings,
                environ=environ,
                city=city,
                storage=storage,
                voice=voice,
                asterisk=asterisk,
                service=service,
                clock=clock,
                kept=theirs.var / "bench",
            )


@asynccontextmanager
async def _apart(
    settings: Settings, environ: Mapping[str, str], command: Sequence[str]
) -> AsyncIterator[tuple[Program, Program]]:
    async with (
        local_node.asterisk(settings, []) as asterisk,
        _running(command, settings, environ) as service,
    ):
        yield asterisk, service


@asynccontextmanager
async def _up(
    settings: Settings, environ: Mapping[str, str], clock: Clock
) -> AsyncIterator[tuple[Program, Program]]:
    command = [sys.executable, "-m", "service", "up"]
    async with _running(command, settings, {**environ, **clock.environ}) as supervisor:
        yield Supervised(supervisor.pid, "asterisk.conf"), Supervised(supervisor.pid, "serve")


async def spoken(settings: Settings, lent: Path, languages: Iterable[Language]) -> RHVoice:
    """Have all phrases known ahead of a call read aloud before the first one, as `hotline prompts` does."""
    await asyncio.to_thread(_borrow, lent, settings.folders.prompts)
    voice = RHVoice(settings.folders.prompts, find_engines(settings.folders.private_root))
    tell("reading prompts aloud")
    await voice.prepare(prompts.every_phrase(), languages, lambda _done, _of: None)
    await FallbackPrompts(voice, settings.folders.prompts).keep(prompts.FALLBACK, Language.UKRAINIAN)
    return voice


def _borrow(lent: Path, prompts_folder: Path) -> None:
    if lent.is_dir():
        shutil.copytree(lent, prompts_folder, dirs_exist_ok=True)


@asynccontextmanager
async def _running(
    command: Sequence[str], settings: Settings, environ: Mapping[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    log = settings.folders.var / "service.log"
    with log.open("ab") as written:
        async with local_node.child(
            command, environ=environ, stdout=written.fileno(), stderr=written.fileno()
        ) as running:
            try:
                async with asyncio.timeout(READY_SECONDS):
                    await _ready(settings)
                yield running
            except TimeoutError as error:
                said = log.read_text(encoding="utf-8", errors="replace")
                raise local_node.NotStarted(f"The service is not ready in time:\n{said}") from error


async def _ready(settings: Settings) -> None:
    url = f"http://{settings.http_host}:{settings.http_port}/health/ready"
    async with aiohttp.ClientSession() as session:
        while not await _answers(session, url):  # noqa: ASYNC110 - another process becomes ready
            await asyncio.sleep(0.1)


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as answer:
            return answer.ok
    except aiohttp.ClientError:
        return False
