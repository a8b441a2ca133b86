"""Control: overdue appeals by enterprise, and decisions that wait for the head."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, time, timedelta
from functools import partial
from gettext import NullTranslations
from typing import Any

from aiohttp import web

from cti_server.appeals.acts.words import ACTS, STEPS
from cti_server.appeals.words import CONTEXT
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.control.entries import read_entries
from cti_server.control.notices import WHOSE, numbers
from cti_server.control.picture import Picture, picture
from cti_server.control.sources import CONTROL
from cti_server.delivery.notices import line
from cti_server.frame.export import Table, send_table
from cti_server.frame.language import N_, words_of
from cti_server.frame.pages import PAGES, render
from cti_server.frame.table_files import Row
from hotline.access.permissions import Permission
from hotline.appeals.control import SHOWN_DAYS, EnterpriseStanding, Moments
from hotline.appeals.lists import SOON_DAYS

PATH = "/control"
MOST_READ = 100
"""Notices that can be put back by one click."""
PERIODS = (7, SHOWN_DAYS, 90, 365)
_COUNTED = [one.name for one in fields(EnterpriseStanding) if one.name not in {"executor_id", "executor"}]
_TABLE = Table(
    name="control",
    title=N_("Control"),
    headings=(
        *(N_("Executor"), N_("Work is owed"), N_("Overdue"), N_("Due today"), N_("Due within 3 days")),
        *(N_("The law's term is broken"), N_("Not accepted yet"), N_("Disputed")),
        *(N_("More time is asked for"), N_("Under control")),
        *(N_("Received"), N_("Closed, confirmed"), N_("Of these taken down by a dispatcher")),
        N_("Closed, not confirmed"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All enterprises, their sum, and a picture of their owed work."""

    standings: Sequence[EnterpriseStanding]
    total: EnterpriseStanding
    picture: Picture
    at: datetime
    since: datetime
    days: int


@allowed(Permission.SEE_CONTROL)
async def page(request: web.Request) -> web.Response:
    """`?days=` says how far back closed appeals are looked at."""
    overview = await read_overview(request)
    await audit(request, Action.VIEW, "appeals", "control")
    outbox = request.app[CONTROL].outbox
    told = {whom: await outbox.on_page(whom) for whom in WHOSE}
    context: dict[str, Any] = {
        **CONTEXT,
        "overview": overview,
        "entries": await read_entries(request.app[CONTROL]),
        "told": told,
        "just_read": numbers(request.query.get("read", "").split(","))[:MOST_READ],
        "just_whose": request.query.get("whom", ""),
        "line": partial(line, request),
        "periods": PERIODS,
        "month": overview.at.astimezone(request.app[CONTROL].city.timezone).strftime("%Y-%m"),
        "ACTS": ACTS,
        "STEPS": STEPS,
    }
    return render(request, "control/overview.html.jinja2", **context)


@allowed(Permission.SEE_CONTROL)
async def export(request: web.Request) -> web.StreamResponse:
    """The table of enterprises as a file, with its sum; a workbook says of when it is, too."""
    overview, words = await read_overview(request), words_of(request)
    pages, days = request.app[PAGES], "%d.%m.%Y"
    about = (
        words.gettext(N_("Control of appeals by enterprise")),
        words.gettext(N_("As it stood at %(moment)s")) % {"moment": pages.local(overview.at)},
        words.gettext(N_("Received and closed from %(first)s to %(last)s"))
        % {"first": pages.local(overview.since, days), "last": pages.local(overview.at, days)},
    )
    return await send_table(request, replace(_TABLE, about=about), _rows(overview, words))


async def read_overview(request: web.Request) -> Overview:
    sources, days = request.app[CONTROL], _days(request)
    now, zone = sources.clock.now(), sources.city.timezone
    today = now.astimezone(zone).date()

    def midnight(after: int) -> datetime:
        return datetime.combine(today + timedelta(days=after), time(), zone)

    at = Moments(now=now, today_ends=midnight(1), soon_ends=midnight(SOON_DAYS), since=midnight(-days))
    standings = await sources.control.standings(at)
    sums = {name: sum(getattr(one, name) for one in standings) for name in _COUNTED}
    nobody = words_of(request).gettext(N_("Nobody yet"))
    return Overview(
        standings=standings,
        total=EnterpriseStanding(executor_id=None, **sums),
        picture=picture(standings, nobody),
        at=now,
        since=at.since,
        days=days,
    )


async def _rows(overview: Overview, words: NullTranslations) -> AsyncIterator[Row]:
    for one in overview.standings:
        yield (one.executor or words.gettext("Nobody yet"), *(getattr(one, name) for name in _COUNTED))
    yield (words.gettext(N_("In all")), *(getattr(overview.total, name) for name in _COUNTED))


def _days(request: web.Request) -> int:
    asked = request.query.get("days", "")
    return int(asked) if asked in {str(one) for one in PERIODS} else SHOWN_DAYS
