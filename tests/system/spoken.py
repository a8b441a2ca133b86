"""What a hotline in a test says in Ukrainian: synthesised once (`python -m tests.system.spoken`).

The service itself reads aloud what else is said (English, what tests type): its files are kept as well.
By night that is all that it can say. By day it is what tests of the day hear (`heard_by_day.txt`), a third
of it, and RHVoice takes the least trouble over it, a third less: the rest is listened to by night.
"""

import asyncio
import errno
import fcntl
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

from hotline.voice.speech import Language, Phrase
from ivr_flows import prompts
from service.wiring.voices import FALLBACK_MESSAGE
from telephony.voice.engines import Engine, find_engines
from telephony.voice.fallback_prompts import FallbackPrompts
from telephony.voice.prompt_files import SUFFIXES
from telephony.voice.synthesis import RHVoice
from tests.effort import BY_NIGHT

SHORT_BYTES = {".alaw": 2400, ".sln16": 9600}
"""Three tenths of a second."""
PRIVATE_ROOT = Path(os.environ.get("HOTLINE_PRIVATE_ROOT", "var/root")).absolute()
PROMPTS = PRIVATE_ROOT.parent / ("test-prompts" if BY_NIGHT else "test-prompts-by-day")
"""Kept for the next run beside the voices, in whichever folder it is: names of files hold what they say."""
LEAST_TROUBLE = () if BY_NIGHT else ("-q", "min")
HEARD_BY_DAY = frozenset(Path(__file__).with_name("heard_by_day.txt").read_text(encoding="utf-8").split())
"""By the names of their files. What a call asks for and is missing here its service reads aloud."""

MADE_BY_SERVICES = PROMPTS / ".by-services"
KEPT_SECONDS = 2 * 86400
"""Beyond it goes what no service has said any more: moments and numbers are others in each run."""
_KEPT = Event()
"""Set when this process has seen that all is there: to look at each phrase is half of a start."""


async def spoken_prompts(folder: Path) -> None:
    """Link what was read aloud ahead into a folder that is not there yet.

    The notice of recording is short there: it is said before every talk, and would take the tests minutes.
    """
    if not _KEPT.is_set():
        await keep_spoken()
        _KEPT.set()
    folder.mkdir(mode=0o700, parents=True)
    for file in PROMPTS.iterdir():
        if file.name.startswith(f"{prompts.RECORDING_NOTICE.name}-"):
            (folder / file.name).write_bytes(file.read_bytes()[: SHORT_BYTES[file.suffix]])
        elif not file.name.startswith("."):
            _lay(file, folder / file.name)


async def keep_spoken() -> None:
    """Synthesise what is not there yet."""
    engines = {one: quick(engine) for one, engine in find_engines(PRIVATE_ROOT).items()}
    voice = RHVoice(PROMPTS, engines)
    MADE_BY_SERVICES.mkdir(parents=True, exist_ok=True)
    with (PROMPTS / ".lock").open("w") as lock:  # tests that run side by side synthesise once
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        await voice.prepare(_heard(voice), [Language.UKRAINIAN], lambda _done, _of: None)
        await voice.prepare([prompts.RECORDING_NOTICE], [Language.ENGLISH], lambda _done, _of: None)
        fallback = FallbackPrompts(voice, PROMPTS)
        await fallback.keep(prompts.FALLBACK, Language.UKRAINIAN)
        await fallback.keep_as(FALLBACK_MESSAGE, [], Language.UKRAINIAN)


def _heard(voice: RHVoice) -> Sequence[Phrase]:
    return [one for one in prompts.every_phrase() if BY_NIGHT or _name(voice, one) in HEARD_BY_DAY]


def _name(voice: RHVoice, phrase: Phrase) -> str:
    return _stem(voice, phrase).rpartition("-")[0]


def _stem(voice: RHVoice, phrase: Phrase) -> str:
    return voice._spoken(phrase.name, phrase.text(Language.UKRAINIAN), Language.UKRAINIAN).stem


def lay_for_bench(folder: Path) -> None:
    """Lay out all that a bench has read aloud first: a moment of sound for what no call of the day hears."""
    shutil.copytree(PROMPTS, folder)
    voice = RHVoice(folder, find_engines(PRIVATE_ROOT))
    for phrase in prompts.every_phrase():
        for suffix, size in SHORT_BYTES.items():
            file = folder / f"{_stem(voice, phrase)}{suffix}"
            if not file.exists():
                file.write_bytes(bytes(size))


def quick(engine: Engine) -> Engine:
    """The same voice at the same pace; the name of a file tells nothing of the trouble taken over it."""
    if not engine.name.startswith("rhvoice-"):
        return engine
    return replace(engine, command=(*engine.command[:-1], *LEAST_TROUBLE, engine.command[-1]))


def read_aloud_once() -> None:
    """Have services of this process take the files of one before them, of the same voice and words."""
    make = RHVoice._make

    async def made_or_taken(self: RHVoice, stem: str, text: str, engine: Engine) -> None:
        kept = [MADE_BY_SERVICES / f"{stem}{suffix}" for suffix in SUFFIXES]
        if all(file.exists() for file in kept):
            self._folder.mkdir(parents=True, exist_ok=True)
            for file in kept:
                os.utime(file)
                _lay(file, self._folder / file.name)
        else:
            await make(self, stem, text, quick(engine))
            for file in kept:
                _lay(self._folder / file.name, file)

    RHVoice._make = made_or_taken  # type: ignore[method-assign]


def forget_unused() -> None:
    for file in MADE_BY_SERVICES.iterdir():
        if file.stat().st_mtime < time.time() - KEPT_SECONDS:
            file.unlink()


def _lay(file: Path, target: Path) -> None:
    """Put the same sound there; what is there already, of another's making, is as good."""
    try:
        os.link(file, target)
    except FileExistsError:
        pass
    except OSError as error:  # of another disk, or replaced in this very moment by another worker
        if error.errno not in {errno.EXDEV, errno.ENOENT}:
            raise
        shutil.copyfile(file, target)


if __name__ == "__main__":
    asyncio.run(keep_spoken())
    forget_unused()
