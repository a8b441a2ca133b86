"""All that is held on a citizen as a ZIP, made while it is sent: a page to read, rows as JSON, the files."""

import io
import zipfile
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from aiohttp import web

from cti_server.citizens.sources import CITIZENS
from cti_server.citizens.words import COLUMNS, DETAILS, TABLES
from cti_server.frame.language import words
from cti_server.frame.pages import PAGES, Pages
from hotline.city.questions import Detail
from hotline.people.citizens import CitizenCard
from hotline.retention.person import HeldFile

_UKRAINIAN = "uk"
"""The language of what citizens are given."""


class _Sent(io.RawIOBase):
    """Takes what the archive writes, until it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def take(self) -> bytes:
        taken = bytes(self._held)
        self._held.clear()
        return taken


async def archive(request: web.Request, one: CitizenCard) -> AsyncIterator[bytes]:
    """Give the archive piece by piece; no more than a piece of it is in memory."""
    sent = _Sent()
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED) as made:
        for name, pieces in (("дані.html", _page(request, one)), ("data.json", _rows(request, one))):
            with made.open(name, "w") as opened:
                async for text in pieces:
                    opened.write(text.encode())
                    yield sent.take()
        async for file in request.app[CITIZENS].data.files(one.id):
            async for piece in _put(request, made, sent, file):
                yield piece
    yield sent.take()


async def _put(
    request: web.Request, made: zipfile.ZipFile, sent: _Sent, file: HeldFile
) -> AsyncIterator[bytes]:
    pieces = request.app[CITIZENS].pieces(file)
    first = await anext(pieces, None)
    if first is None:
        return
    packed = zipfile.ZipInfo(f"{file.folder}/{file.name.replace('/', '_')}")
    with made.open(packed, "w", force_zip64=True) as opened:
        opened.write(first)
        async for piece in pieces:
            opened.write(piece)
            yield sent.take()


async def _rows(request: web.Request, one: CitizenCard) -> AsyncIterator[str]:
    """Write each part as a list of its rows, by its table."""
    yield "{"
    told = ""
    async for part in request.app[CITIZENS].data.everything(one.id):
        name, rows = part.table, [msgspec.json.encode(row).decode() for row in part.rows]
        if name == told:
            yield ",\n" + ",\n".join(rows)
        else:
            yield ("]," if told else "") + f'\n"{name}": [\n' + ",\n".join(rows)
        told = name
    yield "]\n}\n"


async def _page(request: web.Request, one: CitizenCard) -> AsyncIterator[str]:
    """Write the page in Ukrainian, part by part."""
    sources, pages = request.app[CITIZENS], request.app[PAGES]
    gettext = words(_UKRAINIAN).gettext
    at = pages.local(sources.clock.now())
    yield pages.text(_UKRAINIAN, "citizens/archive_head.html.jinja2", {"one": one, "at": at})
    async for part in sources.data.everything(one.id):
        told = [
            [
                (gettext(COLUMNS.get(name, name)), text)
                for name, value in row.items()
                if (text := _answers(pages, value) if name == DETAILS else _text(pages, value))
            ]
            for row in part.rows
        ]
        context = {"title": gettext(TABLES.get(part.table, part.table)), "rows": told}
        yield pages.text(_UKRAINIAN, "citizens/archive_part.html.jinja2", context)
    yield "</main></html>\n"


def _answers(pages: Pages, value: object) -> str:
    """Write what was answered to the questions of a category, in words of one language."""
    told = msgspec.convert(value, Sequence[Detail])
    return "; ".join(f"{one.name(_UKRAINIAN)} {one.said(_UKRAINIAN, pages.timezone)}" for one in told)


def _text(pages: Pages, value: object) -> str:
    """Write one value for people; empty where there is nothing to tell."""
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return "так" if value else "ні"
        case datetime():
            return pages.local(value, "%d.%m.%Y %H:%M:%S")
        case Mapping():
            return "; ".join(f"{name}: {text}" for name, one in value.items() if (text := _text(pages, one)))
        case list():
            return ", ".join(text for one in value if (text := _text(pages, one)))
        case _:
            return str(value)
