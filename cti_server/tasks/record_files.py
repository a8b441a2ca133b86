"""Files of a record as its page has them, brought along and handed out: of tasks, orders and memos."""

from collections import Counter
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

from aiohttp import hdrs, web
from attrs import frozen

from cti_server.appeals.files import serving
from cti_server.appeals.files.receiving import receive_for
from cti_server.appeals.files.sources import EVIDENCE, REFUSALS
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.tasks.signing_words import SIGNATURE_FAULTS, SIGNATURE_SIGNS, SIGNATURE_STATES
from cti_server.tasks.sources import TASKS
from hotline.appeals.attachments import Attachment, StoredFile
from hotline.signatures.paper_signatures import SignatureFault
from hotline.tasks.record_files import RecordFile


@frozen(kw_only=True)
class FilesPart:
    """The part of a page with the record's files; `base` is where they are handed out and brought to."""

    base: str
    files: Sequence[RecordFile]
    may_add: bool

    states = SIGNATURE_STATES
    faults = SIGNATURE_FAULTS
    signs = SIGNATURE_SIGNS

    @property
    def signed(self) -> Sequence[RecordFile]:
        """List the signatures' files that were checked."""
        return [one for one in self.files if one.signatures]


async def files_part(request: web.Request, record: str, base: str, *, may_add: bool) -> FilesPart | None:
    """Read it; None where this application keeps no files."""
    if EVIDENCE not in request.app:
        return None
    files = await request.app[TASKS].files.of_record(record)
    return FilesPart(base=base, files=files, may_add=may_add)


async def bring(request: web.Request, record: str, back: str, *, may_add: bool) -> web.Response:
    """Keep the files that come; who may add none brings none. What is not taken is told with the reason."""
    store, sources = request.app[EVIDENCE].store, request.app[TASKS]

    async def keep(name: str, kept: StoredFile) -> Attachment:
        return await sources.files.add(
            record,
            name,
            kept,
            user_id=request[USER].id,
            at=sources.clock.now(),
            most=store.limits.most_files,
        )

    form = await receive_for(request, record, keep if may_add else None)
    if not may_add:
        raise web.HTTPForbidden
    if form.refused or not form.files:
        return render(
            request,
            "tasks/not_taken.html.jinja2",
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            refused=form.refused,
            taken=len(form.files),
            back=back,
            REFUSALS=REFUSALS,
        )
    await check_signatures(request, record)
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: back})


async def check_signatures(request: web.Request, record: str) -> None:
    """Check the record's signatures against its papers; what came of one stays until its paper is found."""
    sources, store = request.app[TASKS], request.app[EVIDENCE].store
    files = await sources.files.of_record(record)
    papers, named = dict[str, Path](), Counter[str]()
    for one in files:
        if not one.is_signature:
            named[one.name] += 1  # a second paper of one name is another one
            number = f" ({named[one.name]})" if named[one.name] > 1 else ""
            papers[one.name + number] = store.path(one.key)
    for one in files:
        missing = {each.fault for each in one.signatures} & {SignatureFault.NO_PAPER}
        if one.is_signature and (one.checked_at is None or missing):
            found = await sources.signatures.check(store.path(one.key), papers)
            await sources.files.checked(one.id, found, sources.clock.now())


async def hand_out(request: web.Request, record: str) -> web.StreamResponse:
    """Hand out the record's file of the address."""
    return await serving.whole(request, await _file(request, record), record)


async def show_small(request: web.Request, record: str) -> web.StreamResponse:
    """Show the small picture of a photo of the record."""
    return await serving.small(request, await _file(request, record), record)


async def _file(request: web.Request, record: str) -> RecordFile:
    return await request.app[TASKS].files.get(int(request.match_info["file"]), record)
