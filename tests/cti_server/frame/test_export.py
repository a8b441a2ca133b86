"""Lists as files: what spreadsheets open, what nobody can smuggle in, what happens at the limits."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime

import aiohttp
import pytest
from aiohttp import web
from openpyxl import load_workbook

from cti_server.auth.access import allowed
from cti_server.frame import table_files
from cti_server.frame.export import Table, route, send_table
from cti_server.frame.table_files import Row
from cti_server.frame.workbook import LONGEST_CELL
from hotline.access.permissions import Permission, Role
from hotline.access.users import AuditFilter, User
from storage.store import Storage
from tests.cti_server.conftest import Person

SUMMER = datetime(2026, 7, 1, 21, 30, 5, tzinfo=UTC)
FORMULAS = ("=1+1", "+380457900001", "-1", "@SUM(A1)", "\t=1", "＝1")
HOSTILE = 'кома, крапка; "лапки"\nдругий рядок'
TABLE = Table(name="things", title="Calls", headings=("When", "Number", "Talk"))


class Things:
    """The rows that the list under test finds."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.breaks = False

    async def found(self) -> AsyncIterator[Row]:
        for row in self.rows:
            yield row
        if self.breaks:
            raise OSError("the disk is gone")


@pytest.fixture
def things() -> Things:
    return Things()


@pytest.fixture
def app(app: web.Application, things: Things) -> web.Application:
    @allowed(Permission.SEE_CALLS)
    async def export(request: web.Request) -> web.StreamResponse:
        return await send_table(request, TABLE, things.found())

    app.router.add_get(route("/things"), export)
    return app


async def csv_rows(head: Person) -> list[list[str]]:
    raw = await (await head.get("/things.csv")).read()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


async def xlsx_rows(head: Person) -> list[tuple[object, ...]]:
    raw = await (await head.get("/things.xlsx")).read()
    sheet = await asyncio.to_thread(load_workbook, io.BytesIO(raw))
    return [tuple(cell.value for cell in row) for row in sheet.active.iter_rows()]


async def test_both_files_hold_the_rows_with_ukrainian_headings_and_kyiv_time(
    head: Person, things: Things
) -> None:
    things.rows = [(SUMMER, HOSTILE, 12.5), (date(2026, 3, 2), None, -3)]
    assert await csv_rows(head) == [
        ["Коли", "Номер", "Розмова"],
        ["02.07.2026 00:30:05", HOSTILE, "12.5"],
        ["02.03.2026", "", "-3"],
    ]
    assert await xlsx_rows(head) == [
        ("Коли", "Номер", "Розмова"),
        (datetime(2026, 7, 2, 0, 30, 5), HOSTILE, 12.5),  # noqa: DTZ001 - the city's time, as shown
        (datetime(2026, 3, 2), None, -3),  # noqa: DTZ001
    ]


async def test_no_text_becomes_a_formula(head: Person, things: Things) -> None:
    things.rows = [(text, None, None) for text in FORMULAS]
    assert [row[0] for row in (await csv_rows(head))[1:]] == [f"'{text}" for text in FORMULAS]
    raw = await (await head.get("/things.xlsx")).read()
    sheet = (await asyncio.to_thread(load_workbook, io.BytesIO(raw))).active
    cells = [(row[0].value, row[0].data_type) for row in sheet.iter_rows(min_row=2)]
    assert cells == [(text, "s") for text in FORMULAS]


async def test_an_endless_text_and_control_characters_do_not_break_the_workbook(
    head: Person, things: Things
) -> None:
    things.rows = [("я" * 40_000, "a\x00\x0b\ud800b", None)]
    (_headings, (long, odd, _empty)) = await xlsx_rows(head)
    assert isinstance(long, str)
    assert (len(long), long[-1]) == (LONGEST_CELL, "…")
    assert str(odd).startswith("a")
    assert len(await csv_rows(head)) == 2


async def test_the_file_is_named_by_list_and_day_and_the_export_is_written_down(
    head: Person, storage: Storage
) -> None:
    for kind in ("csv", "xlsx"):
        answer = await head.get(f"/things.{kind}?missed=1")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="things-2026-03-02.{kind}"'
    found = await storage.audit.find(AuditFilter(action="export"), limit=9)
    assert [(one.subject, one.detail) for one in found] == [("things", "missed=1")] * 2


async def test_a_file_says_openly_where_it_was_cut(
    head: Person, things: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_files, "MOST_ROWS", 600)
    things.rows = [(number, "x", None) for number in range(601)]
    for rows in (await csv_rows(head), await xlsx_rows(head)):
        assert len(rows) == 602
        assert str(rows[-1][0]).startswith("Це не все")
    things.rows.pop()
    assert len(await csv_rows(head)) == 601


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_a_file_that_broke_off_does_not_look_like_a_whole_one(
    head: Person, things: Things, kind: str
) -> None:
    things.rows, things.breaks = [("x", None, None)] * 600, True
    try:
        answer = await head.get(f"/things.{kind}")
        await answer.read()
    except aiohttp.ClientError:
        return
    assert answer.status == 500


async def test_who_may_not_see_the_list_gets_no_file(person: Person, users: Mapping[Role, User]) -> None:
    await person.enter(users[Role.OBSERVER].login)
    assert (await person.get("/things.csv")).status == 403
    assert (await person.get("/things.pdf")).status == 404
