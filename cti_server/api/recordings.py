"""Sound of a recording for another system: the copy that people hear, or the master; each is written down."""

import asyncio

from aiohttp import web

from cti_server.api.errors import PersonalData
from cti_server.audit import Action, audit
from cti_server.auth.access import with_token
from cti_server.auth.errors import Forbidden
from cti_server.auth.revocation import LastingFile
from cti_server.calls.sound import KINDS, find_recording, inside, masked_recording
from cti_server.calls.sources import PAST_CALLS
from cti_server.keys import TOKEN
from hotline.access.permissions import Permission
from hotline.errors import NotFound


@with_token(Permission.DOWNLOAD_RECORDINGS)
async def copy(request: web.Request) -> web.StreamResponse:
    """The copy to listen to, in which numbers of cards and papers are bleeped; 404 until it is made."""
    _require_personal(request)
    found = await find_recording(request)
    file = await masked_recording(request)
    await audit(request, Action.EXPORT, f"recording:{found.id}", f"call:{found.call_id} copy")
    return LastingFile(file, headers={"Content-Type": KINDS.get(file.suffix, "audio/wav")})


@with_token(Permission.HEAR_UNMASKED)
async def master(request: web.Request) -> web.StreamResponse:
    """The master: both sides without loss or masks; 404 until it is made, and for older recordings."""
    _require_personal(request)
    if not request[TOKEN].may(Permission.DOWNLOAD_RECORDINGS):
        raise Forbidden(f"Token {request[TOKEN].id} may not take recordings away.")
    found = await find_recording(request)
    if not found.master_file:
        raise NotFound(f"Recording {found.id} has no master.")
    file = await asyncio.to_thread(inside, request.app[PAST_CALLS].recordings, found.master_file)
    await audit(request, Action.EXPORT, f"recording:{found.id}", f"call:{found.call_id} master")
    return LastingFile(file, headers={"Content-Type": KINDS.get(file.suffix, "audio/wav")})


def _require_personal(request: web.Request) -> None:
    if not request[TOKEN].personal:
        raise PersonalData(f"Token {request[TOKEN].id} sees no personal data.")
