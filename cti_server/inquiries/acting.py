"""One request for the centre: the answer with its files, and accepted, returned or withdrawn."""

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from cti_server.appeals.acts.reading import Misread, first, read_input, sent_fields
from cti_server.appeals.files import serving
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.filters import whole
from cti_server.frame.language import N_
from cti_server.frame.moments import day_typed
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.inquiries.asking import TERM, term_of
from cti_server.inquiries.inputs import INPUTS, NO_DAY, InquiryReturned
from cti_server.inquiries.listing import PATH
from cti_server.inquiries.sources import INQUIRIES
from cti_server.inquiries.words import CONTEXT
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission
from hotline.errors import ForbiddenTransition, Outdated
from hotline.foreign_text import tidied
from hotline.inquiries.inquiries import LONGEST_TEXT, Inquiry
from hotline.inquiries.inquiry_states import InquiryAct

OVERTAKEN = N_("Somebody else has acted in the meantime: look at how it stands now.")
_NOTED: Mapping[InquiryAct, Noted] = {
    InquiryAct.ANSWER: Noted.INQUIRY_ANSWERED,
    InquiryAct.ACCEPT: Noted.INQUIRY_ACCEPTED,
    InquiryAct.RETURN: Noted.INQUIRY_RETURNED,
    InquiryAct.WITHDRAW: Noted.INQUIRY_WITHDRAWN,
}


@allowed(Permission.ASK_ENTERPRISES)
async def page(request: web.Request) -> web.Response:
    """The request with its history."""
    one = await _inquiry(request)
    await audit(request, Action.VIEW, f"inquiry:{one.id}")
    return await _show(request, one)


@allowed(Permission.ASK_ENTERPRISES)
async def act(request: web.Request) -> web.Response:
    """Do the `act` on the request as it was seen; an answer is noted that came in another way."""
    one, sent = await _inquiry(request), sent_fields(await request.post())
    sources, wanted = request.app[INQUIRIES], first(sent, "act")
    if wanted not in one.possible or whole(first(sent, "version")) != one.version:
        return await _show(request, one, OVERTAKEN, HTTPStatus.CONFLICT)
    chosen, now = InquiryAct(wanted), sources.now()
    said = "" if chosen is InquiryAct.ACCEPT else tidied(first(sent, "said"))
    try:
        read = read_input(INPUTS[chosen], sent)
    except Misread as error:
        fault = next(iter(error.faults.values())).text
        return await _show(request, one, fault, HTTPStatus.UNPROCESSABLE_ENTITY, said)
    returned = isinstance(read, InquiryReturned)
    due_at = term_of(read.due, now, sources.timezone) if isinstance(read, InquiryReturned) else None
    if returned and due_at is None:
        return await _show(request, one, NO_DAY, HTTPStatus.UNPROCESSABLE_ENTITY, said)
    try:
        await sources.inquiries.act(
            one,
            chosen,
            now,
            user_id=request[USER].id,
            said=said,
            due_at=due_at,
        )
    except (Outdated, ForbiddenTransition):
        return await _show(request, await _inquiry(request), OVERTAKEN, HTTPStatus.CONFLICT, said)
    await audit(request, Action.CHANGE, f"inquiry:{one.id}", chosen.value)
    return noted_at(f"{PATH}/{one.id}", _NOTED[chosen])


@allowed(Permission.ASK_ENTERPRISES)
async def of_appeal(request: web.Request) -> web.Response:
    """The part of an appeal's card that lists the requests about it."""
    number, sources = request.match_info["number"], request.app[INQUIRIES]
    return render(
        request,
        "inquiries/of_appeal.html.jinja2",
        status=200,
        **CONTEXT,
        number=number,
        found=await sources.inquiries.of_appeal(number),
        enterprises={one.id: one.short for one in await sources.executors.all()},
        now=sources.now(),
    )


@allowed(Permission.ASK_ENTERPRISES)
async def file(request: web.Request) -> web.StreamResponse:
    """Hand out a file of an answer."""
    one = await request.app[INQUIRIES].inquiries.file(int(request.match_info["id"]))
    return await serving.whole(request, one, f"inquiry:{one.inquiry_id}")


@allowed(Permission.ASK_ENTERPRISES)
async def preview(request: web.Request) -> web.StreamResponse:
    """Show the small picture of a photo."""
    one = await request.app[INQUIRIES].inquiries.file(int(request.match_info["id"]))
    return await serving.small(request, one, f"inquiry:{one.inquiry_id}")


async def _inquiry(request: web.Request) -> Inquiry:
    return await request.app[INQUIRIES].inquiries.get(int(request.match_info["id"]))


async def _show(
    request: web.Request, one: Inquiry, fault: str = "", status: int = HTTPStatus.OK, said: str = ""
) -> web.Response:
    sources = request.app[INQUIRIES]
    now = sources.now()
    return render(
        request,
        "inquiries/one.html.jinja2",
        status=status,
        **CONTEXT,
        one=one,
        enterprise=await sources.executors.get(one.executor_id),
        history=await sources.inquiries.history(one.id),
        files=await sources.inquiries.files(one.id),
        names={user.id: user.name for user in await request.app[ACCOUNTS].users.all()},
        fault=fault,
        said=said,
        now=now,
        due=day_typed(now.astimezone(sources.timezone).date() + TERM),
        longest=LONGEST_TEXT,
    )
