"""A service that puts messages elsewhere and is killed (-9) right after a step.

python -m tests.service.calls.dying_storing URL VAR STEP
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from storage.sounds.elsewhere import Elsewhere
from storage.sounds.s3 import Bucket, BucketSession
from storage.sounds.store import KeptSounds
from storage.store import open_storage
from tests.service.calls.test_storing import Archive

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


async def work(url: str, var: Path, step: str) -> None:
    bucket = Bucket(
        endpoint=os.environ["TRIED_ENDPOINT"],
        name="recordings",
        region="us-east-1",
        key_id=os.environ["TRIED_KEY"],
        secret=os.environ["TRIED_SECRET"],
    )
    die_after(*STEPS[step])
    async with open_storage(url) as storage:
        await Archive(storage, var, bucket).begins_anew().once()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
