"""A citizen's card is corrected, handed over whole, erased and held; each is written down."""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cti_server.appeals.form.asked import details
from cti_server.audit import Action
from cti_server.citizens import card
from cti_server.citizens.words import TABLES
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.appeal import Appeal, AppealState
from hotline.city.addresses import Address, Area, demo_streets
from hotline.city.classifier import Utility
from hotline.outages.outage import OutageKind
from storage.retention.person import _Person, _theirs
from storage.store import Storage
from tests.cti_server.citizens.conftest import NUMBER, SOUND
from tests.cti_server.conftest import KYIV, MovedClock, Person
from tests.fakes.outages import entered

NOON = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ANSWERED = details("heat-none", {"radiators": "усі", "since": "01.03.2026 7:30"}, NOON, KYIV)


async def written(storage: Storage, action: Action) -> list[tuple[str, str]]:
    return [(one.subject, one.detail) for one in await storage.audit.latest() if one.action == action]


async def seen(storage: Storage, citizen_id: int) -> str:
    return card.seen(await storage.citizen_cards.get(citizen_id))


async def appealed(storage: Storage, clock: MovedClock, who: int, state: AppealState) -> None:
    await storage.appeals.register(
        Appeal(
            number="2600001",
            applicant_number=NUMBER,
            applicant_id=who,
            text="Немає води",
            details=ANSWERED,
            state=state,
            state_since=clock.now(),
            registered_at=clock.now(),
            due_on=clock.now().date(),
            call_id="c1",
        )
    )


async def test_the_page_tells_what_has_happened_with_what_is_off_at_their_address_now(
    person: Person, users: Mapping[Role, User], storage: Storage, clock: MovedClock, maria: int
) -> None:
    assert users
    await person.enter(Role.DISPATCHER.value)
    assert "за їхньою адресою" not in await person.text(f"/citizens/{maria}")
    await appealed(storage, clock, maria, AppealState.IN_WORK)
    await storage.streets.add(demo_streets())
    here = Address(street="Київський квартал", house="7")
    await storage.known_places.remember(NUMBER, here, call_id="c1", at=clock.now())
    begun = clock.now() - timedelta(hours=1)
    for street in ("Київський квартал", "Ризький квартал"):
        await entered(storage.outages, Utility.WATER, OutageKind.REPAIR, begun, areas=(Area(street=street),))
    page = await person.text(f"/citizens/{maria}")
    told = page[page.index('id="timeline"') : page.index('id="theirs"')]
    outage, appeal, call = (
        told.index(one) for one in ("за їхньою адресою", 'href="/appeals/2600001"', 'href="/calls/c1"')
    )
    assert outage < appeal < told.index("Раніше") < call
    assert "Ризький" not in told


async def test_a_card_is_corrected_and_says_what_it_was(
    person: Person, users: Mapping[Role, User], storage: Storage, maria: int
) -> None:
    await person.enter(Role.DISPATCHER.value)
    form = {"name": " Демченко-Коваль  Марія ", "address": "Атомників, 3", "numbers": "067 111 22 33\n"}
    answer = await person.post(f"/citizens/{maria}", form | {"seen": await seen(storage, maria)})
    assert answer.status == 303
    now = await storage.citizen_cards.get(maria)
    assert (now.name, now.address, now.numbers) == (
        "Демченко-Коваль Марія",
        "Атомників, 3",
        ("+380671112233",),
    )
    page = await person.text(answer.headers["Location"])
    assert "Картку виправлено." in page
    assert "Демченко Марія Іванівна, Київський квартал, 7, кв. 12" in page
    assert await written(storage, Action.CHANGE) == [(f"citizen:{maria}", "name, address, numbers")]


async def test_what_is_no_card_comes_back_as_typed(head: Person, storage: Storage, maria: int) -> None:
    form = {"name": "", "address": "а" * 301, "numbers": "067 111 22 33\nтелефон", "seen": ""}
    answer = await head.post(f"/citizens/{maria}", form)
    page = await answer.text()
    assert answer.status == 422
    for told in (
        "Напишіть ім’я",
        "не більше ніж 300 знаків",
        "«телефон» — не номер телефону",
        "067 111 22 33",
    ):
        assert told in page
    assert (await storage.citizen_cards.get(maria)).numbers == (NUMBER,)


async def test_of_two_who_correct_one_card_the_second_sees_what_the_first_did(
    head: Person, storage: Storage, maria: int
) -> None:
    old = await seen(storage, maria)
    form = {"address": "", "numbers": "", "seen": old}
    assert (await head.post(f"/citizens/{maria}", form | {"name": "Перша"})).status == 303
    answer = await head.post(f"/citizens/{maria}", form | {"name": "Друга"})
    page = await answer.text()
    assert answer.status == 422
    assert "Тим часом картку змінив хтось інший" in page
    assert 'value="Друга"' in page
    assert (await storage.citizen_cards.get(maria)).name == "Перша"
    assert (
        await head.post(f"/citizens/{maria}", form | {"name": "Друга", "seen": await seen(storage, maria)})
    ).status == 303


