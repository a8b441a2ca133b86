"""The gate that every request passes: who is it, does it come from our own page, may they do this."""

import hmac
from urllib.parse import urlsplit

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler
from multidict import MultiDictProxy

from cti_server.auth.access import Access, access_of
from cti_server.auth.bearer import require_token
from cti_server.auth.errors import Forbidden, ForeignRequest, SignInNeeded, Unsettled, WrongHost
from cti_server.auth.session import find_session
from cti_server.hosts import is_ours, own_origin
from cti_server.keys import CODE_NEEDED, SESSION, USER
from hotline.access.sign_in import Session
from hotline.access.users import owed_by

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
MALFORMED = (ValueError, LookupError, HttpProcessingError)
"""Exceptions of a malformed form with files."""
PARTS: web.RequestKey[MultipartReader] = web.RequestKey("parts", MultipartReader)
"""The rest of a form with files, for handlers that read it themselves (`allowed(…, streams=True)`)."""


@web.middleware
async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Serve only allowed requests; raises SignInNeeded, Unsettled, Forbidden, ForeignRequest, WrongHost."""
    if not is_ours(request):
        raise WrongHost(f"{request.host} is no name of ours: HOTLINE_PUBLIC_URL and HOTLINE_HOSTS give them.")
    access = access_of(request.match_info.handler)
    if request.match_info.http_exception is not None:
        return await handler(request)  # no such page: there is nothing to guard
    if access is None:
        raise Forbidden(f"{request.path} says not who may call it.")
    if access.by_token:
        await require_token(request, access)
        return await handler(request)
    if "%00" in request.raw_path:
        raise web.HTTPUnprocessableEntity  # no database keeps it, so nothing can be found by it
    if access.from_outside or access.unasked:
        return await handler(request)
    found = await find_session(request)
    if found is not None and not found[0].awaits_code:
        request[SESSION], request[USER] = found
    _require_own_origin(request)
    if not access.anybody:
        await _require(request, access)
    if request.method not in _SAFE_METHODS:
        await _take_form(request, access)
    return await handler(request)


async def _require(request: web.Request, access: Access) -> None:
    session, user = request.get(SESSION), request.get(USER)
    if session is None or user is None:
        raise SignInNeeded("Nobody is signed in.")
    if request.method not in _SAFE_METHODS:
        if access.streams:
            await _stream(request)
        await _require_token(request, session)
    if not access.settles and (owed := owed_by(user, code_needed=request.app[CODE_NEEDED])):
        raise Unsettled(f"User {user.id} has yet to settle the {owed}.")
    if not access.admits(user):
        raise Forbidden(f"{user.role} may not {request.method} {request.path}.")


async def _take_form(request: web.Request, access: Access) -> None:
    """Read the form, but for one with files, which its handler reads."""
    if access.anybody and access.streams:
        await _stream(request)
    if PARTS not in request:
        await read_form(request)


async def _stream(request: web.Request) -> None:
    """Leave a form with files to its handler; 400 for what only says that it is one."""
    if request.content_type != "multipart/form-data":
        return
    try:
        request[PARTS] = await request.multipart()
    except MALFORMED as error:
        raise web.HTTPBadRequest from error


def _require_own_origin(request: web.Request) -> None:
    """Browsers name the page's origin on every POST and WebSocket; another site's is refused."""
    opens_socket = request.headers.get("Upgrade", "").lower() == "websocket"
    if request.method in _SAFE_METHODS and not opens_socket:
        return
    origin, own = request.headers.get("Origin", ""), own_origin(request)
    if origin == own:
        return
    if urlsplit(origin).netloc == request.host:
        raise ForeignRequest(f"{origin} is not {own}: behind a proxy with TLS set HOTLINE_HTTPS=1, else 0.")
    raise ForeignRequest("The request comes from another site.")


async def _require_token(request: web.Request, session: Session) -> None:
    token = request.headers.get(CSRF_HEADER)
    if token is None and PARTS in request:
        token = await _first_part(request[PARTS])
    elif token is None and request.content_type in _FORMS:
        token = str((await read_form(request)).get(CSRF_FIELD, ""))
    if not hmac.compare_digest((token or "").encode(errors="replace"), session.csrf.encode()):
        raise ForeignRequest("The form was made for another session.")


async def read_form(request: web.Request) -> MultiDictProxy[str | bytes | bytearray | web.FileField]:
    """Read the form, once; 400 for one in no encoding that we know, or that is none at all."""
    try:
        return await request.post()
    except MALFORMED as error:
        raise web.HTTPBadRequest from error


async def _first_part(parts: MultipartReader) -> str | None:
    """Read the token, the first part of such a form; None when it is not first."""
    try:
        first = await parts.next()
        if not isinstance(first, BodyPartReader) or first.name != CSRF_FIELD or first.filename is not None:
            return None
        return (await first.read_chunk()).decode(errors="replace")
    except MALFORMED as error:  # not a form at all
        raise web.HTTPBadRequest from error
