"""The list of appeals over HTTP: filters in the address, terms in words, kept filters, export, papers."""

import asyncio
import base64
import csv
import io
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import fromstring

import pypdf
import xmlschema

from cti_server.appeals.acts.words import IN_VAIN as VAIN_ATTEMPTS
from cti_server.appeals.list.page import PAGE_ROWS
from cti_server.appeals.papers.acts import ACTS, IN_VAIN
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import AuditFilter, User
from hotline.appeals.acts.actors import acting
from hotline.appeals.acts.keeping import Note
from hotline.appeals.acts.routing import Assign, Forward
from hotline.appeals.appeal import Appeal, AppealKind, AppealState
from hotline.appeals.paperwork import PAPERWORK
from hotline.appeals.transitions import TABLE
from hotline.city.addresses import demo_streets
from hotline.city.classifier import Urgency
from hotline.documents.document import FIRST_OWN, DocumentKind, delivered
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, Person

SEV = xmlschema.XMLSchema(Path(__file__).with_name("sev-1207-1.5.xsd"))
SHOWN = re.compile(r'href="/appeals/26(\d{5})"')


async def register(storage: Storage, number: int, at: datetime, **fields: Any) -> Appeal:
    appeal = Appeal(
        **{
            "number": f"26{number:05d}",
            "applicant_number": "+380457900001",
            "text": "Прорвало трубу в підвалі <b>",
            "state": AppealState.REGISTERED,
            "registered_at": at,
            "due_on": (at + timedelta(days=15)).date(),
            "due_at": at + timedelta(days=15),
            **fields,
        }
    )
    await storage.appeals.register(appeal)
    return appeal


def shown(page: str) -> list[int]:
    return [int(number) for number in SHOWN.findall(page)]


async def test_filters_stand_in_the_address(head: Person, storage: Storage, clock: MovedClock) -> None:
    await storage.streets.add(demo_streets())
    now = clock.now()
    heat = await storage.executors.add("КП «Тепломережі»", "Тепломережі", [])
    await register(storage, 1, now, address="вулиця Атомників, 7", category="hot-water-none")
    await register(storage, 2, now, address="вулиця Деснянська, 7", state=AppealState.CLOSED)
    await register(
        storage, 3, now + timedelta(hours=10), executor_id=heat.id, state=AppealState.ASSIGNED, text="Ліфт"
    )
    assert shown(await head.text("/appeals")) == [3, 2, 1]
    assert shown(await head.text("/appeals?state=open")) == [3, 1]
    assert shown(await head.text("/appeals?state=closed&due=")) == [2]
    assert shown(await head.text(f"/appeals?address={quote('Курчатова, 7')}")) == [1]
    assert shown(await head.text(f"/appeals?address={quote('Курчатова 8')}")) == []
    assert shown(await head.text(f"/appeals?text={quote('труби')}&order=oldest")) == [1, 2]
    assert shown(await head.text(f"/appeals?executor={heat.id}")) == [3]
    assert shown(await head.text("/appeals?executor=none")) == [2, 1]
    assert shown(await head.text("/appeals?category=hot-water-none")) == [1]
    assert shown(await head.text("/appeals?from=2026-03-03")) == [3]
    assert shown(await head.text("/appeals?to=2026-03-02")) == [2, 1]
    odd = "/appeals?from=x&to=9999-12-31&state=x&due=x&executor=x&by=x&kind=x&sign=x&urgency=x&order=x&at=x"
    assert shown(await head.text(odd)) == [3, 2, 1]
    assert "Нічого не знайдено" in await head.text("/appeals?category=nothing")
    entries = await storage.audit.find(AuditFilter(subject="appeals"), limit=50)
    assert {one.action for one in entries} == {"view", "search"}


