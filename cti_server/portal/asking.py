"""`/my`: an open account lists its appeals; else number and code are asked for, or a contact."""

from http import HTTPStatus

from aiohttp import web

from cti_server.answers.sources import ANSWERS
from cti_server.auth.access import public
from cti_server.auth.errors import TooManyAttempts
from cti_server.clients import counted_as
from cti_server.frame.language import N_
from cti_server.portal.account import listed, signed_in, start
from hotline.delivery.answering import FOLLOW

LONGEST = 40
_WRONG = N_(
    "No appeal has this number and code. Look once more at the message or the page where you saw them."
)
_TOO_OFTEN = N_("Too many wrong codes came from your network. Wait a quarter of an hour, or call us.")


@public
async def page(request: web.Request) -> web.Response:
    """List an open account's appeals, else ask for number and code; `/my/NUMBER` knows the number already."""
    who = await signed_in(request)
    if who is not None and "number" not in request.match_info:
        return await listed(request, who)
    return start(request, number=request.match_info.get("number", ""))


@public
async def follow(request: web.Request) -> web.Response:
    """Lead to the page of the appeal; a wrong code is counted, and a network with many has to wait."""
    form, sources = await request.post(), request.app[ANSWERS]
    number, code = (_digits(str(form.get(name, ""))) for name in ("number", "code"))
    whence, now = counted_as(request), sources.clock.now()
    try:
        sources.wrong.require_patience(whence, now)
        appeal = await sources.registry.find(number) if number else None
        if appeal is not None and sources.codes.holds(appeal, code):
            return web.Response(
                status=HTTPStatus.SEE_OTHER, headers={"Location": f"{FOLLOW}/{number}/{code}"}
            )
        sources.wrong.count(whence, now)
    except TooManyAttempts:
        return start(request, number=number, fault=_TOO_OFTEN, status=HTTPStatus.TOO_MANY_REQUESTS)
    return start(request, number=number, fault=_WRONG)


def _digits(typed: str) -> str:
    return "".join(one for one in typed[:LONGEST] if one.isascii() and one.isdigit())
