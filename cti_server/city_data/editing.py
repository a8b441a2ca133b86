"""The form of a row. A change goes into the draft; nothing typed is lost, also when two write at once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from multidict import MultiMapping

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.city_data.showing import in_words
from cti_server.city_data.sources import CITY_DATA, PATH, working_copy
from cti_server.city_data.viewing import context
from cti_server.city_data.words import sentence
from cti_server.frame.language import language_of, words_of
from cti_server.frame.pages import render
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.city_data.cells import shown, understood
from hotline.city_data.columns import Column, DocumentTable, Holds, Row
from hotline.city_data.rows import parts
from hotline.city_data.working_copy import WorkingCopy, faults_of, faults_of_row
from hotline.errors import NotFound, Outdated
from hotline.foreign_text import tidied

MANAGE = allowed(Permission.MANAGE_CITY_DATA)
GENERAL = "general"
"""A table of one row in addresses."""
LONGEST_CELL = 20_000
_ATTEMPTS = 3
_LONGEST_PLACE = 5
_NOWHERE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The row that the address names; `place` None: a new one."""

    table: DocumentTable
    place: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form as sent: the row, and what its page was made of."""

    row: Row
    was: str
    """The code that the row had."""
    saw: Row
    """The row as its page showed it."""
    after: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownField:
    """A field of the form: `text` is what stands in it, `chosen` what is ticked."""

    column: Column
    text: str
    choices: Sequence[tuple[str, str]]
    chosen: Sequence[str]
    error: str
    hint: str


@MANAGE
async def form_page(request: web.Request) -> web.Response:
    copy = await working_copy(request)
    asked = _asked(request, copy)
    row = _row_at(copy, asked)
    return await _form(request, copy, asked, row, was=row)


@MANAGE
async def submit(request: web.Request) -> web.Response:
    """Put the row into the draft. Where a colleague has changed the same row, that is shown first."""
    form = await request.post()
    for _ in range(_ATTEMPTS):
        copy = await working_copy(request)
        asked = _asked(request, copy, lenient=True)
        typed = _typed(copy, asked.table, form)
        overtaken = typed.seen != copy.seen
        now, refusal = await _where_now(request, copy, asked, typed)
        if refusal:
            return refusal
        to = _place(copy, asked.table, now, typed.after)
        text = copy.written(copy.with_row(asked.table, typed.row, now, to))
        faults = faults_of_row(faults_of(copy.kind, text), asked.table, to)
        if faults:
            gettext, language = words_of(request).gettext, language_of(request)
            errors = {
                key: sentence(in_words(fault, copy.tables, copy.rows, language), gettext)
                for key, fault in faults.items()
            }
            found = Asked(table=asked.table, place=now)
            return await _form(
                request,
                copy,
                found,
                typed.row,
                was=_row_at(copy, found),
                after=typed.after,
                errors=errors,
                status=HTTPStatus.UNPROCESSABLE_ENTITY,
            )
        if await keep_draft(request, copy, text):
            return await _done(request, copy, asked.table, typed.row, now, overtaken=overtaken)
    raise Outdated("Somebody else changes this document all the time.")


@MANAGE
async def remove(request: web.Request) -> web.Response:
    """Take a row out of the draft."""
    form = await request.post()
    for _ in range(_ATTEMPTS):
        copy = await working_copy(request)
        asked = _asked(request, copy, lenient=True)
        typed = _typed(copy, asked.table, form)
        if asked.table.single or asked.place is None:
            raise NotFound("There is no such row.")
        now, refusal = await _where_now(request, copy, asked, typed)
        if refusal:
            return refusal
        if now is None or await keep_draft(request, copy, copy.written(copy.without_row(asked.table, now))):
            return await _done(request, copy, asked.table, None, now, overtaken=typed.seen != copy.seen)
    raise Outdated("Somebody else changes this document all the time.")


def table_of(copy: WorkingCopy, name: str) -> DocumentTable:
    """Find the table by its name in addresses; raises NotFound."""
    key = "" if name == GENERAL else name
    for one in copy.tables:
        if one.key == key:
            return one
    raise NotFound("There is no such table.")


def _asked(request: web.Request, copy: WorkingCopy, *, lenient: bool = False) -> Asked:
    """Find the row; `lenient`: also one that is not there any more."""
    table, place = table_of(copy, request.match_info["table"]), request.match_info["place"]
    if place == "new":
        if table.single:
            raise NotFound("There is no such row.")
        return Asked(table=table, place=None)
    at = int(place[:_LONGEST_PLACE]) if place.isdecimal() else _NOWHERE
    if at == _NOWHERE or (at >= len(copy.rows[table.key]) and not lenient):
        raise NotFound("There is no such row.")
    return Asked(table=table, place=at)


def _row_at(copy: WorkingCopy, asked: Asked) -> Row:
    if asked.place is None:
        return {one.key: one.otherwise for one in asked.table.columns}
    return copy.rows[asked.table.key][asked.place]


def _typed(copy: WorkingCopy, table: DocumentTable, form: MultiMapping[object]) -> Typed:
    return Typed(
        row={one.key: _cell(copy, one, form) for one in table.columns},
        was=str(form.get("was", "")),
        saw=_row_seen(table, str(form.get("saw", ""))),
        after=str(form.get("after", "")),
        seen=str(form.get("seen", "")),
    )


def _cell(copy: WorkingCopy, column: Column, form: MultiMapping[object]) -> str:
    given = ", ".join(tidied(str(one)) for one in form.getall(f"cell-{column.key}", []))[:LONGEST_CELL]
    return understood(column, given, copy.among(column)) or column.otherwise


async def _where_now(
    request: web.Request, copy: WorkingCopy, asked: Asked, typed: Typed
) -> tuple[int | None, web.Response | None]:
    """Find where the row stands now; an answer where a colleague changed or removed it since it was seen."""
    if asked.place is None:
        return None, None
    now = copy.find(asked.table, asked.place, typed.was)
    there = None if now is None else copy.rows[asked.table.key][now]
    if there is not None and there == typed.saw:
        return now, None
    found = Asked(table=asked.table, place=now)
    answer = await _form(
        request,
        copy,
        found,
        typed.row if there is None else _both(typed, there),
        was=_row_at(copy, found),
        status=HTTPStatus.CONFLICT,
        after=typed.after,
        overtaken="changed" if there else "removed",
    )
    return now, answer


def _row_seen(table: DocumentTable, text: str) -> Row:
    """Read the row that a page was made of; one that no page of ours wrote is no row that there is."""
    try:
        read = json.loads(text)
    except ValueError:
        return {}
    return {one.key: str(read.get(one.key, "")) for one in table.columns} if isinstance(read, dict) else {}


def _both(typed: Typed, now: Row) -> Row:
    """Give the row as it is now, with the fields that the second one changed as they typed them."""
    return {key: text if text != typed.saw.get(key) else now[key] for key, text in typed.row.items()}


def _place(copy: WorkingCopy, table: DocumentTable, now: int | None, after: str) -> int:
    """Find where the row shall stand among the others; where it was if they have no such row."""
    if table.single:
        return 0
    others = [row for at, row in enumerate(copy.rows[table.key]) if at != now]
    if after == "":
        return 0
    found = next((at for at, row in enumerate(others) if f"={row[table.known_by]}" == after), None)
    return found + 1 if found is not None else (len(others) if now is None else min(now, len(others)))


async def keep_draft(request: web.Request, copy: WorkingCopy, text: str) -> bool:
    """Keep the text as the draft; False when somebody was faster."""
    sources = request.app[CITY_DATA]
    try:
        await sources.documents.save_draft(
            copy.kind, text, by=request[USER].id, at=sources.clock.now(), seen=copy.seen
        )
    except Outdated:
        return False
    return True


async def _done(
    request: web.Request,
    copy: WorkingCopy,
    table: DocumentTable,
    row: Row | None,
    was: int | None,
    *,
    overtaken: bool,
) -> web.Response:
    before = copy.rows[table.key][was] if was is not None else None
    action = Action.REMOVE if row is None else Action.ADD if before is None else Action.CHANGE
    told = " ⇒ ".join(_summary(table, one) for one in (before, row) if one)
    await audit(request, action, f"city-data:{copy.kind}", f"{table.key or GENERAL}: {told}"[:500])
    somebody = (copy.draft or copy.present).made_by
    told_of = f"?meanwhile={somebody}" if overtaken and somebody and somebody != request[USER].id else ""
    return web.Response(
        status=HTTPStatus.SEE_OTHER, headers={"Location": f"{PATH}/{copy.kind}{told_of}#changes"}
    )


def _summary(table: DocumentTable, row: Row) -> str:
    return "; ".join(row[one.key] for one in table.columns if row[one.key])


async def _form(
    request: web.Request,
    copy: WorkingCopy,
    asked: Asked,
    row: Row,
    *,
    was: Row,
    after: str | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = HTTPStatus.OK,
    overtaken: str = "",
) -> web.Response:
    language, table = language_of(request), asked.table
    others = [one for at, one in enumerate(copy.rows[table.key]) if at != asked.place]
    if errors is None and asked.place is not None and not overtaken:
        gettext = words_of(request).gettext
        errors = {
            key: sentence(in_words(fault, copy.tables, copy.rows, language), gettext)
            for key, fault in faults_of_row(copy.faults, table, asked.place).items()
        }
    return render(
        request,
        "city_data/row.html.jinja2",
        status=status,
        copy=copy,
        table=table,
        place=asked.place,
        heading=table.row_name(was, language) if asked.place is not None else "",
        fields=[_field(copy, one, row, language, errors or {}) for one in table.columns],
        was=was,
        was_code=was.get(table.known_by, ""),
        saw=json.dumps(was, ensure_ascii=False),
        now_different=[one for one in table.columns if was[one.key] != row[one.key]] if overtaken else [],
        overtaken=overtaken,
        behind=[(f"={one[table.known_by]}", table.row_name(one, language)) for one in others],
        after=_standing(others, table, asked.place) if after is None else after,
        GENERAL=GENERAL,
        **await context(request, [copy.draft or copy.present]),
    )


def _standing(others: Sequence[Row], table: DocumentTable, place: int | None) -> str:
    at = len(others) if place is None else place
    return f"={others[at - 1][table.known_by]}" if at and others else ""


def _field(
    copy: WorkingCopy, column: Column, row: Row, language: str, errors: Mapping[str, str]
) -> ShownField:
    among = copy.among(column)
    cell = row[column.key]
    options = [(one.value, one.name(language)) for one in among]
    chosen = list(parts(cell)) if column.holds is Holds.SOME_OF else [cell]
    options += [(one, one) for one in chosen if one and one not in {value for value, _ in options}]
    if column.holds is Holds.ONE_OF and not (column.needed and cell):
        options.insert(0, ("", "—"))
    return ShownField(
        column=column,
        text=shown(column, cell, language, among),
        choices=options if column.holds in _CHOSEN else (),
        chosen=chosen,
        error=errors.get(column.key, ""),
        hint=column.hint(language),
    )


_CHOSEN = frozenset({Holds.ONE_OF, Holds.SOME_OF, Holds.FLAG})
