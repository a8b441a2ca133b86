"""The text after ./start once the hotline answers: pages to open, the number to call."""

import asyncio
import logging
import shlex
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import aiohttp

from hotline.access.tokens import hash_of
from hotline.dialling.hosts import in_uri
from hotline.new_city.setup import new_code, plain_code
from service.demo.accounts import demo_passwords
from service.settings.settings import DEMO_NUMBER, Settings
from storage.store import open_storage

LOOPBACK = "127.0.0.1"
SIP_PORT = 5060
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

DEMO_TEXT = """Увійти / Sign in: {page}sign-in
{rows}
"""

NOBODY_TEXT = """Увійти ще ніхто не може. Відкрийте перший обліковий запис; пароль буде показано один раз:
Nobody can sign in yet. Open the first account; its password is shown once:
  {command} user add LOGIN "Ім'я Прізвище" head

"""

SETUP_TEXT = """Міста ще не налаштовано. Відкрийте {page}setup і введіть код (він діє один раз):
The city is not set up yet. Open {page}setup and type this code (it works once):
  {code}

"""
UNSEEN_TEXT = """Міста ще не налаштовано. Код для {page}setup покаже команда:
The city is not set up yet. The code for {page}setup is shown by:
  {command} setup code

"""
"""What is not written to a terminal may end in a log, where no code belongs."""

log = logging.getLogger(__name__)


async def welcome(
    settings: Settings, text: Callable[[Settings, str, Mapping[str, str]], str] | None = None
) -> None:
    """Wait until the service is ready, however long it takes, then tell the terminal.

    `text` takes the place of `welcome_text`.
    """
    page = f"http://{settings.http_host}:{settings.http_port}/"
    try:
        async with asyncio.timeout(READY_WITHIN):
            await ready(f"{page}health/ready")
    except TimeoutError:
        log.warning("not ready after=%.0fs see=%shealth/ready", READY_WITHIN, page)
        await ready(f"{page}health/ready")
    sys.stdout.write((text or welcome_text)(settings, page, await demo_accounts(settings)))
    sys.stdout.write(await _setup_text(settings, page))
    sys.stdout.flush()


async def demo_accounts(settings: Settings) -> Mapping[str, str]:
    """Login → password of the accounts that still have the one they were made with."""
    async with open_storage(settings.database_url) as storage:
        open_yet = set(await storage.users.demo_accounts())
    made = demo_passwords(settings.folders.secrets)
    return {login: password for login, password in made.items() if login in open_yet}


async def setup_code(settings: Settings) -> str:
    """Make the code that opens the set-up of a new city; "" where there is none to do."""
    async with open_storage(settings.database_url) as storage:
        if settings.demo or not await storage.city_setup.needed():
            return ""
        code = new_code()
        await storage.city_setup.offer(hash_of(plain_code(code)))
    return code


async def _setup_text(settings: Settings, page: str) -> str:
    """Say how the first people come in, where nobody can sign in yet."""
    async with open_storage(settings.database_url) as storage:
        if settings.demo or not await storage.city_setup.needed():
            anybody = await storage.users.all()
            return "" if anybody else NOBODY_TEXT.format(command=hotline_command(settings))
    if sys.stdout.isatty():
        return SETUP_TEXT.format(page=page, code=await setup_code(settings))
    return UNSEEN_TEXT.format(page=page, command=hotline_command(settings))


def welcome_text(settings: Settings, page: str, accounts: Mapping[str, str]) -> str:
    sip = f"sip:{settings.number}@{in_uri(settings.sip.host)}:{settings.sip_port}"
    text = TEXT.format(page=page, number=settings.number, sip=sip, command=hotline_command(settings))
    return text + accounts_text(page, accounts)


def accounts_text(page: str, accounts: Mapping[str, str]) -> str:
    """Say how to sign in with the demo accounts; nothing where there are none."""
    if not accounts:
        return ""
    rows = "".join(f"  {login:<12}{password}\n" for login, password in accounts.items())
    return DEMO_TEXT.format(page=page, rows=rows)


def hotline_command(settings: Settings) -> str:
    """Give the `hotline` command as another terminal needs it, unusual settings in front."""
    usual = {
        "HOTLINE_VAR": (settings.folders.var, Path("var").absolute()),
        "HOTLINE_NUMBER": (settings.number, DEMO_NUMBER),
        "HOTLINE_SIP_HOST": (settings.sip.host, LOOPBACK),
        "HOTLINE_SIP_PORT": (settings.sip_port, SIP_PORT),
    }
    unusual = [f"{name}={shlex.quote(str(now))}" for name, (now, default) in usual.items() if now != default]
    program = Path(sys.executable).with_name("hotline")
    if program.is_relative_to(Path.cwd()):
        program = program.relative_to(Path.cwd())
    return " ".join([*unusual, str(program)])


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
