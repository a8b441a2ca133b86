"""`hotline city-data`: a city's own documents, a file's faults and effects, and putting one into force."""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from cti_server.city_data.words import KINDS, sentence
from cti_server.frame.language import words as catalogue
from hotline.city_data.preview import Preview
from hotline.clock import SystemClock
from hotline.documents.document import DocumentKind, revision
from hotline.documents.faults import DocumentFault, DocumentFaults
from hotline.errors import SettingsError
from service.commands.city_data_words import Words, words_for
from service.commands.tables import write_table
from service.settings.settings import Settings
from service.terminal_language import locale_of
from storage.store import open_storage

MOST_NAMED = 20
_AGREED = frozenset({"так", "т", "yes", "y"})


async def list_documents(settings: Settings, _given: argparse.Namespace) -> None:
    words = words_for(locale_of(os.environ))
    rows = [words.headings]
    async with open_storage(settings.database_url, city=settings.city) as storage:
        for kind in DocumentKind:
            present = await storage.city_documents.present(kind)
            draft = await storage.city_documents.draft(kind)
            since = present.in_force_since.astimezone(settings.timezone) if present.in_force_since else None
            origin = words.delivered if present.delivered else words.own
            rows.append(
                (
                    kind.value,
                    catalogue(words.language).gettext(KINDS[kind]),
                    f"{present.version} ({origin})",
                    f"{since:%d.%m.%Y %H:%M}" if since else "",
                    words.draft if draft else "",
                )
            )
    write_table(rows)


async def show(settings: Settings, given: argparse.Namespace) -> None:
    """Write a version as it is kept, so that it can be changed and put."""
    kind = DocumentKind(given.kind)
    async with open_storage(settings.database_url, city=settings.city) as storage:
        documents = storage.city_documents
        one = await (documents.document(kind, given.version) if given.version else documents.present(kind))
    sys.stdout.write(one.text)


async def check(settings: Settings, given: argparse.Namespace) -> int:
    """Tell the file's faults, or what it would change; 1 for faults."""
    words, kind = words_for(locale_of(os.environ)), DocumentKind(given.kind)
    text = _text(given.file, words)
    async with open_storage(settings.database_url, city=settings.city) as storage:
        try:
            found = await storage.city_documents.preview(kind, text)
        except DocumentFaults as error:
            return _told(error, words)
    _tell(words.no_fault)
    _tell_preview(found, words)
    return 0


async def put(settings: Settings, given: argparse.Namespace) -> int:
    """Put the file into force, when what it changes is agreed to; 1 when it was not."""
    words, kind = words_for(locale_of(os.environ)), DocumentKind(given.kind)
    text = _text(given.file, words)
    async with open_storage(settings.database_url, city=settings.city) as storage:
        documents = storage.city_documents
        if waits := await documents.draft(kind):
            raise SettingsError(words.draft_waits.format(kind=kind, note=waits.note))
        seen = revision((await documents.present(kind)).version, None)
        try:
            _tell_preview(await documents.preview(kind, text), words)
        except DocumentFaults as error:
            return _told(error, words)
        if not given.yes and not _agreed(words):
            _tell(words.not_put)
            return 1
        now = SystemClock().now()
        draft = await documents.save_draft(kind, text, by=None, at=now, note=given.note, seen=seen)
        seen = revision((await documents.present(kind)).version, draft)
        made = await documents.put_into_force(kind, by=None, at=now, note=given.note, seen=seen)
    _tell(words.put.format(kind=kind, version=made.version))
    return 0


async def drop(settings: Settings, given: argparse.Namespace) -> int:
    """Drop the draft; 1 when there is none."""
    words, kind = words_for(locale_of(os.environ)), DocumentKind(given.kind)
    async with open_storage(settings.database_url, city=settings.city) as storage:
        documents = storage.city_documents
        draft = await documents.draft(kind)
        if draft is None:
            _tell(words.no_draft)
            return 1
        await documents.drop_draft(kind, seen=revision((await documents.present(kind)).version, draft))
    _tell(words.dropped)
    return 0


def _agreed(words: Words) -> bool:
    sys.stdout.write(words.ask)
    sys.stdout.flush()
    return sys.stdin.readline().strip().casefold() in _AGREED


def _told(error: DocumentFaults, words: Words) -> int:
    translate = catalogue(words.language).gettext
    for one in error.faults:
        _tell(f"{_place(one)}: {sentence(one, translate)}".removeprefix(": "))
    _tell(words.faults.format(count=len(error.faults)))
    return 1


def _place(one: DocumentFault) -> str:
    row = one.row or (str(one.place) if one.place else "")
    return " / ".join(filter(None, (one.table, row, one.field)))


def _tell_preview(found: Preview, words: Words) -> None:
    lines = list(_lines(found, words))
    for line in lines or [words.nothing]:
        _tell(line)


def _lines(found: Preview, words: Words) -> Iterator[str]:
    changed = [
        f"{code} ({', '.join(names)})" if code else ", ".join(names) for code, names in found.changed.items()
    ]
    for text, codes in ((words.came, found.came), (words.gone, found.gone), (words.changed, changed)):
        if codes:
            more = f" … ({len(codes)})" if len(codes) > MOST_NAMED else ""
            yield text.format(names=", ".join(codes[:MOST_NAMED]) + more)
    counts = (
        (words.appeals, len(found.appeals)),
        (words.rules, len(found.rules)),
        (words.orders, len(found.orders)),
        (words.citizens, sum(found.citizens.values())),
        (words.paused, sum(map(len, found.paused.values()))),
        (words.terms, len(found.terms)),
    )
    yield from (text.format(count=count) for text, count in counts if count)
    for one in found.indices:
        yield words.indices.format(kind=one.kind, before=one.before, after=one.after)


def _text(file: Path, words: Words) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "UTF-8"
        raise SettingsError(words.unreadable.format(file=file, why=why)) from error


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
