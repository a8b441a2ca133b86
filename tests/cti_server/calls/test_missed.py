"""The list of those to call back over HTTP."""

import csv
import io
import re
from collections.abc import AsyncIterator, Mapping

import pytest
from aiohttp.test_utils import TestClient, TestServer

from hotline.access.permissions import Role
from hotline.access.users import AuditFilter, User
from hotline.calls.call import JourneyStep, Outcome, Step, VoiceMessage
from hotline.line.callbacks import CLAIM_LASTS
from hotline.line.line import Priority
from storage.store import Storage
from tests.cti_server.calls.conftest import MARIA, NOON, call
from tests.cti_server.conftest import MovedClock, Person

HANNA = "+380457900003"


@pytest.fixture
async def worker(person: Person, users: Mapping[Role, User], storage: Storage) -> Person:
    assert users
    await call(storage, "m1", outcome=Outcome.ABANDONED_IN_LINE)
    await person.enter(Role.DISPATCHER.value)
    return person


async def test_a_number_can_be_dialled_and_leaves_only_when_it_was_reached(
    worker: Person, storage: Storage
) -> None:
    assert f'href="tel:{MARIA}"' in await worker.text("/calls/missed")
    assert (await worker.post("/calls/m1/callback", {"result": "no-answer"})).status == 303
    assert f'href="tel:{MARIA}"' in await worker.text("/calls/missed")
    assert (await worker.post("/calls/m1/callback", {"result": "reached", "note": "Так"})).status == 303
    assert "Ніхто не чекає на дзвінок" in await worker.text("/calls/missed")
    changes = await storage.audit.find(AuditFilter(action="change", subject="call:m1"), limit=9)
    assert [one.detail for one in changes] == ["callback reached", "callback no-answer"]
    assert await storage.audit.find(AuditFilter(action="view", subject="calls:missed"), limit=9)


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"result": "settled", "note": " "}, "Напишіть, як це вирішено."),
        ({"result": "nonsense", "note": "Листом"}, "Виберіть результат."),
        ({"result": "reached", "note": "я" * 501}, "Щонайбільше 500 знаків."),
    ],
)
async def test_a_bad_form_comes_back_with_the_reason_and_what_was_typed(
    worker: Person, form: Mapping[str, str], reason: str
) -> None:
    answer = await worker.post("/calls/m1/callback", form)
    page = await answer.text()
    assert answer.status == 422
    assert reason in page
    assert f'value="{form["note"].strip()}"' in page


async def test_a_call_that_nobody_can_call_back_is_not_found(worker: Person, storage: Storage) -> None:
    await call(storage, "hidden", None, outcome=Outcome.ABANDONED_IN_LINE)
    for call_id in ("hidden", "unknown"):
        assert (await worker.post(f"/calls/{call_id}/callback", {"result": "reached"})).status == 404


@pytest.fixture
async def other(server: TestServer, users: Mapping[Role, User]) -> AsyncIterator[Person]:
    """The head, at a browser of their own."""
    async with TestClient(server) as browser:
        person = Person(browser)
        await person.enter(users[Role.HEAD].login)
        yield person


async def test_two_do_not_call_the_same_person_at_once(
    worker: Person, other: Person, clock: MovedClock
) -> None:
    answer = await worker.post("/calls/m1/callback/claim")
    assert (answer.status, answer.headers["Location"]) == (303, "/calls/missed#call-m1")
    assert "Ви телефонуєте з 14:00" in await worker.text("/calls/missed")
    refused = await other.post("/calls/m1/callback/claim")
    page = await refused.text()
    assert refused.status == 409
    assert "На цей номер уже телефонує dispatcher (з 14:00)." in page
    assert 'action="/calls/m1/callback"' not in page
    await worker.post("/calls/m1/callback/release")
    assert (await other.post("/calls/m1/callback/claim")).status == 303
    clock.moment += CLAIM_LASTS
    assert (await worker.post("/calls/m1/callback/claim")).status == 303


