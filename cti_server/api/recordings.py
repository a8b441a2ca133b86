"""Sound of a recording for another system: the copy that people hear, or the master; each is written down."""

from aiohttp import web

from cti_server.api.errors import PersonalData
from cti_server.audit import Action, audit
from cti_server.auth.access import with_token
from cti_server.auth.errors import Forbidden
from cti_server.calls.lasting_sound import LastingSound
from cti_server.calls.sound import find_recording, masked_recording
from cti_server.calls.sources import PAST_CALLS
from cti_server.keys import TOKEN
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.errors import NotFound


@with_token(Permission.DOWNLOAD_RECORDINGS, scopes=(Scope.RECORDINGS,))
async def copy(request: web.Request) -> web.StreamResponse:
    """The copy to listen to, in which numbers of cards and papers are bleeped; 404 until it is made."""
    _require_personal(request)
    found = await find_recording(request)
    sound = await masked_recording(request)
    await audit(request, Action.EXPORT, f"recording:{found.id}", f"call:{found.call_id} copy")
    return LastingSound(request.app[PAST_CALLS].sounds, sound)


@with_token(Permission.HEAR_UNMASKED, scopes=(Scope.RECORDINGS,))
async def master(request: web.Request) -> web.StreamResponse:
    """The master: both sides without loss or masks; 404 until it is made, and for older recordings."""
    _require_personal(request)
    if not request[TOKEN].may(Permission.DOWNLOAD_RECORDINGS):
        raise Forbidden(f"Token {request[TOKEN].id} may not take recordings away.")
    found = await find_recording(request)
    if not found.master_file:
        raise NotFound(f"Recording {found.id} has no master.")
    sounds = request.app[PAST_CALLS].sounds
    sound = await sounds.find(found.master_file)
    await audit(request, Action.EXPORT, f"recording:{found.id}", f"call:{found.call_id} master")
    return LastingSound(sounds, sound)


def _require_personal(request: web.Request) -> None:
    if not request[TOKEN].personal:
        raise PersonalData(f"Token {request[TOKEN].id} sees no personal data.")
