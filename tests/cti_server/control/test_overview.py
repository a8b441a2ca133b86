"""Control: numbers that lead to their rows, notices put aside, and the table as a file."""

import csv
import io
import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

from openpyxl import load_workbook

from hotline.access.permissions import Role
from hotline.appeals.acts.actors import SERVICE, Actor, ActorRole, applicant
from hotline.appeals.acts.applicants_word import Confirm
from hotline.appeals.acts.extension import AskExtension
from hotline.appeals.acts.keeping import Escalate, PutUnderControl
from hotline.appeals.appeal import Appeal, AppealKind, AppealState
from hotline.city.addresses import Area
from hotline.city.classifier import Utility
from hotline.outages.late_entries import OutageEntries
from hotline.outages.outage import By, NewOutage, OutageKind
from tests.cti_server.appeals.card.conftest import FIRST, Road
from tests.cti_server.appeals.list.test_list import shown
from tests.cti_server.conftest import KYIV, Person

LINK = re.compile(r'href="(/appeals\?[^"]+)"[^>]*>(?:<span class="tile-number">)?(\d+)<')


async def city(road: Road) -> None:
    """Overdue, due today and soon, in law and out of it, asked for more time, controlled, ended."""
    now = road.clock.now()
    work = AppealState.IN_WORK
    long_ago = now - timedelta(days=20)
    late = now - timedelta(days=2)
    await road.to(work, number=1, registered_at=long_ago, due_at=late, kind=AppealKind.COMPLAINT)
    await road.to(work, number=2, due_at=now - timedelta(hours=2), kind=AppealKind.COMPLAINT)
    await road.to(work, number=3, due_at=now - timedelta(days=9), kind=AppealKind.REPORT)
    await road.to(work, number=4, due_at=now + timedelta(hours=3))
    wanting = await road.to(work, number=5, due_at=now + timedelta(days=2), due_on=date(2026, 3, 4))
    until = date(2026, 3, 20)
    await road.do(wanting, AskExtension(by=road.executor, at=now, until=until, reason="Насос"))
    watched = await road.begins(number=6)
    await road.do(watched, PutUnderControl(by=road.city_head, at=now, on=True))
    await road.begins(number=7, state=AppealState.CLOSED, executor_id=road.heat.id)
    await road.begins(number=8, state=AppealState.CLOSED_UNCONFIRMED, executor_id=road.heat.id)


async def test_every_number_leads_to_as_many_appeals(head: Person, road: Road) -> None:
    await city(road)
    page = await head.text("/control")
    found = [(unescape(path), int(number)) for path, number in LINK.findall(page)]
    assert len(found) > 20
    for path, number in found:
        assert len(shown(await head.text(path))) == number, path


async def test_an_enterprise_is_counted_as_its_appeals_stand(head: Person, road: Road) -> None:
    await city(road)
    answer = await head.get("/control.csv")
    rows = list(csv.reader(io.StringIO((await answer.read()).decode("utf-8-sig"))))
    assert rows[0][:3] == ["Виконавець", "Робота за виконавцем", "Прострочені"]
    assert rows[1] == ["Не призначено", "1", "0", "0", "0", "0", "0", "0", "0", "1", "1", "0", "0", "0"]
    assert rows[2] == ["Тепломережі", "5", "3", "1", "2", "1", "0", "0", "1", "0", "7", "1", "0", "1"]
    assert rows[3] == ["Разом", "6", "3", "1", "2", "1", "0", "0", "1", "1", "8", "1", "0", "1"]
    assert len(rows) == 4
    book = load_workbook(io.BytesIO(await (await head.get("/control.xlsx?days=7")).read()))
    lines = [
        [str(cell) for cell in row if cell is not None] for row in book.active.iter_rows(values_only=True)
    ]
    assert lines[0] == ["Контроль звернень за підприємствами"]
    assert lines[1] == [f"Станом на {road.clock.now().astimezone(KYIV):%d.%m.%Y %H:%M}"]
    assert lines[2][0].startswith("Надійшло й закрито з ")
    assert (lines[4][0], lines[-1][0]) == ("Виконавець", "Разом")


async def entered(road: Road) -> None:
    """A late entry that is overdue now and one in time, of the heat supplier; one of nobody."""
    now = road.clock.now()
    new = NewOutage(
        utility=Utility.HEAT,
        kind=OutageKind.EMERGENCY,
        starts_at=now - timedelta(hours=2),
        expected_end=now - timedelta(hours=1),
        areas=(Area(street="Київський квартал"),),
        executor_id=road.heat.id,
    )
    for one in (new, replace(new, starts_at=now, expected_end=None), replace(new, executor_id=None)):
        await road.storage.outages.enter(one, By())
    sources = road.storage
    await OutageEntries(sources.outages, sources.executors, sources.outbox, road.clock).once()


