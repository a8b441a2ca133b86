"""The line's report over HTTP: figures that lead to their calls, files, a paper, advice."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from html import unescape

import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.line.report import By
from tests.cti_server.appeals.list.test_list import read_pdf
from tests.cti_server.conftest import MovedClock, Person
from tests.storage.line.counted_calls import Row

DAYS = "from=2026-03-28&to=2026-03-30"
LINK = re.compile(r'<a href="(/calls\?[^"]+)">(\d+)<')


@pytest.fixture
async def head(person: Person, users: Mapping[Role, User]) -> Person:
    assert users
    await person.enter(Role.HEAD.value)
    return person


async def listed(head: Person, path: str) -> int:
    """How many calls the list behind this address has: as its file, which has all pages."""
    return len((await head.text(path.replace("/calls?", "/calls.csv?"))).splitlines()) - 1


@pytest.mark.parametrize("by", [*By])
async def test_every_figure_leads_to_just_as_many_calls(head: Person, kept: Sequence[Row], by: By) -> None:
    assert kept
    page = await head.text(f"/control/line?{DAYS}&by={by.value}")
    found = [(unescape(path), int(number)) for path, number in LINK.findall(page)]
    assert len(found) > 20
    for path, number in found if by is not By.HALF_HOUR else found[:: len(found) // 40]:
        assert await listed(head, path) == number, path


async def test_the_list_says_which_figure_it_shows_and_lets_go_of_it(
    head: Person, kept: Sequence[Row]
) -> None:
    assert kept
    page = await head.text(f"/calls?{DAYS}&line=in-time&half-hour=19&answered-by=1&topic=none")
    assert "Відповіли за 20 с · 09:30–10:00 · Д1 · Без звернення" in page
    assert 'name="half-hour" value="19"' in page
    assert f'href="/calls?{DAYS}"' in unescape(page)
    for odd in ("line=x&half-hour=99", "half-hour=3&from=1900-01-01&to=8999-01-01", "topic=§&answered-by=x"):
        assert (await head.get(f"/calls?{odd}")).status == 200


async def test_rows_and_their_sum_come_as_a_file_and_as_a_paper(head: Person, kept: Sequence[Row]) -> None:
    assert kept
    table = await head.text(f"/control/line.csv?{DAYS}&by=dispatcher")
    headings, *rows = csv.reader(io.StringIO(table.removeprefix("\ufeff")))
    assert headings[0] == "Диспетчер"
    assert [row[0] for row in rows[-2:]] == ["Ніхто з ними не розмовляв", "Разом"]
    assert sorted(row[0] for row in rows[:-2]) == ["Д1", "Д2"]
    for column, heading in enumerate(headings[1:], start=1):
        if "%" not in heading and ", с" not in heading:
            assert sum(int(row[column]) for row in rows[:-1]) == int(rows[-1][column]), heading
    level = headings.index("Рівень обслуговування, %")
    assert 0 < float(rows[-1][level]) < 100
    assert (await head.get(f"/control/line.xlsx?{DAYS}")).status == 200
    answer = await head.get(f"/control/line.pdf?{DAYS}&by=day")
    assert answer.headers["Content-Type"] == "application/pdf"
    paper = read_pdf(await answer.read())
    for text in ("ЗВІТ ПРО ЧЕРГУ", "з 28.03.2026 до 30.03.2026", "29.03.2026", rows[-1][1]):
        assert text in paper


async def test_the_mayor_sees_figures_and_no_way_to_calls(
    person: Person, users: Mapping[Role, User], kept: Sequence[Row]
) -> None:
    assert users
    assert kept
    await person.enter(Role.OBSERVER.value)
    page = await person.text(f"/control/line?{DAYS}")
    assert "/calls" not in page
    assert "Рівень обслуговування" in page


async def test_days_that_cannot_be_read_are_today_and_a_year_is_the_most(
    head: Person, clock: MovedClock
) -> None:
    page = await head.text("/control/line?from=x&to=&by=y")
    assert f'value="{clock.now():%d.%m.%Y}"' in page
    assert "За ці дні ніхто не телефонував" in page
    page = await head.text("/control/line?from=1900-01-01&to=2026-03-30")
    assert 'value="30.03.2025"' in page


async def test_advice_looks_back_at_weekdays_that_are_over(
    head: Person, kept: Sequence[Row], clock: MovedClock
) -> None:
    assert kept
    assert "радити немає з чого" in await head.text("/control/line/shifts?weekday=5")
    clock.pass_(minutes=60 * 24 * 35)
    await head.enter(Role.HEAD.value)
    page = await head.text("/control/line/shifts?weekday=5")
    assert len(re.findall(r'<tr><th scope="row">', page)) == 48
    assert "09:30–10:00" in page
    assert "з 28.03.2026" in page, "no week before the first call counts as one without calls"
    assert 'class="shift-needed" d="M28' in page
    assert (await head.get("/control/line/shifts?weekday=9")).status == 200
    _headings, *rows = csv.reader(io.StringIO(await head.text("/control/line/shifts.csv?weekday=5")))
    assert len(rows) == 48
    assert sum(float(row[1]) for row in rows) > 0
