"""`hotline token`: access for other systems, from the command line."""

import argparse
import sys
from collections.abc import Collection
from datetime import timedelta

from cti_server.audit import Action
from hotline.access.permissions import Role
from hotline.access.scopes import Scope, scopes_of
from hotline.access.tokens import LONGEST_LIFE, Token, hash_of, new_secret
from hotline.access.users import may_give
from hotline.clock import SystemClock
from hotline.errors import NotFound, SettingsError
from service.commands.tables import write_table
from service.commands.written_down import note_change
from service.settings.settings import Settings
from storage.store import Storage, open_storage


async def add(settings: Settings, given: argparse.Namespace) -> None:
    """Make a token and print its secret once; the user of `--by` answers for its use."""
    role, life = Role(given.role), timedelta(days=given.days)
    if not timedelta() < life <= LONGEST_LIFE:
        raise SettingsError(f"A token lives from 1 to {LONGEST_LIFE.days} days: give --days.")
    scopes = frozenset(map(Scope, given.scope)) or scopes_of(role)
    if needless := scopes - scopes_of(role):
        raise SettingsError(f"A token of a {role} can do nothing with {', '.join(sorted(needless))}.")
    async with open_storage(settings.database_url) as storage:
        maker = await storage.users.by_login(given.by)
        if maker is None or not maker.active or not may_give(maker, role):
            raise NotFound(f"No user {given.by} may give the role {role}: see `hotline user list`.")
        executor = await _executor(storage, role, given.executor)
        now, secret = SystemClock().now(), new_secret()
        token = await storage.tokens.add(
            hash_of(secret),
            name=given.name,
            role=role,
            personal=given.personal,
            user_id=maker.id,
            made_at=now,
            expires_at=now + life,
            scopes=scopes,
            executor_id=executor,
        )
        personal = " personal" if token.personal else ""
        opened = f"{token.name}: {role}{personal} {_named(scopes)}"
        await note_change(storage, Action.ADD, _subject(token), opened)
    sys.stdout.write(f"id:    {token.id}\ntoken: {secret}\n")


async def _executor(storage: Storage, role: Role, short: str) -> int | None:
    """Find the token's enterprise by its short name; raises SettingsError where the role forbids it."""
    if (role is Role.EXECUTOR) is not bool(short):
        raise SettingsError(
            "A token of the role executor, and no other, names whose it is: --executor SHORT."
        )
    if not short:
        return None
    found = {one.short: one.id for one in await storage.executors.all() if one.active}
    if short not in found:
        raise NotFound(f"There is no executor {short}; there are: {', '.join(found) or 'none'}.")
    return found[short]


async def renew(settings: Settings, given: argparse.Namespace) -> None:
    """Give a token another secret and print it once; the old one stays good for some days."""
    life, now = timedelta(days=given.days), SystemClock().now()
    if not timedelta() <= life <= LONGEST_LIFE:
        raise SettingsError(f"An old secret stays good from 0 to {LONGEST_LIFE.days} days: give --days.")
    async with open_storage(settings.database_url) as storage:
        token = await storage.tokens.get(given.id)
        if not token.valid(now):
            raise NotFound(f"Token {token.id} has ended: make another.")
        token.check_changeable()
        secret = new_secret()
        await storage.tokens.renew(token.id, hash_of(secret), old_until=min(now + life, token.expires_at))
        await note_change(storage, Action.CHANGE, _subject(token), f"{token.name}: new secret")
    sys.stdout.write(f"id:    {token.id}\ntoken: {secret}\n")


async def revoke(settings: Settings, given: argparse.Namespace) -> None:
    """End a token at once."""
    async with open_storage(settings.database_url) as storage:
        token = await storage.tokens.get(given.id)
        await storage.tokens.revoke(token.id, SystemClock().now())
        await note_change(storage, Action.REVOKE, _subject(token), token.name)


async def rescope(settings: Settings, given: argparse.Namespace) -> None:
    """Let a token open these parts of the interface from now on, and no others."""
    scopes = frozenset(map(Scope, given.scope))
    async with open_storage(settings.database_url) as storage:
        token = await storage.tokens.get(given.id)
        token.check_changeable()
        if needless := scopes - scopes_of(token.role):
            raise SettingsError(f"A token of a {token.role} can do nothing with {', '.join(needless)}.")
        await storage.tokens.rescope(token.id, scopes)
        await note_change(storage, Action.CHANGE, _subject(token), f"{token.name}: {_named(scopes)}")


async def list_tokens(settings: Settings, _given: argparse.Namespace) -> None:
    async with open_storage(settings.database_url) as storage:
        rows = [
            (
                one.id,
                one.name,
                one.role,
                "yes" if one.personal else "no",
                _state(one),
                one.used_at or "never",
                _named(one.scopes),
            )
            for one in await storage.tokens.all()
        ]
    write_table([("id", "name", "role", "personal", "state", "last used", "scopes"), *rows])


def _subject(token: Token) -> str:
    return f"token:{token.id}"


def _named(scopes: Collection[Scope]) -> str:
    return " ".join(sorted(scopes))


def _state(token: Token) -> str:
    if token.revoked_at:
        return "revoked"
    return f"until {token.expires_at:%Y-%m-%d}" if token.valid(SystemClock().now()) else "expired"
