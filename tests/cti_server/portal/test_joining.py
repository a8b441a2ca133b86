"""“Me too”: a matter of the list is joined once by each contact, and by nobody who has not confirmed one."""

import html
import re
from dataclasses import replace

import pytest

from hotline.appeals.appeal import Appeal, AppealState
from hotline.contact.channel import Channel
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.portal.test_account import OLENA, code_to
from tests.fakes.register import Register
from tests.storage.portal.test_matters import LAMP

ONE = replace(LAMP, number="2600901")
JOIN = f"/matters/{ONE.number}/join"


async def registered(storage: Storage, clock: MovedClock, **changes: object) -> Appeal:
    one = replace(ONE, registered_at=clock.now(), **changes)  # type: ignore[arg-type]
    await storage.appeals.register(one)
    return one


async def confirmed(person: Person, storage: Storage, asked: int = 1) -> str:
    """Confirm a contact from the matter's page; where it leads then."""
    sent = await person.post("/my/code", {"contact": OLENA, "joining": ONE.number})
    assert sent.status == 303
    right = await person.post(sent.headers["Location"], {"code": await code_to(storage, OLENA, asked)})
    assert right.status == 303
    return right.headers["Location"]


async def test_it_is_joined_once_and_each_is_told(
    person: Person, storage: Storage, clock: MovedClock
) -> None:
    await registered(storage, clock)
    page = html.unescape(await person.text(f"/matters/{ONE.number}"))
    assert "У вас те саме?" in page
    nobody = await person.post(JOIN)
    assert nobody.status == 401
    assert "контакт уже не підтверджено" in await nobody.text()
    assert await storage.handling.linked(ONE.number) == []
    assert await confirmed(person, storage) == f"/matters/{ONE.number}"
    answers = [await person.post(JOIN, {"house": "9"}) for _ in range(2)]  # pressed twice
    assert {one.status for one in answers} == {303}
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    (linked,) = await storage.handling.linked(ONE.number)
    assert (linked.parent, linked.address) == (ONE.number, "Київський квартал, 9")
    assert (linked.reply_by, linked.reply_to) == (Channel.EMAIL, OLENA)
    page = html.unescape(await person.text("/matters"))
    assert "Про те саме повідомила ще 1 людина." in page
    assert page.count("<article") == 1
    assert "9" not in page.split("<article")[1].split("Зареєстровано")[0].replace(ONE.number, "")
    own = answers[0].headers["Location"].split("/")[2]
    assert (await person.get(f"/matters/{own}")).status == 200  # leads to the one that it goes along with


async def test_what_one_person_kept_is_sent_in_no_others_name_and_joined_stays_joined(
    person: Person, storage: Storage, clock: MovedClock
) -> None:
    await registered(storage, clock)
    await confirmed(person, storage)
    page = await person.text(f"/matters/{ONE.number}")
    (whose,) = re.findall(r'name="whose" value="([0-9a-f]{32})"', page)
    other = await person.post(JOIN, {"whose": "0" * 32})
    assert other.status == 401
    assert await storage.handling.linked(ONE.number) == []
    as_script = {**person.origin, "Accept": "application/json"}
    first = await person.client.post(JOIN, data={"whose": whose}, headers=as_script)
    where = (await first.json())["page"]
    await Register(storage, clock).worked(ONE.number, AppealState.DONE)  # nobody else joins it any more
    again = await person.client.post(JOIN, data={"whose": whose}, headers=as_script)
    assert (again.status, (await again.json())["page"]) == (200, where)
    assert len(await storage.handling.linked(ONE.number)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"state": AppealState.DONE},
        {"state": AppealState.CLOSED},
        {"address": "Іваненко, хвіртка"},
    ],
)
async def test_what_is_done_or_has_no_street_is_not_joined(
    person: Person, storage: Storage, clock: MovedClock, changes: dict[str, object]
) -> None:
    await registered(storage, clock, **changes)
    await confirmed(person, storage)
    assert (await person.post(JOIN)).status == 409
    assert await storage.handling.linked(ONE.number) == []


async def test_what_nobody_may_read_nobody_joins(person: Person, storage: Storage, clock: MovedClock) -> None:
    await registered(storage, clock, category="noise")
    await confirmed(person, storage)
    assert (await person.post(JOIN)).status == 404


async def test_floods_forged_origins_and_led_astray(
    person: Person, storage: Storage, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await registered(storage, clock)
    astray = await person.post("/my/code", {"contact": "petro@example.org", "joining": "//evil.example"})
    assert "evil" not in astray.headers["Location"]
    await confirmed(person, storage, 2)
    forged = await person.client.post(
        JOIN, data={}, headers={"Origin": "https://evil.example"}, allow_redirects=False
    )
    assert forged.status == 403
    monkeypatch.setattr("storage.portal.reports.MOST_OF_CONTACT", 0)
    assert (await person.post(JOIN)).status == 429
    assert await storage.handling.linked(ONE.number) == []
    statuses = [(await person.post(JOIN)).status for _ in range(25)]
    assert statuses[-1] == 429
    assert await storage.handling.linked(ONE.number) == []
