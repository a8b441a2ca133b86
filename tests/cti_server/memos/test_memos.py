"""Memos: written by two, sent under a number, missed, put off, taken up with a task, printed."""

import asyncio
import html
import re
from collections.abc import Mapping
from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.city.classifier import Utility
from hotline.inquiries.inquiries import NewInquiry
from hotline.memos.memo_states import MemoState
from hotline.outages.outage import By, NewOutage, OutageKind
from hotline.tasks.task import TaskFilter
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.enterprise.sending import send
from tests.storage.pictures import pdf

PAGE = "/memos/1"
DRAFT = {
    "kind": "proposal",
    "addressee": "mayor",
    "subject": "Третє місце вночі",
    "text": "Уночі чекають по три хвилини.",
    "edition": "1",
}
SENT = {"edition": "1", "number": "14-п", "sent_on": "02.03.2026", "answer_by": "10.03.2026"}
TODO = "/todo?wait=memos"


@pytest.fixture
async def sent(head: Person) -> Person:
    assert (await head.post("/memos", DRAFT)).headers["Location"] == f"{PAGE}?noted=memo-saved"
    assert (await head.post(f"{PAGE}/send", SENT)).status == 303
    return head


async def test_it_waits_is_missed_put_off_and_taken_up_with_one_task(
    sent: Person, storage: Storage, clock: MovedClock, users: Mapping[Role, User]
) -> None:
    assert "Чекає на відповідь" in await sent.text(PAGE)
    assert (await sent.post(PAGE, DRAFT)).status == 409
    assert "14-п" not in await sent.text(TODO)
    clock.pass_(days=9)
    await sent.enter("head")
    assert "14-п" in await sent.text(TODO)
    assert "її очікували до 10.03.2026" in await sent.text(PAGE)
    later = {"do": "defer", "answer": "Після бюджету", "answered_on": "11.03.2026"}
    assert (await sent.post(f"{PAGE}/answer", later)).status == 422
    assert (await sent.post(f"{PAGE}/answer", {**later, "again_on": "01.04.2026"})).status == 303
    assert "14-п" not in await sent.text(TODO)
    yes = {"do": "accept", "answer": "Так", "answered_on": "12.03.2026", "task": "Додати місце"}
    refused = await sent.post(f"{PAGE}/answer", yes)
    assert refused.status == 422
    assert "постає завдання" in await refused.text()
    taken = {**yes, "party": f"user:{users[Role.HEAD].id}", "due": "30.03.2026"}
    assert (await sent.post(f"{PAGE}/answer", taken)).status == 303
    assert (await sent.post(f"{PAGE}/answer", taken)).status == 409
    (task,) = await storage.tasks.find(TaskFilter(record="memo:1"), limit=9)
    assert task.source.title == "Пропозиція № 14-п від 02.03.2026: Третє місце вночі"
    assert f'href="/tasks/{task.id}"' in await sent.text(PAGE)
    assert f'href="{PAGE}"' in await sent.text(f"/tasks/{task.id}")
    assert "14-п" in await sent.text("/memos?q=місця")
    assert "Після бюджету" not in await sent.text("/memos.csv"), "the last answer stands"


async def test_a_form_that_is_sent_twice_at_once_makes_one_memo(head: Person, storage: Storage) -> None:
    first, second = await asyncio.gather(*(head.post("/memos", {**DRAFT, "key": "once"}) for _ in range(2)))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(await storage.memos.list(limit=9)) == 1
    assert re.search(r'name="key" value="[^"]{16}"', await head.text("/memos/new"))


async def test_of_two_who_write_it_the_second_is_told_and_nothing_unread_is_sent(head: Person) -> None:
    await head.post("/memos", DRAFT)
    assert (await head.post(PAGE, {**DRAFT, "text": "Перший текст"})).status == 303
    late = await head.post(PAGE, {**DRAFT, "text": "Другий текст"})
    assert late.status == 409
    assert "Другий текст" in await late.text()
    unread = await head.post(f"{PAGE}/send", SENT)
    assert unread.status == 409
    assert "Перший текст" in await unread.text()


