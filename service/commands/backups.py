"""`hotline backup` and `hotline restore`: a backup of the hotline's state, and its restoration."""

import argparse
import os
import sys

from hotline.clock import SystemClock
from service.commands.reindex import reindex
from service.commands.stopping import STOPPED, until_stopped
from service.node.backup import back_up
from service.node.proving import prove as proved
from service.node.restore import restore as restored
from service.settings.settings import Settings

LOWEST_PRIORITY = 19


async def backup(settings: Settings, given: argparse.Namespace) -> None:
    """Make a backup while the hotline goes on, and print where it is."""
    into = given.folder or settings.folders.var / "backups"
    now = SystemClock().now().astimezone(settings.timezone)
    made = await back_up(
        settings.folders, settings.database_url, into, now=now, keep=given.keep, progress=progress
    )
    sys.stdout.write(f"{made}\n")


async def restore(settings: Settings, given: argparse.Namespace) -> None:
    """Put a backup in the place of the state, and say what that means."""
    now = SystemClock().now()
    done = await restored(settings, given.folder, now=now, over=given.over, progress=progress)
    await reindex(settings, given)
    made_at = done.made_at.astimezone(settings.timezone)
    sys.stdout.write(f"restored: the state of {made_at:%d.%m.%Y %H:%M:%S}, files={done.files}\n")
    if done.set_aside is not None:
        sys.stdout.write(f"what was there before: {done.set_aside}\n")
    if done.unsure:
        sys.stdout.write(f"notices that may have been sent since: {done.unsure}, see `hotline outbox list`\n")


async def prove(settings: Settings, given: argparse.Namespace) -> int:
    """Bring a backup back into a scratch place, say what came of it, and end with 1 when it is not whole."""
    os.nice(LOWEST_PRIORITY)
    proof = await until_stopped(proved(settings, given.folder, SystemClock()))
    if proof is None:
        return STOPPED
    if proof.fault:
        sys.stdout.write(f"not proven: {proof.backup}: {proof.fault}\n")
        return 1
    sys.stdout.write(f"proven: {proof.backup}, rows={proof.rows}, seconds={proof.seconds:g}\n")
    return 0


def progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done}/{of}" + ("\n" if done == of else ""))
