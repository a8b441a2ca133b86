"""The hotline that is measured: Asterisk, a database and `hotline serve`, all for this run alone."""

import asyncio
import csv
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from hotline.speech import Language
from ivr_flows import prompts
from service import local_node
from service.asterisk_node import prepare
from service.bench.city import Size
from service.bench.progress import tell
from service.bench.twin import twin_dialplan
from service.settings import Folders, Settings, read_settings
from storage.store import Storage, open_storage
from telephony.engines import find_engines
from telephony.fallback_prompts import FallbackPrompts
from telephony.synthesis import RHVoice

READY_SECONDS = 30
_CEL_FIELDS = (
    *("eventtype", "eventtime", "uniqueid", "linkedid", "channame", "context", "exten", "appname"),
    *("appdata", "cid_num", "peer", "extra"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchHotline:
    """What runs. `storage` and `voice` are the benchmark's own, beside those of the service."""

    settings: Settings
    city: Size
    storage: Storage
    voice: RHVoice
    asterisk: asyncio.subprocess.Process
    service: asyncio.subprocess.Process
    kept: Path
    """Where what is to outlive the run is written."""

    def cel_rows(self) -> list[Mapping[str, str]]:
        """Asterisk's own account of all calls so far, the oldest event first."""
        with self.settings.folders.cel.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, fieldnames=_CEL_FIELDS))


@asynccontextmanager
async def bench_hotline(
    theirs: Folders, database_url: str, city: Size, **more: str
) -> AsyncIterator[BenchHotline]:
    """Bring everything up on free ports, on a database that holds this city; all is gone afterwards.

    `theirs` lends its synthesised prompts; `more` are `HOTLINE_…` variables.
    """
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        environ = local_node.own_environ(
            Path(folder), theirs.private_root, HOTLINE_DATABASE_URL=database_url, **more
        )
        settings = read_settings(environ)
        prepare(settings)
        voice = await _voice(settings, theirs.prompts)
        twin = settings.folders.asterisk / "etc" / "extensions.d" / "bench-twin.conf"
        twin.write_text(await twin_dialplan(voice), encoding="utf-8")
        tell("starting Asterisk and the service")
        async with (
            open_storage(settings.database_url) as storage,
            local_node.asterisk(settings, []) as asterisk,
            _service(settings, environ) as service,
        ):
            yield BenchHotline(
                settings=settings,
                city=city,
                storage=storage,
                voice=voice,
                asterisk=asterisk,
                service=service,
                kept=theirs.var / "bench",
            )


async def _voice(settings: Settings, lent: Path) -> RHVoice:
    """All that is known ahead of a call is read aloud before the first one, as `hotline prompts` does."""
    await asyncio.to_thread(_borrow, lent, settings.folders.prompts)
    voice = RHVoice(settings.folders.prompts, find_engines(settings.folders.private_root))
    tell("reading prompts aloud")
    await voice.prepare(prompts.every_phrase(), Language, lambda _done, _of: None)
    await FallbackPrompts(voice, settings.folders.prompts).keep(prompts.FALLBACK, Language.UKRAINIAN)
    return voice


def _borrow(lent: Path, prompts_folder: Path) -> None:
    if lent.is_dir():
        shutil.copytree(lent, prompts_folder, dirs_exist_ok=True)


@asynccontextmanager
async def _service(
    settings: Settings, environ: Mapping[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    log = settings.folders.var / "service.log"
    with log.open("ab") as written:
        command = [sys.executable, "-m", "service", "serve"]
        async with local_node.child(
            command, environ=environ, stdout=written.fileno(), stderr=written.fileno()
        ) as process:
            try:
                async with asyncio.timeout(READY_SECONDS):
                    await _ready(settings)
                yield process
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
