"""A service that served one call in the process from which the tests' services are forked.

What a service reads, imports and compiles when it starts, when somebody calls and when a desk is opened is
there for all of them.
"""

import asyncio
import logging
import os
import signal
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import aiohttp

from hotline.access.permissions import Role
from service.wiring.serve import serve
from storage.core import disk_threads
from tests.fakes.compiled import compile_once
from tests.fakes.passwords import hash_of
from tests.system.hotline import Hotline, started_hotline
from tests.system.people import in_talk

DESK = "201"
PASSWORD = "said once and never again"
PAGES = ("/desk", "/desk/phone")
MOST_SECONDS = 60
"""For the call, once there are prompts and an Asterisk: half as long as a worker waits for its service."""


def serve_once() -> None:
    """Serve a citizen who talks to a dispatcher, on a hotline of its own; no thread is left behind."""
    compile_once()
    logging.disable()
    with tempfile.TemporaryDirectory(prefix="hotline-served-once-") as folder:
        asyncio.run(_serve(Path(folder)))
    logging.disable(logging.NOTSET)
    _end_disk_threads()
    assert threading.active_count() == 1, threading.enumerate()  # a fork would lose it


def _end_disk_threads() -> None:
    """End the threads in which the service wrote, if it did by then; others begin anew."""
    disk_threads._THREADS.shutdown()
    disk_threads._THREADS = ThreadPoolExecutor(disk_threads.AT_ONCE, thread_name_prefix="disk")


async def _serve(folder: Path) -> None:
    async with started_hotline(folder, service=False) as hotline, asyncio.timeout(MOST_SECONDS):
        serving = asyncio.create_task(serve(hotline.settings), name="served once")
        await hotline.ready()
        citizen, dispatcher = await in_talk(hotline, await hotline.desk(DESK))
        await _desk_opened(hotline)
        await dispatcher.hang_up()
        await citizen.ended()
        await hotline.ended_call()
        os.kill(os.getpid(), signal.SIGTERM)
        await serving


async def _desk_opened(hotline: Hotline) -> None:
    """Open the pages of the desk in a talk, as their dispatcher."""
    desk = await hotline.dispatcher(DESK)
    await hotline.storage.users.add(
        login=DESK,
        name=DESK,
        role=Role.DISPATCHER,
        password_hash=hash_of(PASSWORD),
        dispatcher_id=desk.id,
    )
    address = f"http://{hotline.settings.http_host}:{hotline.settings.http_port}"
    form = {"csrf": "", "login": DESK, "password": PASSWORD}
    jar = aiohttp.CookieJar(unsafe=True)  # it keeps cookies of an address that is no name as well
    async with aiohttp.ClientSession(cookie_jar=jar, headers={"Origin": address}) as session:
        await session.post(f"{address}/sign-in", data=form)
        for page in PAGES:
            async with session.get(f"{address}{page}") as answer:
                assert str(answer.url) == f"{address}{page}", answer.url
                assert answer.status == 200
