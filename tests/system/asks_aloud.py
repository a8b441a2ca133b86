"""The hotline whose menu is answered aloud, beside a real Asterisk."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from telephony.ids import EAR_PREFIX, HEARING_PREFIX
from tests.fakes.asks_aloud import MODULE, settings
from tests.system.hotline import Hotline, running_hotline


@asynccontextmanager
async def asking_aloud(folder: Path, *, ears: int = 2, **environ: str) -> AsyncIterator[Hotline]:
    """Run it for one test or more, from when so many ears are loaded; all truths hold in the end."""
    given = settings(max(1, ears)) | environ
    async with running_hotline(folder, service=False, **given) as hotline:
        await serve(hotline)
        await hotline.until(lambda: hotline.log.read_text("utf-8").count("ear loaded") >= ears)
        yield hotline
        await nothing_is_left(hotline)


async def serve(hotline: Hotline) -> None:
    """Start the service, as `Hotline.start_service` starts the real one."""
    await hotline.serve(MODULE)
    await hotline.ready()


async def nothing_is_left(hotline: Hotline) -> None:
    """Wait until no channel and no bridge is there by which somebody was heard."""

    async def gone() -> bool:
        there = [*await hotline.node.ask("GET", "channels"), *await hotline.node.ask("GET", "bridges")]
        return not any(one["id"].startswith((EAR_PREFIX, HEARING_PREFIX)) for one in there)

    await hotline.until(gone)
