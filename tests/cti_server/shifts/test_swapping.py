"""Swaps by people: clumsy, two at once, too late, dismissed meanwhile; and wishes that the head sees."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import date

import pytest
from aiohttp.test_utils import TestClient, TestServer
from icalendar import Calendar

from cti_server.keys import Accounts
from hotline.documents.document import FIRST_OWN, DocumentKind, delivered
from hotline.shifts.shift_rules import SHIFT_RULES
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person, change
from tests.cti_server.shifts.conftest import WEEK, Team
from tests.cti_server.shifts.test_own import link_of

PAGE = "/shifts/swaps"
MONDAY = date(2026, 3, 2)
LATE = "Хтось вас випередив"


@pytest.fixture
async def taras(server: TestServer, team: Team) -> AsyncIterator[Person]:
    async with TestClient(server) as client:
        person = Person(client)
        await person.enter(team.taras.login)
        yield person


async def offer(person: Person, day: str = "2026-03-05", to: str = "all") -> int:
    return (await person.post(PAGE, {"day": day, "to": to, "words": "Весілля сестри"})).status


async def refused(person: Person, path: str, form: dict[str, str] | None = None) -> str:
    answer = await person.post(path, form)
    assert answer.status == 409, await answer.text()
    found = re.search(r'role="alert">([^<]+)<', await answer.text())
    assert found
    return found[1]


async def holds(storage: Storage) -> set[tuple[int, int]]:
    """Give who has a shift on which weekday."""
    return {(one.user_id, one.day.weekday()) for one in await storage.roster.published(MONDAY, MONDAY)}


async def test_a_swap_goes_its_whole_road_and_the_calendar_follows(
    team: Team, olena: Person, taras: Person, storage: Storage
) -> None:
    await team.publish(olena_3="День", taras_5="Ніч")
    link = await link_of(taras)
    assert "Запропонувати колезі" in await olena.text("/shifts/mine")
    assert await offer(olena, to=f"u{team.taras.id}-2026-03-07") == 303
    assert "Можна взяти" in await taras.text("/todo?wait=swaps")
    assert "натомість субота 07.03, Ніч 20:00–08:00" in await taras.text(PAGE)
    assert (await taras.post(f"{PAGE}/1/take")).status == 303
    assert await holds(storage) == {(team.olena.id, 3), (team.taras.id, 5)}, "the head has to approve it"
    assert "Чекає на начальника" in await olena.text("/todo?wait=swaps")
    assert "Схвалити" in await team.head.text("/todo?wait=swaps")
    assert (await team.head.post(f"{PAGE}/1/approve")).status == 303
    assert await holds(storage) == {(team.taras.id, 3), (team.olena.id, 5)}
    events = Calendar.from_ical(await (await taras.client.get(link)).text()).walk("VEVENT")
    assert [f"{one['DTSTART'].dt:%d}" for one in events] == ["05"]
    for one in (olena, taras):
        assert "Обміняно" in await one.text("/todo?wait=swaps")
        await one.text(PAGE)
        assert "Обміняно" not in await one.text("/todo?wait=swaps"), "it was seen"
    assert LATE in await refused(taras, f"{PAGE}/1/take-back")


async def test_what_is_too_late_or_nobodys_is_refused_in_words(
    team: Team, olena: Person, taras: Person, clock: MovedClock, storage: Storage
) -> None:
    await team.publish(olena_0="День", olena_3="День", taras_3="Ніч")
    assert "яка ще не почалася" in await refused(olena, PAGE, {"day": "2026-03-02", "to": "all"})
    assert "кому її запропонувати" in await refused(olena, PAGE, {"day": "2026-03-05", "to": "u99"})
    assert await offer(olena) == 303
    assert "вже запропоновано" in await refused(olena, PAGE, {"day": "2026-03-05", "to": "all"})
    assert "вже є інша зміна" in await refused(taras, f"{PAGE}/1/take")
    assert LATE in await refused(taras, f"{PAGE}/1/take-back")
    clock.pass_(days=3)
    await taras.enter(team.taras.login)
    assert "вже почалася" in await refused(taras, f"{PAGE}/1/take")
    assert "Беру" not in await taras.text(PAGE)
    assert len(await holds(storage)) == 3


async def test_the_roster_changed_after_both_agreed(
    team: Team, olena: Person, taras: Person, storage: Storage
) -> None:
    await team.publish(olena_3="День")
    await offer(olena)
    await taras.post(f"{PAGE}/1/take")
    await team.publish(1, olena_3="9-18")
    assert "Графік тим часом змінили" in await refused(team.head, f"{PAGE}/1/approve")
    assert "Напишіть, чому" in await refused(team.head, f"{PAGE}/1/refuse")
    assert (await team.head.post(f"{PAGE}/1/refuse", {"reason": "Уже інші години"})).status == 303
    assert "Уже інші години" in await olena.text("/todo?wait=swaps")
    assert await holds(storage) == {(team.olena.id, 3)}


async def test_who_agreed_and_was_dismissed_gets_no_shift(
    team: Team, olena: Person, taras: Person, accounts: Accounts, storage: Storage
) -> None:
    await team.publish(olena_3="День")
    await offer(olena)
    await taras.post(f"{PAGE}/1/take")
    await change(accounts, team.taras, active=False)
    assert "більше не приймає дзвінків" in await refused(team.head, f"{PAGE}/1/approve")
    assert await holds(storage) == {(team.olena.id, 3)}
    assert (await olena.post(f"{PAGE}/1/take-back")).status == 303


async def test_rest_that_it_breaks_takes_the_heads_tick(
    team: Team, olena: Person, taras: Person, storage: Storage, accounts: Accounts
) -> None:
    await team.publish(olena_3="6-14", taras_2="День")
    await offer(olena)
    assert "перед нею 10 год відпочинку" in await taras.text(PAGE)
    await taras.post(f"{PAGE}/1/take")
    assert "порушить правила відпочинку" in await refused(team.head, f"{PAGE}/1/approve")
    assert (await team.head.post(f"{PAGE}/1/approve", {"all_the_same": "yes"})).status == 303
    assert await holds(storage) == {(team.taras.id, 2), (team.taras.id, 3)}
    entries = [one.detail for one in await accounts.audit.latest(50) if one.subject == "swap:1"]
    assert "approved; rest rules broken" in entries


@pytest.fixture
def by_rule(team: Team) -> Iterator[Team]:
    """A version of the city's rules by which a swap that keeps them needs no head."""
    text = delivered(DocumentKind.SHIFTS)[1].replace("late_minutes", "swaps_by_rule = true\nlate_minutes")
    SHIFT_RULES.hold({FIRST_OWN: text})
    yield team
    SHIFT_RULES.hold({})