async def test_what_was_tried_before_is_told(worker: Person) -> None:
    await worker.post("/calls/m1/callback", {"result": "busy", "note": "Передзвонити <ввечері>"})
    page = await worker.text("/calls/missed")
    assert "Зайнято — Передзвонити &lt;ввечері&gt;" in page
    assert "dispatcher:" in page


async def test_a_hidden_number_leaves_the_list_when_somebody_says_how_it_was_settled(
    worker: Person, storage: Storage
) -> None:
    await call(storage, "h1", None, outcome=Outcome.LOST)
    assert 'id="call-h1"' in await worker.text("/calls/missed")
    assert (await worker.post("/calls/h1/callback", {"result": "settled", "note": ""})).status == 422
    assert (await worker.post("/calls/h1/callback/claim")).status == 404
    await worker.post("/calls/h1/callback", {"result": "settled", "note": "Хвора, дзвонила знову"})
    assert 'id="call-h1"' not in await worker.text("/calls/missed")


async def test_the_list_is_exported_whole_with_hidden_numbers_at_its_end(
    worker: Person, storage: Storage
) -> None:
    await call(storage, "h1", None, outcome=Outcome.LOST)
    await worker.post("/calls/m1/callback", {"result": "busy"})
    answer = await worker.get("/calls/missed.csv")
    heads, maria, hidden = csv.reader(io.StringIO(await answer.text(encoding="utf-8-sig")))
    assert heads[0] == "Номер"
    assert maria[0] == f"'{MARIA}"
    assert maria[3:] == ["1", "1", "02.03.2026 14:00:00", "Зайнято", "dispatcher", ""]
    assert hidden[0] == "Номер приховано"


async def test_all_who_wait_can_be_reached_page_by_page_and_an_act_leads_back_to_its_page(
    worker: Person, storage: Storage
) -> None:
    for number in range(120):
        await call(storage, f"p{number}", f"+3804579010{number:02}", -number, Outcome.ABANDONED_IN_LINE)
        await call(storage, f"h{number}", None, -number, Outcome.LOST)
    seen, address = set(), "/calls/missed"
    for _page in range(3):
        page = await worker.text(address)
        seen |= set(re.findall(r'id="call-(\w+)"', page))
        following = re.search(r'href="(/calls/missed\?[^"]*)" rel="next"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert len([one for one in seen if one.startswith("p")]) == 120
    assert 'rel="next"' in page  # that of the hidden numbers, which have pages of their own
    assert 'id="call-h0"' in await worker.text("/calls/missed?hidden_page=3")
    answer = await worker.post("/calls/p3/callback?page=2", {"result": "reached"})
    assert answer.headers["Location"] == "/calls/missed?page=2"
    claimed = await worker.post("/calls/p4/callback/claim?page=2&ever=1")
    assert claimed.headers["Location"] == "/calls/missed?ever=1&page=2#call-p4"


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "²", ""])
async def test_a_page_that_is_none_is_the_first(worker: Person, page: str) -> None:
    assert 'id="call-m1"' in await worker.text(f"/calls/missed?page={page}")


async def test_those_of_long_ago_are_shown_when_asked_for_and_stand_in_the_file(
    worker: Person, clock: MovedClock
) -> None:
    clock.pass_(days=15)
    await worker.enter(Role.DISPATCHER.value)
    assert 'id="call-m1"' not in await worker.text("/calls/missed")
    assert 'id="call-m1"' in await worker.text("/calls/missed?ever=1")
    assert MARIA in await worker.text("/calls/missed.csv")


async def test_what_is_shown_already_is_not_sent_again_nor_written_down_as_seen_again(
    worker: Person, other: Person, storage: Storage, clock: MovedClock
) -> None:
    first = await worker.get("/calls/missed")
    shown = {"If-None-Match": first.headers["ETag"]}
    assert (await worker.get("/calls/missed", headers=shown)).status == 304
    views = AuditFilter(action="view", subject="calls:missed")
    assert len(await storage.audit.find(views, limit=9)) == 1

    await other.post("/calls/m1/callback/claim")

    claimed = await worker.get("/calls/missed", headers=shown)
    assert claimed.status == 200
    assert len(await storage.audit.find(views, limit=9)) == 2
    clock.moment += CLAIM_LASTS
    void = await worker.get("/calls/missed", headers={"If-None-Match": claimed.headers["ETag"]})
    assert void.status == 200


