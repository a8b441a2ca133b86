"""The page of operation: what is red since when, what to do, and what that rests on."""

from datetime import timedelta

import msgspec

from cti_server.frame.numbers import phone
from cti_server.operation.watch import EVERY_SECONDS, AlertWatch
from hotline.equipment.items import Kind, NewItem, Way
from hotline.equipment.states import State
from hotline.retention.room import Room
from service.folders import Folders
from service.node.proving import Proof
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person, SetBoard
from tests.cti_server.equipment.conftest import DISK, SetWatch
from tests.fakes.neighbours import DUTY, answered_for, taken_for

BACKUP = NewItem(name="", kind=Kind.BACKUP, way=Way.BUILT_IN)


async def test_what_lasts_is_red_with_its_beginning_and_what_to_do(
    head: Person, board: SetBoard, alerts: AlertWatch, clock: MovedClock
) -> None:
    await alerts.look()
    shown = await head.text("/operation")
    assert "Тривог немає" in shown
    assert "Знайдено порушеними" not in shown
    clock.pass_(minutes=3)
    board.has_room, board.held = Room.SPENT, {**board.held, "scheduler": 0}
    await alerts.look()
    shown = await head.text("/operation")
    assert "Тривог немає" in shown
    assert shown.index("Щойно помічено") < shown.index("Диск майже повний"), "a minute has to pass first"
    clock.pass_(minutes=1)
    await alerts.look()
    shown = await head.text("/operation")
    assert "2 тривоги потребують втручання" in shown
    assert "з 02.03.2026 14:03" in shown, "the city's time"
    assert "Звільніть місце на диску" in shown
    assert "не виконує жоден процес: строки, нагадування та повідомлення" in shown
    await head.post("/preferences", {"language": "en", "next": "/operation"})
    assert "Free room on the disk" in await head.text("/operation")
    board.has_room = Room.AMPLE
    await alerts.look()
    assert "Free room on the disk" not in await head.text("/operation")


async def test_truths_that_were_broken_are_named_and_late_work_with_what_waits(
    head: Person, board: SetBoard, alerts: AlertWatch, clock: MovedClock, folders: Folders
) -> None:
    await alerts.look()
    clock.pass_(minutes=1)
    board.found, board.pace = {"talk-ends": 1}, {"escalation": True, "journal": False}
    folders.spill.write_bytes(b"x" * 2000)
    await alerts.look()
    shown = await head.text("/operation")
    assert "Служба знайшла й виправила ваду: розмова, що в журналі триває" in shown
    assert "2 кБ" in shown
    clock.pass_(minutes=11)
    await alerts.look()
    shown = await head.text("/operation")
    assert "Відстає робота, якої не чекає жоден дзвінок: запис дзвінків до бази" in shown
    assert "Служба знайшла й виправила ваду" not in shown, "none within these ten minutes"
    assert "розмова, що в журналі триває, має своє місце в черзі: <strong>1</strong>" in shown


async def test_what_another_process_has_spilled_stands_there_and_no_part_at_all_is_no_database_away(
    head: Person, board: SetBoard, alerts: AlertWatch, folders: Folders
) -> None:
    await alerts.look()
    folders.spill.with_name("journal-web-8080.spill").write_bytes(b"x" * 2000)
    shown = await head.text("/operation")
    assert "2 кБ" in shown
    assert "База даних не відповідає" not in shown
    board.state["database"] = False
    assert "База даних не відповідає" in await head.text("/operation")


async def test_nothing_is_called_in_order_before_each_part_was_looked_at_once(
    head: Person, storage: Storage, watch: SetWatch
) -> None:
    await storage.equipment.provide({Kind.BACKUP: BACKUP, Kind.DISK: DISK})
    backup, disk = sorted(await storage.equipment.all(), key=lambda one: one.kind)
    await watch.find(backup, State.IN_ORDER, "works")
    shown = await head.text("/operation")
    assert "Триває перша перевірка після запуску; тривог поки не виявлено" in shown
    assert "Тривог немає" not in shown
    await watch.find(disk, State.NOT_KNOWN, "not-checked")
    shown = await head.text("/operation")
    assert "Тривог немає" in shown, "whose check fails was looked at"
    assert "перша перевірка" not in shown


