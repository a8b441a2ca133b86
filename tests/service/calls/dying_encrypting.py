"""A service that encrypts what lies plain and is killed (-9) right after a step of its second file."""

import asyncio
import inspect
import os
import signal
from pathlib import Path
from typing import Any

from storage.sounds import store
from tests.fakes.forking import ended
from tests.fakes.kept_sounds import sounds_in

STEPS = {"written": "_encrypted", "read back": "_digest", "placed": "_place"}


def die_after_the_second(name: str) -> None:
    done, times = getattr(store, name), 0

    def dies() -> None:
        nonlocal times
        times += 1
        if times > 1:
            os.kill(os.getpid(), signal.SIGKILL)

    def then_dies(*given: Any) -> Any:
        result = done(*given)
        dies()
        return result

    async def later_dies(*given: Any) -> Any:
        result = await done(*given)
        dies()
        return result

    setattr(store, name, later_dies if inspect.iscoroutinefunction(done) else then_dies)


def encrypt_and_die(folder: Path, keys: Path, step: str) -> int | None:
    """Let a service of its own encrypt all; returns how it ended."""
    return ended(_encrypt, folder, keys, step)


def _encrypt(folder: Path, keys: Path, step: str) -> None:
    die_after_the_second(STEPS[step])
    asyncio.run(_work(folder, keys))


async def _work(folder: Path, keys: Path) -> None:
    sounds = sounds_in(folder, keys=keys)
    sounds.clear()
    for file in sorted(folder.glob("*.ogg")):
        await sounds.encrypt(file)
