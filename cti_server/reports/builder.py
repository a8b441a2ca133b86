"""The builder: a measure by a dimension of chosen rows and days, drawn, with its table and its rows."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from aiohttp import web
from yarl import URL

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.export import Table, send_table
from cti_server.frame.filters import day
from cti_server.frame.language import N_, language_of, words_of
from cti_server.frame.numbers import thousands
from cti_server.frame.pages import render
from cti_server.frame.table_files import Row
from cti_server.frame.views import KeptList, views_of
from cti_server.frame.words import SURVEY_OUTCOMES
from cti_server.inquiries.words import STATES as INQUIRY_STATES
from cti_server.keys import USER
from cti_server.reports.picture import draw
from cti_server.reports.sources import REPORTS, dispatchers_of, names_of, today_of
from cti_server.reports.words import (
    CODES,
    DIMENSION_NAMES,
    DRAWINGS,
    GROUPS,
    MEANINGS,
    MEASURE_NAMES,
    PERIODS,
    SPANS,
    Speech,
    as_key,
    value_cell,
    value_text,
)
from hotline.access.permissions import Permission
from hotline.city.classifier import ever_known
from hotline.reports.built import Built, Drawn, Period, filters, read_built
from hotline.reports.figures import RowBeneath, Span, in_order, times_of
from hotline.reports.measures import DIMENSIONS, MEASURES, Amounts, Dimension, Key, Measure, Rows

PATH = "/reports/build"
ROWS_PATH = "/reports/build/rows"
PAGE_ROWS = 100
MOST_GROUPS = 400
_FIELDS = ("measure", "by", "period", "from", "to", "drawn", *(one.value for one in Dimension))
VIEWS = KeptList(
    name="reports",
    path=PATH,
    filters=tuple(dict.fromkeys(_FIELDS)),
    see=Permission.SEE_CONTROL,
    arranging=frozenset({"drawn"}),
)
CUT = N_("So many days of such rows are not counted at once: these are the latest %(days)s.")

_DISTRICT = Dimension.DISTRICT
FEWEST = 5
"""Rows of a street that is told by name to readers without the right to personal data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One row of the table. `beneath` leads to the rows that are counted; "" where there are none."""

    key: Key
    name: str
    value: float | None
    text: str
    of: str
    beneath: str


@allowed(Permission.SEE_CONTROL)
async def page(request: web.Request) -> web.Response:
    """Show what the address asks."""
    built, names = read(request), await _names(request)
    span = built.span(today_of(request))
    groups, whole = await _count(request, built, span, names)
    await audit(request, Action.VIEW, "report", str(URL().with_query(dict(built.query())).query_string))
    context: dict[str, Any] = {
        "built": built,
        "span": span,
        "cut": _cut(built, span, today_of(request), names),
        "groups": groups,
        "whole": whole,
        "picture": draw([(one.name, one.value) for one in groups], built.drawn, built.measure.unit),
        "choices": _choices(built, names, await _districts(request) if _sees_people(request) else ()),
        "measures": _measures(),
        "query": URL().with_query(dict(built.query())).query_string,
        "DIMENSIONS": DIMENSIONS[built.measure.rows],
        "DIMENSION_NAMES": DIMENSION_NAMES,
        "MEASURE_NAMES": MEASURE_NAMES,
        "MEANINGS": MEANINGS,
        "GROUPS": GROUPS,
        "PERIODS": PERIODS,
        "DRAWINGS": DRAWINGS,
        "Period": Period,
        "Drawn": Drawn,
        "SPANS": SPANS,
        "wrong_address": "wrong-address" in request.query,
        **await views_of(request, VIEWS, built.query()),
        "schedules": [
            one for one in await request.app[REPORTS].schedules.all() if one.user_id == request[USER].id
        ],
    }
    return render(request, "reports/build.html.jinja2", **context)


@allowed(Permission.SEE_CONTROL)
async def export(request: web.Request) -> web.StreamResponse:
    """The table for spreadsheets."""
    built, names = read(request), await _names(request)
    span = built.span(today_of(request))
    groups, whole = await _count(request, built, span, names)
    about = (
        f"{names.gettext(MEASURE_NAMES[built.measure.name])}: {names.gettext(DIMENSION_NAMES[built.by])}",
        f"{span.first:%d.%m.%Y}–{span.last:%d.%m.%Y}",
    )
    table = Table(
        name="report",
        title=N_("Report"),
        headings=(DIMENSION_NAMES[built.by], MEASURE_NAMES[built.measure.name]),
        about=about,
    )

    async def rows() -> AsyncIterator[Row]:
        for one in (*groups, whole):
            yield (one.name, value_cell(one.value, built.measure.unit))

    return await send_table(request, table, rows())


@allowed(Permission.SEE_CONTROL)
async def rows_page(request: web.Request) -> web.Response:
    """`?…&key=&part=whole`: the rows that a figure counts, without personal data."""
    built, names = read(request), await _names(request)
    key = as_key(built.by, request.query["key"]) if "key" in request.query else None
    if key is not None and built.by is _DISTRICT and not _sees_people(request):
        raise web.HTTPForbidden
    of_whole = request.query.get("part") == "whole" and built.measure.whole is not None
    part = built.measure.whole if of_whole and built.measure.whole else built.measure.part
    number = request.query.get("page", "1")
    at = int(number) if number.isascii() and number.isdigit() and 0 < len(number) <= 4 else 1  # noqa: PLR2004
    sources, span = request.app[REPORTS], built.span(today_of(request))
    asked = built.asked(span, sources.clock.now(), sources.timezone)
    found = await sources.figures.rows(
        built.measure.rows, part, asked, key, limit=PAGE_ROWS + 1, skipped=PAGE_ROWS * (at - 1)
    )
    here = URL(ROWS_PATH).with_query({**request.query})
    context: dict[str, Any] = {
        "built": built,
        "span": span,
        "rows": found[:PAGE_ROWS],
        "group": "" if key is None else names.group(built.by, key),
        "part": part,
        "names": names,
        "back": f"{PATH}?{URL().with_query(dict(built.query())).query_string}",
        "before": str(here.update_query(page=at - 1)) if at > 1 else "",
        "further": str(here.update_query(page=at + 1)) if len(found) > PAGE_ROWS else "",
        "leads": leads,
        "said": partial(_said, built.measure.rows, names),
        "topic": lambda one: names.group(Dimension.TOPIC, one.topic) if one.topic else "",
        "MEASURE_NAMES": MEASURE_NAMES,
        "DIMENSION_NAMES": DIMENSION_NAMES,
        "Rows": Rows,
    }
    return render(request, "reports/rows.html.jinja2", **context)


def read(request: web.Request) -> Built:
    """Read the address; days are typed as people write them."""
    query = dict(request.query)
    for name in ("from", "to"):
        typed = day(query.get(name, ""))
        query[name] = typed.isoformat() if typed else ""
    built = read_built(query)
    if _sees_people(request):
        return built
    return replace(built, where={one: value for one, value in built.where.items() if one is not _DISTRICT})


def _sees_people(request: web.Request) -> bool:
    """Tell whether the reader may know who lives where; else streets with few rows are told together."""
    return request[USER].may(Permission.SEE_APPEALS)


def together(found: Mapping[Key, Amounts], measure: Measure) -> Mapping[Key, Amounts]:
    """Count streets with fewer than FEWEST rows as elsewhere: a house on them could be guessed."""
    many: dict[Key, Amounts] = {}
    for key, one in found.items():
        kept = key if max(one.part(measure), one.whole(measure) or 0) >= FEWEST else ""
        many.setdefault(kept, Amounts())
        many[kept] += one
    return many


def leads(rows: Rows) -> tuple[str, Permission]:
    """Tell where a row has its own page, and who sees it."""
    match rows:
        case Rows.CALLS:
            return "/calls/", Permission.SEE_CALLS
        case Rows.OUTAGES:
            return "/outage-register/", Permission.SEE_OUTAGES
        case Rows.ORDERS:
            return "/informing/", Permission.PREPARE_INFORMING
        case Rows.INQUIRIES:
            return "/inquiries/", Permission.ASK_ENTERPRISES
        case _:
            return "/appeals/", Permission.SEE_APPEALS


def _said(rows: Rows, names: Speech, one: RowBeneath) -> str:
    """Write how a row stands: an appeal's state, how a call ended, what was off, an order's number."""
    if rows is Rows.SURVEYS:
        return names.gettext(SURVEY_OUTCOMES.get(one.said, ""))
    if rows is Rows.INQUIRIES:
        return names.gettext(INQUIRY_STATES[one.said])
    by = {Rows.CALLS: Dimension.OUTCOME, Rows.OUTAGES: Dimension.UTILITY}.get(rows, Dimension.STATE)
    return names.gettext(CODES[by].get(one.said, one.said))


async def _count(request: web.Request, built: Built, span: Span, names: Speech) -> tuple[list[Group], Group]:
    sources = request.app[REPORTS]
    asked = built.asked(span, sources.clock.now(), sources.timezone)
    found = await sources.figures.count([built.measure], asked)
    if built.by is _DISTRICT and not _sees_people(request):
        found = together(found, built.measure)
    whole = Amounts()
    for one in found.values():
        whole += one
    beneath = built.by is not _DISTRICT or _sees_people(request)
    keys: Sequence[Key] = [*times_of(built.by, span)] or in_order(built.by, found)
    groups = [
        _group(built, key, names.group(built.by, key), found.get(key, Amounts()), names, beneath=beneath)
        for key in keys[:MOST_GROUPS]
    ]
    return groups, _group(built, None, names.gettext(N_("In all")), whole, names)


def _group(
    built: Built, key: Key | None, name: str, amounts: Amounts, names: Speech, *, beneath: bool = True
) -> Group:
    measure = built.measure
    value, part, whole = amounts.value(measure), amounts.part(measure), amounts.whole(measure)
    asked = dict(built.query()) | ({} if key is None else {"key": str(key)})
    of = ""
    if whole is not None:
        of = names.gettext(N_("%(part)s of %(whole)s")) % {
            "part": thousands(part),
            "whole": thousands(whole),
        }
    return Group(
        key="" if key is None else key,
        name=name,
        value=value,
        text=value_text(value, measure.unit, names.language),
        of=of,
        beneath=str(URL(ROWS_PATH).with_query(asked)) if part and beneath else "",
    )


async def _names(request: web.Request) -> Speech:
    return Speech(
        gettext=words_of(request).gettext,
        language=language_of(request),
        enterprises=await names_of(request),
        dispatchers=await dispatchers_of(request),
        zone=request.app[REPORTS].timezone,
    )


async def _districts(request: web.Request) -> set[str]:
    """Give the present names of the city's streets and quarters."""
    return {present for _, present in (await request.app[REPORTS].streets.gazetteer()).names}


def _choices(
    built: Built, names: Speech, districts: Iterable[str]
) -> Mapping[Dimension, Sequence[tuple[str, str]]]:
    """List what rows can be chosen by, each with its values."""
    found: dict[Dimension, Sequence[tuple[str, str]]] = {}
    for one in filters(built.measure.rows):
        match one:
            case Dimension.ENTERPRISE:
                values = [*names.enterprises.items()]
            case Dimension.DISPATCHER:
                values = [*names.dispatchers.items()]
            case Dimension.DISTRICT:
                values = [(one, one) for one in districts]
            case Dimension.TOPIC:
                values = [(code, known.name(names.language)) for code, known in ever_known().items()]
            case _:
                values = [(code, names.gettext(text)) for code, text in CODES[one].items() if code]
        found[one] = sorted(values, key=lambda pair: pair[1].casefold())
    return found


def _measures() -> Mapping[Rows, Sequence[str]]:
    return {rows: [one.name for one in MEASURES.values() if one.rows is rows] for rows in Rows}


def _cut(built: Built, span: Span, today: date, names: Speech) -> str:
    """Say that not all the days are counted that were asked for; empty where they are."""
    return names.gettext(CUT) % {"days": span.days} if built.days(today).days > span.days else ""
