"""Files handed out: to the city's people who see appeals, and to the enterprise that has this one."""

from urllib.parse import quote

from aiohttp import hdrs, web

from cti_server.appeals.files.sources import EVIDENCE
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.auth.revocation import LastingFile
from cti_server.frame.security import HARMLESS
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.appeals.attachments import PHOTO, AppealFile, Attachment
from hotline.errors import NotFound


@allowed(Permission.SEE_APPEALS)
async def file(request: web.Request) -> web.StreamResponse:
    """Hand out the file."""
    one = await _find(request, None)
    return await whole(request, one, f"appeal:{one.number}")


@allowed(Permission.SEE_APPEALS)
async def preview(request: web.Request) -> web.StreamResponse:
    """Show the small picture of a photo."""
    one = await _find(request, None)
    return await small(request, one, f"appeal:{one.number}")


@allowed(Permission.WORK_ON_APPEALS)
async def own_file(request: web.Request) -> web.StreamResponse:
    """Hand out a file of an appeal that the enterprise has now."""
    one = await _find(request, request[USER].executor_id)
    return await whole(request, one, f"appeal:{one.number}")


@allowed(Permission.WORK_ON_APPEALS)
async def own_preview(request: web.Request) -> web.StreamResponse:
    """Show the small picture of a photo of an appeal that the enterprise has now."""
    one = await _find(request, request[USER].executor_id)
    return await small(request, one, f"appeal:{one.number}")


async def _find(request: web.Request, executor_id: int | None) -> AppealFile:
    return await request.app[EVIDENCE].files.get(int(request.match_info["id"]), executor_id=executor_id)


async def whole(request: web.Request, one: Attachment, about: str) -> LastingFile:
    """Hand a file out that is `about` this subject of the audit log."""
    await audit(request, Action.EXPORT, f"file:{one.id}", about)
    headers = {
        hdrs.CONTENT_TYPE: one.media_type,
        hdrs.CONTENT_DISPOSITION: f"attachment; filename*=UTF-8''{quote(one.name, safe='')}",
    }
    return LastingFile(request.app[EVIDENCE].store.path(one.key), headers=HARMLESS | headers)


async def small(request: web.Request, one: Attachment, about: str) -> web.StreamResponse:
    """Show the small picture of a photo."""
    if not one.photo:
        raise NotFound(f"File {one.id} is no photo.")
    await audit(request, Action.VIEW, f"file:{one.id}", about)
    headers = {hdrs.CONTENT_TYPE: PHOTO, hdrs.CONTENT_DISPOSITION: "inline"}
    return LastingFile(request.app[EVIDENCE].store.preview(one.key), headers=HARMLESS | headers)
