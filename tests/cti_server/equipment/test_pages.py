"""The board and its items: what is amiss first, what is entered, two at once, who sees what."""

from collections.abc import Mapping
from datetime import timedelta

from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.equipment.items import Item
from hotline.equipment.states import State
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person, change
from tests.cti_server.equipment.conftest import SetWatch

NEW = {
    "name": "ДБЖ у серверній",
    "kind": "ups",
    "way": "nut",
    "host": "10.0.0.9",
    "path": "ups",
    "whom": "mail",
    "address": "it@example.org",
    "after": "0",
    "urgent": "yes",
}


async def test_what_is_amiss_stands_first_with_what_to_do(
    head: Person, router: Item, watch: SetWatch, storage: Storage
) -> None:
    disk = next(one for one in await storage.equipment.all() if one.id != router.id)
    await watch.find(disk, State.IN_ORDER, "disk-free", gigabytes=70, percent=40)
    assert "Усе справне" not in await head.text("/equipment"), "the router was never looked at"
    await watch.find(router, State.OUT_OF_ORDER, "no-answer", seconds=5)
    shown = await head.text("/equipment")
    assert "1 одиниця потребує уваги" in shown
    assert shown.index("Маршрутизатор") < shown.index("Диск"), "what is amiss stands first"
    assert "Не відповідає за 5 с" in shown
    assert "Перевірте, чи ввімкнено пристрій" in shown
    assert "Вільно 70 ГБ (40 %)" in shown
    waits = await head.text("/todo?wait=equipment")
    assert "Не відповідає за 5 с" in waits
    assert "Вільно 70 ГБ" not in waits
    await head.post("/preferences", {"language": "en", "next": "/equipment"})
    assert "See whether the device is on" in await head.text("/equipment")


async def test_equipment_is_entered_corrected_and_taken_off(head: Person, storage: Storage) -> None:
    for wrong in ({"host": "http://10.0.0.9"}, {"address": "it"}, {"interval": "5"}, {"port": "abc"}):
        answer = await head.post("/equipment", NEW | wrong)
        assert answer.status == 422
        text = await answer.text()
        assert "is-invalid" in text
        assert "ДБЖ у серверній" in text, "what was typed stays"
    assert (await head.post("/equipment", NEW)).status == 303
    (made,) = await storage.equipment.all()
    assert (made.host, made.calls.whom, made.calls.urgent) == ("10.0.0.9", "mail:it@example.org", True)
    page = await head.text(f"/equipment/{made.id}")
    assert "it@example.org" in page
    assert "вдень і вночі, також телефоном" in page
    form = {**NEW, "version": str(made.version), "whom": "", "failures": "5"}
    assert (await head.post(f"/equipment/{made.id}/save", form)).status == 303
    again = await head.post(f"/equipment/{made.id}/save", form | {"failures": "7"})
    assert again.status == 409, "somebody else was quicker"
    assert "Тим часом хтось інший" in await again.text()
    assert (await storage.equipment.get(made.id)).failures == 5
    assert (await head.post(f"/equipment/{made.id}/remove", {})).status == 303
    assert (await head.get(f"/equipment/{made.id}")).status == 404
    assert (await head.post(f"/equipment/{made.id}/look", {})).status == 404


async def test_of_a_check_of_our_own_only_the_name_and_whom_it_calls_are_changed(
    head: Person, router: Item, storage: Storage
) -> None:
    disk = next(one for one in await storage.equipment.all() if one.id != router.id)
    form = {**NEW, "version": "1", "name": "", "host": "10.6.6.6", "way": "tcp", "kind": "printer"}
    assert (await head.post(f"/equipment/{disk.id}/save", form)).status == 303
    kept = await storage.equipment.get(disk.id)
    assert (kept.kind, kept.way, kept.host) == (disk.kind, disk.way, "")
    assert kept.calls.whom == "mail:it@example.org"
    await head.post(f"/equipment/{disk.id}/remove", {})
    assert await storage.equipment.get(disk.id)


async def test_work_on_it_has_a_reason_and_an_end_and_ends_early(
    head: Person, router: Item, storage: Storage, clock: MovedClock, watch: SetWatch
) -> None:
    there = f"/equipment/{router.id}"
    for wrong in ({"reason": "", "until": "02.03.2026 18:00"}, {"reason": "чистка", "until": "учора"}):
        assert (await head.post(f"{there}/maintain", wrong)).status == 422
    until = {"reason": "чистка", "until": "02.03.2026 18:00", "since": ""}
    assert (await head.post(f"{there}/maintain", until)).status == 303
    assert (await storage.equipment.get(router.id)).maintained(clock.now() + timedelta(hours=3))
    assert "обслуговування до 02.03 18:00" in await head.text("/equipment")
    assert "чистка" in await head.text(there)
    assert (await head.post(f"{there}/maintain", {"act": "end"})).status == 303
    assert not (await storage.equipment.get(router.id)).maintained(clock.now())
    assert (await head.post(f"{there}/look", {})).status == 303
    assert watch.asked == [router.id]


async def test_whoever_left_is_named_as_somebody_who_cannot_be_reached(
    head: Person,
    router: Item,
    users: Mapping[Role, User],
    accounts: Accounts,
) -> None:
    whom = {"telephone": "+380671112233"}
    await change(accounts, users[Role.DISPATCHER], name="Олена", **whom)
    chosen = {**NEW, "version": "1", "whom": f"user:{users[Role.DISPATCHER].id}"}
    assert (await head.post(f"/equipment/{router.id}/save", chosen)).status == 303
    assert "Олена" in await head.text(f"/equipment/{router.id}")
    await change(accounts, users[Role.DISPATCHER], name="Олена", active=False, **whom)
    assert "немає зв’язку" in await head.text(f"/equipment/{router.id}")


async def test_the_mayor_reads_states_and_neither_addresses_nor_people(
    person: Person, users: Mapping[Role, User], router: Item, storage: Storage, watch: SetWatch
) -> None:
    assert users
    await watch.find(router, State.OUT_OF_ORDER, "refused")
    await person.enter(Role.OBSERVER.value)
    for path in ("/equipment", f"/equipment/{router.id}"):
        shown = await person.text(path)
        assert "Не працює" in shown
        assert "10.0.0.1" not in shown
    assert (await person.get("/equipment/new")).status == 403
    assert (await person.post(f"/equipment/{router.id}/remove", {})).status == 403
    await person.enter(Role.DISPATCHER.value)
    assert (await person.get("/equipment")).status == 403
