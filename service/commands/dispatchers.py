"""`hotline dispatcher`: who answers, and who is on duty. The service sees a change within a second."""

import argparse
import sys
from functools import partial

from cti_server.audit import Action
from hotline.clock import SystemClock
from hotline.errors import NotFound, SettingsError, TelephonyError
from hotline.line.extensions import require_extension
from hotline.line.line import Dispatcher
from hotline.line.phones import new_secret, require_phone
from hotline.line.presence_states import Presence
from service.commands.tables import write_table
from service.commands.written_down import note_change
from service.settings.settings import Settings
from service.wiring.telephony import ari_address
from storage.store import Storage, open_storage
from telephony.ari.actions import Ari
from telephony.ari.client import reading
from telephony.desks.browser_phones import registered_now


async def add(settings: Settings, given: argparse.Namespace) -> None:
    """Add a dispatcher and print once how their phone signs in."""
    extension = require_extension(given.extension)
    if not given.name.strip() or not given.name.isprintable():
        raise SettingsError(f"{given.name!r} is no name: give one line of text.")
    secret = new_secret()
    async with open_storage(settings.database_url) as storage:
        one = await storage.dispatchers.add(extension, given.name, secret, frozenset(given.skill))
        await note_change(storage, Action.ADD, _subject(one), extension)
    _tell(settings, one, secret)


async def password(settings: Settings, given: argparse.Namespace) -> None:
    """Give a desk's telephone another password, and print it once; with the old one it is signed out."""
    secret = new_secret()
    async with open_storage(settings.database_url) as storage:
        one = await _find(storage, given.extension)
        await storage.dispatchers.renew_secret(one.id, secret)
        await note_change(storage, Action.PASSWORD, _subject(one), one.extension)
    _tell(settings, one, secret)


def _tell(settings: Settings, one: Dispatcher, secret: str) -> None:
    sys.stdout.write(
        f"SIP user:   desk-{one.extension}\nSIP secret: {secret}\n"
        f"SIP server: {settings.asterisk.host}:{settings.sip_port}\n"
    )


async def list_dispatchers(settings: Settings, _given: argparse.Namespace) -> None:
    async with open_storage(settings.database_url) as storage:
        everyone = await storage.dispatchers.all()
    rows = [
        (one.extension, one.name, one.presence, one.reason, _afterwards(one), " ".join(sorted(one.skills)))
        for one in everyone
    ]
    write_table([("extension", "name", "presence", "reason", "afterwards", "skills"), *rows])


async def renumber(settings: Settings, given: argparse.Namespace) -> None:
    """Give a dispatcher another extension; the password of their desk phone stays."""
    extension = require_extension(given.new)
    async with open_storage(settings.database_url) as storage:
        one = await _find(storage, given.extension)
        await storage.dispatchers.renumber(one.id, extension)
        await note_change(storage, Action.CHANGE, _subject(one), f"{one.extension} → {extension}")
    sys.stdout.write(
        f"{one.name}: {one.extension} -> {extension}. A desk phone signs in as desk-{extension} from now on, "
        "with the password it has; a page of the desk is to be loaded anew.\n"
    )


async def join(settings: Settings, given: argparse.Namespace) -> None:
    """Put a dispatcher on duty; as on the desk, nobody is without a phone that can ring."""
    async with open_storage(settings.database_url) as storage, reading(ari_address(settings)) as ari:
        await require_phone(await _find(storage, given.extension), partial(_can_ring, ari))
    await _become(settings, given.extension, Presence.READY)


async def _can_ring(ari: Ari, extension: str) -> bool:
    """Tell whether a phone is registered; taken for granted while Asterisk is away."""
    try:
        return await registered_now(ari, extension)
    except TelephonyError:
        return True


async def leave(settings: Settings, given: argparse.Namespace) -> None:
    await _become(settings, given.extension, Presence.AWAY)


async def pause(settings: Settings, given: argparse.Namespace) -> None:
    await _become(settings, given.extension, Presence.PAUSED, given.reason)


async def _become(settings: Settings, extension: str, presence: Presence, reason: str = "") -> None:
    async with open_storage(settings.database_url) as storage:
        one = await _find(storage, extension)
        changed = await storage.dispatchers.set_presence(one.id, presence, SystemClock().now(), reason)
    if changed.wish is not None:
        sys.stdout.write(f"{extension} is {changed.presence} now, and afterwards {_afterwards(changed)}.\n")


def _subject(one: Dispatcher) -> str:
    return f"dispatcher:{one.id}"


def _afterwards(one: Dispatcher) -> str:
    return f"{one.wish.presence} {one.wish.reason}".strip() if one.wish else ""


async def _find(storage: Storage, extension: str) -> Dispatcher:
    found = await storage.dispatchers.by_extension(extension)
    if found is None:
        raise NotFound(f"Nobody has the extension {extension}: see `hotline dispatcher list`.")
    return found
