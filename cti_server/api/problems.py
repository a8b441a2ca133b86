"""Errors as programs read them: `application/problem+json` (RFC 9457), with our codes, in their language."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

import msgspec
from aiohttp import hdrs, web
from msgspec import Meta

from cti_server.api.errors import Fault, Invalid
from cti_server.api.language import asked_language
from cti_server.appeals.files.sources import REFUSALS
from cti_server.auth.errors import ScopeNeeded, TooManyAttempts, TooManyRequests
from cti_server.frame.language import N_, words
from cti_server.keys import ACCOUNTS
from hotline.appeals.attachments import FileRefusal, FileRefused
from hotline.appeals.handling import Overtaken

CONTENT_TYPE = "application/problem+json"
_REALM = 'Bearer realm="hotline"'
WORDS: Mapping[str, tuple[str, str]] = {
    "token-needed": (
        N_("A token is needed"),
        N_("Send a valid token in the header `Authorization: Bearer …`; the head of the centre makes them."),
    ),
    "forbidden": (
        N_("This token may not do that"),
        N_("If you need it, ask the head of the centre for a token of another role."),
    ),
    "scope-needed": (
        N_("This token was not made for that"),
        N_("Ask the head of the centre to give the token the scope that `WWW-Authenticate` names."),
    ),
    "personal-data": (
        N_("This token sees no personal data"),
        N_("If you need them by law, ask the head of the centre for a token that does."),
    ),
    "not-found": (N_("There is no such thing"), N_("Check the number or id in the address.")),
    "not-json": (N_("The body is no JSON"), N_("Send one JSON object in UTF-8.")),
    "json-needed": (
        N_("JSON is expected"),
        N_("Send the header `Content-Type: application/json` and a JSON body."),
    ),
    "octets-needed": (
        N_("The file alone is expected"),
        N_("Send the header `Content-Type: application/octet-stream`, and the file as the whole body."),
    ),
    "file-refused": (N_("The file is not taken"), N_("`refusal` names the reason, `detail` what to do.")),
    "invalid": (N_("Something that was sent is wrong"), N_("Each fault names its place and the mend.")),
    "forbidden-transition": (
        N_("That is not possible from the present state"),
        N_("Read the present state and decide anew."),
    ),
    "no-phone": (
        N_("No telephone of this dispatcher can ring"),
        N_("They sign in at their desk and allow the microphone, or switch the desk phone on; then repeat."),
    ),
    "overtaken": (
        N_("Somebody else acted on it first"),
        N_("Read the appeal again and decide anew; `version` tells how it stands now."),
    ),
    "not-yours": (N_("That is another's to do"), N_("Read the appeal again: `acts` says what is possible.")),
    "already-taken": (N_("Somebody was faster"), N_("Read it again and repeat the request.")),
    "outdated": (
        N_("It was changed meanwhile"),
        N_("Read it again, make your change upon that, and send its ETag in `If-Match`."),
    ),
    "condition-needed": (
        N_("Say which state you change"),
        N_("Send the ETag of the answer that you read in the header `If-Match`."),
    ),
    "alike": (
        N_("It may be entered already"),
        N_("Look at what `errors` names; if it is another one, send `anyway` true."),
    ),
    "no-house-near": (
        N_("No house of the city's map is near these coordinates"),
        N_("Send `address` in the place of `lat` and `long`; `GET /addresses` finds it as it is typed."),
    ),
    "older-schedule": (
        N_("A later schedule of these days is known already"),
        N_("Send the supplier's latest file; `fact.update` says when it was made."),
    ),
    "agreement-over": (
        N_("There is no agreement that holds"),
        N_("The agreement has ended, or its days have not begun: ask the head of the other city's centre."),
    ),
    "key-reused": (
        N_("This Idempotency-Key was used for another request"),
        N_("Make a new key for each new request."),
    ),
    "too-many-requests": (N_("Too many requests"), N_("Go on after the time in the header `Retry-After`.")),
    "too-many-attempts": (
        N_("Too many wrong tokens"),
        N_("Check the token, and go on after the time in the header `Retry-After`."),
    ),
    "telephony": (N_("The telephone exchange does not answer"), N_("Try again in a few seconds.")),
    "internal": (
        N_("Something went wrong here"),
        N_("It is on record. Try again; calls go on as usual."),
    ),
    "http": (N_("This request cannot be served"), N_("Compare it with the description at /api/.")),
}
"""An error's code → what it is, and what to do."""


class Wrong(msgspec.Struct, kw_only=True, omit_defaults=False):
    """One thing that is wrong in the request."""

    where: Annotated[str, Meta(description="The place, such as `query.limit` or `body.applicant.name`.")]
    reason: Annotated[str, Meta(description="What is wrong and what to do, in the reader's language.")]


class Problem(msgspec.Struct, kw_only=True):
    """A problem (RFC 9457)."""

    type: Annotated[str, Meta(description="Where the error is described: `/api/#` and its code.")]
    title: str
    status: Annotated[int, Meta(ge=400, le=599)]
    code: Annotated[str, Meta(description="The error's name for programs; it never changes.")]
    detail: Annotated[str, Meta(description="What to do.")]
    errors: Annotated[list[Wrong], Meta(description="Only for `invalid`, `alike` and `no-house-near`.")]
    version: Annotated[int | None, Meta(description="Only for `overtaken`: the appeal's version now.")]
    refusal: Annotated[FileRefusal | None, Meta(description="Only for `file-refused`: why it is not taken.")]


def api_problem(request: web.Request, status: int, code: str, error: Exception | None = None) -> web.Response:
    """Make the answer that says what went wrong."""
    language = asked_language(request)
    gettext = words(language).gettext
    title, detail = (
        WORDS.get(code) or WORDS["internal" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "http"]
    )
    refusal = error.refusal if isinstance(error, FileRefused) else None
    problem = Problem(
        type=f"/api/#{code if code in WORDS else 'http'}",
        title=gettext(title),
        status=status,
        code=code,
        detail=gettext(REFUSALS[refusal] if refusal else detail),
        errors=[_wrong(language, fault) for fault in error.faults] if isinstance(error, Invalid) else [],
        version=error.appeal.version if isinstance(error, Overtaken) else None,
        refusal=refusal,
    )
    headers = {
        hdrs.CONTENT_LANGUAGE: language,
        hdrs.VARY: hdrs.ACCEPT_LANGUAGE,
        **_headers(request, code, error),
    }
    return web.Response(
        body=msgspec.json.encode(problem), status=status, content_type=CONTENT_TYPE, headers=headers
    )


def _headers(request: web.Request, code: str, error: Exception | None) -> Mapping[str, str]:
    if after := waiting(request, error):
        return {hdrs.RETRY_AFTER: after}
    if isinstance(error, ScopeNeeded):
        needed = f'error="insufficient_scope", scope="{" ".join(error.scopes)}"'
        return {hdrs.WWW_AUTHENTICATE: f"{_REALM}, {needed}"}
    return {hdrs.WWW_AUTHENTICATE: _REALM} if code == "token-needed" else {}


def waiting(request: web.Request, error: Exception | None) -> str:
    """Tell in how many seconds the next request is possible; empty where nothing forbids it."""
    match error:
        case TooManyRequests():
            return str(error.after)
        case TooManyAttempts():
            left = error.not_before - request.app[ACCOUNTS].clock.now()
            return str(-(-left // timedelta(seconds=1)))
    return ""


def _wrong(language: str, fault: Fault) -> Wrong:
    return Wrong(where=fault.where, reason=fault.said(words(language).gettext(fault.reason)))
