"""Reports over HTTP: papers made, signed and corrected, their files, the builder, the rating, references."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from html import unescape

import openpyxl
import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.outages.outage import By, NewOutage, OutageKind
from hotline.reports.measures import DIMENSIONS, MEASURES, Dimension
from hotline.reports.papers import PaperKind
from service.wiring.reports import ReportFiles, paper_maker
from storage.store import Storage
from tests.cti_server.appeals.list.test_list import read_pdf
from tests.cti_server.conftest import KYIV, MovedClock, Person
from tests.effort import BY_NIGHT

City = Sequence[dict[str, object]]


@pytest.fixture
async def head(person: Person, users: Mapping[Role, User], kept: City) -> Person:
    assert users
    assert kept
    await person.enter(Role.HEAD.value)
    return person


async def made(storage: Storage, clock: MovedClock) -> str:
    """The address of yesterday's paper, made as the service does."""
    await paper_maker(storage, KYIV, clock).look()
    paper = await storage.papers.latest(PaperKind.DAY)
    assert paper
    return f"/reports/papers/{paper.id}"


async def test_a_paper_says_on_its_page_and_in_its_files_what_was_counted(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    path = await made(storage, clock)
    assert "01.03.2026" in await head.text("/reports")
    page = await head.text(path)
    for text in ("Звернень надійшло", "Прострочені звернення поіменно", "Ще не підписано", "ТМ"):
        assert text in page
    answer = await head.get(f"{path}.pdf")
    paper = read_pdf(await answer.read())
    for text in ("ЗВІТ ЗА ДЕНЬ", "за 01.03.2026", "Складено 02.03.2026 14:00 автоматично", "SHA-256"):
        assert text in paper
    book = openpyxl.load_workbook(io.BytesIO(await (await head.get(f"{path}.xlsx")).read()))
    assert "Показники" in book.sheetnames
    assert book["Показники"]["A3"].value == "Не підписано"


async def test_a_signed_paper_stays_and_a_correction_is_another_version(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    path = await made(storage, clock)
    before = await storage.papers.get(int(path.rpartition("/")[2]))
    answer = await head.post(f"{path}/sign")
    assert answer.status == 303
    page = await head.text(path)
    assert "Підписано 02.03.2026" in page
    assert f"{path}/sign" not in page
    assert "fault=taken" in (await head.post(f"{path}/sign")).headers["Location"]
    assert "fault=reason" in (await head.post(f"{path}/correct", {"reason": " "})).headers["Location"]
    clock.pass_(hours=1)
    corrected = (await head.post(f"{path}/correct", {"reason": "Запізнілі дзвінки"})).headers["Location"]
    page = await head.text(corrected)
    assert "версія 2" in page
    assert "Запізнілі дзвінки" in page
    assert "Є новіша версія" in await head.text(path)
    after = await storage.papers.get(before.id)
    assert (after.content, after.digest, after.whole) == (before.content, before.digest, True)
    assert after.signed
    assert "fault=taken" in (await head.post(f"{path}/correct", {"reason": "ще"})).headers["Location"]


async def test_a_paper_goes_by_mail_once_it_is_signed(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    form = {"kind": "day", "made": "yes", "hour": "8", "sends": "signed"}
    refused = await head.post("/reports/plans", {**form, "addresses": "mayor@example.org, нема"})
    assert refused.status == 422
    assert "Це не адреса електронної пошти: нема" in await refused.text()
    assert (await head.post("/reports/plans", {**form, "addresses": "mayor@example.org\n"})).status == 303
    path = await made(storage, clock)
    assert await storage.outbox.claim([Channel.EMAIL], clock.now()) == []
    await head.post(f"{path}/sign")
    (notice,) = await storage.outbox.claim([Channel.EMAIL], clock.now())
    assert (notice.to, notice.address) == ("office:mayor@example.org", "mayor@example.org")
    printed, book = await ReportFiles(storage.papers, clock, KYIV).attached_to(notice)
    assert printed.name == "report-day-2026-03-01.pdf"
    assert "Підписано в системі 02.03.2026 14:00" in read_pdf(printed.content)
    assert book.name == "report-day-2026-03-01.xlsx"


async def test_the_head_has_a_paper_of_earlier_days_made_but_not_of_days_that_go_on(head: Person) -> None:
    made_at = (await head.post("/reports/make", {"kind": "month", "day": "15.02.2026"})).headers["Location"]
    page = await head.text(made_at)
    assert "01.02.2026–28.02.2026" in page
    assert "Рейтинг підприємств" in page
    again = (await head.post("/reports/make", {"kind": "month", "day": "03.02.2026"})).headers["Location"]
    assert again == made_at.partition("?")[0]
    refused = await head.post("/reports/make", {"kind": "month", "day": "01.03.2026"})
    assert "fault=days" in refused.headers["Location"]
    assert "Ці дні ще не закінчилися" in await head.text("/reports?fault=days")


def split_by_day(name: str) -> Sequence[Dimension]:
    """Share the dimensions of a kind of rows out among its measures: they have all between them."""
    rows = MEASURES[name].rows
    alike = [other for other, one in MEASURES.items() if one.rows is rows]
    share = 1 if BY_NIGHT else min(len(alike), len(DIMENSIONS[rows]))
    return DIMENSIONS[rows][alike.index(name) % share :: share]


@pytest.mark.parametrize("name", MEASURES)
async def test_every_figure_of_the_builder_leads_to_as_many_rows(head: Person, name: str) -> None:
    for by in split_by_day(name):
        page = await head.text(f"/reports/build?measure={name}&by={by.value}&period=year")
        found = re.findall(r'<td class="control-number"><a href="([^"]+)">([^<]+)</a>', page)
        if MEASURES[name].whole is None and MEASURES[name].quantity is None:
            for path, figure in (found[0], found[-1]) if found else ():
                rows = await head.text(unescape(path))
                assert len(re.findall(r'<tr><th scope="row">', rows)) == int(figure), path


async def test_a_report_is_drawn_chosen_kept_and_sent_for(
    head: Person, storage: Storage, users: Mapping[Role, User]
) -> None:
    asked = "measure=in-time&by=enterprise&period=year&channel=phone"
    page = await head.text(f"/reports/build?{asked}")
    assert 'class="report-bar"' in page
    assert re.search(r"\d+ із \d+", page)
    assert "<polyline" in await head.text("/reports/build?measure=received&by=day&period=quarter&drawn=line")
    table = await head.text(f"/reports/build.csv?{asked}")
    assert next(csv.reader(io.StringIO(table.removeprefix("\ufeff")))) == [
        "Підприємство",
        "Закрито вчасно, частка",
    ]
    assert (await head.post("/reports/build/views", {"name": "Вчасно", "query": asked})).status == 303
    (view,) = await storage.views.of(users[Role.HEAD].id, "reports")
    page = await head.text("/reports/build")
    assert "Вчасно" in page
    form = {"view": str(view.id), "kind": "day", "hour": "7", "query": asked}
    refused = await head.post("/reports/build/sent", {**form, "addresses": "ні"})
    assert "wrong-address" in refused.headers["Location"]
    assert "через кому" in await head.text(refused.headers["Location"].partition("#")[0])
    assert (await head.post("/reports/build/sent", {**form, "addresses": "a@example.org"})).status == 303
    (schedule,) = await storage.schedules.all()
    assert "a@example.org" in await head.text("/reports/build")
    assert (await head.post(f"/reports/build/sent/{schedule.id}/drop")).status == 303
    assert await storage.schedules.all() == []


async def test_odd_questions_of_the_builder_are_answered(head: Person) -> None:
    for odd in (
        "measure=x&by=y&period=z&from=1&to=2&drawn=q",
        "measure=calls&by=channel&enterprise=§",
        "measure=received&by=weekday&key=7",
        "measure=received&by=hour&key=24",
        "measure=calls&by=day&from=1900-01-01&to=2026-03-01&period=days",
        "measure=overdue&by=term&enterprise=9999999999999999999999&topic=%7F",
    ):
        assert (await head.get(f"/reports/build?{odd}")).status == 200, odd
        assert (await head.get(f"/reports/build/rows?{odd}&key=§&page=x")).status == 200, odd
    page = await head.text("/reports/build?measure=calls&by=day&from=01.01.2026&to=01.03.2026&period=days")
    assert "не рахуємо" not in page
    page = await head.text("/reports/build?measure=calls&by=month&period=year")
    assert "Враховано останні дні: 92" in page


async def test_the_rating_has_counts_and_whoever_has_few_has_no_place(head: Person) -> None:
    page = await head.text("/reports/rating?from=01.01.2026&to=02.03.2026")
    assert "ТМ" in page
    assert re.search(r"\d+\xa0% \(\d+\)", page)
    assert "місця не має" in page
    table = await head.text("/reports/rating.csv?from=01.01.2026&to=02.03.2026")
    assert "ВК" in table


async def test_reference_papers_are_printed_and_name_nobody(
    head: Person, kept: City, storage: Storage, clock: MovedClock
) -> None:
    city_wide = NewOutage(utility=Utility.WATER, kind=OutageKind.EMERGENCY, starts_at=clock.now(), areas=())
    await storage.outages.enter(city_wide, By())
    number = str(kept[0]["number"])
    paper = read_pdf(await (await head.get(f"/reports/references/appeal.pdf?number={number}")).read())
    assert "ДОВІДКА ПРО ЗВЕРНЕННЯ" in paper
    assert "Заявник не погодився, що виконано" in paper
    paper = read_pdf(await (await head.get("/reports/references/enterprise.pdf?executor=1")).read())
    assert "ДОВІДКА ПРО РОБОТУ: ТМ" in paper
    answer = await head.get("/reports/references/address.pdf?address=Київський квартал")
    assert "ДОВІДКА ЗА АДРЕСОЮ" in read_pdf(await answer.read())
    for days, there in (("01.03.2026&to=02.03.2026", True), ("10.02.2026&to=11.02.2026", False)):
        answer = await head.get(f"/reports/references/address.pdf?address=Київський квартал&from={days}")
        assert ("аварійне" in read_pdf(await answer.read())) is there, days
    for wrong, said in (
        ("appeal.pdf?number=1", "Звернення з таким номером немає"),
        ("address.pdf?address=ніде", "Такої адреси в реєстрі немає"),
        ("enterprise.pdf?executor=77", "Виберіть підприємство"),
    ):
        there = (await head.get(f"/reports/references/{wrong}")).headers["Location"]
        assert said in await head.text(there)


async def test_the_mayor_reads_papers_and_signs_none(
    person: Person, users: Mapping[Role, User], kept: City, storage: Storage, clock: MovedClock
) -> None:
    assert users
    assert kept
    path = await made(storage, clock)
    await person.enter(Role.OBSERVER.value)
    page = await person.text(path)
    assert f"{path}/sign" not in page
    assert (await person.post(f"{path}/sign")).status == 403
    assert (await person.get("/reports/plans")).status == 403
    assert "/calls/" not in await person.text("/reports/build/rows?measure=calls&by=day&period=year")
