"""The list of all work that waits for a person, whatever the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from cti_server.appeals.list.words import SIGNS_OF_TERM, category_name, time_left
from cti_server.appeals.words import CONTEXT
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.control.sources import CONTROL, ControlSources
from cti_server.control.words import WAITS
from cti_server.delivery.notices import ShownNotice, told
from cti_server.delivery.sources import NOTICES
from cti_server.frame.language import language_of, words_of
from cti_server.frame.pages import render
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.appeals.control import AppealWaitsFor, WaitingAppeal
from hotline.appeals.lists import standing

PATH = "/todo"
MOST_ROWS = 50
MOST_COUNTED = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoGroup:
    """Appeals that wait for the same; `more` when there are others that are not shown."""

    wait: AppealWaitsFor
    title: str
    hint: str
    found: Sequence[WaitingAppeal]
    more: bool


@allowed(Permission.HANDLE_APPEALS)
async def page(request: web.Request) -> web.Response:
    """Everything that waits. It renews itself; only opening it is written down."""
    sources, words, language = request.app[CONTROL], words_of(request), language_of(request)
    if "HX-Request" not in request.headers:
        await audit(request, Action.VIEW, "appeals", "todo")
    now, zone = sources.clock.now(), sources.city.timezone
    groups = [await _group(sources, wait) for wait in WAITS]
    shown = [one.listed.appeal for group in groups for one in group.found]
    context: dict[str, Any] = {
        **CONTEXT,
        "groups": groups,
        "undecided": await _undecided(request),
        "alerts": await sources.alerts.open() if request[USER].may(Permission.MANAGE_OUTAGES) else (),
        "at": now,
        "standing": {one.number: standing(one, now, zone) for one in shown},
        "left": {one.number: time_left(one, now, zone, words) for one in shown},
        "category_of": {one.number: category_name(one, language) for one in shown},
        "SIGNS_OF_TERM": SIGNS_OF_TERM,
    }
    return render(request, "control/todo.html.jinja2", **context)


@allowed(Permission.HANDLE_APPEALS)
async def counted(request: web.Request) -> web.Response:
    """Give the link with the number of what waits, for the desk, which asks again by itself."""
    return render(request, "control/count.html.jinja2", waiting=await count(request.app[CONTROL]))


async def count(sources: ControlSources) -> int:
    """Count what waits, for the dispatchers' desks; nothing beyond MOST_COUNTED is counted."""
    attempts, total = sources.city.check_attempts, len(await sources.alerts.open())
    for wait in WAITS:
        if total < MOST_COUNTED:
            total += await sources.control.count(wait, attempts=attempts, most=MOST_COUNTED - total)
    return min(MOST_COUNTED, total + len(await sources.outbox.undecided(MOST_COUNTED)))


async def _undecided(request: web.Request) -> Sequence[ShownNotice]:
    """Read the notices that are unsure or have failed."""
    if NOTICES not in request.app:
        return ()
    return told(request, await request.app[NOTICES].outbox.undecided(MOST_ROWS))


async def _group(sources: ControlSources, wait: AppealWaitsFor) -> TodoGroup:
    attempts = sources.city.check_attempts
    found = await sources.control.waiting(wait, attempts=attempts, limit=MOST_ROWS + 1)
    title, hint = WAITS[wait]
    return TodoGroup(wait=wait, title=title, hint=hint, found=found[:MOST_ROWS], more=len(found) > MOST_ROWS)
