"""Advice for shifts: how many dispatchers each half-hour of a weekday needed, beside how many there were."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.calls.counted import half_hour_text
from cti_server.city_data.words import WEEKDAYS
from cti_server.frame.export import Table, send_table
from cti_server.frame.language import N_, language_of
from cti_server.frame.numbers import tenths
from cti_server.frame.pages import render
from cti_server.frame.table_files import Row
from cti_server.line_report.asked import today_of
from cti_server.line_report.columns import Shown, cell, text
from cti_server.line_report.picture import picture
from cti_server.line_report.sources import LINE_REPORT
from hotline.access.permissions import Permission
from hotline.city.city_days import city_days
from hotline.line.report import By, LineSum, in_all
from hotline.line.service_level import ANSWERED_WITHIN, TARGET
from hotline.line.staffing import HalfHourAdvice, advise

PATH = "/control/line/shifts"
WEEKS = 8
"""That are looked back at: fewer tell little, more tell of another season."""
WEEK = timedelta(days=7)
_TABLE = Table(
    name="line-shifts",
    title=N_("How many are needed"),
    headings=(
        *(N_("Half-hour"), N_("Came into the line"), N_("Service level, %"), N_("On shift")),
        *(N_("Needed"), N_("Lacking"), N_("Needed if nobody gave up")),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekdayAdvice:
    """The days that were looked at, and what they tell."""

    days: Sequence[date]
    half_hours: Sequence[HalfHourAdvice]
    whole: LineSum


@allowed(Permission.SEE_CONTROL)
async def page(request: web.Request) -> web.Response:
    """`?weekday=0` is Monday; that of tomorrow at first."""
    weekday, today = _asked(request)
    advice = await advice_for(request, weekday, today)
    await audit(request, Action.VIEW, "line-report", f"shifts weekday={weekday}")
    context: dict[str, Any] = {
        "advice": advice,
        "weekday": weekday,
        "WEEKDAYS": WEEKDAYS,
        "picture": picture(advice.half_hours),
        "half_hour": half_hour_text,
        "text": text,
        "tenths": partial(tenths, language_of(request)),
        "Shown": Shown,
        "within": int(ANSWERED_WITHIN.total_seconds()),
        "TARGET": TARGET,
    }
    return render(request, "line_report/shifts.html.jinja2", **context)


@allowed(Permission.SEE_CONTROL)
async def export(request: web.Request) -> web.StreamResponse:
    """The half-hours for spreadsheets."""
    return await send_table(request, _TABLE, _rows(request))


async def _rows(request: web.Request) -> AsyncIterator[Row]:
    for one in (await advice_for(request, *_asked(request))).half_hours:
        yield (
            *(half_hour_text(one.half_hour), round(one.offered, 1), cell(one.service_level, Shown.SHARE)),
            *(round(one.on_shift, 1), one.needed, one.lacking, one.needed_patient),
        )


def _asked(request: web.Request) -> tuple[int, date]:
    """Read the weekday, and tell today."""
    today, asked = today_of(request), request.query.get("weekday", "")
    return int(asked) if asked in set(map(str, range(7))) else (today.weekday() + 1) % 7, today


async def advice_for(request: web.Request, weekday: int, today: date) -> WeekdayAdvice:
    """Look at the last WEEKS such days that are over, or as many as there are calls on record of."""
    sources = request.app[LINE_REPORT]
    began = await sources.report.began()
    first = began.astimezone(sources.timezone).date() if began else today
    latest = today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
    weeks = [latest - WEEK * number for number in range(WEEKS)]
    days = [one for one in weeks if one >= first] or weeks[:1]
    pieces = [piece for one in days for piece in city_days(one, one, sources.timezone)]
    rows = await sources.report.by(By.HALF_HOUR, pieces)
    hours = await sources.report.on_shift(pieces)
    return WeekdayAdvice(
        days=days[::-1], half_hours=advise(rows, hours, len(days)), whole=in_all(rows.values())
    )
