"""The register forgets addresses of what was taken off it; the log is compact, and goes on over a blink."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.appeals.attachments import StoredFile
from hotline.cameras.camera import Camera, CameraSource, NewCamera, StreamKind
from hotline.equipment.items import Calls, Kind, NewItem, Way
from hotline.errors import NotFound
from hotline.retention.terms import Retention
from storage.store import Storage
from tests.storage.conftest import NOON

SOURCE = CameraSource(kind=StreamKind.RTSP, url="rtsp://10.0.0.7/main", user="admin", password="s")
FILE = StoredFile(key="k" * 32, media_type="image/jpeg", bytes=5, sha256="0" * 64)
MINUTE = timedelta(minutes=1)


async def somebody(storage: Storage) -> int:
    user = await storage.users.add(login="olya", name="Оля", role=Role.DISPATCHER, password_hash="h")
    return user.id


async def entered(storage: Storage, by: int) -> Camera:
    new = NewCamera(name="Площа", place="Київський квартал, 7", group="Центр")
    return await storage.cameras.add(new, SOURCE, by=by, at=NOON)


async def test_a_camera_is_an_item_of_the_board_of_equipment_until_it_is_taken_off(storage: Storage) -> None:
    by = await somebody(storage)
    camera = await entered(storage, by)
    await entered(storage, by)
    (item, other) = await storage.equipment.all()
    assert (item.kind, item.way, item.name, item.path) == (Kind.CAMERA, Way.BUILT_IN, "Площа", str(camera.id))
    assert "10.0.0.7" not in repr(item)
    disk = NewItem(name="", kind=Kind.DISK, way=Way.BUILT_IN)
    for _ in range(2):
        await storage.equipment.provide({Kind.DISK: disk})
    await storage.equipment.update(replace(item, calls=Calls(whom="mail:a@example.org")), seen=1)
    renamed = NewCamera(name="Вокзал", place=camera.place, group=camera.group)
    await storage.cameras.change(camera.id, renamed, None, by=by, at=NOON)
    kept = await storage.equipment.get(item.id)
    assert (kept.name, kept.calls.whom) == ("Вокзал", "mail:a@example.org")
    await storage.cameras.remove(camera.id, by=by, at=NOON)
    assert [one.id for one in await storage.equipment.all() if one.kind is Kind.CAMERA] == [other.id]


async def test_a_camera_keeps_its_address_until_another_is_entered_and_loses_it_with_the_register(
    storage: Storage,
) -> None:
    by = await somebody(storage)
    camera = await entered(storage, by)
    assert await storage.cameras.source(camera.id) == SOURCE
    renamed = NewCamera(name="Вокзал", place=camera.place, group=camera.group)
    later = NOON + MINUTE
    changed = await storage.cameras.change(camera.id, renamed, None, by=by, at=later)
    assert (changed.name, changed.source_at) == ("Вокзал", NOON)
    assert await storage.cameras.source(camera.id) == SOURCE
    out = await storage.cameras.set_out(camera.id, "ремонт", by=by, at=later)
    assert (out.in_service, out.out_since, out.out_because) == (False, later, "ремонт")
    assert (await storage.cameras.set_out(camera.id, None, by=by, at=later)).in_service
    row = await storage.watch_log.begin(camera.id, by, NOON)
    await storage.cameras.remove(camera.id, by=by, at=later)
    assert await storage.cameras.all() == []
    for asked in (storage.cameras.get, storage.cameras.source):
        with pytest.raises(NotFound):
            await asked(camera.id)
    with pytest.raises(NotFound):
        await storage.cameras.remove(camera.id, by=by, at=later)
    await storage.watch_log.extend([row], later)  # it was watched until then
    assert [one.id for one in await storage.watch_log.between(NOON - MINUTE, later)] == [row]


async def test_a_night_at_one_camera_is_one_row_and_a_reload_no_gap(storage: Storage) -> None:
    by = await somebody(storage)
    camera = (await entered(storage, by)).id
    first = await storage.watch_log.begin(camera, by, NOON)
    for minute in range(1, 60):
        await storage.watch_log.extend([first], NOON + minute * MINUTE)
    reloaded = await storage.watch_log.begin(camera, by, NOON + 60 * MINUTE)
    assert reloaded == first
    await storage.watch_log.extend([first], NOON + 61 * MINUTE)
    await storage.watch_log.extend([first], NOON + 30 * MINUTE)  # a second page of the same person, late
    await storage.watch_log.extend([], NOON)
    second = await storage.watch_log.begin(camera, by, NOON + 70 * MINUTE)
    assert second != first
    found = await storage.watch_log.between(NOON, NOON + 90 * MINUTE)
    assert [(one.since, one.until) for one in found][:1] == [(NOON, NOON + 61 * MINUTE)]


async def test_log_and_stills_end_by_their_terms(storage: Storage) -> None:
    by = await somebody(storage)
    camera = await entered(storage, by)
    row = await storage.watch_log.begin(camera.id, by, NOON)
    still = await storage.incidents.keep(camera, FILE, by=by, at=NOON)
    kept = await storage.incidents.keep(camera, FILE, by=by, at=NOON)
    await storage.incidents.hand_over(kept.id, "2600001", "gas-smell")
    assert (await storage.incidents.get(kept.id)).number == "2600001"
    lately = await storage.incidents.lately(camera.id, "gas-smell", NOON - MINUTE)
    assert lately is not None
    assert lately.id == kept.id
    assert await storage.incidents.lately(camera.id, "gas-smell", NOON + MINUTE) is None
    await storage.retention.sweep(Retention(), NOON + timedelta(days=91))
    with pytest.raises(NotFound):
        await storage.incidents.get(still.id)
    assert [one.name for one in await storage.retention.doomed()] == [FILE.key]
    await storage.watch_log.extend([row], NOON)
    await storage.retention.sweep(Retention(), NOON + timedelta(days=366))
    assert await storage.watch_log.between(NOON - MINUTE, NOON + MINUTE) == []
    await storage.incidents.get(kept.id)