@pytest.mark.parametrize(
    ("where", "typed", "told"),
    [
        ("", {**DRAFT, "subject": ""}, "про що йдеться"),
        ("", {**DRAFT, "text": ""}, "Напишіть текст"),
        ("/send", {**SENT, "number": ""}, "під яким надіслано"),
        ("/send", {**SENT, "sent_on": "учора"}, "Вкажіть дату"),
        ("/send", {**SENT, "answer_by": "01.03.2026"}, "раніша за дату надсилання"),
    ],
)
async def test_what_cannot_be_taken_comes_back(
    head: Person, storage: Storage, where: str, typed: dict[str, str], told: str
) -> None:
    await head.post("/memos", DRAFT)
    answer = await head.post(PAGE + where, typed)
    assert answer.status == 422
    assert told in await answer.text()
    assert (await storage.memos.get(1)).edition == 1


async def test_a_draft_is_dropped_and_what_was_sent_is_printed(sent: Person, storage: Storage) -> None:
    assert (await sent.post(f"{PAGE}/drop")).status == 409
    paper = await sent.get(f"{PAGE}.pdf")
    assert (await paper.read()).startswith(b"%PDF")
    await sent.post("/memos", DRAFT)
    assert (await sent.post("/memos/2/drop")).status == 303
    assert (await storage.memos.get(2)).state is MemoState.DROPPED
    assert (await sent.post("/memos/2/send", SENT)).status == 409


async def test_a_breach_is_reported_from_what_is_overdue_and_a_person_writes_the_rest(
    head: Person, storage: Storage, clock: MovedClock, users: Mapping[Role, User]
) -> None:
    works = await storage.executors.add("КП «УЖКГ»", "УЖКГ", [])
    new = NewOutage(
        utility=Utility.WATER,
        kind=OutageKind.UNPLANNED,
        starts_at=clock.now() - timedelta(hours=3),
        executor_id=works.id,
    )
    outage = await storage.outages.enter(new, By())
    asked = NewInquiry(executor_id=works.id, text="Які строки?", due_at=clock.now() + timedelta(days=1))
    inquiry = await storage.inquiries.ask(asked, users[Role.HEAD].id, clock.now())
    clock.pass_(days=2)
    await head.enter("head")
    page = await head.text("/memos/new")
    assert f'value="outage:{outage.id}"' in page
    ticked = {
        "kind": "proposal",
        "addressee": "mayor",
        "subject": "Порушення",
        "text": "Прошу вжити заходів.",
        "facts": [f"outage:{outage.id}", f"inquiry:{inquiry.id}", "appeal:999"],
        "norms": ["4.3", "made-up"],
    }
    composed = await (await head.post("/memos/facts", ticked)).text()
    text = html.unescape(composed.split('name="text"')[1].split(">", 1)[1].split("</textarea>")[0])
    assert text.startswith(
        "Прошу вжити заходів.\n\nВиявлено:\n— КП «УЖКГ»: відключення № 1, початок 02.03.2026"
    )
    assert "внесено після початку" in text
    assert "— КП «УЖКГ»: запит № 1 від 02.03.2026 без відповіді, строк — 03.03.2026;" in text
    assert text.endswith("п. 4.3 — своєчасне внесення повідомлень про роботи й відключення;")
    again = {**ticked, "text": text}
    twice = html.unescape(await (await head.post("/memos/facts", again)).text())
    assert twice.count("без відповіді, строк — 03.03.2026;") == 1
    assert not await storage.memos.list(limit=5), "nothing is kept before it is saved"
    breach = {**DRAFT, "kind": "breach", "addressee": "department", "text": text, "edition": "0"}
    assert (await head.post("/memos", breach)).status == 303
    assert "Доповідна про порушення" in await head.text(PAGE)


async def test_the_answer_on_paper_lies_with_the_memo(head: Person, storage: Storage) -> None:
    await head.post("/memos", DRAFT)
    assert (await send(head, "/memos/1/files", {}, [("Відповідь.pdf", pdf())])).status == 303
    assert "Відповідь.pdf" in await head.text("/memos/1")
    assert (await head.get("/memos/1/files/1")).status == 200
    assert [one.name for one in await storage.record_files.of_record("memo:1")] == ["Відповідь.pdf"]
    assert (await head.get("/memos/2/files/1")).status == 404
