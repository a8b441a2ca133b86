"""The list of an enterprise's appeals: in the order of service, divided, counted, renewed by itself."""

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus

from aiohttp import web

from cti_server.appeals.list.words import category_name, time_left
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.enterprise.clocks import accept_by
from cti_server.enterprise.sources import WORK, page_of
from cti_server.enterprise.tabs import TABS, VIEWS, TabQuery, asked
from cti_server.enterprise.words import CONTEXT
from cti_server.enterprises.own import enterprise_of
from cti_server.frame.language import language_of, words_of
from cti_server.frame.pages import render
from cti_server.frame.views import views_of
from cti_server.inquiries.answering import owed_by
from cti_server.keys import ACCOUNTS, USER
from cti_server.specialists.own import asked_of
from hotline.access.permissions import Permission
from hotline.appeals.lists import standing

PAGE_ROWS = 30


@allowed(Permission.WORK_ON_APPEALS)
async def page(request: web.Request) -> web.Response:
    """Show one page of the list."""
    wanted = asked(request.query)
    await audit(request, Action.SEARCH if wanted.text else Action.VIEW, "work", request.query_string)
    return await show_list(request, wanted)


@allowed(Permission.WORK_ON_APPEALS)
async def renewed(request: web.Request) -> web.Response:
    """Return changed counts, notices and rows, for the page that polls."""
    return await show_list(request, asked(request.query), template="live")


async def show_list(
    request: web.Request,
    wanted: TabQuery,
    *,
    results: Sequence[object] = (),
    chosen: str = "",
    template: str = "list",
    status: int = HTTPStatus.OK,
) -> web.Response:
    """Show the list, below the `results` of acts on many."""
    sources, enterprise, user = request.app[WORK], enterprise_of(request), request[USER]
    now, zone = sources.clock.now(), sources.timezone
    found = await sources.work.all(
        enterprise,
        states=wanted.tab.states,
        assignee_id=user.id if wanted.mine else None,
        overdue_at=now if wanted.tab.overdue else None,
        text=wanted.text,
        limit=PAGE_ROWS + 1,
        offset=PAGE_ROWS * (wanted.page - 1),
    )
    shown = found[:PAGE_ROWS]
    asked_of_us = await owed_by(request, enterprise)
    colleagues = await request.app[ACCOUNTS].users.of_executor(enterprise)
    context: dict[str, object] = {
        "asked": wanted,
        "inquiries": asked_of_us,
        "specialists": await asked_of(request, enterprise),
        "TABS": TABS,
        "tally": await sources.work.tally(enterprise, user_id=user.id, now=now),
        "found": shown,
        "more": len(found) > PAGE_ROWS,
        "notices": await sources.outbox.on_page(page_of(enterprise), limit=50),
        "colleagues": colleagues,
        "names": {one.id: one.name for one in colleagues},
        "standing": {one.number: standing(one, now, zone) for one in shown},
        "left": {one.number: time_left(one, now, words_of(request)) for one in shown},
        "accept_by": accept_by,
        "now": now,
        "category_of": partial(category_name, language=language_of(request)),
        "results": results,
        "chosen": chosen,
        **await views_of(request, VIEWS, wanted.kept),
    }
    return render(request, f"enterprise/{template}.html.jinja2", status=status, **{**CONTEXT, **context})