async def test_entries_of_outages_are_counted_with_what_is_amiss_and_lead_to_their_rows(
    head: Person, road: Road
) -> None:
    assert "ніхто не вніс" in await head.text("/control")
    await entered(road)
    page = await head.text("/control")
    part = unescape(page[page.index("entries-title") :])
    own = f"executor={road.heat.id}"
    assert f'href="/outage-register?tab=lately&{own}">2<' in part
    assert f'href="/outage-register?tab=lately&flaw=late&{own}">1<' in part
    assert f'href="/outage-register?flaw=overdue&{own}">1<' in part
    assert 'href="/outage-register?tab=lately">3<' in part
    told = page.partition("внесено із запізненням (Тепломережі): Опалення")[2].partition("</li>")[0]
    (late,) = [
        one.matter.split("-")[1]
        for one in await road.storage.outbox.on_page("head")
        if one.matter.endswith("-late") and one.facts["texts"]["whose"]
    ]
    assert f'href="/outage-register/{late}"' in told, "a notice leads to what it is about"


async def test_what_was_closed_unconfirmed_stands_apart(head: Person, road: Road) -> None:
    await city(road)
    page = await head.text("/control?days=7")
    assert "state=closed&amp;from=2026-02-23" in page
    assert "state=closed-unconfirmed&amp;from=2026-02-23" in page


async def test_the_heads_notices_are_put_aside_once_seen(head: Person, road: Road) -> None:
    appeal = await road.to(AppealState.IN_WORK)
    overdue = Escalate(by=SERVICE, at=road.clock.now(), kind="overdue", key="overdue:1")
    await road.do(appeal, overdue)
    breach = Escalate(by=SERVICE, at=road.clock.now(), kind="breach", key="breach:1")
    await road.do(await road.now(), breach)
    page = await head.text("/control")
    assert "Прострочено: повідомлено виконавця" in page
    assert "Для начальника управління" in page
    (notice,) = await road.storage.outbox.on_page("head")
    wrong = await head.post("/control/seen", {"whom": f"executor:{road.heat.id}", "notice": str(notice.id)})
    assert wrong.status == 400
    await head.post("/control/seen", {"whom": "department", "notice": str(notice.id)})
    assert await road.storage.outbox.on_page("head")
    assert f'value="{notice.id}" id="notice-{notice.id}">' in page, "nothing is ticked beforehand"
    told = {"whom": "head", "notice": str(notice.id)}
    back = (await head.post("/control/seen", told)).headers["Location"]
    assert not await road.storage.outbox.on_page("head")
    after = await head.text(back)
    assert "Прострочено: повідомлено виконавця" not in after
    assert "1 повідомлення позначено прочитаним" in after
    read = await head.text("/control/read")
    assert "Прострочено: повідомлено виконавця" in read
    reader = (await road.storage.outbox.seen_on_page("head"))[0].seen_by
    assert (await road.storage.users.get(reader or 0)).name in read
    assert (await road.storage.audit.latest(9))[0].subject == "notices"
    log = await head.text("/admin/audit?action=change")
    assert ">Повідомлення начальнику центру<" in log
    assert f'прочитано повідомлення: <a href="/appeals/{appeal.number}">' in log, "no ids of ours"
    assert (await head.post("/control/unseen", told)).headers["Location"] == "/control#told"
    assert await road.storage.outbox.on_page("head")


async def test_an_observer_reads_and_puts_nothing_aside(head: Person, road: Road) -> None:
    appeal = await road.to(AppealState.IN_WORK)
    await road.do(appeal, Escalate(by=SERVICE, at=road.clock.now(), kind="overdue", key="overdue:1"))
    await head.enter(Role.OBSERVER.value)
    page = await head.text("/control")
    assert "Прострочено: повідомлено виконавця" in page
    assert "Ознайомлено" not in page.partition("told-title")[2].partition("</form>")[0]
    assert "Повернути" not in await head.text("/control/read")


async def closed_on_a_record(road: Road, *, number: int) -> Appeal:
    """Close one by the applicant's word as a user took it down."""
    (somebody, *_) = await road.storage.users.all()
    by = Actor(part=ActorRole.APPLICANT, user_id=somebody.id, source="letter:усно")
    done = await road.to(AppealState.DONE, number=number)
    return await road.do(done, Confirm(by=by, at=road.clock.now()))


async def test_what_a_dispatcher_took_down_stands_apart_and_is_drawn_for_the_head_to_look_at(
    head: Person, road: Road
) -> None:
    own = Confirm(by=applicant("link:1"), at=road.clock.now())
    await road.do(await road.to(AppealState.DONE), own)
    closed = await closed_on_a_record(road, number=2)
    page = unescape(await head.text("/control"))
    since = "from=2026-01-31"
    assert f'/appeals?state=closed&{since}&executor={road.heat.id}">2<' in page
    assert f'/appeals?state=closed&mark=taken-down&{since}&executor={road.heat.id}">1<' in page
    listed = await head.text(f"/appeals?state=closed&mark=taken-down&{since}")
    assert (f"/appeals/{closed.number}" in listed, f"/appeals/{FIRST}" in listed) == (True, False)
    drawn = await head.text("/control/closings?month=2026-03")
    assert ("усно" in drawn, "ще ні" in drawn) == (True, True)
    assert "Цього місяця так нічого не закрито" in await head.text("/control/closings?month=2026-02")
    found = {"version": str(closed.version), "reason": "Лист є"}
    await head.post(f"/appeals/{closed.number}/acts/review-closing", found)
    assert "ще ні" not in await head.text("/control/closings?month=2026-03")
    for month in ("x", "0001-01", "9999-12"):
        assert (await head.get(f"/control/closings?month={month}")).status == 200
