"""The card of an appeal on a page of its own, and opened at the desk beside a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import web

from cti_server.appeals.acts.forms import FORMS
from cti_server.appeals.acts.words import ACTS
from cti_server.appeals.card.sources import HANDLING
from cti_server.appeals.card.timeline import Line
from cti_server.appeals.card.view import CardView, read_view
from cti_server.appeals.form.asked_anew import asked_anew
from cti_server.appeals.list.words import SIGNS_OF_TERM, time_left
from cti_server.appeals.papers.words import RESULTS
from cti_server.appeals.words import CONTEXT
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.homes import is_there
from cti_server.frame.language import N_, words_of
from cti_server.frame.pages import render
from hotline.access.permissions import Permission
from hotline.appeals.acts.keeping import Amend
from hotline.appeals.lists import standing
from hotline.city.classifier import classifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """An act that was not done, as it was typed: `faults` are by field, `why` is of the whole."""

    name: str
    typed: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    since: Sequence[Line] = ()
    """Acts of others since then."""

    @property
    def status(self) -> int:
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.faults else HTTPStatus.CONFLICT


@allowed(Permission.SEE_APPEALS)
async def page(request: web.Request) -> web.Response:
    """The card; `?done=` is the act that was done a moment ago."""
    return await _opened(request, desk=False)


@allowed(Permission.ANSWER_CALLS)
async def opened(request: web.Request) -> web.Response:
    return await _opened(request, desk=True)


async def _opened(request: web.Request, *, desk: bool) -> web.Response:
    number = request.match_info["number"]
    view = await read_view(request, number)
    await audit(request, Action.VIEW, f"appeal:{number}", "desk" if desk else "")
    return shown(request, view, desk=desk, done=request.query.get("done", ""))


_CONTROL = {True: N_("Now under control"), False: N_("Taken off control")}


def shown(
    request: web.Request, view: CardView, *, desk: bool, done: str = "", tried: Tried | None = None
) -> web.Response:
    """Show the card. At the desk it is the part alone, which replaces the opened one."""
    sources, appeal = request.app[HANDLING], view.appeal
    zone, words = sources.city.timezone, words_of(request)
    context: dict[str, object] = {
        **CONTEXT,
        "appeal": appeal,
        "view": view,
        "desk": desk,
        "base": f"/desk/appeals/{appeal.number}" if desk else f"/appeals/{appeal.number}",
        "category": classifier(appeal.classifier).categories.get(appeal.category),
        "due": standing(appeal, view.at, zone),
        "left": time_left(appeal, view.at, words),
        "done": _CONTROL[appeal.controlled] if done == "control" else ACTS.get(done, ""),
        "tried": tried,
        "asked": asked_anew(appeal, tried.typed if tried and tried.name == Amend.name else {}, zone),
        "tried_form": FORMS.get(tried.name) if tried else None,
        "SIGNS_OF_TERM": SIGNS_OF_TERM,
        "RESULTS": RESULTS,
        "asks_enterprises": is_there(request.app, "/inquiries"),
        "draws_in": is_there(request.app, "/specialists/new"),
    }
    template = "appeals/card/opened.html.jinja2" if desk else "appeals/card/card.html.jinja2"
    return render(request, template, status=tried.status if tried else HTTPStatus.OK, **context)
