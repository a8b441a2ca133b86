"""Reference papers (довідки): about one appeal, one address, one enterprise; printed, without applicants."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from aiohttp import web

from cti_server.appeals.list.words import category_name
from cti_server.appeals.papers.acts import ACTS, PARTS
from cti_server.appeals.papers.office import LANGUAGE, letterhead, moment, said
from cti_server.appeals.papers.press import PRESS, as_pdf
from cti_server.appeals.papers.words import RECEIPTS, RESULTS
from cti_server.appeals.words import KINDS, SIGNS
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.filters import day
from cti_server.frame.language import N_, words_of
from cti_server.frame.numbers import grouped
from cti_server.frame.pages import render
from cti_server.frame.places import place_of
from cti_server.frame.words import APPEAL_STATES, OUTAGE_KINDS, UTILITIES
from cti_server.keys import USER
from cti_server.reports.files import spoken
from cti_server.reports.sections import Section, as_printed, figure, plain, rating_section
from cti_server.reports.sources import REPORTS, names_of, today_of
from cti_server.reports.words import named_measure
from hotline.access.permissions import Permission
from hotline.appeals.appeal import Appeal
from hotline.appeals.lists import AppealFilter, ListedAppeal, Order, TermFilter
from hotline.outages.outage import Outage, concerning
from hotline.reports.figures import Asked, Span
from hotline.reports.making import count_all, outages_of, read_rating
from hotline.reports.measures import MEASURES, Amounts, Dimension

PATH = "/reports/references"
MOST_ROWS = 300
MOST_OUTAGES = 1000
SHOWN = timedelta(days=365)
_OF_ENTERPRISE = (
    *("received", "closed", "in-time", "confirmed", "returned", "accepted", "days-to-close"),
    *("owed", "overdue", "breached", "unaccepted", "stars", "outages"),
)
_FAULTS = {
    "appeal": N_("There is no appeal of this number."),
    "address": N_("The register has no such address: write a street, and a house if only one is meant."),
    "enterprise": N_("Choose an enterprise."),
}


@allowed(Permission.SEE_APPEALS)
async def page(request: web.Request) -> web.Response:
    """Choose what the paper is about."""
    today = today_of(request)
    context: dict[str, Any] = {
        "enterprises": await names_of(request),
        "first": today - SHOWN,
        "last": today,
        "fault": words_of(request).gettext(_FAULTS.get(request.query.get("fault", ""), "")),
    }
    return render(request, "reports/references.html.jinja2", **context)


@allowed(Permission.SEE_APPEALS)
async def of_appeal(request: web.Request) -> web.Response:
    """`?number=`: how one appeal stands, and what was done with it."""
    sources = request.app[REPORTS]
    number = "".join(request.query.get("number", "").split())
    appeal = await sources.registry.find(number) if number.isascii() and number.isdigit() else None
    if appeal is None:
        raise web.HTTPSeeOther(f"{PATH}?fault=appeal")
    history = await sources.handling.history(appeal.number, hidden=False)
    sections = [
        Section(
            title="Звернення",
            headings=["Що", "Відомості"],
            rows=[[plain(name), plain(value)] for name, value in await _told(request, appeal) if value],
            wide=1,
            texts=2,
        ),
        Section(
            title="Перебіг розгляду",
            headings=["Коли", "Що зроблено", "Хто"],
            rows=[
                [plain(moment(one.at, sources.timezone)), plain(ACTS[one.act]), plain(PARTS[one.part])]
                for one in history
                if one.act in ACTS
            ],
            wide=1,
            texts=3,
        ),
    ]
    await audit(request, Action.EXPORT, f"appeal:{appeal.number}", "reference")
    title = f"Довідка про звернення № {grouped(appeal.number)}"
    return await _printed(request, title, "", sections, f"reference-{appeal.number}")


@allowed(Permission.SEE_APPEALS)
async def of_address(request: web.Request) -> web.Response:
    """`?address=&from=&to=`: appeals and outages at a street or house."""
    sources, typed = request.app[REPORTS], request.query.get("address", "").strip()[:200]
    place = await place_of(typed, sources.streets)
    if place is None:
        raise web.HTTPSeeOther(f"{PATH}?fault=address")
    span = _span(request)
    pieces = span.pieces(sources.timezone)
    wanted = AppealFilter(addresses=[place.text], since=pieces[0].since, until=pieces[-1].until)
    found = await sources.lists.find(wanted, order=Order.NEWEST, limit=MOST_ROWS)
    there = concerning([place], await outages_of(sources.outages, span, sources.timezone, MOST_OUTAGES))
    sections = [_appeals("Звернення за цією адресою", found, request), _outages(there, request)]
    await audit(request, Action.EXPORT, "reference:address", place.text)
    title = f"Довідка за адресою: {place.text}"
    return await _printed(request, title, _days(span), sections, "reference-address")


@allowed(Permission.SEE_APPEALS, Permission.SEE_CONTROL)
async def of_enterprise(request: web.Request) -> web.Response:
    """`?executor=&from=&to=`: an enterprise's figures, its place, and what it is late with."""
    sources, chosen = request.app[REPORTS], request.query.get("executor", "")
    names = await names_of(request)
    if chosen not in names:
        raise web.HTTPSeeOther(f"{PATH}?fault=enterprise")
    span, speech, now = _span(request), spoken(sources.timezone), sources.clock.now()
    asked = Asked(span=span, now=now, zone=sources.timezone, where={Dimension.ENTERPRISE: chosen})
    measures = [MEASURES[name] for name in _OF_ENTERPRISE]
    counted = await count_all(sources.figures, measures, asked)
    amounts = {rows: next(iter(groups.values()), Amounts()) for rows, groups in counted.items()}
    rated = await read_rating(sources.registers, Asked(span=span, now=now, zone=sources.timezone))
    wanted = AppealFilter(executor_id=int(chosen), term=TermFilter(until=now))
    overdue = await sources.lists.find(wanted, order=Order.TERM, limit=MOST_ROWS)
    own = rating_section([one for one in rated if str(one.executor_id) == chosen], speech)
    sections = [
        Section(
            title="Показники",
            headings=["Показник", "Значення"],
            rows=[
                [
                    plain(named_measure(one.name, said)),
                    figure(amounts[one.rows].value(one), one.unit, speech),
                ]
                for one in measures
            ],
        ),
        *([own] if own.rows else []),
        _appeals("Прострочені звернення", overdue, request),
    ]
    await audit(request, Action.EXPORT, f"reference:executor:{chosen}")
    title = f"Довідка про роботу: {names[chosen]}"
    return await _printed(request, title, _days(span), sections, f"reference-executor-{chosen}")


