"""`hotline office export`: a year of the office as a folder of tables, with a list of digests."""

import argparse
import hashlib
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cti_server.frame.table_files import Row, csv_table
from hotline.errors import HotlineError
from hotline.office.journals import Journal
from service.settings.settings import Settings
from storage.store import Storage, open_storage

Lines = Sequence[Row]
LIST = "list.csv"
MOST = 1_000_000
_FILE = ("index", "title", "keeping", "years", "article", "journal", "volumes", "notes", "state", "held")
_OF_ACT = ("kind", "number", "state", "approved_on", "signer", "signed_on", "digest")
_ENTRY = ("number", "dated", "correspondent", "about", "note", "struck")


class NotEmpty(HotlineError):  # noqa: N818 - reads as what it is
    """The folder has files already: an export is a folder of its own."""

    code = "not-empty"


async def export(settings: Settings, given: argparse.Namespace) -> None:
    """Write the year's plan, journals and acts into the folder, and the list of them with their digests."""
    async with open_storage(settings.database_url) as storage:
        tables = {
            **await _of_plan(storage, given.year),
            **await _of_journals(storage, given.year, settings.timezone),
        }
    number = write(Path(given.folder), tables, settings.timezone)
    sys.stdout.write(f"{number} files and their list, {LIST}, in {given.folder}\n")


def write(folder: Path, tables: Mapping[str, Lines], zone: ZoneInfo) -> int:
    """Write tables and their list into a new folder; raises NotEmpty."""
    if folder.exists() and any(folder.iterdir()):
        raise NotEmpty(f"{folder} is not empty: name a new folder.")
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: csv_table(lines, zone) for name, lines in tables.items()}
    listed = [(name, len(content), hashlib.sha256(content).hexdigest()) for name, content in files.items()]
    files[LIST] = csv_table([("file", "octets", "sha256"), *listed], zone)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return len(listed)


async def _of_plan(storage: Storage, year: int) -> Mapping[str, Lines]:
    """Give the plan, the entries on paper, and the acts that name files of the year."""
    plan = await storage.file_plans.plan(year)
    head = [("approver", plan.approver), ("number", plan.number), ("dated", plan.dated)]
    files = [[getattr(one, name) for name in _FILE] for one in plan.files]
    entries = [
        [file.index, *(getattr(one, name) for name in _ENTRY)]
        for file in plan.files
        for one in reversed(await storage.file_plans.entries(file.id))
    ]
    acts = [
        [getattr(act, name) for name in _OF_ACT] + [one.index, one.volumes]
        for act in await storage.office_acts.acts()
        for one in act.files
        if one.year == year
    ]
    return {
        "plan.csv": [*head, _FILE, *files],
        "entries.csv": [("file", *_ENTRY), *entries],
        "acts.csv": [(*_OF_ACT, "index", "volumes"), *acts],
    }


async def _of_journals(storage: Storage, year: int, zone: ZoneInfo) -> Mapping[str, Lines]:
    """Give the journals that the system keeps; appeals and their papers have exports of their own."""
    since, until = (datetime(one, 1, 1, tzinfo=zone) for one in (year, year + 1))
    return {
        f"journal-{one.value}.csv": await storage.journals.rows(one, since, until, MOST)
        for one in Journal
        if one is not Journal.APPEALS
    }
