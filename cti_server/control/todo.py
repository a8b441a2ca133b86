"""The list of all work that waits for a person, whatever the reason."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from cti_server.appeals.acts.offers import next_act
from cti_server.appeals.list.words import NEXT_ACTS, SIGNS_OF_TERM, category_name, time_left
from cti_server.appeals.words import CONTEXT
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.control.chat_work import chat_work, count_chats
from cti_server.control.equipment_work import count_equipment, equipment_work
from cti_server.control.handover_work import count_handovers, handover_work
from cti_server.control.inquiry_work import count_inquiries, inquiry_work
from cti_server.control.knowledge_work import KNOWLEDGE_PARTS, count_knowledge, knowledge_work
from cti_server.control.meeting_work import count_meetings, meeting_work
from cti_server.control.memo_work import count_memos, memo_work
from cti_server.control.neighbour_work import count_neighbours, neighbour_work
from cti_server.control.public_words import count_words, words_work
from cti_server.control.quality_work import QUALITY_PARTS, count_quality, quality_work
from cti_server.control.slower_work import count_slower, slower_work
from cti_server.control.sources import CONTROL, ControlSources
from cti_server.control.specialist_work import count_specialists, specialist_work
from cti_server.control.statement_work import count_statements, statement_work
from cti_server.control.swap_work import count_swaps, swap_work
from cti_server.control.task_work import count_tasks, task_work
from cti_server.control.todo_parts import (
    ALERTS,
    CHATS_PART,
    EQUIPMENT,
    HANDOVERS,
    INQUIRIES_PART,
    MEETINGS_PART,
    MEMOS_PART,
    NEIGHBOURS_PART,
    SLOWER,
    SPECIALISTS_PART,
    STATEMENTS_PART,
    SWAPS,
    TASKS_PART,
    VIEWS,
    WEBHOOKS_PART,
    WORDS_PART,
    TodoQuery,
    asked,
    parts_of,
    text_of,
)
from cti_server.control.todo_parts import NOTICES as NOTICES_PART
from cti_server.control.webhook_work import count_webhooks, webhook_work
from cti_server.control.words import WAITS
from cti_server.delivery.notices import ShownNotice, told
from cti_server.delivery.sources import NOTICES
from cti_server.frame.language import language_of, words_of
from cti_server.frame.lists import Chip, chips
from cti_server.frame.numbers import thousands
from cti_server.frame.pages import render
from cti_server.frame.views import views_of
from cti_server.frame.words import UTILITIES
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.appeals.control import AppealWaitsFor, WaitingAppeal
from hotline.appeals.lists import standing
from hotline.city.area_notation import area_text
from hotline.city.search_terms import saying
from hotline.outages.alerts import Alert

PATH = "/todo"
MOST_ROWS = 50
MOST_READ = 5000
"""How many of one part are looked through for what is typed; the page says when there are more."""
MOST_COUNTED = 99
_OF_STAFF: Mapping[str, Callable[[web.Request, str, int], Awaitable[int]]] = {
    CHATS_PART: count_chats,
    HANDOVERS: count_handovers,
    EQUIPMENT: count_equipment,
    TASKS_PART: count_tasks,
    STATEMENTS_PART: count_statements,
    INQUIRIES_PART: count_inquiries,
    SPECIALISTS_PART: count_specialists,
    MEETINGS_PART: count_meetings,
    SWAPS: count_swaps,
    MEMOS_PART: count_memos,
    WORDS_PART: count_words,
    WEBHOOKS_PART: count_webhooks,
    NEIGHBOURS_PART: count_neighbours,
    **dict.fromkeys(QUALITY_PARTS, count_quality),
    **dict.fromkeys(KNOWLEDGE_PARTS, count_knowledge),
}
"""The parts beside appeals, outages and notices, with how each is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoGroup:
    """Appeals that wait for the same; `more` when there are others that are not shown."""

    wait: AppealWaitsFor
    title: str
    hint: str
    found: Sequence[WaitingAppeal]
    more: bool
    looked_through: int = 0
    """As many were looked through for what was typed, and there are more; 0: all were."""


@allowed(Permission.HANDLE_APPEALS)
async def page(request: web.Request) -> web.Response:
    """Everything that waits. It renews itself; only opening it is written down."""
    sources, words, language, user = (
        request.app[CONTROL],
        words_of(request),
        language_of(request),
        request[USER],
    )
    query = asked(request)
    if "HX-Request" not in request.headers:
        await audit(request, Action.SEARCH if query.kept["q"] else Action.VIEW, "appeals", _opened(request))
    now, zone = sources.clock.now(), sources.city.timezone
    groups = [await _group(sources, wait, query) for wait in WAITS if query.shows(wait)]
    shown = [one.listed.appeal for group in groups for one in group.found]
    context: dict[str, Any] = {
        **CONTEXT,
        "asked": query,
        "chips": await _chips(request, query, groups),
        "most_counted": MOST_ROWS + 1,
        **await views_of(request, VIEWS, query.kept),
        "groups": groups,
        "thousands": thousands,
        "undecided": await _undecided(request, query),
        "chats": await chat_work(request, query),
        "alerts": await _alerts(request, query),
        "tasks": await task_work(request, query),
        "shifts": await handover_work(request, query),
        "swaps": await swap_work(request, query),
        "quality": await quality_work(request, query),
        "knowledge": await knowledge_work(request, query),
        "slower": await slower_work(request, query),
        "equipment": await equipment_work(request, query),
        "inquiries": await inquiry_work(request, query),
        "specialists": await specialist_work(request, query),
        "statements": await statement_work(request, query),
        "meetings": await meeting_work(request, query),
        "memos": await memo_work(request, query),
        "words": await words_work(request, query),
        "webhooks": await webhook_work(request, query),
        "neighbours": await neighbour_work(request, query),
        "next_act": {one.number: next_act(one, user) for one in shown},
        "NEXT_ACTS": NEXT_ACTS,
        "at": now,
        "standing": {one.number: standing(one, now, zone) for one in shown},
        "left": {one.number: time_left(one, now, words) for one in shown},
        "category_of": {one.number: category_name(one, language) for one in shown},
        "SIGNS_OF_TERM": SIGNS_OF_TERM,
    }
    return render(request, "control/todo.html.jinja2", **context)


