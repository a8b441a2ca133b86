"""The steps that show what holds by itself: Ukraine's holidays, terms of work, and who gets emergencies."""

from collections.abc import Iterator, Sequence

from aiohttp import web

from cti_server.frame.language import language_of, words_of
from cti_server.frame.pages import render
from cti_server.new_city.door import NEW_CITY, PATH, in_setup, noted
from hotline.appeals.routing import Rule
from hotline.city.classifier import classifier
from hotline.city_data.cells import shown
from hotline.city_data.columns import Holds
from hotline.city_data.kinds import HOLDERS
from hotline.city_data.rows import rows_of
from hotline.city_data.tables import TABLES
from hotline.documents.document import DocumentKind
from hotline.enterprises.executors import Executor
from hotline.new_city.setup import SetupStep

FIRST_PLACE = 10
Line = Sequence[str]


@in_setup
async def holidays_page(request: web.Request) -> web.Response:
    """Show the days on which nobody works, as they hold now."""
    tables = ("fixed", "moving", "suspended")
    held = {table: list(_lines(DocumentKind.DAYS_OFF, table, language_of(request))) for table in tables}
    return render(request, "new_city/holidays.html.jinja2", held=held, root=PATH)


@in_setup
async def keep_holidays(request: web.Request) -> web.Response:
    await noted(request, SetupStep.HOLIDAYS)
    raise web.HTTPSeeOther(PATH)


@in_setup
async def rules_page(request: web.Request) -> web.Response:
    return await _rules(request)


@in_setup
async def keep_rules(request: web.Request) -> web.Response:
    """Let the chosen enterprise get emergencies before all other rules; none: they wait for a dispatcher."""
    sources = request.app[NEW_CITY]
    chosen = str((await request.post()).get("executor", ""))
    known = {str(one.id): one for one in await _enterprises(request)}
    if chosen and chosen not in known:
        return await _rules(request, words_of(request).gettext("Choose one of the enterprises."))
    there = await sources.rules.all()
    if chosen and not any(_gives_emergencies(one, known[chosen]) for one in there):
        order = min((one.order for one in there), default=FIRST_PLACE + 1) - 1
        emergency = (classifier().emergency,)
        await sources.rules.add(Rule(order=order, executor_id=known[chosen].id, categories=emergency))
    await noted(request, SetupStep.RULES)
    raise web.HTTPSeeOther(PATH)


def _gives_emergencies(rule: Rule, executor: Executor) -> bool:
    return rule.executor_id == executor.id and rule.categories == (classifier().emergency,)


async def _enterprises(request: web.Request) -> Sequence[Executor]:
    """List those that can be rung: an emergency is told by telephone."""
    found = await request.app[NEW_CITY].executors.all()
    return [one for one in found if one.active and any(contact.number for contact in one.contacts)]


def _lines(kind: DocumentKind, key: str, language: str) -> Iterator[Line]:
    """Write a table of the document in force, a line a row, in the columns of the reader's language."""
    held, tables = HOLDERS[kind].held, TABLES[kind]
    [table] = [one for one in tables if one.key == key]
    other = {"uk": "en", "en": "uk"}[language]
    columns = [one for one in table.columns if one.key != other]
    for row in rows_of(tables, held.texts[held.version])[key]:
        yield [shown(column, row[column.key], language) for column in columns]


def _terms(language: str) -> Iterator[Line]:
    """Name each general term with what it is."""
    held, tables = HOLDERS[DocumentKind.CLASSIFIER].held, TABLES[DocumentKind.CLASSIFIER]
    [table] = [one for one in tables if not one.key]
    [row] = rows_of(tables, held.texts[held.version])[""]
    for column in table.columns:
        if column.holds is Holds.TERM and row[column.key]:
            yield getattr(column, language), shown(column, row[column.key], language)


async def _rules(request: web.Request, error: str = "") -> web.Response:
    return render(
        request,
        "new_city/rules.html.jinja2",
        status=422 if error else 200,
        error=error,
        enterprises=await _enterprises(request),
        terms=list(_terms(language_of(request))),
        root=PATH,
    )
