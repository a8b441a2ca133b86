"""One city answers for another: read, taken, handed over once, and ended at once by either side."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace

import aiohttp
import pytest
from sqlalchemy import update

from hotline.access.permissions import Role
from hotline.access.users import AuditFilter, User
from hotline.city.addresses import Area, demo_streets
from hotline.city.classifier import Utility
from hotline.delivery.handing_over import Refused
from hotline.enterprises.executors import Contact
from hotline.neighbours.agreement import Agreement, Part, Shared
from hotline.neighbours.copy import NotRead, read_copy
from hotline.outages.outage import OutageKind
from service.neighbours.client import NeighbourClient
from storage.store import Storage
from storage.tables import neighbour_appeals
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.neighbours.conftest import NUMBER, SECRET, OtherCity, Roads
from tests.fakes.outages import entered

SAID = {
    "text": "Прорвало трубу в підвалі",
    "category": "water-leak",
    "address": "Київський квартал, 7",
    "applicant": "Марія Демченко",
    "number": "+380671234567",
    "consent": "yes",
    "call": "hotline-1.1",
    "key": "form-1",
}


async def agreed(person: Person, there: OtherCity, storage: Storage) -> Agreement:
    """The head reads the terms and confirms them."""
    form = {"number": "0462 12-34-56", "address": there.address, "key": SECRET}
    shown = await person.post("/neighbours/answer", form)
    terms = await shown.text()
    assert shown.status == 200, terms
    assert "№ 5 від 01.03.2026" in terms
    assert "20:00–08:00" in terms
    seen = re.search(r'name="seen" value="(\w+)"', terms)
    assert seen
    done = await person.post("/neighbours/answer", {**form, "seen": seen[1]})
    assert done.status == 303, await done.text()
    where = int(done.headers["Location"].partition("?")[0].rpartition("/")[2])
    return await storage.agreements.get(where)


async def taken(person: Person, agreement: Agreement, **changed: str) -> int:
    done = await person.post(f"/neighbours/{agreement.id}/appeals", SAID | changed)
    assert done.status == 303, await done.text()
    return int(done.headers["Location"].rpartition("/")[2])


async def test_the_head_gives_a_key_that_opens_nothing_else_and_is_shown_once(
    head: Person, storage: Storage
) -> None:
    form = {
        "name": "Славутич",
        "document": "№ 5",
        "since": "02.03.2026",
        "until": "31.12.2026",
        "hours_since": "20:00",
        "hours_until": "8:00",
        "duty": "044 123 45 67",
        "shared": ["contacts"],
    }
    page = await (await head.post("/neighbours/give", form)).text()
    found = re.search(r"hotline_[\w-]{43}", page)
    assert found
    (one,) = await storage.agreements.all()
    assert (one.part, one.hours_until, one.shared) == (Part.ANSWERED, "08:00", (Shared.CONTACTS,))
    assert found[0] not in await head.text(f"/neighbours/{one.id}")
    bearer = {"Authorization": f"Bearer {found[0]}"}
    city = await head.client.get("/api/v1/neighbour", headers=bearer)
    assert city.status == 200
    document = await city.json()
    assert document["streets"] == [], "streets were not ticked"
    assert document["terms"]["duty"] == "+380441234567"
    for closed in ("/appeals", "/citizens?number=%2B380671234567", "/categories", "/calls", "/outages"):
        assert (await head.client.get(f"/api/v1{closed}", headers=bearer)).status == 403, closed
    assert (await head.post(f"/neighbours/{one.id}/end", {"reason": "Центр працює сам"})).status == 303
    assert (await head.client.get("/api/v1/neighbour", headers=bearer)).status == 401
    (ended, made) = await storage.audit.find(AuditFilter(subject=f"agreement:{one.id}"), limit=5)
    assert (made.action, ended.action, ended.detail) == ("add", "revoke", "Центр працює сам")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"until": "01.03.2026"}, "Строк уже минув би"),
        ({"since": "завтра"}, "Напишіть день"),
        ({"until": "31.12.2029"}, "Щонайбільше на два роки"),
        ({"hours_since": "25:00"}, "Напишіть час"),
        ({"document": ""}, "номер і дату договору"),
        ({"duty": "12"}, "телефон чергового"),
    ],
)
async def test_a_form_with_a_fault_makes_no_key(
    head: Person, storage: Storage, changed: Mapping[str, str], said: str
) -> None:
    form = {
        "name": "Славутич",
        "document": "№ 5",
        "since": "02.03.2026",
        "until": "31.12.2026",
        "hours_since": "00:00",
        "hours_until": "00:00",
        "duty": "044 123 45 67",
    }
    answer = await head.post("/neighbours/give", {**form, **changed})
    assert answer.status == 422
    assert said in await answer.text()
    assert not await storage.tokens.all()
    assert not await storage.agreements.all()


async def test_the_other_city_is_read_and_its_last_copy_serves_while_it_is_away(
    head: Person, there: OtherCity, roads: Roads, storage: Storage, clock: MovedClock
) -> None:
    agreement = await agreed(head, there, storage)
    assert (agreement.number, agreement.name, agreement.hours_since) == (NUMBER, "Славутич", "20:00")
    await there.storage.streets.add(demo_streets())
    await there.storage.executors.add(
        "КП «Водоканал»", "Водоканал", [Contact(name="Черговий", number="+380671112233")]
    )
    area = Area(street="Київський квартал", first=1, last=15)
    await entered(there.storage.outages, Utility.WATER, OutageKind.EMERGENCY, clock.now(), areas=(area,))
    clock.pass_(minutes=1)
    await roads.copying.round()
    page = await head.text(f"/neighbours/{agreement.id}/line?call=hotline-1.1&number=%2B380671234567")
    for shown in ("Вода", "Київський квартал", "Водоканал", "tel:+380671112233", 'value="+380671234567"'):
        assert shown in page, shown
    await there.goes_away()
    clock.pass_(hours=2)
    await roads.copying.round()
    known = await storage.agreements.get(agreement.id)
    assert known.failing_since == clock.now()
    page = await head.text(f"/neighbours/{agreement.id}/line")
    assert "Київський квартал" in page
    assert "Їхня гаряча лінія не відповідає" in page


async def test_an_appeal_is_in_their_register_once_and_what_was_said_is_forgotten_here(
    head: Person, there: OtherCity, roads: Roads, storage: Storage
) -> None:
    agreement = await agreed(head, there, storage)
    first, again = await taken(head, agreement), await taken(head, agreement)
    assert first == again, "the same form sent twice is one"
    await roads.courier.round()
    one = await storage.taken_appeals.get(first)
    appeal = await there.storage.registry.find(one.number)
    assert appeal is not None
    assert appeal.text.startswith("Прорвало трубу в підвалі\n\nПрийняв контакт-центр громади «Славутич»")
    assert appeal.applicant_number == "+380671234567"
    assert (one.body, one.fault) == ("", "")
    page = await head.text(f"/neighbours/{agreement.id}/appeals/{first}")
    assert one.number in page
    assert "Прорвало" not in page
    await roads.courier.round()
    assert await there.storage.registry.find(str(int(one.number) + 1)) is None
    assert await storage.registry.find(one.number) is None, "ours has none of it"


async def test_while_they_are_away_it_is_kept_and_handed_over_later_once(
    head: Person, there: OtherCity, roads: Roads, storage: Storage, clock: MovedClock
) -> None:
    agreement = await agreed(head, there, storage)
    await there.goes_away()
    number = await taken(head, agreement)
    await roads.courier.round()
    waiting = await storage.taken_appeals.get(number)
    assert not waiting.settled
    assert json.loads(waiting.body)["text"] == SAID["text"]
    assert waiting.fault.startswith("not reached")
    assert "ще не передано" in await head.text(f"/neighbours/{agreement.id}")
    await there.comes_back()
    clock.pass_(minutes=10)
    await head.post(f"/neighbours/{agreement.id}/appeals/{number}/again")
    for _ in range(2):
        await roads.courier.round()
    one = await storage.taken_appeals.get(number)
    assert await there.storage.registry.find(one.number) is not None
    assert await there.storage.registry.find(str(int(one.number) + 1)) is None


async def test_who_ended_it_there_is_answered_for_no_more_here(
    head: Person, there: OtherCity, roads: Roads, storage: Storage, clock: MovedClock
) -> None:
    agreement = await agreed(head, there, storage)
    await there.storage.agreements.end(there.agreement.id, by=None, why="Досить", at=clock.now())
    clock.pass_(minutes=1)
    await roads.copying.round()
    ended = await storage.agreements.get(agreement.id)
    assert ended.ended_at == clock.now()
    assert await storage.agreements.copy(agreement.id) == ""
    assert await storage.agreements.key(agreement.id) == ""
    assert await storage.agreements.answered_by_us() == []
    (told,) = await storage.audit.find(
        AuditFilter(subject=f"agreement:{agreement.id}", action="revoke"), limit=5
    )
    assert told.user_id is None
    assert (await head.get(f"/neighbours/{agreement.id}/line")).status == 409
    assert (await head.post(f"/neighbours/{agreement.id}/appeals", SAID)).status == 409


async def test_what_is_over_by_its_days_keeps_neither_key_nor_copy(
    head: Person, there: OtherCity, roads: Roads, storage: Storage, clock: MovedClock
) -> None:
    agreement = await agreed(head, there, storage)
    clock.pass_(days=31)
    await roads.copying.round()
    assert (await storage.agreements.get(agreement.id)).ended_at == clock.now()
    assert await storage.agreements.copy(agreement.id) == ""


async def test_a_person_whom_their_register_knows_is_entered_there_once(
    head: Person, there: OtherCity, roads: Roads, storage: Storage
) -> None:
    agreement = await agreed(head, there, storage)
    for key in ("form-1", "form-2"):
        await taken(head, agreement, key=key)
    await roads.courier.round()
    known = await there.storage.citizens.calling_from("+380671234567")
    assert [one.name for one in known] == ["Марія Демченко"]


async def test_what_was_taken_before_the_end_is_handed_over_by_a_person(
    head: Person, there: OtherCity, roads: Roads, storage: Storage
) -> None:
    agreement = await agreed(head, there, storage)
    number = await taken(head, agreement)
    assert (await head.post(f"/neighbours/{agreement.id}/end", {"reason": "Досить"})).status == 303
    await roads.courier.round()
    page = await head.text(f"/neighbours/{agreement.id}/appeals/{number}")
    assert "Прорвало трубу" in page, "nobody else has it"
    assert (await head.post(f"/neighbours/{agreement.id}/appeals/{number}/otherwise", {})).status == 422
    told = {"reason": "Телефоном черговому, Петренко"}
    done = await head.post(f"/neighbours/{agreement.id}/appeals/{number}/otherwise", told)
    assert done.status == 303
    one = await storage.taken_appeals.get(number)
    assert (one.body, one.otherwise) == ("", told["reason"])
    assert (await head.post(f"/neighbours/{agreement.id}/appeals/{number}/otherwise", told)).status == 409


async def test_a_refused_appeal_says_why(
    head: Person, there: OtherCity, roads: Roads, storage: Storage
) -> None:
    agreement = await agreed(head, there, storage)
    copy = read_copy(await storage.agreements.copy(agreement.id))
    assert copy.category("water-leak") is not None
    number = await taken(head, agreement)
    async with storage.database.writing() as connection:
        one = await storage.taken_appeals.get(number)
        body = json.dumps(json.loads(one.body) | {"category": "gone"})
        await connection.execute(update(neighbour_appeals).values(body=body))
    await roads.courier.round()
    assert (await storage.taken_appeals.get(number)).fault.startswith("answered 422: ")


async def test_a_form_that_lacks_something_takes_nothing(
    head: Person, there: OtherCity, storage: Storage
) -> None:
    agreement = await agreed(head, there, storage)
    for changed, said in (
        ({"text": " "}, "Напишіть, про що"),
        ({"category": ""}, "Виберіть одну з категорій"),
        ({"consent": ""}, "згод"),
        ({"number": "12"}, "Напишіть телефон"),
    ):
        answer = await head.post(f"/neighbours/{agreement.id}/appeals", SAID | changed)
        assert answer.status == 422
        assert said in await answer.text(), said
    assert await storage.taken_appeals.of_agreement(agreement.id) == []


async def test_a_dispatcher_takes_appeals_and_makes_no_agreement(
    person: Person, users: Mapping[Role, User], head: Person, there: OtherCity, storage: Storage
) -> None:
    agreement = await agreed(head, there, storage)
    assert users
    await person.enter(Role.DISPATCHER.value)
    assert "Прочитати умови" not in await person.text("/neighbours")
    assert (await person.post("/neighbours/give", {})).status == 403
    assert (await person.post(f"/neighbours/{agreement.id}/end", {"reason": "x"})).status == 403
    assert await taken(person, agreement)


async def test_a_wrong_key_and_a_stranger_are_told_apart(
    head: Person, there: OtherCity, clock: MovedClock
) -> None:
    del head
    async with aiohttp.ClientSession() as session:
        with pytest.raises(NotRead) as wrong:
            await NeighbourClient(session).read(there.address, "hotline_wrong")
        assert wrong.value.over
        await there.storage.tokens.rescope(there.agreement.token_id or 0, [])
        with pytest.raises(NotRead) as narrowed:
            await NeighbourClient(session).read(there.address, SECRET)
        assert not narrowed.value.over, "a scope may come back"
        clock.pass_(days=40)
        with pytest.raises(NotRead) as over:
            await NeighbourClient(session).read(there.address, SECRET)
        assert over.value.over


async def test_a_city_that_is_back_gets_at_once_what_waits_for_it(
    head: Person, there: OtherCity, roads: Roads, storage: Storage, clock: MovedClock
) -> None:
    agreement = await agreed(head, there, storage)
    await there.goes_away()
    number = await taken(head, agreement, urgent="yes")
    for _ in range(6):
        clock.pass_(minutes=20)
        await roads.courier.round()
    await storage.agreements.failed(agreement.id, "away", clock.now())
    assert "ще не передано: 1" in await head.text("/neighbours")
    await there.comes_back()
    await roads.copying.round()
    await roads.courier.round()
    assert (await storage.taken_appeals.get(number)).number, "its next try was a quarter of an hour away"
    assert "ще не передано" not in await head.text("/neighbours")


async def test_what_their_register_has_is_told_again_also_where_it_would_be_refused_now(
    head: Person, there: OtherCity, clock: MovedClock
) -> None:
    del head
    body = json.dumps(
        {
            "text": "Прорвало трубу",
            "category": "water-leak",
            "address": "Київський квартал, 7",
            "taken_at": clock.now().isoformat(),
        }
    )
    async with aiohttp.ClientSession() as session:
        client = NeighbourClient(session)
        first = await client.hand_over(there.address, SECRET, body, once="one-form")
        clock.pass_(minutes=-20)
        with pytest.raises(Refused):
            await client.hand_over(there.address, SECRET, body, once="another-form")
        assert await client.hand_over(there.address, SECRET, body, once="one-form") == first


async def test_only_the_first_end_stands_in_the_audit_log(
    head: Person, there: OtherCity, storage: Storage
) -> None:
    agreement = await agreed(head, there, storage)
    for why in ("Досить", "Ще раз"):
        assert (await head.post(f"/neighbours/{agreement.id}/end", {"reason": why})).status == 303
    found = await storage.audit.find(
        AuditFilter(subject=f"agreement:{agreement.id}", action="revoke"), limit=5
    )
    assert [one.detail for one in found] == ["Досить"]


async def test_the_agreement_outlives_the_account_of_the_head_who_entered_it(
    head: Person, there: OtherCity, roads: Roads, storage: Storage, clock: MovedClock
) -> None:
    agreement = await agreed(head, there, storage)
    maker = await there.storage.users.get(there.agreement.made_by)
    await there.storage.users.update(replace(maker, active=False))
    clock.pass_(minutes=6)
    await roads.copying.round()
    known = await storage.agreements.get(agreement.id)
    assert (known.ended_at, known.failing_since, known.copied_at) == (None, None, clock.now())
    number = await taken(head, agreement)
    await roads.courier.round()
    assert (await storage.taken_appeals.get(number)).number
    await there.storage.agreements.end(there.agreement.id, by=None, why="Досить", at=clock.now())
    clock.pass_(minutes=1)
    await roads.copying.round()
    assert (await storage.agreements.get(agreement.id)).ended_at == clock.now(), "its key opens nothing more"
