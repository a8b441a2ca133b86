"""Tasks beside their own pages: on what waits for a person, in the one search, in a calendar."""

import re

from cti_server.keys import Accounts
from tests.cti_server.conftest import MovedClock, Person, change
from tests.cti_server.tasks.conftest import Centre


async def waits(person: Person) -> list[str]:
    return re.findall(r'id="todo-task-(\d+)"', await person.text("/todo"))


async def test_a_task_waits_for_who_acts_next(
    centre: Centre, olena: Person, accounts: Accounts, clock: MovedClock
) -> None:
    path = await centre.give()
    assert (await waits(olena), await waits(centre.head)) == (["1"], [])
    await olena.post(f"{path}/accept", {"version": "1"})
    assert await waits(olena) == [], "in work, its term is far"
    clock.pass_(days=6)
    await olena.enter(centre.olena.login)
    assert await waits(olena) == ["1"]
    await olena.post(f"{path}/report", {"version": "2", "said": "Готово"})
    await centre.head.sign_in(centre.head_user.login)
    assert (await waits(olena), await waits(centre.head)) == ([], ["1"])
    await centre.head.post(f"{path}/return", {"version": "3", "said": "Не все"})
    assert (await waits(olena), await waits(centre.head)) == (["1"], [])
    await change(accounts, centre.olena, active=False)
    assert await waits(centre.head) == ["1"]
    assert "уже не працює" in await centre.head.text("/todo?wait=tasks")


async def test_the_one_search_finds_them_by_words_in_any_form(centre: Centre) -> None:
    path = await centre.give()
    found = await centre.head.text("/search?q=будинку+перелік")
    assert f'href="{path}"' in found
    assert "<mark>будинків</mark>" in found


async def test_a_calendar_has_the_terms_of_who_asked_for_it_by_a_secret_link(
    centre: Centre, olena: Person
) -> None:
    path = await centre.give(text="Скласти перелік; усіх")
    head = await centre.head.post("/shifts/mine/feed")
    others = re.search(r"/shifts/feed/[^\"]+\.ics", await head.text())
    made = await olena.post("/shifts/mine/feed")
    mine = re.search(r"/shifts/feed/[^\"]+\.ics", await made.text())
    assert mine
    assert others
    text = (await olena.text(mine[0])).replace("\r\n ", "")
    assert "SUMMARY:Завдання № 1: Скласти перелік\\; усіх" in text
    assert "DTEND:20260310T160000Z" in text
    assert "task-1@" not in await olena.text(others[0])
    await olena.post(f"{path}/report", {"version": "1", "said": "Готово"})
    assert "task-1@" not in await olena.text(mine[0])
