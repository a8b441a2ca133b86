"""Files of a memo: what goes along with it, and the answer on paper."""

from aiohttp import web

from cti_server.auth.access import allowed
from cti_server.memos.page import memo_id
from cti_server.memos.sources import MEMOS
from cti_server.memos.words import PATH
from cti_server.tasks.record_files import bring, hand_out, show_small
from hotline.access.permissions import Permission

_WRITES = allowed(Permission.WRITE_MEMOS)


@allowed(Permission.WRITE_MEMOS, streams=True)
async def add(request: web.Request) -> web.Response:
    """Keep files with the memo."""
    record = await _record(request)
    return await bring(request, record, f"{PATH}/{memo_id(request)}", may_add=True)


@_WRITES
async def file(request: web.Request) -> web.StreamResponse:
    return await hand_out(request, await _record(request))


@_WRITES
async def preview(request: web.Request) -> web.StreamResponse:
    return await show_small(request, await _record(request))


async def _record(request: web.Request) -> str:
    return f"memo:{(await request.app[MEMOS].memos.get(memo_id(request))).id}"