async def test_a_term_is_told_in_words(head: Person, storage: Storage, clock: MovedClock) -> None:
    now = clock.now()
    for number, left in enumerate((-49, -3, 5, 30, 24 * 20), 1):
        await register(storage, number, now, due_at=now + timedelta(hours=left), urgency=Urgency.URGENT)
    await register(storage, 6, now, due_at=now - timedelta(hours=1), state=AppealState.CLOSED)
    page = await head.text("/appeals")
    for words in (
        *("прострочено на 2 дні", "прострочено на 3 години", "залишилося 5 годин", "залишився 1 день"),
        "залишилося 20 днів",
    ):
        assert words in page
    assert page.count("list-term") == 5
    assert shown(await head.text("/appeals?due=overdue&order=term")) == [1, 2]


async def test_pages_follow_one_another(head: Person, storage: Storage, clock: MovedClock) -> None:
    for number in range(PAGE_ROWS + 3):
        await register(storage, number, clock.now() + timedelta(minutes=number))
    page = await head.text("/appeals?state=open")
    (further,) = re.findall(r'rel="next" href="([^"]+)"', page)
    second = await head.text(unescape(further))
    assert shown(second) == [2, 1, 0]
    assert "state=open" in further
    assert 'rel="next"' not in second


async def test_filters_are_kept_and_a_head_shares_them(
    head: Person, storage: Storage, users: Mapping[Role, User]
) -> None:
    form = {"name": "Прострочені", "query": "due=overdue&x=1&state=open", "shared": "yes"}
    answer = await head.post("/appeals/views", form)
    assert (
        answer.headers["Location"] == "/appeals?due=overdue&state=open"
        or "due=overdue" in answer.headers["Location"]
    )
    (view,) = await storage.views.of(users[Role.DISPATCHER].id, "appeals")
    assert (view.name, view.shared) == ("Прострочені", True)
    assert "x=1" not in view.query
    assert 'aria-current="page"' in await head.text(f"/appeals?{view.query}")
    assert (await head.post(f"/appeals/views/{view.id}/drop")).status == 303
    assert await storage.views.of(users[Role.HEAD].id, "appeals") == []


async def test_views_have_names_of_their_own_and_are_renamed(
    head: Person, storage: Storage, users: Mapping[Role, User]
) -> None:
    for name in ("Перші", "Другі"):
        await head.post("/appeals/views", {"name": name, "query": "by=1"})
    second, first = await storage.views.of(users[Role.HEAD].id, "appeals")
    refused = await head.post(f"/appeals/views/{first.id}/rename", {"name": second.name})
    assert "добірка з такою назвою" in await head.text(refused.headers["Location"])
    await head.post(f"/appeals/views/{first.id}/rename", {"name": "Треті"})
    assert {one.name for one in await storage.views.of(users[Role.HEAD].id, "appeals")} == {"Другі", "Треті"}


async def test_a_list_that_is_narrowed_complains_of_no_view(head: Person) -> None:
    page = await head.text("/appeals?due=overdue")
    assert "Зберегти ці фільтри" in page
    assert 'role="alert"' not in page


async def test_a_view_of_what_there_is_no_more_says_so(head: Person, storage: Storage) -> None:
    await head.post("/appeals/views", {"name": "Давні", "query": "executor=99&state=gone&due=today"})
    page = await head.text("/appeals?executor=99&state=gone&due=today")
    assert page.count("такого вже немає") == 2
    assert "Термін сьогодні" in page


