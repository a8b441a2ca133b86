"""One act on many appeals: each is carried out and reported by itself."""

from dataclasses import dataclass

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.enterprise.list_page import show_list
from cti_server.enterprise.sources import WORK, enterprise_of
from cti_server.enterprise.tabs import asked_back
from cti_server.frame.language import N_
from cti_server.keys import USER
from hotline.access.users import Permission
from hotline.appeals.acts.act import Act, ActFault
from hotline.appeals.acts.actors import NotYours, acting
from hotline.appeals.acts.work import Accept, BeginWork, PassInside
from hotline.appeals.handling import Overtaken
from hotline.errors import ForbiddenTransition, NotFound

MOST = 100
NOBODY = "nobody"
"""The value for "nobody in particular"."""
_LONGEST_ID = 18
_NOT_NOW = {
    Accept: N_("is accepted already, or cannot be now"),
    BeginWork: N_("cannot be begun: it has to be accepted first, or is in work already"),
    PassInside: N_("cannot be passed on now"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult:
    """The result of the act on one appeal; `refused` has the reason."""

    number: str
    refused: str = ""


@allowed(Permission.WORK_ON_APPEALS)
async def act(request: web.Request) -> web.Response:
    """Do one thing with all that are ticked, and show the list with what came of each."""
    form = await request.post()
    ticked = [str(one) for one in form.getall("ticked", [])][:MOST]
    made = _act(request, str(form.get("act", "")), str(form.get("assignee", "")))
    if made is None:
        raise web.HTTPBadRequest
    results = [await _try(request, made, *_read(one)) for one in dict.fromkeys(ticked)]
    return await show_list(request, asked_back(form), results=results, chosen=made.name)


def _act(request: web.Request, name: str, assignee: str) -> Act | None:
    by, at = acting(request[USER]), request.app[WORK].clock.now()
    match name:
        case Accept.name:
            return Accept(by=by, at=at)
        case BeginWork.name:
            return BeginWork(by=by, at=at)
        case PassInside.name:
            return PassInside(by=by, at=at, assignee_id=read_assignee(assignee))
        case _:
            return None


def read_assignee(text: str) -> int | None:
    """Read the assignee: None for nobody in particular, 0 (no user) for no choice."""
    if text == NOBODY:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID else 0


def _read(ticked: str) -> tuple[str, int]:
    number, _, version = ticked.partition(":")
    readable = version.isascii() and version.isdigit() and len(version) <= _LONGEST_ID
    return number[:12], int(version) if readable else 0


async def _try(request: web.Request, made: Act, number: str, version: int) -> BulkResult:
    sources = request.app[WORK]
    try:
        await sources.work.find(enterprise_of(request), number)
        await sources.handling.carry_out(number, made, version=version)
    except (NotFound, NotYours):
        return BulkResult(number=number, refused=N_("is not among your appeals any more"))
    except Overtaken:
        return BulkResult(number=number, refused=N_("has changed meanwhile: look at it once more"))
    except ForbiddenTransition:
        return BulkResult(number=number, refused=_NOT_NOW[type(made)])
    except ActFault:
        return BulkResult(
            number=number, refused=N_("was not passed on: choose a colleague of your enterprise")
        )
    await audit(request, Action.CHANGE, f"appeal:{number}", made.name)
    return BulkResult(number=number)
