"""The centre's list of requests: one box and parts; what waits for somebody comes first."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import N_
from cti_server.frame.leafing import Read, leaf_of, sifted
from cti_server.frame.lists import MOST_COUNTED, Kept, Part, chips
from cti_server.frame.pages import render
from cti_server.frame.views import KeptList, views_of
from cti_server.inquiries.sources import INQUIRIES
from cti_server.inquiries.words import CONTEXT
from hotline.access.permissions import Permission
from hotline.city.search_terms import saying
from hotline.inquiries.inquiries import Inquiry
from hotline.inquiries.inquiry_states import OWED, TO_READ, InquiryState

PATH = "/inquiries"
PAGE_ROWS = 50
VIEWS = KeptList(name="inquiries", path=PATH, filters=("q", "part"), see=Permission.ASK_ENTERPRISES)
PARTS = (
    Part(text=N_("Overdue"), query={"part": "overdue"}),
    Part(text=N_("To be read"), query={"part": "to-read"}),
    Part(text=N_("Awaited"), query={"part": "awaited"}),
    Part(text=N_("Accepted"), query={"part": "accepted"}),
    Part(text=N_("Withdrawn"), query={"part": "withdrawn"}),
)
_FITS: Mapping[str, Callable[[Inquiry, datetime], bool]] = {
    "overdue": lambda one, now: one.overdue(now),
    "to-read": lambda one, _now: one.state in TO_READ,
    "awaited": lambda one, _now: one.state in OWED,
    "accepted": lambda one, _now: one.state is InquiryState.ACCEPTED,
    "withdrawn": lambda one, _now: one.state is InquiryState.WITHDRAWN,
}
_LONGEST = 200


@allowed(Permission.ASK_ENTERPRISES)
async def page(request: web.Request) -> web.Response:
    """The requests that are asked for."""
    kept = {name: request.query.get(name, "").strip()[:_LONGEST] for name in VIEWS.filters}
    await audit(request, Action.SEARCH if kept["q"] else Action.VIEW, "inquiries", request.query_string)
    names = await names_of(request)
    return render(
        request,
        "inquiries/list.html.jinja2",
        status=200,
        **CONTEXT,
        leaf=await leaf_of(request, _found(request, kept, names), PAGE_ROWS),
        kept=kept,
        chips=chips(PARTS, kept, VIEWS.address, None),
        most_counted=MOST_COUNTED,
        enterprises=names,
        now=request.app[INQUIRIES].now(),
        **await views_of(request, VIEWS, kept),
    )


async def names_of(request: web.Request) -> Mapping[int, str]:
    """Give the short names of all enterprises, by id."""
    return {one.id: one.short for one in await request.app[INQUIRIES].executors.all()}


def _found(request: web.Request, kept: Kept, names: Mapping[int, str]) -> Read[Inquiry]:
    sources, fits = request.app[INQUIRIES], _FITS.get(kept["part"])
    now = sources.now()

    async def sift(some: Sequence[Inquiry]) -> Sequence[Inquiry]:
        fit = [one for one in some if fits is None or fits(one, now)]
        return await saying(fit, lambda one: text_of(one, names), kept["q"], sources.lemmas)

    return sifted(sources.inquiries.latest, sift)


def text_of(one: Inquiry, names: Mapping[int, str]) -> str:
    """Write what a box looks through."""
    return f"{one.id} {names.get(one.executor_id, '')} {one.text} {one.answer} {' '.join(one.appeals)}"
