"""The office's pages: a file's road from the plan to the act, clumsy hands, journals as paper and table."""

import re
from collections.abc import Mapping
from datetime import datetime

import pytest

from hotline.access.permissions import Role
from hotline.office.file_states import FileState
from hotline.office.journals import Journal
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, Person

FILE = {"index": "05-12", "title": "Листування", "keeping": "years", "years": "1", "article": "ст. 22"}
COMMISSION = "Бойко Ігор, голова\nКоваль Олена, член\nМельник Ганна"


async def done(person: Person, path: str, fields: Mapping[str, str], status: int = 303) -> str:
    """Send a form; give where it leads, or the page that it shows again."""
    answer = await person.post(path, fields)
    assert answer.status == status, await answer.text()
    return answer.headers.get("Location", "") or await answer.text()


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


async def approved(head: Person, year: int = 2026) -> None:
    await done(head, f"/office/{year}/files", FILE)
    page = await head.text(f"/office/{year}")
    order = {"approver": "Міський голова", "number": "1-р", "dated": "02.03.2026", "version": version(page)}
    await done(head, f"/office/{year}/approve", order)


async def test_a_file_goes_its_whole_road_from_the_plan_to_the_act(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    assert "Жодного року ще не розпочато" in await head.text("/office")
    await done(head, "/office/begin", {"year": "2026"})
    await approved(head)
    page = await head.text("/office/2026")
    assert "затверджено" in page
    assert "Додати справу" not in page
    entry = {"dated": "02.03.2026", "correspondent": "Управління", "about": "Про графік"}
    await done(head, "/office/files/1/entries", entry)
    await done(head, "/office/files/1/entries/1/strike", {"reason": "двічі"})
    assert "<del>Управління: Про графік</del>" in await head.text("/office/files/1")
    assert (await head.post("/office/2026/close", {})).status == 409, "the year is not over"
    clock.moment = datetime(2028, 1, 3, 9, tzinfo=KYIV)
    await head.enter("head")
    await done(head, "/office/2026/close", {})
    count = {"volumes": "2", "notes": "", "held": "", "version": version(await head.text("/office/files/1"))}
    await done(head, "/office/files/1/count", count)
    assert "Листування" in await head.text("/office/acts/new?kind=destroy")
    where = await done(head, "/office/acts/new", {"kind": "destroy", "number": "1", "files": "1"})
    act = where.partition("?")[0]
    given = {"event": "approve", "commission": COMMISSION, "on": "03.01.2028"}
    await done(head, f"{act}/move", {**given, "version": version(await head.text(act))})
    given = {"event": "sign", "signer": "Міський голова", "on": "03.01.2028"}
    await done(head, f"{act}/move", {**given, "version": version(await head.text(act))})
    await done(head, f"{act}/move", {"event": "carry-out", "version": version(await head.text(act))})
    assert (await storage.file_plans.file(1)).state is FileState.DESTROYED
    assert await storage.file_plans.entries(1) == []
    paper = await head.get(f"{act}.pdf")
    assert (await paper.read()).startswith(b"%PDF")


async def test_what_is_typed_wrongly_is_said_at_its_field_and_nothing_is_lost(head: Person) -> None:
    await done(head, "/office/begin", {"year": "2026"})
    page = await done(head, "/office/2026/files", {**FILE, "years": "сто", "index": ""}, 422)
    assert "Укажіть кількість років" in page
    assert 'value="Листування"' in page
    await done(head, "/office/2026/files", FILE)
    assert "Такий індекс уже має" in await done(head, "/office/2026/files", FILE, 422)
    page = await done(head, "/office/2026/approve", {"approver": "", "dated": "31.12.2026"}, 422)
    assert "Цей день ще не настав" in page
    await done(head, "/office/begin", {"year": "2026"}, 409)


async def test_two_who_change_a_file_at_once_the_second_sees_theirs_again(head: Person) -> None:
    await done(head, "/office/begin", {"year": "2026"})
    await done(head, "/office/2026/files", FILE)
    seen = {"version": version(await head.text("/office/files/1"))}
    await done(head, "/office/files/1", {**FILE, **seen, "title": "Листування з управлінням"})
    page = await done(head, "/office/files/1", {**FILE, **seen, "title": "Інше листування"}, 409)
    assert 'value="Інше листування"' in page
    await done(head, "/office/files/1", {**FILE, "version": version(page), "title": "Інше листування"})
    assert "Інше листування" in await head.text("/office/2026")
    late = {"approver": "Голова", "number": "1", "dated": "02.03.2026", "version": "1"}
    await done(head, "/office/2026/approve", late, 412)


async def test_a_commission_of_two_is_none(head: Person, clock: MovedClock) -> None:
    await done(head, "/office/begin", {"year": "2026"})
    await approved(head)
    clock.moment = datetime(2028, 1, 3, 9, tzinfo=KYIV)
    await head.enter("head")
    await done(head, "/office/2026/close", {})
    assert "Виберіть хоча б одну" in await done(
        head, "/office/acts/new", {"kind": "destroy", "number": "1"}, 422
    )
    await done(head, "/office/acts/new", {"kind": "destroy", "number": "1", "files": "1"})
    two = {"event": "approve", "commission": "Бойко\nКоваль", "on": "03.01.2028", "version": "1"}
    assert "щонайменше троє" in await done(head, "/office/acts/1/move", two, 422)


@pytest.mark.parametrize("journal", [Journal.HANDOVERS, Journal.CITY_DATA])
async def test_a_journal_is_shown_by_days_and_taken_as_a_file(
    person: Person, users: Mapping[Role, object], storage: Storage, clock: MovedClock, journal: Journal
) -> None:
    assert users
    await person.enter("dispatcher")
    one = await storage.handovers.open(1, clock.now())
    await storage.handovers.hand_over(one.id, 1, clock.now(), remarks="Усе спокійно", items=[])
    there = journal is Journal.HANDOVERS
    path = f"/office/journals/{journal}"
    assert ("Усе спокійно" in await person.text(path)) is there
    assert "Усе спокійно" not in await person.text(f"{path}?from=01.01.2020&to=01.01.2021")
    file = await person.get(f"{path}.csv")
    assert ("Усе спокійно" in (await file.read()).decode("utf-8-sig")) is there
    assert (await person.get("/office/journals/appeals")).headers["Location"] == "/appeals/journal"
    assert (await person.get("/office/journals/none")).status == 404
