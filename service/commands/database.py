"""`hotline database`: the configuration of the machines that keep the database, and the way to them."""

import argparse
import os
import secrets
import sys

from hotline.clock import SystemClock
from service.commands.stopping import STOPPED, until_stopped
from service.node import database_backup, database_machine
from service.settings.settings import Settings

LOWEST_PRIORITY = 19


async def write(settings: Settings, given: argparse.Namespace) -> None:
    """Write this machine's configuration, and print what was written."""
    for one in database_machine.write(settings.database_machines, given.folder.absolute()):
        sys.stdout.write(f"{one}\n")


async def backup(settings: Settings, given: argparse.Namespace) -> None:
    """Back the database up if this machine is the primary; else the other one does."""
    os.nice(LOWEST_PRIORITY)
    done = await database_backup.back_up(settings.database_machines, given.folder.absolute(), full=given.full)
    sys.stdout.write("backed up\n" if done else "not the primary: the other machine makes the backup\n")


async def prove(settings: Settings, given: argparse.Namespace) -> int:
    """Bring the newest backup back into a scratch place, and tell how much of what is known was in it."""
    os.nice(LOWEST_PRIORITY)
    proving = database_backup.prove(
        settings.database_machines, given.folder.absolute(), settings.database_url, SystemClock()
    )
    rows = await until_stopped(proving)
    if rows is None:
        return STOPPED
    sys.stdout.write(f"proven: rows={rows}\n")
    return 0


async def url(settings: Settings, given: argparse.Namespace) -> None:
    """Print what HOTLINE_DATABASE_URL, or that of the pool, has to be; it holds the password."""
    port = database_machine.POOL_PORT if given.pool else database_machine.POSTGRES_PORT
    sys.stdout.write(f"{database_machine.url(settings.database_machines, port=port)}\n")


async def secret(_settings: Settings, _given: argparse.Namespace) -> None:
    """Print a new secret, of which all passwords are made."""
    sys.stdout.write(f"{secrets.token_hex(24)}\n")