@allowed(Permission.HANDLE_APPEALS)
async def counted(request: web.Request) -> web.Response:
    """Give the link with the number of what waits, for the desk, which asks again by itself."""
    return render(request, "control/count.html.jinja2", waiting=await _waiting(request))


async def _waiting(request: web.Request) -> int:
    """Count what waits, the appeals that another city has not got before all others."""
    elsewhere = await count_neighbours(request, NEIGHBOURS_PART, MOST_COUNTED)
    return min(MOST_COUNTED, elsewhere + await count(request.app[CONTROL]))


async def count(sources: ControlSources) -> int:
    """Count what waits, for the dispatchers' desks; nothing beyond MOST_COUNTED is counted."""
    attempts, total = sources.city.check_attempts, len(await sources.alerts.open())
    for wait in WAITS:
        if total < MOST_COUNTED:
            total += await sources.control.count(wait, attempts=attempts, most=MOST_COUNTED - total)
    return min(MOST_COUNTED, total + len(await sources.outbox.undecided(MOST_COUNTED)))


def _opened(request: web.Request) -> str:
    return f"todo {request.query_string}".rstrip()


async def _chips(request: web.Request, query: TodoQuery, groups: Sequence[TodoGroup]) -> Sequence[Chip]:
    """Draw the parts, counted while nothing is typed into the box."""
    parts = parts_of(request[USER])
    read = {str(one.wait): len(one.found) + one.more for one in groups}
    counts = None if query.kept["q"] else [await _count(request, one.query["wait"], read) for one in parts]
    return chips(parts, query.kept, VIEWS.address, counts)


async def _count(request: web.Request, part: str, read: Mapping[str, int]) -> int:
    """Count a part up to what is shown of one; those that were read need no other reading."""
    sources, most = request.app[CONTROL], MOST_ROWS + 1
    if part in read:
        return read[part]
    if part == ALERTS:
        return len(await sources.alerts.open())
    if part == NOTICES_PART:
        return len(await sources.outbox.undecided(most))
    if part == SLOWER:
        return await count_slower(request)
    if part in _OF_STAFF:
        return await _OF_STAFF[part](request, part, most)
    attempts = sources.city.check_attempts
    return await sources.control.count(AppealWaitsFor(part), attempts=attempts, most=most)


async def _alerts(request: web.Request, query: TodoQuery) -> Sequence[Alert]:
    if not query.shows(ALERTS) or not request[USER].may(Permission.MANAGE_OUTAGES):
        return ()
    language = language_of(request)
    sources, gettext = request.app[CONTROL], words_of(request).gettext
    found = await sources.alerts.open()

    def text(one: Alert) -> str:
        places = "; ".join(area_text(area, language) for area in one.areas)
        return f"{gettext(UTILITIES[one.utility])} {places}"

    return await saying(found, text, query.typed, sources.lemmas)


async def _undecided(request: web.Request, query: TodoQuery) -> Sequence[ShownNotice]:
    """Read the notices that are unsure or have failed."""
    if NOTICES not in request.app or not query.shows(NOTICES_PART):
        return ()
    limit = MOST_READ if query.typed else MOST_ROWS
    found = told(request, await request.app[NOTICES].outbox.undecided(limit))
    lemmas = request.app[CONTROL].lemmas
    said = await saying(found, lambda one: f"{one.notice.number or ''} {one.line}", query.typed, lemmas)
    return said[:MOST_ROWS]


async def _group(sources: ControlSources, wait: AppealWaitsFor, query: TodoQuery) -> TodoGroup:
    attempts = sources.city.check_attempts
    limit = MOST_READ + 1 if query.typed else MOST_ROWS + 1
    read = await sources.control.waiting(wait, attempts=attempts, limit=limit)
    found = await saying(read[:MOST_READ], text_of, query.typed, sources.lemmas)
    title, hint = WAITS[wait]
    return TodoGroup(
        wait=wait,
        title=title,
        hint=hint,
        found=found[:MOST_ROWS],
        more=len(found) > MOST_ROWS,
        looked_through=MOST_READ if query.typed and len(read) > MOST_READ else 0,
    )