async def test_equipment_and_the_last_backup_stand_there(
    head: Person, storage: Storage, watch: SetWatch, clock: MovedClock, folders: Folders
) -> None:
    await storage.equipment.provide({Kind.BACKUP: BACKUP})
    (item,) = await storage.equipment.all()
    await watch.find(item, State.DISTURBED, "backup-old", days=3)
    assert "Резервної копії ще не робили" in await head.text("/operation")
    kept = folders.var / "backups" / "hotline-1"
    kept.mkdir(parents=True)
    made = clock.moment - timedelta(days=3)
    folders.last_backup.write_text(f"{made.isoformat()}\n{kept}\n")
    shown = await head.text("/operation")
    assert "Остання копія — 27.02.2026 14:00; про її пробне відновлення нічого не відомо" in shown
    (kept / "restored-at").write_text(clock.moment.isoformat())
    assert "на пробу її відновлено 02.03.2026 14:00" in await head.text("/operation")
    faulty = Proof(at=clock.moment, backup=str(kept), fault="x", whole_at=made)
    folders.last_proof.write_bytes(msgspec.json.encode(faulty))
    shown = await head.text("/operation")
    assert "Останнє перевірене відновлення — 27.02.2026 14:00." in shown
    assert "Пробне відновлення 02.03.2026 14:00 не вдалося" in shown


async def test_a_backup_that_was_never_proven_is_told_when_a_night_has_passed(
    head: Person, alerts: AlertWatch, folders: Folders, clock: MovedClock
) -> None:
    await alerts.look()
    assert "жодної резервної копії не вдалося відновити" not in await head.text("/operation")
    folders.last_backup.write_text(f"{clock.moment.isoformat()}\n{folders.var}\n")
    await alerts.look()
    assert "жодної резервної копії не вдалося відновити" in await head.text("/operation")


async def test_an_emergency_that_another_city_has_not_got_is_red_within_a_minute_with_whom_to_ring(
    head: Person, alerts: AlertWatch, storage: Storage, clock: MovedClock
) -> None:
    agreement = await answered_for(storage, clock.now())
    one = await taken_for(storage, agreement, clock.now(), urgent=True)
    await taken_for(storage, agreement, clock.now(), key="form-2")
    await alerts.look()
    assert "Тривог немає" in await head.text("/operation")
    clock.pass_(seconds=EVERY_SECONDS)
    await alerts.look()
    shown = await head.text("/operation")
    assert "1 тривога потребує втручання" in shown
    assert "Аварійне звернення для громади «Славутич» не передано" in shown
    assert f"Подзвоніть черговому громади: {phone(DUTY)}" in shown
    await storage.taken_appeals.handed_otherwise(one.id, "Телефоном", by=agreement.made_by, at=clock.now())
    await alerts.look()
    assert "Тривог немає" in await head.text("/operation")
    clock.pass_(minutes=30)
    await alerts.look()
    shown = await head.text("/operation")
    assert "Звернення для громади «Славутич» не передано" in shown


async def test_another_city_that_is_not_read_is_red_after_a_quarter_of_an_hour(
    head: Person, alerts: AlertWatch, storage: Storage, clock: MovedClock
) -> None:
    agreement = await answered_for(storage, clock.now(), duty="")
    await storage.agreements.failed(agreement.id, "gave what is no city", clock.now())
    clock.pass_(minutes=15)
    await alerts.look()
    assert "Тривог немає" in await head.text("/operation")
    clock.pass_(seconds=1)
    await alerts.look()
    shown = await head.text("/operation")
    assert "Гарячу лінію громади «Славутич» не вдається прочитати" in shown
    assert "номер не записано, див. /neighbours" in shown
