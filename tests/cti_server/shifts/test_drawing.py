"""The head draws a week: cells as they are typed, rest told at the cell, drafts, publishing, two at once."""

import re
from datetime import date

import pytest

from cti_server.keys import Accounts
from hotline.shifts.roster import WEEK as A_WEEK
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person, change
from tests.cti_server.shifts.conftest import WEEK, Team

PAGE = "/shifts?week=2026-03-02"
MONDAY = date(2026, 3, 2)


def cells(page: str) -> list[str]:
    """All that stands in the grid."""
    return [one for one in re.findall(r'name="s\d+-\d" id="[^"]+" value="([^"]*)"', page) if one]


async def test_a_week_is_typed_by_beginnings_of_names_and_by_hours(team: Team) -> None:
    page = await team.head.text(PAGE)
    assert "На цей тиждень графіка ще не склали." in page
    assert page.index("Олена") < page.index("Тарас")
    typed = {"olena_0": "д", "olena_2": "НІЧ", "olena_5": "до", "taras_1": "9-18", "taras_3": "08:00 – 20:00"}
    assert await team.save(**typed) == 303
    page = await team.head.text(PAGE)
    assert cells(page) == ["День", "Ніч", "Доба", "09:00–18:00", "День"]
    assert "диспетчери її ще не бачать" in page


async def test_what_cannot_be_read_is_told_at_its_cell_and_nothing_is_lost(
    team: Team, storage: Storage
) -> None:
    answer = await team.head.post(WEEK, team.form(0, "publish", olena_0="День", taras_1="колись"))
    page = await answer.text()
    assert answer.status == 422
    assert cells(page) == ["День", "колись"]
    assert "Напишіть назву зміни або години" in page
    assert await storage.roster.published(MONDAY, MONDAY) == []


async def test_rest_is_told_at_the_cell_over_the_night_between_two_weeks(team: Team) -> None:
    before = "/shifts/2026-02-23"
    await team.save(week=before, olena_6="Ніч")
    await team.save(olena_0="12-20", olena_1="6-14")
    page = await team.head.text(PAGE)
    assert "перед нею 4 год відпочинку, треба щонайменше 11" in page
    assert "перед нею 10 год відпочинку, треба щонайменше 11" in page


async def test_rest_that_is_broken_is_published_with_a_tick_alone_and_stands_in_the_audit_log(
    team: Team, accounts: Accounts, storage: Storage
) -> None:
    typed = {"olena_0": "День", "olena_1": "6-14"}
    answer = await team.head.post(WEEK, team.form(0, "publish", **typed))
    assert answer.status == 422
    assert "Порушено правила відпочинку" in await answer.text()
    assert await storage.roster.published(MONDAY, MONDAY) == []
    ticked = team.form(1, "publish", **typed) | {"all_the_same": "yes"}
    assert (await team.head.post(WEEK, ticked)).status == 303
    assert len(await storage.roster.published(MONDAY, MONDAY)) == 2
    assert (await accounts.audit.latest(1))[0].detail == "published; rest rules broken: 1"


async def test_shifts_of_one_person_at_once_are_never_published(team: Team, storage: Storage) -> None:
    typed = team.form(0, "publish", olena_0="Доба", olena_1="6-14") | {"all_the_same": "yes"}
    answer = await team.head.post(WEEK, typed)
    assert answer.status == 422
    assert "раніше, ніж закінчилася попередня" in await answer.text()
    assert await storage.roster.published(MONDAY, MONDAY) == []


async def test_of_two_heads_the_later_is_told_so_and_keeps_what_was_typed(
    team: Team, storage: Storage
) -> None:
    await team.save(olena_0="День")
    answer = await team.head.post(WEEK, team.form(0, "save", taras_0="Ніч"))
    page = await answer.text()
    assert answer.status == 409
    assert "змінив хтось інший" in page
    assert cells(page) == ["Ніч"]
    assert 'name="edition" value="1"' in page
    assert await team.save(1, taras_0="Ніч") == 303
    assert cells(await team.head.text(PAGE)) == ["Ніч"]


