"""Cities for conversations without telephony: each is built once and copied from then on."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent
from zoneinfo import ZoneInfo

from service.talk.playing import play, scripted
from service.talk.scene import Scene, Town, read_script
from service.talk.town import build
from service.talk.transcript import Transcript
from service.talk.words import UKRAINIAN

KYIV = ZoneInfo("Europe/Kyiv")
_BUILT: dict[tuple[Town, datetime], bytes] = {}


async def town_of(folder: Path, scene: Scene) -> Path:
    """The file of a city of its own for one conversation."""
    kind = scene.town, scene.at
    if kind not in _BUILT:
        with TemporaryDirectory(dir=folder) as fresh:  # another city may lie in the folder already
            _BUILT[kind] = (await build(Path(fresh), *kind, KYIV)).read_bytes()
    file = folder / "town.db"
    file.write_bytes(_BUILT[kind])
    return file


async def plays(folder: Path, text: str) -> None:
    """Hold a written conversation anew; it has to go as it is written."""
    script = read_script(dedent(text), KYIV)
    caller = scripted(script.lines)
    built = await town_of(folder, script.scene)
    played = await play(script.scene, caller, Transcript(UKRAINIAN), KYIV, built)
    assert played.lines == script.lines
    assert not caller.left, "the conversation ends before the caller has done all that is written"
