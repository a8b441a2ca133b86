"""`hotline dispatcher`: who answers, and who is on duty. The service sees a change within a second."""

import argparse
import re
import secrets
import sys

from hotline.clock import SystemClock
from hotline.errors import NotFound, SettingsError
from hotline.line import Dispatcher, Duty
from service.commands.tables import write_table
from service.settings import Settings
from storage.store import Storage, open_storage


async def add(settings: Settings, given: argparse.Namespace) -> None:
    """Add a dispatcher and print once how their phone signs in."""
    if not re.fullmatch("[0-9]{3}", given.extension):
        raise SettingsError(f"{given.extension!r} is no extension: give three digits, such as 101.")
    if not given.name.strip() or not given.name.isprintable():
        raise SettingsError(f"{given.name!r} is no name: give one line of text.")
    secret = secrets.token_urlsafe(18)
    async with open_storage(settings.database_url) as storage:
        one = await storage.dispatchers.add(given.extension, given.name, secret, frozenset(given.skill))
    sys.stdout.write(
        f"SIP user:   desk-{one.extension}\nSIP secret: {secret}\n"
        f"SIP server: {settings.asterisk.host}:{settings.sip_port}\n"
    )


async def list_dispatchers(settings: Settings, _given: argparse.Namespace) -> None:
    async with open_storage(settings.database_url) as storage:
        everyone = await storage.dispatchers.all()
    rows = [
        (one.extension, one.name, one.duty, one.reason, _afterwards(one), " ".join(sorted(one.skills)))
        for one in everyone
    ]
    write_table([("extension", "name", "duty", "reason", "afterwards", "skills"), *rows])


async def join(settings: Settings, given: argparse.Namespace) -> None:
    await _become(settings, given.extension, Duty.READY)


async def leave(settings: Settings, given: argparse.Namespace) -> None:
    await _become(settings, given.extension, Duty.AWAY)


async def pause(settings: Settings, given: argparse.Namespace) -> None:
    await _become(settings, given.extension, Duty.PAUSED, given.reason)


async def _become(settings: Settings, extension: str, duty: Duty, reason: str = "") -> None:
    async with open_storage(settings.database_url) as storage:
        one = await _find(storage, extension)
        changed = await storage.dispatchers.set_duty(one.id, duty, SystemClock().now(), reason)
    if changed.wish is not None:
        sys.stdout.write(f"{extension} is {changed.duty} now, and afterwards {_afterwards(changed)}.\n")


def _afterwards(one: Dispatcher) -> str:
    return f"{one.wish.duty} {one.wish.reason}".strip() if one.wish else ""


async def _find(storage: Storage, extension: str) -> Dispatcher:
    found = await storage.dispatchers.by_extension(extension)
    if found is None:
        raise NotFound(f"Nobody has the extension {extension}: see `hotline dispatcher list`.")
    return found
