"""One act on many appeals: each is carried out and reported by itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from cti_server.appeals.acts.inputs import AcceptInput, ActInput, BeginWorkInput, PassInsideInput
from cti_server.appeals.acts.reading import Misread, Sent, read_input, sent_fields
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.enterprise.list_page import show_list
from cti_server.enterprise.sources import WORK
from cti_server.enterprise.tabs import asked_back
from cti_server.enterprises.own import enterprise_of
from cti_server.frame.language import N_
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.appeals.acts.act import ActFault
from hotline.appeals.acts.actors import NotYours, acting
from hotline.appeals.handling import Overtaken
from hotline.errors import ForbiddenTransition, NotFound

MOST = 100
_INPUTS: Mapping[str, type[ActInput]] = {
    one.act.name: one for one in (AcceptInput, BeginWorkInput, PassInsideInput)
}
_NOT_NOW: Mapping[type[ActInput], str] = {
    AcceptInput: N_("is accepted already, or cannot be now"),
    BeginWorkInput: N_("cannot be begun: it has to be accepted first, or is in work already"),
    PassInsideInput: N_("cannot be passed on now"),
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
    kind = _INPUTS.get(str(form.get("act", "")))
    if kind is None:
        raise web.HTTPBadRequest
    sent = sent_fields(form)
    ticked = [one.partition(":") for one in dict.fromkeys(sent.get("ticked", ()))][:MOST]
    results = [
        await _try(request, kind, number, {**sent, "version": [version]}) for number, _, version in ticked
    ]
    return await show_list(request, asked_back(form), results=results, chosen=kind.act.name)


async def _try(request: web.Request, kind: type[ActInput], number: str, sent: Sent) -> BulkResult:
    sources = request.app[WORK]
    try:
        said = read_input(kind, sent)
        await sources.work.find(enterprise_of(request), number)
        act = said.made(acting(request[USER]), sources.clock.now())
        await sources.handling.carry_out(number, act, version=said.version)
    except (NotFound, NotYours):
        return BulkResult(number=number, refused=N_("is not among your appeals any more"))
    except Overtaken:
        return BulkResult(number=number, refused=N_("has changed meanwhile: look at it once more"))
    except ForbiddenTransition:
        return BulkResult(number=number, refused=_NOT_NOW[kind])
    except (Misread, ActFault):
        return BulkResult(
            number=number, refused=N_("was not passed on: choose a colleague of your enterprise")
        )
    await audit(request, Action.CHANGE, f"appeal:{number}", kind.act.name)
    return BulkResult(number=number)
