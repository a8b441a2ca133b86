"""The list of appeals: filters in the address, keyset paging, filters kept under a name."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from aiohttp import web

from cti_server.appeals.list.filters import Asked, address, query_of, read_filters
from cti_server.appeals.list.sources import APPEAL_LISTS
from cti_server.appeals.list.words import DUES, MARKS, ORDERS, SIGNS_OF_TERM, category_name, time_left
from cti_server.appeals.words import CONTEXT
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import language_of, words_of
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission
from hotline.appeals.lists import ListedAppeal, position, standing
from hotline.city.classifier import ever_known

PAGE_ROWS = 50


@allowed(Permission.SEE_APPEALS)
async def page(request: web.Request) -> web.Response:
    """One page of appeals."""
    sources, asked = request.app[APPEAL_LISTS], await read_filters(request)
    found = await sources.lists.find(
        asked.wanted, order=asked.order, limit=PAGE_ROWS + 1, behind=asked.behind
    )
    searched = asked.kept["text"] or asked.kept["number"] or asked.kept["address"]
    await audit(request, Action.SEARCH if searched else Action.VIEW, "appeals", request.query_string)
    context: dict[str, Any] = {**CONTEXT, **await _context(request, asked, found)}
    return render(request, "appeals/list/list.html.jinja2", **context)


async def _context(request: web.Request, asked: Asked, found: Sequence[ListedAppeal]) -> Mapping[str, object]:
    sources, accounts, shown = request.app[APPEAL_LISTS], request.app[ACCOUNTS], found[:PAGE_ROWS]
    now, zone, words = sources.clock.now(), sources.timezone, words_of(request)
    return {
        "found": shown,
        "kept": asked.kept,
        "narrowed": any(value for name, value in asked.kept.items() if name != "order"),
        "categories": ever_known().values(),
        "executors": await sources.executors.all(),
        "registrars": [one for one in await accounts.users.all() if one.may(Permission.REGISTER_APPEALS)],
        "views": await sources.views.of(request[USER].id),
        "kept_query": query_of(asked.kept),
        "standing": {one.appeal.number: standing(one.appeal, now, zone) for one in shown},
        "left": {one.appeal.number: time_left(one.appeal, now, zone, words) for one in shown},
        "category_of": partial(category_name, language=language_of(request)),
        "first": address(asked.kept) if asked.behind else "",
        "next": address(asked.kept, position(shown[-1], asked.order)) if len(found) > PAGE_ROWS else "",
        "DUES": DUES,
        "MARKS": MARKS,
        "ORDERS": ORDERS,
        "SIGNS_OF_TERM": SIGNS_OF_TERM,
    }
