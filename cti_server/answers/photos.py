"""Photos on the page of a link: the executor's of the work, shown; the applicant's with their "no", taken in.

What is shown is our own redrawn copy, without where and by whom it was taken; what comes is looked into as
the executor's files are, and only pictures stay.
"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, hdrs, web

from cti_server.answers.sources import ANSWERS
from cti_server.appeals.files.sources import EVIDENCE
from cti_server.audit import Action, audit
from cti_server.auth.gate import PARTS
from cti_server.auth.revocation import LastingFile
from cti_server.frame.security import HARMLESS
from cti_server.frame.uploads import FILE, LONGEST_UPLOAD, bounded, parts_of, pieces_of, read_part
from hotline.appeals.acts.work import ReportDone
from hotline.appeals.appeal import Appeal
from hotline.appeals.attachments import (
    PHOTO,
    AppealFile,
    FileRefusal,
    FileRefused,
    StoredFile,
    cleaned_name,
)
from hotline.portal.report import MOST_PHOTOS

_FIELDS = 1 << 16
"""Octets for all that is no photo."""


@dataclass(slots=True)
class Sent:
    """A form as it came: its fields, pictures in the store that no list names yet, and what was refused.

    `came` has each file that it brought, by its SHA-256: telephones give all their photos one name.
    """

    fields: dict[str, str] = field(default_factory=dict)
    photos: list[tuple[str, StoredFile]] = field(default_factory=list)
    refused: list[tuple[str, FileRefusal]] = field(default_factory=list)
    came: list[str] = field(default_factory=list)


async def photos_of(request: web.Request, appeal: Appeal) -> Sequence[AppealFile]:
    """List the photos that the executor's last report of this appeal names."""
    if EVIDENCE not in request.app:
        return ()
    history = await request.app[ANSWERS].handling.history(appeal.number, hidden=False)
    named: Sequence[int] = next(
        (one.facts.get("evidence", ()) for one in reversed(history) if one.act == ReportDone.name), ()
    )
    if not named:
        return ()
    return [
        one
        for one in await request.app[EVIDENCE].files.of_appeal(appeal.number)
        if one.photo and one.id in named
    ]


async def room_for(request: web.Request, appeal: Appeal) -> int:
    """Tell how many photos the applicant may still add."""
    if EVIDENCE not in request.app:
        return 0
    files = await request.app[EVIDENCE].files.of_appeal(appeal.number)
    own = sum(one.uploaded_by is None for one in files)
    return max(0, min(MOST_PHOTOS - own, request.app[EVIDENCE].store.limits.most_files - len(files)))


def shown(request: web.Request, one: AppealFile) -> web.StreamResponse:
    """Show a photo: the small redrawn copy."""
    headers = {
        hdrs.CONTENT_TYPE: PHOTO,
        hdrs.CONTENT_DISPOSITION: "inline",
        hdrs.CACHE_CONTROL: "private, max-age=3600",
        "X-Robots-Tag": "noindex",
    }
    return LastingFile(request.app[EVIDENCE].store.preview(one.key), headers=HARMLESS | headers)


async def read_sent(request: web.Request, room: int | None) -> Sent:
    """Read the form; as many of its pictures as there is room for go to the store, for `keep` or `drop`.

    None: there is nothing that they could go along with, so they are passed over.
    """
    if PARTS not in request:
        return Sent(fields={name: str(one) for name, one in (await request.post()).items()})
    most = _FIELDS
    if EVIDENCE in request.app:  # whatever room is left: what was taken already may come once more
        most += MOST_PHOTOS * request.app[EVIDENCE].store.limits.most_bytes
    sent = Sent()
    async with AsyncExitStack() as when_it_fails:
        when_it_fails.push_async_callback(drop, request, sent)
        async with bounded(request, most=most, within=LONGEST_UPLOAD):
            async for part in parts_of(request):
                await _take(request, part, sent, room)
        when_it_fails.pop_all()
    return sent


async def keep(request: web.Request, sent: Sent, number: str, source: str) -> None:
    """Have the appeal's list name the pictures; the applicant's, of no user. `source`: how they came."""
    evidence = request.app[EVIDENCE] if sent.photos else None
    while evidence and sent.photos:
        name, kept = sent.photos.pop(0)
        try:
            file = await evidence.files.add(
                number=number,
                name=name,
                kept=kept,
                uploaded_by=None,
                at=evidence.clock.now(),
                most=evidence.store.limits.most_files,
            )
        except FileRefused:  # somebody else's came in this very moment
            await evidence.store.drop(kept.key)
            continue
        if file.key != kept.key:  # it is there already
            await evidence.store.drop(kept.key)
        await audit(request, Action.ADD, f"file:{file.id}", f"appeal:{number} {source}")


async def drop(request: web.Request, sent: Sent) -> None:
    """Throw the pictures away: the form was not taken."""
    while sent.photos:
        _name, kept = sent.photos.pop()
        await request.app[EVIDENCE].store.drop(kept.key)


async def _take(request: web.Request, part: BodyPartReader, sent: Sent, room: int | None) -> None:
    if part.name == FILE:
        if part.filename and room is not None:  # a field without a file comes as an empty one
            await _take_photo(request, part, sent, room)
    elif part.filename is None and part.name:
        sent.fields[part.name] = (await _text(part)).decode(errors="replace")


async def _text(part: BodyPartReader) -> bytes:
    """Read a field that is no file; what is longer than any of ours is of no page of ours."""
    read = await read_part(part, _FIELDS)
    if len(read) > _FIELDS:
        raise web.HTTPRequestEntityTooLarge(max_size=_FIELDS, actual_size=len(read))
    return read


async def _take_photo(request: web.Request, part: BodyPartReader, sent: Sent, room: int) -> None:
    called, digest = part.filename or "", hashlib.sha256()

    async def pieces() -> AsyncIterator[bytes]:
        async for piece in pieces_of(part):
            digest.update(piece)
            yield piece

    if len(sent.photos) + len(sent.refused) >= room:
        sent.refused.append((called, FileRefusal.TOO_MANY))
        async for _ in pieces():
            pass
        sent.came.append(digest.hexdigest())
        return
    store = request.app[EVIDENCE].store
    try:
        kept = await store.take(pieces())
    except FileRefused as error:
        sent.refused.append((called, error.refusal))
        return
    sent.came.append(digest.hexdigest())
    if kept.media_type == PHOTO:
        sent.photos.append((cleaned_name(called, PHOTO), kept))
        return
    await store.drop(kept.key)
    sent.refused.append((called, FileRefusal.KIND))
