"""What whoever ran ./start reads once the hotline answers: what to open, which number to call."""

import asyncio
import logging
import sys
from pathlib import Path

import aiohttp

from service.settings import Settings

READY_POLL = 0.2
READY_WITHIN = 60.0

TEXT = """
Гаряча лінія працює.
  Вебсторінка:      {page}
  Номер:            {number} (SIP: {sip})
  Без телефона:     {command} citizen --keys 1
  Зупинити:         Ctrl-C

The hotline is running.
  Web page:         {page}
  Number to call:   {number} (SIP: {sip})
  Without a phone:  {command} citizen --keys 1
  To stop:          Ctrl-C

"""

log = logging.getLogger(__name__)


async def welcome(settings: Settings) -> None:
    """Wait until the service is ready, however long it takes, then tell the terminal."""
    page = f"http://{settings.http_host}:{settings.http_port}/"
    try:
        async with asyncio.timeout(READY_WITHIN):
            await ready(f"{page}health/ready")
    except TimeoutError:
        log.warning("not ready after=%.0fs see=%shealth/ready", READY_WITHIN, page)
        await ready(f"{page}health/ready")
    sys.stdout.write(welcome_text(settings, page))
    sys.stdout.flush()


def welcome_text(settings: Settings, page: str) -> str:
    sip = f"sip:{settings.number}@{settings.sip.host}:{settings.sip_port}"
    command = Path(sys.executable).with_name("hotline")
    if command.is_relative_to(Path.cwd()):
        command = command.relative_to(Path.cwd())
    return TEXT.format(page=page, number=settings.number, sip=sip, command=command)


async def ready(url: str) -> None:
    """Return once `url` answers 200."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        while not await _answers(session, url):  # noqa: ASYNC110 - the event is in another process
            await asyncio.sleep(READY_POLL)


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as response:
            return response.ok
    except (aiohttp.ClientError, TimeoutError):
        return False
