"""Errors as the standard has them: a list of one, with its HTTP status for a code and a description."""

from http import HTTPStatus

from aiohttp import hdrs, web

from cti_server.api.language import asked_language
from cti_server.api.problems import waiting
from cti_server.frame.language import N_, words
from cti_server.open311.faults import KeyRefused, Malformed, NotKnown
from cti_server.open311.formats import answer
from hotline.errors import HotlineError

_GENERAL = N_("The service failed: it is on record here. Try again later.")
_TOO_MANY = N_("Wait a little and try again.")
_REFUSED = N_("This cannot be done as it was asked: see the standard, GeoReport v2.")


def open311_problem(request: web.Request, status: int, error: HotlineError | None) -> web.Response:
    """Answer with it, described in the reader's language."""
    gettext = words(asked_language(request)).gettext
    if isinstance(error, KeyRefused | Malformed | NotKnown):
        said = gettext(error.text)
        said = said % error.values if error.values else said
    elif status == HTTPStatus.TOO_MANY_REQUESTS:
        said = gettext(_TOO_MANY)
    else:
        said = gettext(_GENERAL if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _REFUSED)
    made = answer(request, "errors", [{"code": status, "description": said}], status)
    if after := waiting(request, error):
        made.headers[hdrs.RETRY_AFTER] = after
    return made
