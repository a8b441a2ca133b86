"""An account by a confirmed contact: codes that are not guessed and do not flood, its appeals, its end."""

import re

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import delete

from hotline.appeals.acts.actors import SERVICE
from hotline.appeals.acts.keeping import Amend, ToldBy
from hotline.contact.channel import Channel
from storage.store import Storage
from storage.tables import resident_codes
from tests.cti_server.conftest import MovedClock, Person, status_with_cookie
from tests.cti_server.portal.test_reporting import filled, send

OLENA = "olena@example.org"


async def code_to(storage: Storage, contact: str, asked: int = 1) -> str:
    """The code as its message has it, of the first asking, or a later one."""
    owed = [await storage.outbox.find(number) for number in range(1, 20)]
    notice = [one for one in owed if one is not None and one.to.startswith("account:")][asked - 1]
    assert notice.address == contact
    code: str = notice.facts["texts"]["code"]
    return code


async def open_account(person: Person, storage: Storage, asked: int = 1) -> None:
    sent = await person.post("/my/code", {"contact": OLENA})
    assert sent.status == 303
    right = await person.post(sent.headers["Location"], {"code": await code_to(storage, OLENA, asked)})
    assert (right.status, right.headers["Location"]) == (303, "/my")


async def test_who_confirms_sees_all_theirs_and_is_told_from_then_on(
    person: Person, clock: MovedClock, storage: Storage
) -> None:
    reported = await send(person, {**await filled(person, clock), "contact": OLENA})
    number = reported.headers["Location"].split("/")[2]
    await open_account(person, storage)
    appeal = await storage.registry.find(number)
    assert appeal is not None
    assert (appeal.reply_by, appeal.reply_to) == (Channel.EMAIL, OLENA)
    page = await person.text("/my")
    link = re.search(rf'href="(/my/{number}/\d{{10}})"', page)
    assert link is not None
    assert (await person.get(link[1])).status == 200
    second = await send(person, await filled(person, clock))  # an open account's contact is sure by itself
    again = await storage.registry.find(second.headers["Location"].split("/")[2])
    assert again is not None
    assert again.reply_to == OLENA


async def test_who_has_asked_for_no_calls_meanwhile_is_not_called_for_having_confirmed(
    person: Person, clock: MovedClock, storage: Storage
) -> None:
    mobile = "+380671234567"
    reported = await send(person, {**await filled(person, clock), "contact": mobile})
    number = reported.headers["Location"].split("/")[2]
    only = Amend(by=SERVICE, at=clock.now(), reply_by=ToldBy.SMS_ONLY, reply_to=mobile)
    await storage.handling.carry_out(number, only, version=None)
    asked = await person.post("/my/code", {"contact": mobile})
    code = await code_to(storage, mobile)
    assert (await person.post(asked.headers["Location"], {"code": code})).status == 303
    appeal = await storage.registry.find(number)
    assert appeal is not None
    assert (appeal.reply_by, appeal.reply_to, appeal.only_in_writing) == (Channel.SMS, mobile, True)
    history = await storage.handling.history(number, hidden=True)
    assert [one.act for one in history].count("amend") == 2, "it was confirmed"


async def test_a_report_that_somebody_else_kept_is_no_accounts(
    person: Person, clock: MovedClock, storage: Storage
) -> None:
    kept = await filled(person, clock)  # by nobody who is known; sent once another has confirmed a contact
    await open_account(person, storage)
    for fields in (kept, {**await filled(person, clock), "whose": "0" * 32}):
        sent = await send(person, fields)
        assert sent.status == 303
        appeal = await storage.registry.find(sent.headers["Location"].split("/")[2])
        assert appeal is not None
        assert appeal.reply_to == ""


async def test_it_ends_in_all_browsers_at_once(server: TestServer, storage: Storage) -> None:
    async with TestClient(server) as first, TestClient(server) as second:
        one, other = Person(first), Person(second)
        await open_account(one, storage)
        await open_account(other, storage, 2)
        assert OLENA in await other.text("/my")
        assert (await one.post("/my/leave")).status == 303
        assert OLENA not in await one.text("/my")
        assert OLENA not in await other.text("/my")


async def test_a_cookie_of_any_bytes_opens_nobodys_account(server: TestServer) -> None:
    async with TestClient(server):
        assert await status_with_cookie(server.make_url("/my"), b"hotline-my=\xff") == 200


async def test_codes_are_not_guessed_and_serve_once(person: Person, storage: Storage) -> None:
    path = (await person.post("/my/code", {"contact": OLENA})).headers["Location"]
    code = await code_to(storage, OLENA)
    for guess in range(5):
        assert (await person.post(path, {"code": f"x{guess}"})).status == 422
    assert (await person.post(path, {"code": code})).status == 422  # five were wrong: none is looked at
    path = (await person.post("/my/code", {"contact": OLENA})).headers["Location"]
    right = {"code": await code_to(storage, OLENA, 2)}
    assert (await person.post(path, right)).status == 303
    assert (await person.post(path, right)).status == 422


async def test_nobody_floods_a_contact_with_codes(
    person: Person, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        assert (await person.post("/my/code", {"contact": OLENA})).status == 303
    assert (await person.post("/my/code", {"contact": OLENA})).status == 429
    monkeypatch.setattr("storage.portal.accounts.MOST_UNCONFIRMED", {Channel.EMAIL: 3})
    assert (await person.post("/my/code", {"contact": "petro@example.org"})).status == 429
    assert (await person.post("/my/code", {"contact": "nothing"})).status == 422
    assert sum([await storage.outbox.find(number) is not None for number in range(1, 9)]) == 3


@pytest.mark.parametrize("number", ["+992931234567", "+881612345678", "+79161234567", "0900123456", "112"])
async def test_no_code_goes_abroad_or_to_dear_numbers(person: Person, storage: Storage, number: str) -> None:
    assert (await person.post("/my/code", {"contact": number})).status == 422
    assert await storage.outbox.find(1) is None


async def test_a_code_is_sent_and_its_link_is_no_others_though_older_ones_are_deleted(
    person: Person, storage: Storage
) -> None:
    before = (await person.post("/my/code", {"contact": "petro@example.org"})).headers["Location"]
    async with storage.database.writing() as connection:
        await connection.execute(delete(resident_codes))
    after = (await person.post("/my/code", {"contact": OLENA})).headers["Location"]
    assert await code_to(storage, OLENA, 2)
    assert (await person.get(after)).status == 200
    assert (await person.get(before)).status == 404
