"""Routes of memos."""

from aiohttp import web

from cti_server.frame.export import route
from cti_server.memos import files, listing, page, printing
from cti_server.memos.sources import MEMOS, MemoSources
from cti_server.memos.words import PATH


def add_memos(app: web.Application, sources: MemoSources) -> None:
    """Add the list, and one memo with its road."""
    app[MEMOS] = sources
    app.router.add_get(PATH, listing.page)
    app.router.add_get(route(PATH), listing.export)
    app.router.add_post(PATH, page.add)
    app.router.add_get(f"{PATH}/new", page.new)
    app.router.add_post(f"{PATH}/facts", page.compose)
    one = PATH + r"/{id:\d{1,9}}"
    app.router.add_get(one, page.page)
    app.router.add_get(f"{one}.pdf", printing.pdf)
    app.router.add_post(one, page.save)
    app.router.add_post(f"{one}/files", files.add)
    app.router.add_get(one + r"/files/{file:\d{1,18}}", files.file)
    app.router.add_get(one + r"/files/{file:\d{1,18}}/preview", files.preview)
    app.router.add_post(f"{one}/facts", page.compose)
    app.router.add_post(f"{one}/send", page.send)
    app.router.add_post(f"{one}/drop", page.drop)
    app.router.add_post(f"{one}/answer", page.answer)
