"""A service that puts messages elsewhere and is killed (-9) right after a step."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from storage.sounds.elsewhere import Elsewhere
from storage.sounds.s3 import Bucket, BucketSession
from storage.sounds.store import KeptSounds
from storage.store import open_storage
from tests.fakes.forking import ended
from tests.service.calls.kept_elsewhere import Archive

STEPS = {
    "put": (BucketSession, "put"),
    "read back": (BucketSession, "digest"),
    "on record": (Elsewhere, "put"),
    "dropped": (KeptSounds, "drop_copy"),
}


def die_after(kind: type, name: str) -> None:
    done: Callable[..., Coroutine[Any, Any, Any]] = getattr(kind, name)

    async def then_die(*given: Any) -> None:
        await done(*given)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(kind, name, then_die)


def store_and_die(url: str, var: Path, bucket: Bucket, step: str) -> int | None:
    """Let a service of its own do one round; returns how it ended."""
    return ended(_store, url, var, bucket, step)


def _store(url: str, var: Path, bucket: Bucket, step: str) -> None:
    die_after(*STEPS[step])
    asyncio.run(_work(url, var, bucket))


async def _work(url: str, var: Path, bucket: Bucket) -> None:
    async with open_storage(url) as storage:
        await Archive(storage, var, bucket).begins_anew().once()
