"""The list of appeals: filters in the address, keyset paging, filters kept under a name."""

from collections.abc import Mapping, Sequence
from functools import partial
from gettext import NullTranslations
from typing import Any

from aiohttp import web

from cti_server.appeals.acts.offers import next_act
from cti_server.appeals.list.filters import FILTERS, VIEWS, Asked, address, read_filters, understood
from cti_server.appeals.list.shown import COLUMNS, PARTS, STATES, USUAL, Names, conditions_of
from cti_server.appeals.list.sources import APPEAL_LISTS
from cti_server.appeals.list.words import (
    DUES,
    MARKS,
    NEXT_ACTS,
    ORDERS,
    SIGNS_OF_TERM,
    category_name,
    time_left,
)
from cti_server.appeals.words import CONTEXT
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import language_of, words_of
from cti_server.frame.lists import MOST_COUNTED, chips, columns_of, turned, without_part
from cti_server.frame.pages import render
from cti_server.frame.views import views_of
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
    searched = asked.kept["q"] or asked.kept["text"] or asked.kept["number"] or asked.kept["address"]
    await audit(request, Action.SEARCH if searched else Action.VIEW, "appeals", request.query_string)
    context: dict[str, Any] = {**CONTEXT, **await _context(request, asked, found)}
    return render(request, "appeals/list/list.html.jinja2", **context)


async def _context(request: web.Request, asked: Asked, found: Sequence[ListedAppeal]) -> Mapping[str, object]:
    sources, user, shown = request.app[APPEAL_LISTS], request[USER], found[:PAGE_ROWS]
    now, zone, words = sources.clock.now(), sources.timezone, words_of(request)
    return {
        **await _above(request, asked),
        "found": shown,
        "columns": columns_of(request, "appeals", COLUMNS, USUAL),
        "standing": {one.appeal.number: standing(one.appeal, now, zone) for one in shown},
        "left": {one.appeal.number: time_left(one.appeal, now, words) for one in shown},
        "next_act": {one.appeal.number: next_act(one.appeal, user) for one in shown},
        "category_of": partial(category_name, language=language_of(request)),
        "first": address(asked.kept) if asked.behind else "",
        "next": address(asked.kept, position(shown[-1], asked.order)) if len(found) > PAGE_ROWS else "",
        "SIGNS_OF_TERM": SIGNS_OF_TERM,
        "COLUMNS": COLUMNS,
        "NEXT_ACTS": NEXT_ACTS,
    }


async def _above(request: web.Request, asked: Asked) -> Mapping[str, object]:
    """Read what stands above the list: chips, the filters' choices, what is set, the views."""
    sources, accounts, kept = request.app[APPEAL_LISTS], request.app[ACCOUNTS], asked.kept
    executors, users = await sources.executors.all(), await accounts.users.all()
    names = Names(
        words=words_of(request),
        categories={one.code: one.name(language_of(request)) for one in ever_known().values()},
        executors={str(one.id): one.short for one in executors},
        users={str(one.id): one.name for one in users},
    )
    return {
        "kept": kept,
        "place": asked.place,
        "chips": chips(PARTS, kept, address, await _counts(request, kept)),
        "most_counted": MOST_COUNTED,
        "conditions": conditions_of(asked, names),
        "turned": turned(kept, address) or turned(kept, address, "closed-from", "closed-to"),
        "categories": names.categories,
        "executors": names.executors,
        "registrars": {str(one.id): one.name for one in users if one.may(Permission.REGISTER_APPEALS)},
        **await views_of(request, VIEWS, kept, columns_of(request, "appeals", COLUMNS, USUAL)),
        "translated": partial(_translated, names.words),
        "STATES": STATES,
        "DUES": DUES,
        "MARKS": MARKS,
        "ORDERS": ORDERS,
    }


def _translated(words: NullTranslations, known: Mapping[str, str]) -> Mapping[str, str]:
    return {value: words.gettext(text) for value, text in known.items()}


async def _counts(request: web.Request, kept: Mapping[str, str]) -> Sequence[int] | None:
    """Count what each part has; beside other filters they would tell something else, and are left out."""
    if VIEWS.narrowed(without_part(PARTS, kept)):
        return None
    wanted = [understood(request, {**dict.fromkeys(FILTERS, ""), **one.query}) for one in PARTS]
    return await request.app[APPEAL_LISTS].lists.count(wanted, MOST_COUNTED)
