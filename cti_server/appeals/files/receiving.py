"""Files as a browser sends them: part by part to the disk, never whole in memory."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

from cti_server.appeals.acts.reading import first, sent_fields
from cti_server.appeals.files.sources import EVIDENCE
from cti_server.audit import Action, audit
from cti_server.auth.gate import PARTS
from cti_server.frame.uploads import FILE, LONGEST_UPLOAD, bounded, parts_of, pieces_of, read_part
from cti_server.keys import USER
from hotline.appeals.attachments import Attachment, FileRefusal, FileRefused, StoredFile, cleaned_name

MOST_AT_ONCE = 10
_FIELDS = 1 << 20
"""Octets for all that is not a file."""


@dataclass(slots=True)
class Received:
    """A form as it came: text fields, files that are kept now, and those that are not, with the reason."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[Attachment] = field(default_factory=list)
    refused: list[tuple[str, FileRefusal]] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Give the field as it was typed; empty when it did not come."""
        return first(self.fields, name)

    @property
    def named(self) -> frozenset[int]:
        """The files of before that are ticked, by their ids."""
        ticked = self.fields.get("evidence", ())
        return frozenset(int(one) for one in ticked if re.fullmatch(r"[0-9]{1,18}", one))


Keep = Callable[[str, StoredFile], Awaitable[Attachment]]
"""Puts a file on the list, by its name and what is in the store; gives the earlier one of the same bytes.

Raises FileRefused.
"""


async def receive(request: web.Request, number: str, executor_id: int | None) -> Received:
    """Read the form and keep its files with the enterprise's appeal of this number; None: keep none.

    Every file is audited. Raises NotFound when the enterprise has the appeal no longer.
    """
    evidence = request.app[EVIDENCE]

    async def keep(name: str, kept: StoredFile) -> Attachment:
        return await evidence.files.add(
            number=number,
            name=name,
            kept=kept,
            uploaded_by=request[USER].id,
            at=evidence.clock.now(),
            executor_id=executor_id,
            most=evidence.store.limits.most_files,
        )

    return await receive_for(request, f"appeal:{number}", keep if executor_id is not None else None)


async def receive_for(request: web.Request, about: str, keep: Keep | None) -> Received:
    """Read the form and have its files kept; every one is audited as `about` that subject."""
    if PARTS not in request:
        return Received(fields=sent_fields(await request.post()))
    most = MOST_AT_ONCE * request.app[EVIDENCE].store.limits.most_bytes + _FIELDS
    received = Received()
    async with bounded(request, most=most, within=LONGEST_UPLOAD):
        async for part in parts_of(request):
            await _take(request, part, about, keep, received)
    return received


async def _take(
    request: web.Request, part: BodyPartReader, about: str, keep: Keep | None, received: Received
) -> None:
    if part.name == FILE:
        if part.filename and keep is not None:  # a field without a file comes as an empty one
            await _take_file(request, part, about, keep, received)
    elif part.filename is None and part.name:
        text = (await read_part(part, _FIELDS)).decode(errors="replace")
        received.fields.setdefault(part.name, []).append(text)


async def _take_file(
    request: web.Request, part: BodyPartReader, about: str, keep: Keep, received: Received
) -> None:
    store, called = request.app[EVIDENCE].store, part.filename or ""
    if len(received.files) + len(received.refused) >= MOST_AT_ONCE:
        received.refused.append((called, FileRefusal.TOO_MANY))
        return
    try:
        kept = await store.take(pieces_of(part))
        noted = False  # what is there already is not kept twice
        try:
            file = await keep(cleaned_name(called, kept.media_type), kept)
            noted = file.key == kept.key
        finally:
            if not noted:
                await store.drop(kept.key)
    except FileRefused as error:
        received.refused.append((called, error.refusal))
        return
    if noted:
        await audit(request, Action.ADD, f"file:{file.id}", f"{about} {file.media_type} {file.bytes}")
    if file not in received.files:
        received.files.append(file)