async def test_by_the_citys_rule_it_holds_at_once_where_rest_holds(
    by_rule: Team, olena: Person, taras: Person, storage: Storage
) -> None:
    team = by_rule
    await team.publish(olena_3="День", olena_5="6-14", taras_6="День")
    await offer(olena)
    await taras.post(f"{PAGE}/1/take")
    assert (team.taras.id, 3) in await holds(storage)
    await offer(olena, "2026-03-07")
    await team.publish(2, olena_5="День", taras_3="День", taras_6="6-14")
    await taras.post(f"{PAGE}/2/take")
    assert (team.olena.id, 5) in await holds(storage)
    assert "Чекає на начальника" not in await taras.text(PAGE), "the hours are others now"
    await olena.post(f"{PAGE}/2/take-back")
    await offer(olena, "2026-03-07")
    await taras.post(f"{PAGE}/3/take")
    assert (team.olena.id, 5) in await holds(storage), "too little rest: the head looks at it"
    assert "Чекає на начальника" in await taras.text(PAGE)


async def test_the_head_who_draws_meanwhile_keeps_what_was_typed(
    team: Team, olena: Person, taras: Person
) -> None:
    await team.publish(olena_3="День")
    await team.save(1, olena_3="День", taras_5="День")
    await offer(olena)
    await taras.post(f"{PAGE}/1/take")
    await team.head.post(f"{PAGE}/1/approve")
    late = await team.head.post(WEEK, team.form(2, "publish", olena_3="День"))
    assert late.status == 409
    page = await team.head.text("/shifts?week=2026-03-02")
    assert f'name="s{team.taras.id}-3" id="s{team.taras.id}-3" value="День"' in page, "the draft has it"


async def test_a_draft_that_undoes_a_swap_says_so_and_both_are_told_once_it_holds(
    team: Team, olena: Person, taras: Person
) -> None:
    await team.publish(olena_3="День")
    await offer(olena)
    await taras.post(f"{PAGE}/1/take")
    await team.head.post(f"{PAGE}/1/approve")
    for one in (olena, taras):
        assert "Графік відтоді змінили" not in await one.text(PAGE)
    await team.head.post(WEEK, team.form(2, "save", olena_3="День"))
    page = await team.head.text("/shifts?week=2026-03-02")
    assert re.search(r"ці обміни буде скасовано; [^<]+ 05\.03<", page)
    await team.publish(3, olena_3="День")
    assert "обміни буде скасовано" not in await team.head.text("/shifts?week=2026-03-02")
    for one in (olena, taras):
        assert "Графік відтоді змінили" in await one.text("/todo?wait=swaps")
        assert "Графік відтоді змінили" in await one.text(PAGE)
        assert "Графік відтоді змінили" not in await one.text("/todo?wait=swaps"), "it was seen"


async def test_wishes_stand_at_the_heads_cells_and_reasons_with_nobody_else(
    team: Team, olena: Person, taras: Person
) -> None:
    path, fields = "/shifts/mine/wishes", {"wish": "off", "since": "05.03.2026", "until": "06.03.2026"}
    answer = await olena.post(path, fields)
    assert answer.status == 422
    assert "начальник зважить" in await answer.text()
    assert (await olena.post(path, {**fields, "since": "01.03.2026", "reason": "x"})).status == 422
    assert (await olena.post(path, {**fields, "until": "05.03.2027", "reason": "x"})).status == 422
    assert (await olena.post(path, {**fields, "reason": "До лікаря"})).status == 303
    await team.save(olena_3="День", taras_3="День")
    page = await team.head.text("/shifts?week=2026-03-02")
    assert page.count("просить вихідний: До лікаря") == 2
    assert "1 зміна випадає на день, у який просили вихідний" in page
    await team.publish(1, olena_3="День", taras_3="День")
    assert "05.03.2026 – 06.03.2026" in await olena.text("/shifts/mine")
    assert "До лікаря" not in await taras.text("/shifts/mine")
    taken = {"since": "2026-03-05", "until": "2026-03-06"}
    assert (await olena.post(f"{path}/take-back", taken)).status == 303
    assert "До лікаря" not in await team.head.text("/shifts?week=2026-03-02")
