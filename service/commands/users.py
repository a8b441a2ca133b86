"""`hotline user`: accounts for the pages, when there is nobody yet who could open one there."""

import argparse
import getpass
import sys
from dataclasses import replace

from cti_server.audit import Action
from cti_server.auth.passwords import Passwords, new_password
from hotline.access.password_rules import LONGEST, SHORTEST, Fault, fault_of
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.clock import SystemClock
from hotline.errors import NotFound, SettingsError
from hotline.line.desk_left import take_off_duty
from service.commands.tables import write_table
from service.commands.written_down import note_change
from service.settings.settings import Settings
from storage.store import Storage, open_storage


async def add(settings: Settings, given: argparse.Namespace) -> None:
    """Open an account and print its first password once."""
    password = new_password()
    async with open_storage(settings.database_url) as storage:
        desk = await storage.dispatchers.by_extension(given.desk) if given.desk else None
        if given.desk and desk is None:
            raise NotFound(f"Nobody has the extension {given.desk}: see `hotline dispatcher list`.")
        user = await storage.users.add(
            login=given.login,
            name=given.name,
            role=Role(given.role),
            password_hash=await Passwords().hash(password),
            dispatcher_id=desk.id if desk else None,
            password_given=True,
        )
        await note_change(storage, Action.ADD, _subject(user), user.role)
    sys.stdout.write(f"login:    {user.login}\npassword: {password}\n")


async def password(settings: Settings, given: argparse.Namespace) -> None:
    """Give the account another password: a generated one, or with --ask one that is typed."""
    async with open_storage(settings.database_url) as storage:
        user = await _find(storage, given.login)
        chosen = _typed(user) if given.ask else new_password()
        hashed = await Passwords().hash(chosen)
        await storage.users.update(replace(user, password_hash=hashed, password_given=not given.ask))
        await note_change(storage, Action.PASSWORD, _subject(user))
        await storage.sessions.close_all_of(user.id)
    if not given.ask:
        sys.stdout.write(f"login:    {user.login}\npassword: {chosen}\n")


async def totp_reset(settings: Settings, given: argparse.Namespace) -> None:
    """Take the one-time code away from somebody who lost their telephone, and sign them out everywhere."""
    async with open_storage(settings.database_url) as storage:
        user = await _find(storage, given.login)
        await storage.users.update(replace(user, totp_secret=None))
        await note_change(storage, Action.TOTP, _subject(user), "off")
        await storage.sessions.close_all_of(user.id)
    sys.stdout.write(f"{user.login} signs in with the password alone, and sets the code up anew.\n")


async def close(settings: Settings, given: argparse.Namespace) -> None:
    """Close the account; its sessions end at once."""
    async with open_storage(settings.database_url) as storage:
        user = await _find(storage, given.login)
        closed = replace(user, active=False, dispatcher_id=None)
        await storage.users.update(closed)
        await note_change(storage, Action.DEACTIVATE, _subject(user))
        await storage.sessions.close_all_of(user.id)
        await take_off_duty(storage.dispatchers, user, closed, SystemClock().now())


async def list_users(settings: Settings, _given: argparse.Namespace) -> None:
    async with open_storage(settings.database_url) as storage:
        desks = {desk.id: desk.extension for desk in await storage.dispatchers.all()}
        rows = [
            (user.login, user.name, user.role, desks.get(user.dispatcher_id or 0, ""), _state(user))
            for user in await storage.users.all()
        ]
    write_table([("login", "name", "role", "desk", "account"), *rows])


def _subject(user: User) -> str:
    return f"user:{user.id}"


def _state(user: User) -> str:
    return "open" if user.active else "closed"


def _typed(user: User) -> str:
    """Ask for a password twice, unseen; raises SettingsError."""
    chosen = getpass.getpass("New password: ")
    match fault_of(chosen, user.login, user.name):
        case Fault.LENGTH | Fault.LOGIN:
            raise SettingsError(f"Give {SHORTEST} to {LONGEST} characters, without the login in them.")
        case Fault.COMMON:
            raise SettingsError("This is tried first: take several words that do not belong together.")
        case None:
            pass
    if chosen != getpass.getpass("Once more: "):
        raise SettingsError("The two passwords differ.")
    return chosen


async def _find(storage: Storage, login: str) -> User:
    user = await storage.users.by_login(login)
    if user is None:
        raise NotFound(f"There is no user {login}: see `hotline user list`.")
    return user
