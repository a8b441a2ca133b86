"""Errors become answers: a page for people, JSON for programs. The outer boundary of one HTTP request."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from yarl import URL

from cti_server.api.operation import PREFIX
from cti_server.api.problems import api_problem
from cti_server.auth.errors import SignInNeeded, Unsettled
from cti_server.clients import wants_json
from cti_server.frame.language import N_
from cti_server.frame.pages import render
from cti_server.frame.statuses import STATUS
from cti_server.open311.discovery import PREFIX as OPEN311
from cti_server.open311.problems import open311_problem
from hotline.errors import HotlineError

EXPLAINED: Mapping[int, tuple[str, str]] = {
    400: (N_("Something is wrong with this address"), N_("Go back and try again.")),
    401: (N_("Please sign in"), N_("Your session is over: nothing is lost, just sign in again.")),
    403: (N_("This is not for your role"), N_("If you need it for your work, ask the head of the centre.")),
    404: (N_("There is no such page"), N_("It may have moved. Start from the menu.")),
    409: (N_("Somebody was faster"), N_("Reload the page to see how things stand now.")),
    410: (N_("The call is over"), N_("The caller has hung up.")),
    413: (N_("That is too much at once"), N_("Send a smaller file or a shorter text.")),
    421: (N_("This is not our address"), N_("Ask the administrator under which address the pages are.")),
    422: (N_("Something is missing or wrong"), N_("Go back: what you typed is still there.")),
    429: (N_("Too many attempts"), N_("Wait a little and try again.")),
    500: (N_("Something went wrong here"), N_("It is on record. Try again; calls go on as usual.")),
    503: (N_("The telephone exchange does not answer"), N_("Try again in a few seconds.")),
}
BY_CODE: Mapping[str, tuple[str, str]] = {
    "unsettled": (
        N_("First choose a password of your own, or set up the one-time code"),
        N_("Open your account by your name at the top: everything else opens then."),
    ),
    "report-too-large": (
        N_("This takes too long to count just now"),
        N_("Choose fewer days, or try again in a minute: another report may be counted."),
    ),
    "foreign-request": (N_("This page is out of date"), N_("Reload it and try again: nothing was changed.")),
    "demo-account": (
        N_("This is a demo account: it opens on the hotline's own machine only"),
        N_("Give it a password of its own there: `hotline user password LOGIN`."),
    ),
    "too-many-together": (
        N_("Many passwords are being checked right now"),
        N_("Try again in a few seconds."),
    ),
    "sound-locked": (
        N_("The recording is encrypted, and its key is not there"),
        N_("Nothing is lost. Ask the administrator to bring the key back: `hotline doctor` says which."),
    ),
    "sound-away": (
        N_("The recording lies in a store that does not answer now"),
        N_("Nothing is lost. Try again in some minutes; `hotline doctor` tells the administrator why."),
    ),
    "sound-damaged": (
        N_("The file of the recording is damaged"),
        N_("Ask the administrator: `hotline recordings verify` names the file, a backup has it whole."),
    ),
    "no-desk": (
        N_("Your account has no desk yet"),
        N_("Ask the head of the centre: on the page of users a desk is chosen for you."),
    ),
    "engaged": (N_("You have a caller already"), N_("End that call first, then take the next.")),
    "no-phone": (
        N_("No telephone of yours can ring: look at “Phone” above"),
        N_("Allow the microphone, take the phone here, or register the desk phone; then press Shift+F9."),
    ),
    "not-recorded": (
        N_("No talk is being recorded now"),
        N_("It is over, or the caller refused to be recorded."),
    ),
    "order-incomplete": (
        N_("The order is not whole"),
        N_("Write its number, and its day, which is not to come."),
    ),
    "no-sev-message": (
        N_("The message cannot be made: a code (ЄДРПОУ) is missing"),
        N_("Write that of the authority on the card, and the own one into the city's data, “Paperwork”."),
    ),
    "off-duty": (N_("You are not on the line: press Shift+F9 first"), N_("Then take the caller.")),
}
"""Texts by error code, where the status alone would say too little, or mislead."""

LONGEST_BACK = 2000
"""Octets; written once more as a part of the address it may be three times as long."""
log = logging.getLogger(__name__)


@web.middleware
async def explain(request: web.Request, handler: Handler) -> web.StreamResponse:  # noqa: PLR0911 - one a kind
    """Answer every error kindly; what nobody foresaw is logged whole and shown as 500."""
    try:
        return await handler(request)
    except SignInNeeded as error:
        return to_sign_in(request) if not wants_json(request) else problem(request, 401, error.code)
    except Unsettled as error:
        return _unsettled(request, error)
    except HotlineError as error:
        status = STATUS.get(error.code, 500)
        log.log(
            logging.ERROR if status >= HTTPStatus.INTERNAL_SERVER_ERROR else logging.INFO,
            "request refused status=%d code=%s path=%s: %s",
            status,
            error.code,
            _path_told(request),
            error,
        )
        return problem(request, status, error.code, error=error)
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        if _opens_a_form_address(request, error):
            return web.Response(status=303, headers={hdrs.LOCATION: await _nearest(request)})
        return problem(request, error.status, "http", error.headers)
    except Exception as error:
        if _browser_gone(request, error):
            log.info("browser gone before its answer method=%s path=%s", request.method, _path_told(request))
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        log.exception("request failed method=%s path=%s", request.method, _path_told(request))
        return problem(request, 500, "internal")


def _path_told(request: web.Request) -> str:
    """Give the path for the log, without the secret of a link: who has that opens what is behind it."""
    for name in ("secret", "token"):
        if secret := request.match_info.get(name):
            return request.path.replace(secret, "…")
    return request.path


def _opens_a_form_address(request: web.Request, error: web.HTTPException) -> bool:
    """Tell whether a person opened an address that only takes forms: by a reload, or out of the history."""
    opens = request.method == hdrs.METH_GET and error.status == HTTPStatus.METHOD_NOT_ALLOWED
    return opens and not wants_json(request) and not request.path.startswith(PREFIX)


async def _nearest(request: web.Request) -> str:
    """Find the page above this address that can be opened: `/enterprise/7` of `/enterprise/7/report-done`."""
    path = request.path
    while path := path.rpartition("/")[0]:
        found = await request.app.router.resolve(request.clone(rel_url=URL(path)))
        if found.http_exception is None:
            return path
    return "/"


def _browser_gone(request: web.Request, error: Exception) -> bool:
    """Tell whether the browser went away before its answer, from errors of other connections."""
    return isinstance(error, ConnectionResetError) or (
        isinstance(error, ConnectionError) and request.transport is None
    )


def to_sign_in(request: web.Request) -> web.Response:
    """Send the browser to the sign-in page, and from there back to where it was."""
    by_part = bool(
        request.headers.get("HX-Request")
    )  # htmx would put the sign-in page into a part of this one
    reads = request.method == hdrs.METH_GET and not by_part
    back = str(request.rel_url) if reads else _page_of(request)
    if len(back) > LONGEST_BACK:
        back = request.rel_url.raw_path[:LONGEST_BACK]
    target = str(URL("/sign-in").with_query(next=back))
    if by_part:
        return web.Response(status=401, headers={"HX-Redirect": target})
    return web.Response(status=302, headers={hdrs.LOCATION: target})


def _page_of(request: web.Request) -> str:
    """Find the page of ours that a form was sent from: there it stands as it was typed (`kept_forms.js`)."""
    try:
        page = URL(request.headers.get("HX-Current-URL", "") or request.headers.get(hdrs.REFERER, ""))
    except ValueError:
        return "/"
    return str(page.relative()) if page.absolute and page.authority == request.host else "/"


def _unsettled(request: web.Request, error: Unsettled) -> web.Response:
    """Send a browser that turns pages to its own account, where the user settles what they owe."""
    opens_socket = request.headers.get(hdrs.UPGRADE, "").lower() == "websocket"
    if request.method != hdrs.METH_GET or opens_socket or wants_json(request):
        return problem(request, HTTPStatus.FORBIDDEN, error.code)
    if request.headers.get("HX-Request"):
        return web.Response(status=403, headers={"HX-Redirect": "/account"})
    return web.Response(status=302, headers={hdrs.LOCATION: "/account"})


def problem(
    request: web.Request,
    status: int,
    code: str,
    headers: Mapping[str, str] | None = None,
    *,
    error: HotlineError | None = None,
) -> web.Response:
    """Make the answer that says what went wrong."""
    answer: web.Response
    if request.path.startswith(PREFIX):
        answer = api_problem(request, status, code, error)
    elif request.path.startswith(OPEN311):
        answer = open311_problem(request, status, error)
    elif wants_json(request):
        answer = web.json_response({"error": code, "status": status}, status=status)
    else:
        title, text = BY_CODE.get(code) or EXPLAINED.get(status, EXPLAINED[500])
        answer = render(request, "frame/problem.html.jinja2", status=status, title=title, text=text)
    if headers and hdrs.ALLOW in headers:
        answer.headers[hdrs.ALLOW] = headers[hdrs.ALLOW]
    return answer
