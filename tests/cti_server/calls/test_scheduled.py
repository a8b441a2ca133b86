"""Arranged calls over HTTP: the form, the list, whose they are."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime

import pytest
from aiohttp.test_utils import TestClient, TestServer

from hotline.access.permissions import Role
from hotline.access.users import AuditFilter, User
from storage.store import Storage
from tests.cti_server.calls.conftest import MARIA
from tests.cti_server.conftest import MovedClock, Person

NEW = "/calls/scheduled/new"
FORM = {"number": MARIA, "when": "today", "why": "Чи полагодили <ліфт>", "whose": "me"}


@pytest.fixture
async def worker(person: Person, users: Mapping[Role, User]) -> Person:
    assert users
    await person.enter(Role.DISPATCHER.value)
    return person


@pytest.fixture
async def head(server: TestServer, users: Mapping[Role, User]) -> AsyncIterator[Person]:
    async with TestClient(server) as browser:
        person = Person(browser)
        await person.enter(users[Role.HEAD].login)
        yield person


async def test_a_call_is_arranged_from_another_and_stands_on_the_list_when_it_is_due(
    worker: Person, storage: Storage, clock: MovedClock
) -> None:
    assert f'value="{MARIA}"' in await worker.text(f"{NEW}?number=%2B380457900001&call=c1")
    answer = await worker.post(NEW, {**FORM, "call": "c1", "appeal": "2026-7"})
    assert (answer.status, answer.headers["Location"]) == (303, "/calls/missed#scheduled-1")
    (kept,) = await storage.scheduled_callbacks.waiting(9)
    assert kept.due_at == datetime(2026, 3, 2, 13, 0, tzinfo=UTC)  # 15:00 in Kyiv
    assert (kept.about.call_id, kept.about.appeal_number) == ("c1", "2026-7")
    assert "Заплановані на пізніше" in await worker.text("/calls/missed")
    clock.pass_(hours=1)
    page = await worker.text("/calls/missed")
    assert "Заплановані: час телефонувати" in page
    assert 'data-missed="scheduled-1"' in page
    assert "Чи полагодили &lt;ліфт&gt;" in page
    assert await storage.audit.find(AuditFilter(action="add", subject="callback:1"), limit=9)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"number": "12"}, "Це не номер телефону"),
        ({"number": "0900123456"}, "платн"),
        ({"why": " "}, "Напишіть кількома словами"),
        ({"why": "я" * 501}, "Щонайбільше 500 знаків"),
        ({"when": "tomorrow", "at": "2026-03-05T10:00"}, "Виберіть «в інший час»"),
        ({"when": "other", "at": ""}, "Виберіть день і час"),
        ({"when": "other", "at": "колись"}, "Виберіть день і час"),
        ({"when": "other", "at": "2026-03-02T13:59"}, "Цей час уже минув"),
        ({"when": "other", "at": "2026-07-02T13:59"}, "на три місяці"),
    ],
)
async def test_a_form_with_faults_comes_back_with_the_reason_and_what_was_typed(
    worker: Person, storage: Storage, wrong: Mapping[str, str], reason: str
) -> None:
    answer = await worker.post(NEW, FORM | {"call": "c9"} | dict(wrong))
    page = await answer.text()
    assert answer.status == 422
    assert reason in page
    assert 'value="c9"' in page
    assert await storage.scheduled_callbacks.waiting(9) == []


async def test_after_three_today_is_not_offered_and_not_taken(worker: Person, clock: MovedClock) -> None:
    clock.pass_(hours=1)
    assert 'value="today"' not in await worker.text(NEW)
    assert (await worker.post(NEW, FORM)).status == 422


async def test_it_is_moved_and_a_moment_that_is_over_is_refused(worker: Person, storage: Storage) -> None:
    await worker.post(NEW, FORM)
    past = await worker.post("/calls/scheduled/scheduled-1/move", {"at": "2026-03-01T10:00"})
    page = await past.text()
    assert past.status == 422
    assert "Цей час уже минув" in page
    assert 'value="2026-03-01T10:00"' in page
    assert (await worker.post("/calls/scheduled/scheduled-1/move", {"at": "2026-03-05T10:00"})).status == 303
    (kept,) = await storage.scheduled_callbacks.waiting(9)
    assert kept.due_at == datetime(2026, 3, 5, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("end", ["reached", "given-up"])
async def test_the_head_closes_one_that_nobody_has_to_make_any_more(
    worker: Person, head: Person, storage: Storage, end: str
) -> None:
    await worker.post(NEW, FORM)
    assert "для: dispatcher" in await head.text("/calls/missed")
    assert (await head.post("/calls/scheduled/scheduled-1/close", {"end": end})).status == 303
    assert await storage.scheduled_callbacks.waiting(9) == []
    second = await worker.post("/calls/scheduled/scheduled-1/close", {"end": end})
    assert "у списку вже немає" in await worker.text(second.headers["Location"]), "no bare error"
    second = await worker.post("/calls/scheduled/scheduled-1/move", {"at": "2026-03-05T10:00"})
    assert "у списку вже немає" in await worker.text(second.headers["Location"])
    assert (await head.post(NEW, FORM)).status == 403


async def test_the_list_is_sent_anew_when_a_call_falls_due(worker: Person, clock: MovedClock) -> None:
    await worker.post(NEW, FORM)
    first = await worker.get("/calls/missed")
    shown = {"If-None-Match": first.headers["ETag"]}
    assert (await worker.get("/calls/missed", headers=shown)).status == 304
    clock.pass_(hours=1)
    assert (await worker.get("/calls/missed", headers=shown)).status == 200
