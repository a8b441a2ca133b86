"""The picture of a statement: put in and taken out of a draft by its author, and shown to residents."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from http import HTTPStatus

from aiohttp import hdrs, web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed, open_to_all
from cti_server.auth.revocation import LastingFile
from cti_server.frame.language import N_
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.security import HARMLESS
from cti_server.frame.uploads import Upload, bounded, read_upload
from cti_server.keys import USER
from cti_server.statements.acting import OVERTAKEN, show
from cti_server.statements.listing import PATH
from cti_server.statements.news import published
from cti_server.statements.sources import STATEMENTS
from cti_server.statements.writing import own_draft, statement_of
from hotline.access.permissions import Permission
from hotline.appeals.attachments import PHOTO, FileRefusal, FileRefused, StoredFile
from hotline.errors import NotFound, Outdated
from hotline.statements.statements import LONGEST_ALT, Statement, StatementPicture

PUBLIC = r"/news/pictures/{key:[0-9a-f]{32}}{small:(?:-small)?}.jpg"
LONGEST_UPLOAD = 600.0
_FIELDS = 1 << 14
NO_ALT = N_("Say in Ukrainian what the picture shows: some readers hear the page.")
TOO_LONG = N_("That is too long.")
NO_FILE = N_("Choose a picture.")
NOT_TAKEN = N_("The picture is not taken: give a photo, such as a telephone makes.")
TOO_LARGE = N_("The picture is too large.")
NO_ROOM = N_("The disk is nearly full: tell the administrator.")
_REFUSALS: Mapping[FileRefusal, str] = {
    FileRefusal.EMPTY: NO_FILE,
    FileRefusal.TOO_LARGE: TOO_LARGE,
    FileRefusal.TOO_MANY_PIXELS: TOO_LARGE,
    FileRefusal.NO_ROOM: NO_ROOM,
}
_WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


@allowed(Permission.PREPARE_STATEMENTS, streams=True)
async def put(request: web.Request) -> web.Response:
    """Put the picture `file` into one's own draft with `alt_uk` and `alt_en`, in the place of one before."""
    one, sources = await own_draft(request), request.app[STATEMENTS]
    most = sources.store.limits.most_bytes
    async with bounded(request, most=most + _FIELDS, within=LONGEST_UPLOAD):
        sent = await read_upload(request, most, "alt_uk", "alt_en")
    alts = {name: " ".join(sent.fields.get(name, "").split()) for name in ("alt_uk", "alt_en")}
    if fault := _fault(sent, alts):
        return await show(request, one, fault, _WRONG)
    try:
        kept = await sources.store.take(_pieces(sent.content))
    except FileRefused as error:
        return await show(request, one, _REFUSALS.get(error.refusal, NOT_TAKEN), _WRONG)
    if kept.media_type != PHOTO:
        await sources.store.drop(kept.key)
        return await show(request, one, NOT_TAKEN, _WRONG)
    return await _change(request, one, _picture(kept, alts))


@allowed(Permission.PREPARE_STATEMENTS)
async def take_out(request: web.Request) -> web.Response:
    """Take the picture out of one's own draft; what was published with it stays as it was."""
    return await _change(request, await own_draft(request), None)


@allowed(Permission.PREPARE_STATEMENTS)
async def drafted(request: web.Request) -> web.StreamResponse:
    """Show the picture of a statement to the staff, published or not."""
    one = await statement_of(request)
    if one.picture is None:
        raise NotFound("This statement has no picture.")
    file = request.app[STATEMENTS].store.preview(one.picture.key)
    return LastingFile(file, headers=HARMLESS | {hdrs.CONTENT_TYPE: PHOTO, hdrs.CACHE_CONTROL: "no-store"})


@open_to_all
async def public(request: web.Request) -> web.StreamResponse:
    """Show a picture that residents read now; of a withdrawn statement it is gone."""
    key, store = request.match_info["key"], request.app[STATEMENTS].store
    found = [one.present.picture for one in await published(request) if not one.withdrawn_at]
    if all(one is None or one.key != key for one in found):
        raise NotFound("There is no such picture.")
    headers = {
        hdrs.CONTENT_TYPE: PHOTO,
        hdrs.CACHE_CONTROL: "public, max-age=300",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    file = store.preview(key) if request.match_info["small"] else store.path(key)
    return LastingFile(file, headers=HARMLESS | headers)


async def _change(request: web.Request, one: Statement, picture: StatementPicture | None) -> web.Response:
    """Write it down; the bytes of a picture that no statement names any more go with the next sweep."""
    sources = request.app[STATEMENTS]
    try:
        await sources.statements.change(
            one, replace(one, picture=picture), sources.clock.now(), user_id=request[USER].id
        )
    except Outdated:
        if picture is not None:
            await sources.store.drop(picture.key)
        return await show(request, await statement_of(request), OVERTAKEN, HTTPStatus.CONFLICT)
    await audit(request, Action.CHANGE, f"statement:{one.id}", "picture" if picture else "picture removed")
    return noted_at(f"{PATH}/{one.id}", Noted.STATEMENT_SAVED)


def _picture(kept: StoredFile, alts: Mapping[str, str]) -> StatementPicture:
    return StatementPicture(key=kept.key, bytes=kept.bytes, sha256=kept.sha256, **alts)


def _fault(sent: Upload, alts: Mapping[str, str]) -> str:
    """Say what is wrong with the form; empty for nothing."""
    if not sent.content:
        return NO_FILE
    if not alts["alt_uk"]:
        return NO_ALT
    return TOO_LONG if max(map(len, alts.values())) > LONGEST_ALT else ""


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content
