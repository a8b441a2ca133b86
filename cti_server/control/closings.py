"""Closings on the record of a dispatcher or another system: some are drawn, and the head looks at them."""

from datetime import date
from typing import Any

from aiohttp import web

from cti_server.appeals.card.timeline import program_words
from cti_server.appeals.words import CONTEXT
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.control.sources import CONTROL
from cti_server.frame.filters import day, midnight
from cti_server.frame.language import language_of, words
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS
from hotline.access.permissions import Permission
from hotline.appeals.control import sample

PATH = "/control/closings"
DRAWN = 10


@allowed(Permission.SEE_CONTROL)
async def page(request: web.Request) -> web.Response:
    """`?month=2026-12`; without one, or with one that cannot be read, it is the present month."""
    sources = request.app[CONTROL]
    today = sources.clock.now().astimezone(sources.city.timezone).date()
    first = day(request.query.get("month", "") + "-01") or today.replace(day=1)
    following = _next(first)
    found = await sources.control.taken_down(midnight(request, first), midnight(request, following))
    await audit(request, Action.VIEW, "appeals", "closings")
    context: dict[str, Any] = {
        **CONTEXT,
        "drawn": sample(found, f"{first:%Y-%m}", DRAWN),
        "all": len(found),
        "month": first,
        "before": _before(first),
        "following": following,
        "passed": {one.source: program_words(one.source, words(language_of(request))) for one in found},
        "people": {one.id: one.name for one in await request.app[ACCOUNTS].users.all()},
    }
    return render(request, "control/closings.html.jinja2", **context)


def _next(first: date) -> date:
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)


def _before(first: date) -> date:
    return first.replace(year=first.year - (first.month == 1), month=(first.month - 2) % 12 + 1)