async def _told(request: web.Request, appeal: Appeal) -> Sequence[tuple[str, str]]:
    zone, names = request.app[REPORTS].timezone, await names_of(request)
    return [
        ("Номер", grouped(appeal.number)),
        ("Реєстраційний індекс", appeal.registration_index),
        ("Зареєстровано", moment(appeal.registered_at, zone)),
        ("Як надійшло", said(RECEIPTS[appeal.receipt])),
        ("Вид, ознака", f"{said(KINDS[appeal.kind])}, {said(SIGNS[appeal.sign]).lower()}"),
        ("Тема", category_name(appeal, LANGUAGE)),
        ("Адреса", appeal.address),
        ("Виконавець", names.get(str(appeal.executor_id), "не призначено")),
        ("Термін", appeal.due_on.strftime("%d.%m.%Y")),
        ("Стан", said(APPEAL_STATES[appeal.state])),
        ("У цьому стані з", moment(appeal.state_since, zone)),
        ("Результат", said(RESULTS[appeal.result]) if appeal.result else ""),
    ]


def _appeals(title: str, found: Sequence[ListedAppeal], request: web.Request) -> Section:
    zone = request.app[REPORTS].timezone
    note = f"Перші {MOST_ROWS}." if len(found) == MOST_ROWS else ""
    return Section(
        title=title,
        headings=["Номер", "Зареєстровано", "Тема", "Виконавець", "Термін", "Стан"],
        rows=[
            [
                plain(grouped(one.appeal.number)),
                plain(moment(one.appeal.registered_at, zone, "%d.%m.%Y")),
                plain(category_name(one.appeal, LANGUAGE)),
                plain(one.executor or "не призначено"),
                plain(one.appeal.due_on.strftime("%d.%m.%Y")),
                plain(said(APPEAL_STATES[one.appeal.state])),
            ]
            for one in found
        ],
        note=note if found else "Немає.",
        wide=2,
        texts=6,
    )


def _outages(found: Sequence[Outage], request: web.Request) -> Section:
    zone = request.app[REPORTS].timezone
    return Section(
        title="Відключення",
        headings=["Послуга", "Вид робіт", "Причина", "Почалося", "Завершено"],
        rows=[
            [
                plain(said(UTILITIES[one.utility])),
                plain(said(OUTAGE_KINDS[one.kind])),
                plain(one.reason),
                plain(moment(one.starts_at, zone)),
                plain(moment(one.ended_at, zone) or "триває"),
            ]
            for one in found
        ],
        note="" if found else "Немає.",
        wide=2,
        texts=5,
    )


def _span(request: web.Request) -> Span:
    """Read the days; at most a year of them, the latest."""
    last = day(request.query.get("to", "")) or today_of(request)
    first = day(request.query.get("from", "")) or last - SHOWN
    first, last = sorted((first, last))
    return Span(first=max(first, last - SHOWN), last=last)


def _days(span: Span) -> str:
    return f"з {span.first:%d.%m.%Y} до {span.last:%d.%m.%Y}"


async def _printed(
    request: web.Request, title: str, period: str, sections: Sequence[Section], name: str
) -> web.Response:
    sources = request.app[REPORTS]
    data = {
        "title": title,
        "period": period,
        "about": [],
        "sections": as_printed(sections),
        "signed": "",
        "digest": "",
    }
    head = letterhead(request[USER], sources.clock.now(), sources.timezone)
    return as_pdf(await request.app[PRESS].print("report", {**head, **data}), name)
