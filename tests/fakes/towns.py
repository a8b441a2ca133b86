"""Cities for conversations without telephony: each is built once a session and copied from then on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent
from zoneinfo import ZoneInfo

from service.talk.playing import play, scripted
from service.talk.scene import Scene, Town, read_script
from service.talk.town import build
from service.talk.transcript import Transcript
from service.talk.words import UKRAINIAN
from tests.fakes.databases import empty_database, lent
from tests.fakes.made_once import made_once

KYIV = ZoneInfo("Europe/Kyiv")


@cache
def _built(town: Town, at: datetime, zone: ZoneInfo) -> bytes:
    return made_once(f"{town}-{at.isoformat()}.db", partial(_build, town, at, zone)).read_bytes()


def _build(town: Town, at: datetime, zone: ZoneInfo, file: Path) -> None:
    """Build it upon a database that has the newest schema: to migrate one is most of the work."""
    with TemporaryDirectory(dir=file.parent) as folder:
        fresh = Path(folder) / "town.db"
        Path(empty_database(Path(folder)).removeprefix("sqlite:///")).rename(fresh)
        asyncio.run(build(Path(folder), town, at, zone)).rename(file)


async def copied(folder: Path, town: Town, at: datetime, zone: ZoneInfo) -> Path:
    """Put a copy of what `service.talk.town.build` makes into the folder; the file."""
    file = folder / "town.db"
    file.write_bytes(await asyncio.to_thread(_built, town, at, zone))
    return file


@asynccontextmanager
async def town_of(scene: Scene) -> AsyncIterator[Path]:
    """The file of a city for one conversation, as if nobody had ever called there."""
    with lent(await asyncio.to_thread(_built, scene.town, scene.at, KYIV)) as file:
        yield file


async def plays(text: str) -> None:
    """Hold a written conversation anew; it has to go as it is written."""
    script = read_script(dedent(text), KYIV)
    caller = scripted(script.lines)
    async with town_of(script.scene) as built:
        played = await play(script.scene, caller, Transcript(UKRAINIAN), KYIV, built)
    assert played.lines == script.lines
    assert not caller.left, "the conversation ends before the caller has done all that is written"
