"""What surveys came to, on pages and in files: every number leads to its surveys, and to nobody's name."""

import io
import re
from collections.abc import Mapping, Sequence

from openpyxl import load_workbook

from hotline.access.permissions import Role
from hotline.access.users import User
from storage.tables import surveys
from tests.cti_server.conftest import Person
from tests.storage.enterprise import NUMBER, City


async def test_ratings_and_shares_stand_on_the_page(head: Person, numbers: list[str]) -> None:
    assert numbers
    page = await head.text("/surveys/results")
    assert "4,7" in page
    assert "67 %" in page
    assert page.count("Тепломережі") == 1
    assert "Немає опалення" in page
    assert '<a href="/surveys/results/list?days=30&amp;group=returned&amp;executor=1">2</a>' in page


LEADS: Mapping[str, Sequence[int] | None] = {
    "group=confirmed": [7, 2, 1, 0],
    "group=returned": [4, 3],
    "group=unreached": [5],
    "rating=5": [2, 0],
    "executor=1&category=heat-none&group=dispatcher": [6],
    "executor=2": [],
    "group=no-such&rating=9&executor=x&days=-1&group=elsewhere&before=٣": None,
}
"""A query → the places of its surveys; None: of all, and of one more."""


async def test_a_number_leads_to_its_surveys(head: Person, numbers: list[str]) -> None:
    for query, which in LEADS.items():
        page = await head.text(f"/surveys/results/list?{query}")
        wanted = numbers if which is None else [numbers[place] for place in which]
        assert [number in page for number in wanted] == [True] * len(wanted), query
        assert page.count('href="/appeals/') == (len(numbers) + 1 if which is None else len(wanted)), query


async def test_what_no_executor_had_leads_to_just_these(head: Person, city: City, numbers: list[str]) -> None:
    one = surveys.update().where(surveys.c.appeal == numbers[3]).values(executor_id=None)
    async with city.storage.database.writing() as connection:
        await connection.execute(one)
    assert "/surveys/results/list?days=30&amp;executor=none" in await head.text("/surveys/results")
    page = await head.text("/surveys/results/list?executor=none")
    assert re.findall(r'href="/appeals/(\w+)"', page) == [numbers[3]]


async def test_a_survey_leads_to_its_appeal_and_its_call(head: Person, numbers: list[str]) -> None:
    page = await head.text("/surveys/results/list?group=confirmed")
    assert f'href="/appeals/{numbers[0]}"' in page
    assert 'href="/calls/out-survey-1"' in page


async def test_an_observer_sees_no_telephone_and_no_call(
    person: Person, users: Mapping[Role, User], city: City, numbers: list[str]
) -> None:
    assert users
    assert city
    assert numbers
    await person.enter(Role.OBSERVER.value)
    for path in ("/surveys/results", "/surveys/results/list"):
        page = await person.text(path)
        assert NUMBER not in page
        assert NUMBER[3:] not in page.replace(" ", "")
        assert "/calls/" not in page
        assert 'href="/surveys"' not in page
    assert (await person.get("/surveys")).status == 403


async def test_the_whole_of_it_is_a_workbook(head: Person, numbers: list[str]) -> None:
    answer = await head.get("/surveys/results.xlsx?group=confirmed")
    assert answer.status == 200
    rows = list(load_workbook(io.BytesIO(await answer.read())).active.values)
    assert [row[0] for row in rows[1:]] == [numbers[place] for place in (7, 2, 1, 0)]
    assert rows[-1][2:6] == ("Тепломережі", "Немає опалення", "Усе виконано", 5)


async def test_without_surveys_the_page_says_so(head: Person) -> None:
    assert "За ці дні нікого не треба було питати." in await head.text("/surveys/results?days=7")
