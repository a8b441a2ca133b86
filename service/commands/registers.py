"""`hotline import` and `hotline export`: registers from and into files, with reasons for refused lines."""

import argparse
import asyncio
import csv
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from cti_server.frame.language import words
from cti_server.frame.table_files import (
    Row,
    WorkbookSheet,
    batches_of,
    csv_cell,
    csv_file,
    pieces_of,
    workbook_file,
)
from hotline.clock import SystemClock
from hotline.errors import SettingsError
from hotline.intake.imports import WHY, Import, RegisterKind
from hotline.intake.lines import Unreadable
from service.intake.imports import stored_imports
from service.settings.settings import Settings
from storage.intake.imports import StoredImports
from storage.store import Storage, open_storage

MOST_TOLD = 20
LANGUAGE = "uk"


async def bring(settings: Settings, given: argparse.Namespace) -> int:
    """Look the file through and tell; with --yes take it in. 0 when no line is refused, else 1."""
    content = _content(given.file)
    async with open_storage(settings.database_url, city=settings.city) as storage:
        imports = stored_imports(storage, settings.folders.imports, SystemClock())
        try:
            one = await imports.check(RegisterKind(given.kind), given.file.name, content, None)
        except Unreadable as error:
            about = ", ".join(error.about)
            raise SettingsError(f"{given.file}: {_said(error.message)} {about}".rstrip()) from error
        _tell(f"lines: {one.rows}, new: {one.added}, there already: {one.known}, refused: {one.refused}")
        if one.refused:
            await _tell_refused(imports, one, given.refused)
        if given.yes:
            await _take_in(imports, one)
        elif one.added:
            _tell("Nothing has come in yet: say --yes to bring in the new lines.")
    return 1 if one.refused else 0


async def take_out(settings: Settings, given: argparse.Namespace) -> None:
    """Write a whole register into a file, CSV or XLSX by its name."""
    kind, file = RegisterKind(given.kind), given.file
    async with open_storage(settings.database_url, city=settings.city) as storage:
        headings = list(storage.registers.headings(kind))
        batches = batches_of(_rows(storage, kind), settings.timezone, "")
        if file.suffix.lower() == ".xlsx":
            sheet = WorkbookSheet(name=kind.value, headings=headings, batches=batches)
            async with workbook_file([sheet], asyncio.Semaphore()) as made:
                await _write(file, pieces_of(made))
        else:
            await _write(file, csv_file(headings, batches))


async def _take_in(imports: StoredImports, one: Import) -> None:
    await imports.begin(one.id)
    async for step in imports.run(one.id):
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{step.done}/{step.rows}")
    _tell(f"{'' if not sys.stderr.isatty() else chr(10)}came in: {(await imports.get(one.id)).added}")


async def _tell_refused(imports: StoredImports, one: Import, file: Path | None) -> None:
    refused = await imports.refusals(one.id)
    for fault in refused[:MOST_TOLD]:
        _tell(f"line {fault.line.number}, {fault.column}: {_said(fault.reason)}")
    if len(refused) > MOST_TOLD:
        _tell(f"… and {len(refused) - MOST_TOLD} more")
    if file is None:
        return
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        lines = csv.writer(opened, delimiter=";")
        lines.writerow([WHY, *await imports.headings(one.id)])
        lines.writerows(
            [f"{fault.column}: {_said(fault.reason)}", *map(csv_cell, fault.line.cells)] for fault in refused
        )
    _tell(f"The refused lines are in {file}: mend them there and bring that file in.")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}.") from error


async def _rows(storage: Storage, kind: RegisterKind) -> AsyncIterator[Row]:
    async for cells in storage.registers.everything(kind):
        yield list(cells)


async def _write(file: Path, pieces: AsyncIterator[bytes]) -> None:
    with file.open("wb") as opened:
        async for piece in pieces:
            opened.write(piece)


def _said(reason: str) -> str:
    return words(LANGUAGE).gettext(reason)


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
