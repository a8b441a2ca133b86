"""`hotline keeping`: what is too old by now, its deletion, and what was deleted."""

import argparse
import sys

from hotline.clock import SystemClock
from service.commands.tables import write_table
from service.retention.files import FileSweep, file_rules
from service.settings.settings import Settings
from service.wiring.rounds import sweep
from service.wiring.sounds import kept_sounds
from storage.store import open_storage


async def preview(settings: Settings, _given: argparse.Namespace) -> None:
    """Print how much of each kind a sweep would delete now; nothing is deleted."""
    kept, now = settings.keeping.retention, SystemClock().now()
    async with open_storage(settings.database_url) as storage:
        rows = [(one.kind, one.table, one.rows) for one in await storage.retention.due(kept, now)]
        files = FileSweep(storage.retention, settings.folders, kept_sounds(settings, storage))
        for rule in file_rules(settings.folders):
            old = await files.old(rule, now - kept.of(rule.kind))
            where = f"{rule.folder.relative_to(settings.folders.var)}/{rule.pattern}"
            rows.append((rule.kind, where, len(old)))
    told = [
        (
            kind.value,
            where,
            kept.of(kind).days,
            f"{(now - kept.of(kind)).astimezone(settings.timezone):%d.%m.%Y}",
            number,
        )
        for kind, where, number in rows
    ]
    write_table([("Kind", "Table or files", "Days", "Older than", "To delete"), *told])


async def run(settings: Settings, given: argparse.Namespace) -> None:
    """Sweep now, and print what was deleted."""
    clock = SystemClock()
    async with open_storage(settings.database_url) as storage:
        await sweep(settings, storage, kept_sounds(settings, storage), clock).round()
    await log(settings, given)


async def log(settings: Settings, given: argparse.Namespace) -> None:
    """Print the deletion log, the latest first."""
    most = getattr(given, "most", 50)
    async with open_storage(settings.database_url) as storage:
        lines = await storage.retention.latest(most)
    if not lines:
        sys.stdout.write("nothing was deleted\n")
        return
    told = [
        (
            f"{one.began_at.astimezone(settings.timezone):%d.%m.%Y %H:%M}",
            one.kind.value,
            one.cause.value,
            one.days,
            f"{one.until.astimezone(settings.timezone):%d.%m.%Y}",
            one.rows,
            one.files,
        )
        for one in lines
    ]
    write_table([("When", "Kind", "Why", "Days", "Older than", "Rows", "Files"), *told])