async def test_a_draft_of_what_was_published_is_published_or_dropped(team: Team) -> None:
    await team.publish(olena_0="День")
    assert "Опубліковано" in await team.head.text(PAGE)
    await team.save(1, olena_0="Ніч")
    page = await team.head.text(PAGE)
    assert cells(page) == ["Ніч"]
    assert "диспетчери досі бачать опубліковане" in page
    assert (await team.head.post(f"{WEEK}/drop", {"edition": "2"})).status == 303
    assert cells(await team.head.text(PAGE)) == ["День"]
    assert (await team.head.post(f"{WEEK}/drop", {"edition": "2"})).status == 412


async def test_nothing_changed_makes_no_edition(team: Team, storage: Storage) -> None:
    await team.publish(olena_0="День")
    assert await team.save(1, olena_0="день") == 303
    assert await team.publish(1, olena_0="08:00-20:00") == 303
    assert (await storage.roster.week(MONDAY)).edition == 1


async def test_the_week_before_is_copied_without_those_who_left_and_over_nothing(
    team: Team, accounts: Accounts
) -> None:
    await team.publish(olena_0="День", taras_6="Ніч")
    await change(accounts, team.taras, active=False)
    following = "/shifts/2026-03-09"
    assert "Скопіювати попередній тиждень" in await team.head.text("/shifts?week=2026-03-09")
    assert (await team.head.post(f"{following}/copy")).status == 303
    assert cells(await team.head.text("/shifts?week=2026-03-09")) == ["День"]
    assert (await team.head.post(f"{following}/copy")).status == 422


async def test_somebody_who_left_stands_in_the_week_they_were_drawn_in(
    team: Team, accounts: Accounts
) -> None:
    await team.publish(taras_6="Ніч")
    await change(accounts, team.taras, active=False)
    assert cells(await team.head.text(PAGE)) == ["Ніч"]
    assert "Тарас" not in await team.head.text("/shifts?week=2026-03-16")


async def test_who_closes_an_account_is_told_of_its_shifts_that_somebody_else_must_take(
    team: Team, clock: MovedClock
) -> None:
    closing = f"/admin/users/{team.olena.id}/deactivate"
    assert "У графіку" not in await team.head.text(closing)
    await team.publish(olena_0="8-13", olena_1="День", olena_3="День", taras_2="День")
    page = await team.head.text(closing)
    assert "У графіку ще є 2 зміни цієї людини, найближча 03.03.2026" in page, "Monday's is over"
    assert 'href="/shifts?week=2026-03-03"' in page
    clock.pass_(days=3)
    await team.head.enter("head")
    assert "1 зміна цієї людини, найближча 05.03.2026" in await team.head.text(closing)


async def test_hours_above_the_average_are_told(team: Team) -> None:
    for number in range(4):
        monday = MONDAY - number * A_WEEK
        await team.save(week=f"/shifts/{monday}", **{f"olena_{day}": "День" for day in range(4)})
        await team.publish(1, week=f"/shifts/{monday}", **{f"olena_{day}": "День" for day in range(4)})
    assert "⌀ 48" in await team.head.text(PAGE)
    assert "&gt; 40" in await team.head.text(PAGE)


async def test_a_day_that_is_no_monday_opens_its_week_and_takes_no_form(team: Team) -> None:
    assert 'action="/shifts/2026-03-02"' in await team.head.text("/shifts?week=05.03.2026")
    assert 'action="/shifts/2026-03-02"' in await team.head.text("/shifts?week=що")
    assert await team.save(week="/shifts/2026-03-03") == 404


@pytest.mark.parametrize("path", ["/shifts", PAGE])
async def test_dispatchers_draw_nothing(olena: Person, path: str) -> None:
    assert (await olena.get(path)).status == 403
    assert (await olena.post(WEEK, {"edition": "0"})).status == 403


async def test_an_acting_head_draws_the_week(
    olena: Person, team: Team, storage: Storage, clock: MovedClock
) -> None:
    now = clock.now()
    await storage.acting_heads.name(team.olena.id, now, now + A_WEEK, order="№ 1", by=team.olena.id, at=now)
    assert (await olena.post(WEEK, team.form(0, "publish", taras_0="День"))).status == 303
    assert len(await storage.roster.published(MONDAY, MONDAY)) == 1
