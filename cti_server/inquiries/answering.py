"""The enterprise's own page of requests: what is asked of it, and its answer with files."""

from collections.abc import Sequence
from http import HTTPStatus

from aiohttp import hdrs, web

from cti_server.appeals.files import serving
from cti_server.appeals.files.receiving import receive_for
from cti_server.appeals.files.sources import EVIDENCE, REFUSALS
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.enterprises.own import enterprise_of
from cti_server.frame.filters import whole
from cti_server.frame.language import N_
from cti_server.frame.pages import render
from cti_server.inquiries.sources import INQUIRIES
from cti_server.inquiries.words import CONTEXT
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.appeals.attachments import Attachment, FileRefusal, StoredFile
from hotline.errors import ForbiddenTransition, Outdated
from hotline.foreign_text import tidied
from hotline.inquiries.inquiries import LONGEST_TEXT, Inquiry
from hotline.inquiries.inquiry_states import OWED, InquiryAct

PATH = "/enterprise/inquiries"
MOST = 200
NO_ANSWER = N_("Write the answer, at most 4000 characters; the files that came are kept.")
ANSWERED = N_("It was answered or withdrawn meanwhile: look at how it stands now.")


@allowed(Permission.WORK_ON_APPEALS)
async def listing(request: web.Request) -> web.Response:
    """What is asked of this enterprise, what is owed first."""
    sources, enterprise = request.app[INQUIRIES], enterprise_of(request)
    await audit(request, Action.VIEW, "inquiries")
    found = await sources.inquiries.of_enterprise(enterprise, MOST)
    return render(
        request, "inquiries/own_list.html.jinja2", status=200, **CONTEXT, found=found, now=sources.now()
    )


async def owed_by(request: web.Request, enterprise: int) -> Sequence[Inquiry]:
    """List the requests to which this enterprise owes an answer, for its list of appeals."""
    if INQUIRIES not in request.app:
        return ()
    found = await request.app[INQUIRIES].inquiries.of_enterprise(enterprise, MOST)
    return [one for one in found if one.state in OWED]


@allowed(Permission.WORK_ON_APPEALS)
async def page(request: web.Request) -> web.Response:
    """One request, with the form of the answer while it is owed."""
    one = await _own(request)
    await audit(request, Action.VIEW, f"inquiry:{one.id}")
    return await _show(request, one)


@allowed(Permission.WORK_ON_APPEALS, streams=True)
async def answer(request: web.Request) -> web.Response:
    """Keep the files that come, then the answer; without words they wait for it."""
    one, sources = await _own(request), request.app[INQUIRIES]
    owed = one.state in OWED
    store, user = request.app[EVIDENCE].store, request[USER]

    async def keep(name: str, kept: StoredFile) -> Attachment:
        return await sources.inquiries.attach(
            one.id, name, kept, user_id=user.id, at=sources.now(), most=store.limits.most_files
        )

    form = await receive_for(request, f"inquiry:{one.id}", keep if owed else None)
    said, seen = tidied(form.text("answer")).strip(), whole(form.text("version"))
    if not owed or seen != one.version:
        return await _show(request, one, ANSWERED, said, status=HTTPStatus.CONFLICT)
    if form.refused or not 0 < len(said) <= LONGEST_TEXT:
        fault = "" if 0 < len(said) <= LONGEST_TEXT else NO_ANSWER
        wrong = HTTPStatus.UNPROCESSABLE_ENTITY
        return await _show(request, one, fault, said, refused=form.refused, status=wrong)
    try:
        await sources.inquiries.act(one, InquiryAct.ANSWER, sources.now(), user_id=user.id, said=said)
    except (Outdated, ForbiddenTransition):
        return await _show(request, await _own(request), ANSWERED, said, status=HTTPStatus.CONFLICT)
    await audit(request, Action.CHANGE, f"inquiry:{one.id}", "answer")
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: f"{PATH}/{one.id}"})


@allowed(Permission.WORK_ON_APPEALS)
async def file(request: web.Request) -> web.StreamResponse:
    """Hand out a file of the enterprise's own answer."""
    one = await _own_file(request)
    return await serving.whole(request, one, f"inquiry:{request.match_info['id']}")


@allowed(Permission.WORK_ON_APPEALS)
async def preview(request: web.Request) -> web.StreamResponse:
    """Show the small picture of a photo of the enterprise's own answer."""
    return await serving.small(request, await _own_file(request), f"inquiry:{request.match_info['id']}")


async def _own(request: web.Request) -> Inquiry:
    wanted = int(request.match_info["id"])
    return await request.app[INQUIRIES].inquiries.get(wanted, executor_id=enterprise_of(request))


async def _own_file(request: web.Request) -> Attachment:
    wanted = int(request.match_info["file"])
    return await request.app[INQUIRIES].inquiries.file(wanted, executor_id=enterprise_of(request))


async def _show(
    request: web.Request,
    one: Inquiry,
    fault: str = "",
    said: str = "",
    *,
    refused: Sequence[tuple[str, FileRefusal]] = (),
    status: int = HTTPStatus.OK,
) -> web.Response:
    sources = request.app[INQUIRIES]
    return render(
        request,
        "inquiries/own.html.jinja2",
        status=status,
        **CONTEXT,
        REFUSALS=REFUSALS,
        one=one,
        owed=one.state in OWED,
        history=await sources.inquiries.history(one.id),
        files=await sources.inquiries.files(one.id),
        fault=fault,
        said=said,
        refused=refused,
        now=sources.now(),
        longest=LONGEST_TEXT,
    )
