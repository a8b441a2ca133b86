"""The head's side: a week is drawn, saved as a draft, checked by the rules of rest, and published."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from http import HTTPStatus
from itertools import groupby

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.calls.counted import half_hour_text
from cti_server.city_data.words import WEEKDAYS
from cti_server.frame.language import language_of, words_of
from cti_server.frame.moments import read_day
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.numbers import tenths
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from cti_server.line_report.picture import picture
from cti_server.line_report.shifts import advice_for
from cti_server.shifts.grid import (
    WEEK_DAYS,
    Around,
    Grid,
    drawing_of,
    grid_of,
    people_of,
    read_grid,
)
from cti_server.shifts.sources import SHIFTS
from cti_server.shifts.swapping import count_waiting
from hotline.access.permissions import Permission
from hotline.errors import Outdated
from hotline.line.staffing import HalfHourAdvice
from hotline.shifts.advice import who_could_come
from hotline.shifts.rest import people_on
from hotline.shifts.roster import DAY, WEEK, Shift, WeekEditions, monday_of, moved
from hotline.shifts.shift_rules import shift_rules
from hotline.shifts.swaps import AHEAD, Swap

PATH = "/shifts"
_DRAWS = allowed(Permission.MANAGE_ROSTER)


@_DRAWS
async def page(request: web.Request) -> web.Response:
    """`?week=` is any day of it, this week at first; `?day=0` has the advice for Monday beside it."""
    monday = asked_monday(request)
    await audit(request, Action.VIEW, f"roster:{monday}")
    return await _show(request, monday, await request.app[SHIFTS].roster.week(monday))


@_DRAWS
async def save(request: web.Request) -> web.Response:
    """Save what was typed as the draft; `do=publish` lets it hold as well."""
    sources, form = request.app[SHIFTS], await request.post()
    monday, gettext = _monday(request), words_of(request).gettext
    typed = {name: str(value) for name, value in form.items()}
    seen = int(typed["edition"]) if typed.get("edition", "").isdecimal() else 0
    week = await sources.roster.week(monday)
    before = week.newest.shifts if week.newest else ()
    people = people_of(await request.app[ACCOUNTS].users.all(), before)
    shifts, faults = read_grid(typed, people, monday, shift_rules())
    if faults:
        return await _show(request, monday, week, shifts=shifts, typed=typed, faults=faults, seen=seen)
    now, edition = sources.clock.now(), seen
    try:
        if _drawn(shifts) != _drawn(before) or seen != week.edition:
            edition = (
                await sources.roster.save(monday, shifts, instead_of=seen, by=request[USER].id, at=now)
            ).edition
            await audit(request, Action.CHANGE, f"roster:{monday}", "draft")
        if typed.get("do") == "publish":
            return await _publish(request, monday, edition, all_the_same=typed.get("all_the_same") == "yes")
    except Outdated:
        other = gettext(
            "Somebody else has changed this week meanwhile. Below stands what you typed: "
            "saving it now replaces theirs."
        )
        week = await sources.roster.week(monday)
        return await _show(request, monday, week, shifts=shifts, error=other, status=HTTPStatus.CONFLICT)
    return noted_at(_address(monday), Noted.ROSTER_SAVED)


def _drawn(shifts: Sequence[Shift]) -> frozenset[tuple[Shift, bool]]:
    """Give what the grid shows of them: who is senior as well."""
    return frozenset((one, one.senior) for one in shifts)


async def _publish(request: web.Request, monday: date, edition: int, *, all_the_same: bool) -> web.Response:
    """Publish the draft; one that breaks the rules of rest with the head's tick alone, overlaps never."""
    sources, gettext = request.app[SHIFTS], words_of(request).gettext
    week = await sources.roster.week(monday)
    if week.draft is None:
        return noted_at(_address(monday), Noted.ROSTER_PUBLISHED)  # it holds already
    grid = await _grid(request, monday, week.draft.shifts, await _around(request, monday))
    if grid.overlaps:
        error = gettext("Somebody’s shift begins before the one before it has ended: mend that first.")
        return await _show(request, monday, week, error=error, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if grid.amiss and not all_the_same:
        error = gettext(
            "Rules of rest are broken: mend the shifts that are marked, or tick “Publish all the same”."
        )
        return await _show(request, monday, week, error=error, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    await sources.roster.publish(monday, edition=edition, by=request[USER].id, at=sources.clock.now())
    broken = f"; rest rules broken: {len(grid.amiss)}" if grid.amiss else ""
    await audit(request, Action.CHANGE, f"roster:{monday}", f"published{broken}")
    return noted_at(_address(monday), Noted.ROSTER_PUBLISHED)


@_DRAWS
async def copy(request: web.Request) -> web.Response:
    """Put the shifts of the week before into a week that has none, as a draft."""
    sources, monday = request.app[SHIFTS], _monday(request)
    week, last = await sources.roster.week(monday), await sources.roster.week(monday - WEEK)
    if last.newest is None or not last.newest.shifts or (week.newest and week.newest.shifts):
        raise web.HTTPUnprocessableEntity
    active = {one.id for one in people_of(await request.app[ACCOUNTS].users.all(), ())}
    shifts = [one for one in moved(last.newest.shifts, WEEK) if one.user_id in active]
    now, by = sources.clock.now(), request[USER].id
    await sources.roster.save(monday, shifts, instead_of=week.edition, by=by, at=now)
    await audit(request, Action.CHANGE, f"roster:{monday}", "copied")
    return noted_at(_address(monday), Noted.ROSTER_COPIED)


@_DRAWS
async def drop(request: web.Request) -> web.Response:
    """Drop the draft: what was published holds on."""
    sources, monday, form = request.app[SHIFTS], _monday(request), await request.post()
    edition = str(form.get("edition", ""))
    await sources.roster.drop(monday, edition=int(edition) if edition.isdecimal() else 0)
    await audit(request, Action.REMOVE, f"roster:{monday}", "draft")
    return noted_at(_address(monday), Noted.ROSTER_DROPPED)


def asked_monday(request: web.Request) -> date:
    """Read `?week=`, any day of the week; this week where there is none."""
    return monday_of(read_day(request.query.get("week", "")) or request.app[SHIFTS].today())


def _monday(request: web.Request) -> date:
    day = read_day(request.match_info["monday"])
    if day is None or day.weekday():
        raise web.HTTPNotFound
    return day


def _address(monday: date) -> str:
    return f"{PATH}?week={monday}"


async def _around(request: web.Request, monday: date) -> Around:
    roster, rules = request.app[SHIFTS].roster, shift_rules()
    last, following = await roster.week(monday - WEEK), await roster.week(monday + WEEK)
    earlier = await roster.published(monday - rules.average_weeks * WEEK, monday - 2 * WEEK)
    return Around(
        before=(*earlier, *(last.newest.shifts if last.newest else ())),
        after=following.newest.shifts if following.newest else (),
    )


async def _grid(
    request: web.Request,
    monday: date,
    shifts: Sequence[Shift],
    around: Around,
    *,
    typed: Mapping[str, str] | None = None,
    faults: Sequence[str] = (),
) -> Grid:
    people = people_of(await request.app[ACCOUNTS].users.all(), shifts)
    wishes = await request.app[SHIFTS].wishes.between(monday, monday + WEEK - DAY)
    drawing = drawing_of(request)
    return grid_of(monday, shifts, people, drawing, around, wishes=wishes, typed=typed, faults=faults)


async def _show(
    request: web.Request,
    monday: date,
    week: WeekEditions,
    *,
    shifts: Sequence[Shift] | None = None,
    typed: Mapping[str, str] | None = None,
    faults: Sequence[str] = (),
    seen: int | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> web.Response:
    """Draw the week with what was `typed`, or the shifts given, or its newest edition."""
    stands = week.newest.shifts if week.newest else ()
    drawn = stands if shifts is None else shifts
    last = await request.app[SHIFTS].roster.week(monday - WEEK)
    around = await _around(request, monday)
    grid = await _grid(request, monday, drawn, around, typed=typed, faults=faults)
    users = {one.id: one.name for one in await request.app[ACCOUNTS].users.all()}
    return render(
        request,
        "shifts/roster.html.jinja2",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else status,
        grid=grid,
        waiting=await count_waiting(request),
        undone=await _undone(request, week),
        monday=monday,
        week=week,
        edition=week.edition if seen is None else seen,
        error=error,
        can_copy=not stands and last.newest is not None and bool(last.newest.shifts),
        users=users,
        rules=shift_rules(),
        kinds=[one.name(language_of(request)) for one in shift_rules().kinds.values()],
        weeks=around_of(request, monday),
        path_of=_address,
        tenths=partial(tenths, language_of(request)),
        WEEKDAYS=WEEKDAYS,
        **await _advice(request, grid, drawn, around),
    )


async def _undone(request: web.Request, week: WeekEditions) -> Sequence[Swap]:
    """List the swaps that publishing the draft would undo."""
    if week.draft is None or week.published is None:
        return ()
    before, after = week.published.shifts, week.draft.shifts
    done = await request.app[SHIFTS].swaps.of_days(week.draft.monday - (AHEAD + 1) * WEEK)
    return [one for one in done if one.undone_by(before, after)]


def around_of(request: web.Request, monday: date) -> Mapping[str, date]:
    """Give the Mondays to which one goes on from this one."""
    return {"before": monday - WEEK, "now": monday_of(request.app[SHIFTS].today()), "after": monday + WEEK}


async def _advice(
    request: web.Request, grid: Grid, shifts: Sequence[Shift], around: Around
) -> Mapping[str, object]:
    """Draw one day: how many are needed in each half-hour, how many the roster gives, who could come."""
    sources, today = request.app[SHIFTS], request.app[SHIFTS].today()
    asked, monday = request.query.get("day", ""), grid.days[0]
    in_week = today.weekday() if monday_of(today) == monday else 0
    weekday = int(asked) if asked in set(map(str, range(WEEK_DAYS))) else in_week
    day, every = monday + weekday * DAY, [*around.before, *shifts, *around.after]
    people = people_on(every, day, sources.timezone)
    advice = await advice_for(request, weekday, today)
    half_hours = [replace(one, on_shift=count) for one, count in zip(advice.half_hours, people, strict=True)]
    lacking = [one.lacking for one in half_hours]
    candidates = who_could_come(
        day,
        lacking,
        [one.user.id for one in grid.lines if one.user.active],
        every,
        grid.wishes,
        shift_rules(),
        sources.timezone,
    )
    return {
        "weekday": weekday,
        "picture": picture(half_hours),
        "lacking": _joined(half_hours),
        "candidates": candidates if any(lacking) and day >= today else (),
        "language": language_of(request),
        "advised": bool(advice.whole.counts.offered),
    }


def _joined(half_hours: Sequence[HalfHourAdvice]) -> Sequence[str]:
    """Write when dispatchers are lacking, and how many; half-hours alike side by side are one."""
    found = []
    for lacking, alike in groupby(half_hours, key=lambda one: one.lacking):
        if lacking:
            times = [half_hour_text(one.half_hour) for one in alike]
            found.append(f"{times[0].partition('–')[0]}–{times[-1].partition('–')[2]} ({lacking})")
    return found