async def test_parts_are_one_press_away_with_their_counts(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    now = clock.now()
    await register(storage, 1, now, due_at=now - timedelta(hours=1))
    await register(storage, 2, now, due_at=now + timedelta(hours=1))
    await register(storage, 3, now, state=AppealState.DISPUTED)
    page = await head.text("/appeals")
    assert counts(page) == {
        "Прострочені": "1",
        "Термін сьогодні": "1",
        "Нічиї": "3",
        "Оскаржено заявником": "1",
    }
    chosen = await head.text("/appeals?due=overdue&order=term")
    assert counts(chosen) == counts(page)
    assert 'href="/appeals?order=term" aria-current="true"' in chosen
    assert "/appeals?state=owed&amp;executor=none&amp;order=term" in chosen
    assert "list-set" not in chosen
    beside = await head.text("/appeals?kind=complaint&urgency=urgent")
    assert counts(beside) == {}
    assert "Вид: <strong>Скарга</strong>" in beside
    assert 'href="/appeals?urgency=urgent"' in beside
    assert "Ще фільтри (2)" in beside


def counts(page: str) -> Mapping[str, str]:
    return dict(
        re.findall(r'>([^<>]+) <span class="list-count">(\d+)</span>', page.replace("✓</span> ", ">"))
    )


async def test_the_one_box_takes_numbers_addresses_and_words(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    await storage.streets.add(demo_streets())
    await register(storage, 1, clock.now(), address="вулиця Атомників, 7", registration_index="К-401")
    await register(storage, 2, clock.now(), address="Київський квартал, 7", text="Ліфт 26 днів стоїть")
    for typed, found in (
        *(("26 000 01", [1]), ("№ 2600002", [2]), ("к-401", [1]), ("26", [2, 1])),
        *(("Курчатова 7", [1]), ("київський квартал", [2]), ("вул. Атомників, 8", [])),
        *(("ліфти", [2]), ("труба атомників 7", [1]), ("ліфт 26", [2])),
    ):
        assert shown(await head.text(f"/appeals?q={quote(typed)}")) == found, typed
    assert "Шукаємо за адресою: вулиця Атомників, 7." in await head.text(f"/appeals?q={quote('курчатова 7')}")


async def test_columns_are_chosen_and_stay(head: Person, storage: Storage, clock: MovedClock) -> None:
    await register(storage, 1, clock.now())
    assert "не названо" in await head.text("/appeals")
    form = [
        ("list", "appeals"),
        ("columns", "about"),
        ("columns", "registrar"),
        ("next", "/appeals?columns=term&due="),
    ]
    answer = await head.client.post("/preferences", data=form, headers=head.origin, allow_redirects=False)
    assert answer.headers["Location"] == "/appeals?due="
    page = await head.text("/appeals")
    assert re.findall(r'<td role="cell" class="cell-(\w+)"', page) == ["number", "about", "registrar", "act"]
    assert "cell-term" in await head.text("/appeals?columns=term")


async def test_who_may_register_gets_to_the_form_from_the_list(head: Person) -> None:
    assert 'href="/desk/appeals/new"' in await head.text("/appeals")


async def test_days_in_the_wrong_order_are_told_and_turned(head: Person) -> None:
    page = await head.text("/appeals?from=2026-03-05&to=2026-03-01&state=open")
    assert "Перший день пізніший за останній" in page
    assert "/appeals?state=open&amp;from=2026-03-01&amp;to=2026-03-05" in page
    assert "Перший день" not in await head.text("/appeals?from=2026-03-01&to=2026-03-05&closed-to=2026-01-01")


async def test_an_appeal_leads_to_what_it_waits_for_where_the_reader_may_do_it(
    person: Person, storage: Storage, users: Mapping[Role, User], clock: MovedClock
) -> None:
    await register(storage, 1, clock.now())
    await register(storage, 2, clock.now(), state=AppealState.CLOSED)
    await person.enter(Role.DISPATCHER.value)
    acts = re.findall(r'href="(/appeals/\d+#act-[\w-]+)"', await person.text("/appeals"))
    assert acts == ["/appeals/2600001#act-assign"]
    assert 'id="act-assign"' in await person.text("/appeals/2600001")
    await person.enter(Role.OBSERVER.value)
    assert "#act-" not in await person.text("/appeals")


async def test_a_dispatcher_keeps_filters_only_for_themselves(
    person: Person, users: Mapping[Role, User], storage: Storage
) -> None:
    await person.enter(Role.DISPATCHER.value)
    await person.post("/appeals/views", {"name": "Мої", "query": "by=1", "shared": "yes"})
    await person.post("/appeals/views", {"name": "  ", "query": "by=2"})
    (view,) = await storage.views.of(users[Role.DISPATCHER].id, "appeals")
    assert (view.name, view.shared) == ("Мої", False)
    assert await storage.views.of(users[Role.HEAD].id, "appeals") == []


async def test_the_list_is_exported_with_its_filters(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    await register(storage, 1, clock.now(), registration_index="К-401")
    await register(storage, 2, clock.now(), state=AppealState.CLOSED)
    text = await head.text("/appeals.csv?state=open")
    headings, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert [row[:2] for row in rows] == [["2600001", "К-401"]]
    assert headings[:2] == ["Номер", "Індекс"]
    assert "+380457900001" not in text


async def test_the_file_for_1545_has_the_states_codes_and_nobodys_data(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    await register(storage, 1, clock.now(), registration_index="К-401", kind=AppealKind.COMPLAINT)
    await register(storage, 2, clock.now(), kind=AppealKind.INFORMATION_REQUEST)
    await register(storage, 3, clock.now(), state=AppealState.CLOSED)
    text = await head.text("/appeals/state.csv?state=open")
    headings, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert headings[3:5] == ["1. За формою надходження", "2. За ознакою надходження"]
    [row] = rows
    assert row[:2] == ["2600001", "К-401"]
    assert [one.split(" ")[0] for one in row[3:8]] == ["1.7", "2.1", "3.3", "5.1", "6.3"]
    assert "+380457900001" not in text
    assert 'href="/appeals/state.csv?state=open"' in await head.text("/appeals?state=open")


async def test_a_forwarded_appeal_is_a_message_for_the_states_exchange(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    await register(storage, 1, clock.now(), registration_index="К-401", category="water-leak")
    page = "/appeals/2600001/sev.xml?code=12345678&system=sys-9"
    await register(storage, 2, clock.now(), state=AppealState.FORWARDED)  # imported: nobody forwarded it here
    assert [(await head.get(one)).status for one in (page, page.replace("01/", "02/"))] == [409, 409]
    user = await storage.users.by_login("head")
    assert user is not None
    act = Forward(by=acting(user), at=clock.now(), to="Обласна адміністрація & Ко", reason="Належить їм")
    await storage.handling.carry_out("2600001", act, version=None)
    assert "Файл для СЕВ ОВВ" in await head.text("/appeals/2600001")
    assert (await head.get(page)).status == 422, "the organisation has no code yet"
    text = max(delivered(DocumentKind.PAPERWORK).items())[1]
    with PAPERWORK.kept():
        PAPERWORK.hold({FIRST_OWN: f'edrpou = "04054866"\nsev_system = "sys-1"\n{text}'})
        assert (await head.get("/appeals/2600001/sev.xml?code=1")).status == 422
        answer = await head.get(page)
        again = await (await head.get(page)).read()
    body = await answer.read()
    assert answer.content_type == "application/xml"
    SEV.validate(body.decode())
    root = fromstring(body)  # noqa: S314 - our own
    assert [root.get(one) for one in ("standart", "from_org_id", "to_org_id", "to_sys_id")] == [
        "1207",
        "04054866",
        "12345678",
        "sys-9",
    ]
    assert root.findtext("Document/RegNumber") == "К-401"
    assert root.find("Document/Addressee/Organization[@fullname='Обласна адміністрація & Ко']") is not None
    assert base64.b64decode(root.findtext("Document/DocTransfer") or "")[:5] == b"%PDF-"
    assert fromstring(again).get("msg_id") == root.get("msg_id")  # noqa: S314 - our own


async def test_an_urgent_term_is_exported_with_its_hour(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    due = clock.now() + timedelta(hours=3)
    await register(storage, 1, clock.now(), urgency=Urgency.URGENT, due_at=due)
    await register(storage, 2, clock.now(), due_at=due, due_on=date(2026, 3, 2))
    for path in ("/appeals.csv", "/appeals/journal.csv"):
        text = await head.text(path)
        assert f'"{due.astimezone(KYIV):%d.%m.%Y %H:%M:%S}"' in text, path
        assert '"02.03.2026"' in text, path


async def test_the_registration_card_is_a_paper_in_ukrainian(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    maria = await storage.citizens.add("Ґудзь-Їжакевич Марія Іванівна", "Ризький квартал, 1", [])
    await register(
        storage,
        1,
        clock.now(),
        registration_index="Ґ-1",
        applicant_id=maria.id,
        text="#strong[x] *y* $z$ \\ «ні»",
    )
    answer = await head.get("/appeals/2600001/card.pdf")
    assert answer.content_type == "application/pdf"
    text = read_pdf(await answer.read())
    for words in (
        "КАРТКА",
        "Ґ-1",
        "Ґудзь-Їжакевич Марія Іванівна",
        "#strong[x] *y* $z$ \\ «ні»",
        "02.03.2026",
    ):
        assert words in text, words
    assert (await head.get("/appeals/2699999/card.pdf")).status == 404
    assert await storage.audit.find(AuditFilter(subject="appeal:2600001", action="export"), limit=1)


async def test_the_card_tells_who_gave_it_to_whom_and_what_was_done(
    head: Person, storage: Storage, clock: MovedClock, users: Mapping[Role, User]
) -> None:
    heat = await storage.executors.add("КП «Тепломережі»", "Тепло", [])
    await register(storage, 1, clock.now())
    by = acting(users[Role.HEAD])
    given = Assign(by=by, at=clock.now(), executor_id=heat.id, reason="Прошу усунути сьогодні")
    await storage.handling.carry_out("2600001", given, version=1)
    note = Note(by=by, at=clock.now(), text="Не для заявника", internal=True)
    await storage.handling.carry_out("2600001", note, version=2)
    text = read_pdf(await (await head.get("/appeals/2600001/card.pdf")).read())
    assert "Прошу усунути сьогодні — head" in text
    assert "Передано виконавцеві: КП «Тепломережі»" in text
    assert "Не для заявника" not in text


async def test_the_card_names_the_group_of_questions_the_first_term_and_the_longer_one(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    await register(
        storage,
        1,
        clock.now(),
        category="tree-prune",
        due_on=date(2026, 4, 10),
        extended=True,
        controlled=True,
        earlier="2500017",
    )
    text = read_pdf(await (await head.get("/appeals/2600001/card.pdf")).read())
    for words in ("090 Комунальне господарство", "02.04.2026", "10.04.2026", "25 000 17", "КОНТРОЛЬ"):
        assert words in text, words
    assert "tree-prune" not in text


def test_every_act_has_words_for_the_card() -> None:
    named = {one.act.name for one in TABLE if one.act.name != "escalate"}
    assert named <= set(ACTS)


def test_every_vain_attempt_has_words_for_the_card() -> None:
    assert set(IN_VAIN) == set(VAIN_ATTEMPTS)


async def test_ten_cards_at_once_are_all_printed(head: Person, storage: Storage, clock: MovedClock) -> None:
    await register(storage, 1, clock.now())
    answers = await asyncio.gather(*(head.get("/appeals/2600001/card.pdf") for _ in range(10)))
    assert [one.status for one in answers] == [200] * 10


async def test_the_journal_of_a_period_is_a_paper_and_a_table(
    head: Person, storage: Storage, clock: MovedClock, accounts: Accounts
) -> None:
    for number in range(3):
        await register(
            storage, number, clock.now() - timedelta(days=number), registration_index=f"К-{number}"
        )
    assert 'value="01.03.2026"' in await head.text("/appeals/journal")
    period = "from=2026-03-01&to=2026-03-02"
    text = read_pdf(await (await head.get(f"/appeals/journal.pdf?{period}")).read())
    assert "К-0" in text
    assert "К-1" in text
    assert "К-2" not in text
    assert "Усього зареєстровано: 2" in text
    table = await head.text(f"/appeals/journal.csv?{period}")
    assert len(table.splitlines()) == 3
    assert (await head.get("/appeals/journal.pdf?from=9999-12-31&to=x")).status == 200
    for kind in ("pdf", "csv"):
        turned = await head.get(f"/appeals/journal.{kind}?from=2026-03-02&to=2026-03-01")
        assert turned.headers["Location"] == "/appeals/journal?from=2026-03-02&to=2026-03-01"
    page = await head.text("/appeals/journal?from=2026-03-02&to=2026-03-01")
    assert "Перший день пізніший за останній" in page
    assert 'href="/appeals/journal?from=2026-03-01&amp;to=2026-03-02"' in page
    assert 'value="02.03.2026" required' in page


def read_pdf(made: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages).split())
