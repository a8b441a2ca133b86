"""A service that served one call in the process from which the tests' services are forked.

What a service reads, imports and compiles when it starts and when somebody calls is there for all of them.
"""

import asyncio
import logging
import os
import signal
import tempfile
import threading
from pathlib import Path

from service.wiring.serve import serve
from tests.fakes.compiled import compile_once
from tests.system.hotline import started_hotline
from tests.system.people import in_talk

DESK = "201"


def serve_once() -> None:
    """Serve a citizen who talks to a dispatcher, on a hotline of its own; no thread is left behind."""
    compile_once()
    logging.disable()
    with tempfile.TemporaryDirectory(prefix="hotline-served-once-") as folder:
        asyncio.run(_serve(Path(folder)))
    logging.disable(logging.NOTSET)
    assert threading.active_count() == 1, threading.enumerate()  # a fork would lose it


async def _serve(folder: Path) -> None:
    async with started_hotline(folder, service=False) as hotline:
        serving = asyncio.create_task(serve(hotline.settings), name="served once")
        await hotline.ready()
        citizen, dispatcher = await in_talk(hotline, await hotline.desk(DESK))
        await dispatcher.hang_up()
        await citizen.ended()
        await hotline.ended_call()
        os.kill(os.getpid(), signal.SIGTERM)
        await serving
