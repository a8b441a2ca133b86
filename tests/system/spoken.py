"""All that a hotline in a test can say in Ukrainian: synthesised once (`python -m tests.system.spoken`).

The service itself reads aloud what else is said: hardly anybody in a test speaks English.
"""

import asyncio
import fcntl
import os
from pathlib import Path

from hotline.voice.speech import Language
from ivr_flows import prompts
from service.wiring.voices import FALLBACK_MESSAGE
from telephony.voice.engines import find_engines
from telephony.voice.fallback_prompts import FallbackPrompts
from telephony.voice.synthesis import RHVoice

SHORT_BYTES = {".alaw": 2400, ".sln16": 9600}
"""Three tenths of a second."""
PRIVATE_ROOT = Path(os.environ.get("HOTLINE_PRIVATE_ROOT", "var/root")).absolute()
PROMPTS = PRIVATE_ROOT.parent / "test-prompts"
"""Kept for the next run beside the voices, in whichever folder it is: names of files hold what they say."""


async def spoken_prompts(folder: Path) -> None:
    """Link what was read aloud ahead into a folder that is not there yet.

    The notice of recording is short there: it is said before every talk, and would take the tests minutes.
    """
    await keep_spoken()
    folder.mkdir(mode=0o700, parents=True)
    for file in PROMPTS.iterdir():
        if file.name.startswith(f"{prompts.RECORDING_NOTICE.name}-"):
            (folder / file.name).write_bytes(file.read_bytes()[: SHORT_BYTES[file.suffix]])
        elif not file.name.startswith("."):
            os.link(file, folder / file.name)


async def keep_spoken() -> None:
    """Synthesise what is not there yet."""
    voice = RHVoice(PROMPTS, find_engines(PRIVATE_ROOT))
    PROMPTS.mkdir(parents=True, exist_ok=True)
    with (PROMPTS / ".lock").open("w") as lock:  # tests that run side by side synthesise once
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        await voice.prepare(prompts.every_phrase(), [Language.UKRAINIAN], lambda _done, _of: None)
        await voice.prepare([prompts.RECORDING_NOTICE], [Language.ENGLISH], lambda _done, _of: None)
        fallback = FallbackPrompts(voice, PROMPTS)
        await fallback.keep(prompts.FALLBACK, Language.UKRAINIAN)
        await fallback.keep_as(FALLBACK_MESSAGE, [], Language.UKRAINIAN)


if __name__ == "__main__":
    asyncio.run(keep_spoken())