async def test_a_message_stands_among_those_to_call_back_with_its_sound(
    worker: Person, storage: Storage
) -> None:
    await call(storage, "m2", HANNA, outcome=Outcome.MESSAGE_LEFT)
    said = VoiceMessage(id="said", call_id="m2", number=HANNA, file="said.wav", began_at=NOON, seconds=5.0)
    await storage.calls.keep_message(said)
    await storage.line.enter("m2", at=NOON, priority=Priority.EMERGENCY)
    await storage.line.leave("m2", NOON)
    page = await worker.text("/calls/missed")
    assert page.index('id="call-m2"') < page.index('id="call-m1"')
    assert 'src="/calls/m2/messages/said.wav"' in page
    assert page.count("Аварія") == 1


async def test_parts_are_counted_and_digits_find_a_number(
    worker: Person, storage: Storage, users: Mapping[Role, User]
) -> None:
    await call(storage, "m2", HANNA, -1, Outcome.MESSAGE_LEFT)
    await call(storage, "h1", None, -2, Outcome.ABANDONED_IN_LINE)
    await storage.line.enter("h1", at=NOON, priority=Priority.EMERGENCY)
    await storage.line.leave("h1", NOON)
    shown = re.compile(r'<li class="card[^"]*" id="call-(\w+)"')
    page = await worker.text("/calls/missed")
    assert re.findall(r'list-count">(\d+)<', page) == ["1", "1"], "emergencies, with a message"
    assert shown.findall(page) == ["m2", "m1", "h1"]
    assert shown.findall(await worker.text("/calls/missed?only=message")) == ["m2"]
    assert shown.findall(await worker.text("/calls/missed?only=emergency")) == ["h1"]
    found = await worker.text("/calls/missed?q=790 00 03")
    assert shown.findall(found) == ["m2"]
    assert "list-count" not in found
    assert 'data-at="/calls/missed?q=790+00+03"' in found, "it renews itself as it is filtered"
    assert "Нічого не знайдено" in await worker.text("/calls/missed?q=999")
    misread = await worker.text("/calls/missed?q=Марія")
    assert "Напишіть цифри телефонного номера." in misread
    assert shown.findall(misread) == ["m2", "m1", "h1"]
    file = await (await worker.get("/calls/missed.csv?only=message")).text()
    assert "0003" in file.replace(" ", "").replace("-", "")
    assert "0001" not in file.replace(" ", "").replace("-", "")
    answer = await worker.post("/calls/missed/views", {"name": "Аварії", "query": "only=emergency&page=2"})
    assert answer.headers["Location"] == "/calls/missed?only=emergency"
    (view,) = await storage.views.of(users[Role.DISPATCHER].id, "calls-missed")
    assert view.query == "only=emergency"


async def test_whom_a_missed_call_was_for_stands_with_it_where_it_was_another_city(
    worker: Person, storage: Storage
) -> None:
    assert "За: " not in await worker.text("/calls/missed")
    detail = {"agreement": 3, "name": "Славутич"}
    await storage.calls.note(
        JourneyStep(call_id="m1", number=9, at=NOON, step=Step.FOR_NEIGHBOUR, detail=detail)
    )
    await storage.calls.flush()
    assert "За: Славутич" in await worker.text("/calls/missed")
    file = await (await worker.get("/calls/missed.csv")).text(encoding="utf-8-sig")
    heads, maria = csv.reader(io.StringIO(file))
    assert (heads[-1], maria[-1]) == ("Від імені якої громади", "Славутич")
    assert 'data-about="m1" title="Телефонувати від імені: Славутич"' in await worker.text("/calls/m1")