async def test_all_that_is_held_is_handed_over_with_the_sound(
    head: Person, storage: Storage, clock: MovedClock, maria: int
) -> None:
    await appealed(storage, clock, maria, AppealState.IN_WORK)
    answer = await head.post(f"/citizens/{maria}/everything.zip", {"reason": "заява № 5"})
    assert answer.status == 200
    assert answer.headers["Content-Disposition"].endswith('.zip"')
    with zipfile.ZipFile(io.BytesIO(await answer.read())) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["дані.html", "data.json", "recordings/c1.wav"]
        assert archive.read("recordings/c1.wav") == SOUND
        data = json.loads(archive.read("data.json"))
        page = archive.read("дані.html").decode()
    assert [one["name"] for one in data["citizens"]] == ["Демченко Марія Іванівна"]
    assert [one["text"] for one in data["appeals"]] == ["Немає води"]
    assert [one["id"] for one in data["calls"]] == ["c1"]
    assert "Відколи? 01.03.2026 07:30; Які батареї холодні? усі" in page, "and in words of one language"
    for told in ("Усе, що гаряча лінія зберігає про вас", "Номери телефонів", "Немає води", "02.03.2026"):
        assert told in page
    assert (f"citizen:{maria}", "everything; заява № 5") in await written(storage, Action.EXPORT)


def test_each_part_of_what_is_held_has_its_words() -> None:
    assert {one.name for one in _theirs(_Person(id=1, numbers=[NUMBER]))} == set(TABLES)


async def test_without_a_reason_nothing_is_handed_over_or_erased(
    head: Person, storage: Storage, maria: int
) -> None:
    for act in ("everything.zip", "erase"):
        answer = await head.post(f"/citizens/{maria}/{act}", {"reason": "  "})
        assert answer.status == 422
        assert "Напишіть підставу" in await answer.text()
    assert (await storage.citizen_cards.get(maria)).numbers == (NUMBER,)
    assert not await written(storage, Action.EXPORT)


async def test_who_has_no_appeal_is_erased_with_the_files(
    head: Person, storage: Storage, maria: int, tmp_path: Path
) -> None:
    assert "Стирається все" in await head.text(f"/citizens/{maria}")
    answer = await head.post(f"/citizens/{maria}/erase", {"reason": "заява № 6"})
    assert "більше нічого не зберігається" in await answer.text()
    assert (await head.get(f"/citizens/{maria}")).status == 404
    assert [*tmp_path.rglob("*.wav")] == []
    assert await written(storage, Action.ERASE) == [(f"citizen:{maria}", "заява № 6")]
    page = await head.text("/keeping")
    assert "вимога громадянина" in page
    assert "Демченко" not in page


async def test_what_the_law_has_kept_is_named_with_its_date(
    head: Person, storage: Storage, clock: MovedClock, maria: int
) -> None:
    await appealed(storage, clock, maria, AppealState.CLOSED)
    until = clock.now() + timedelta(days=1825)
    assert f"зберігається до {until:%d.%m.%Y}" in await head.text(f"/citizens/{maria}")
    answer = await head.post(f"/citizens/{maria}/erase", {"reason": "заява № 6"})
    page = await head.text(answer.headers["Location"])
    assert "Те, що закон велить зберігати" in page
    assert f"зберігається до {until:%d.%m.%Y}" in page
    assert (await storage.citizen_cards.get(maria)).name == "Демченко Марія Іванівна"


async def test_a_hold_is_placed_with_a_reason_keeps_all_and_is_lifted(
    head: Person, storage: Storage, maria: int
) -> None:
    path = f"/holds/citizen/{maria}"
    assert (await head.post(path, {"reason": ""})).status == 422
    answer = await head.post(path, {"reason": "ухвала суду № 7"})
    assert "ухвала суду № 7" in await head.text(answer.headers["Location"])
    assert "ухвала суду № 7" in await head.text("/keeping")
    refused = await head.post(f"/citizens/{maria}/erase", {"reason": "заява"})
    assert refused.status == 422
    assert "спершу зніміть її" in await refused.text()
    assert await written(storage, Action.ERASE) == []
    assert (await storage.citizen_cards.get(maria)).numbers == (NUMBER,)
    assert (await head.post(f"{path}/lift")).status == 303
    assert (await head.post(f"{path}/lift")).status == 303
    assert "ухвала" not in await head.text(f"/citizens/{maria}")
    named = f"hold:citizen:{maria}"
    assert (named, "ухвала суду № 7") in await written(storage, Action.ADD)
    assert await written(storage, Action.REMOVE) == [(named, "")]


async def test_nobody_holds_what_there_is_not(head: Person) -> None:
    for path in ("/holds/appeal/1", "/holds/call/x", "/holds/citizen/9", "/holds/citizen/%D9%A1"):
        assert (await head.post(path, {"reason": "суд"})).status == 404
