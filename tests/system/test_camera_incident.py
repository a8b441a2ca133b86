"""An incident on a camera becomes a call to the contact on duty, who accepts by a key: it is timed."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import WSMsgType

from hotline.appeals.appeal import AppealState, Receipt
from hotline.cameras.camera import CameraSource, NewCamera, StreamKind
from hotline.cameras.incidents import Incident
from hotline.city.addresses import demo_streets
from hotline.clock import SystemClock
from hotline.equipment.items import Kind
from tests.fakes.cameras import FakeCameras, fake_cameras
from tests.system.lending import Hotlines
from tests.system.oracle import compare
from tests.system.outside import Outside
from tests.system.supervising import Supervisor, supervisor
from tests.system.test_duty_call import DESK, enterprise

pytestmark = pytest.mark.system

PLACE = "Київський квартал, 7"


@dataclass(kw_only=True)
class Square(Outside):
    """The hotline with a camera over a square, an enterprise on duty, and a head at the camera's page."""

    fake: FakeCameras
    camera: int
    head: Supervisor

    async def posted(self, path: str, **form: str) -> str:
        headers = {"X-CSRF-Token": self.head.token}
        async with self.head.web.post(path, data=form, headers=headers) as answer:
            page = await answer.text()
            assert answer.status == 200, page
            return page

    async def incident(self) -> Incident | None:
        now = SystemClock().now()
        found = await self.hotline.storage.incidents.between(now.replace(hour=0, minute=0, second=0), now)
        return next(iter(found), None)


@pytest.fixture
async def square(hotlines: Hotlines, tmp_path: Path) -> AsyncIterator[Square]:
    (tmp_path / "hls").mkdir()
    async with (
        hotlines.calling_outside() as outside,
        fake_cameras(tmp_path / "hls") as fake,
        supervisor(outside.hotline) as head,
    ):
        storage = outside.hotline.storage
        await storage.streets.add(demo_streets())
        await enterprise(outside.hotline)
        user = await storage.users.by_login("head209")
        assert user is not None
        camera = await storage.cameras.add(
            NewCamera(name="Головна площа", place=PLACE, group="Площа"),
            CameraSource(kind=StreamKind.MJPEG, url=fake.mjpeg()),
            by=user.id,
            at=SystemClock().now(),
        )
        yield Square(**vars(outside), fake=fake, camera=camera.id, head=head)


async def test_what_is_seen_on_a_camera_is_accepted_by_the_contact_on_duty_and_timed(square: Square) -> None:
    storage, camera = square.hotline.storage, square.camera
    async with square.head.web.ws_connect("/cameras/watch") as socket:
        await socket.send_json({"show": [camera]})
        while (await socket.receive()).type is not WSMsgType.BINARY:
            pass
        page = await square.posted(f"/cameras/{camera}/still")
        still = re.search(r'name="still" value="(\d+)"', page)
        kind = re.search(r'value="(\d)"[^>]*><kbd>\d</kbd> Прорив водопроводу', page)
        assert still
        assert kind
        done = await square.posted(f"/cameras/{camera}/incident", still=still[1], kind=kind[1])
        assert "Передано" in done
    called = await square.rung(DESK)
    await called.ring()
    await called.answer()
    await called.heard_voice()
    await called.press("1")

    async def accepted() -> bool:
        one = await square.incident()
        return one is not None and one.accepted_after is not None

    await square.hotline.until(accepted)
    await called.ended()
    one = await square.incident()
    assert one is not None
    appeal = await storage.appeals.find(one.still.number or "")
    assert appeal is not None
    assert (appeal.receipt, appeal.state, appeal.address) == (Receipt.CAMERA, AppealState.ACCEPTED, PLACE)
    assert one.told_after is not None
    assert one.accepted_after is not None
    assert one.told_after < one.accepted_after
    async with square.head.web.get("/cameras/log") as answer:
        assert "Водоканал" in await answer.text()
    items = await storage.equipment.all()
    assert [one.name for one in items if one.kind is Kind.CAMERA] == ["Головна площа"]
    await compare(square.hotline)
