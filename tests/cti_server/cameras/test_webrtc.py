"""A camera with WebRTC in a real Chromium, from a real WHEP server: frames come, and end with the right."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from aiohttp import web
from PIL import Image
from playwright.async_api import Page, expect

from cti_server.auth.revocation import WATCH
from cti_server.cameras.sources import SEEN
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.cameras.camera import Camera, CameraSource, NewCamera, StreamKind
from storage.store import Storage
from tests.cti_server.appeals.form.test_in_browser import window
from tests.cti_server.cameras.conftest import PLACE, Watched
from tests.cti_server.conftest import MovedClock
from tests.cti_server.test_in_browser import Window
from tests.fakes.whep import PASSWORD, USER, FakeWhep, fake_whep

pytestmark = pytest.mark.system
__all__ = ["window"]

_DOTS = """camera => {
  const video = document.querySelector(`[data-camera="${camera}"] video`);
  const copy = new OffscreenCanvas(8, 8).getContext("2d");
  copy.drawImage(video, 0, 0, 8, 8);
  return [...copy.getImageData(0, 0, 8, 8).data];
}"""
_FRAMES = """camera => new Promise(done => {
  const video = document.querySelector(`[data-camera="${camera}"] video`);
  let left = 5;
  const next = () => --left ? video.requestVideoFrameCallback(next) : done(video.currentTime);
  video.requestVideoFrameCallback(next);
})"""
"""Waits for five frames; gives how far the stream is."""
_DARK = "camera => document.querySelector(`[data-camera='${camera}'] video`).srcObject === null"


@pytest.fixture
async def whep() -> AsyncIterator[FakeWhep]:
    async with fake_whep() as made:
        made.asks = True
        yield made


async def entered(storage: Storage, whep: FakeWhep, password: str, clock: MovedClock) -> tuple[User, Camera]:
    """Enter a camera of that server; gives the head, who did, as well."""
    head = await storage.users.by_login(Role.HEAD.value)
    assert head is not None
    source = CameraSource(kind=StreamKind.WEBRTC, url=whep.at("square"), user=USER, password=password)
    new = NewCamera(name="Вокзал", place=PLACE, group="Вокзал")
    return head, await storage.cameras.add(new, source, by=head.id, at=clock.now())


async def is_red(page: Page, camera_id: int) -> bool:
    """Tell whether most of the picture is the red that the server paints."""
    dots = await page.evaluate(_DOTS, camera_id)
    red = [at for at in range(0, len(dots), 4) if dots[at] > 150 and max(dots[at + 1], dots[at + 2]) < 100]
    return len(red) > len(dots) / 8


async def test_frames_arrive_are_logged_and_kept_and_end_with_the_camera_and_with_the_right(  # noqa: PLR0917
    cameras: Watched,
    window: Window,
    whep: FakeWhep,
    storage: Storage,
    clock: MovedClock,
    app: web.Application,
) -> None:
    began, page = clock.now(), window.page
    head, camera = await entered(storage, whep, PASSWORD, clock)
    await window.sign_in(head.login)
    await window.open(f"/cameras/{camera.id}")
    at = await page.evaluate(_FRAMES, camera.id)
    assert await page.evaluate(_FRAMES, camera.id) > at
    assert await is_red(page, camera.id)
    await expect(page.locator(".camera-state")).to_be_hidden()
    await window.look_here(f"/cameras/{camera.id}", "camera-webrtc")
    text = await page.content()
    assert whep.url.removeprefix("http://") not in text
    assert PASSWORD not in text

    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.keyboard.press("Enter")
    await expect(page.locator(".camera-still")).to_be_visible()
    taken = await page.request.get(await page.locator(".camera-still").evaluate("still => still.src"))
    with Image.open(BytesIO(await taken.body())) as picture:
        assert picture.convert("RGB").resize((1, 1)).getpixel((0, 0))[0] > 150  # type: ignore[index]
    for _ in range(2):  # minute by minute: on a busy machine a stream may shake, and a short gap is none
        clock.pass_(minutes=1)
        async with asyncio.timeout(60):
            while app[SEEN].get((head.id, camera.id)) != clock.now():  # the page tells once a second
                await asyncio.sleep(0.05)
    await page.evaluate(_FRAMES, camera.id)

    await window.open("/cameras?grid=4")  # the first look ends, another begins
    await page.evaluate(_FRAMES, camera.id)
    cameras.streams.renew(camera.id)  # as when its address is entered anew
    await expect(page.locator(f"[data-camera='{camera.id}'] .camera-state")).to_contain_text(
        "Камера припинила"
    )
    await whep.all_ended()
    await page.evaluate(_FRAMES, camera.id)  # it comes back by itself

    await storage.users.update(replace(head, active=False))
    await app[WATCH].look()
    await page.wait_for_function(_DARK, arg=camera.id)
    await expect(page.locator("#cameras-ended")).to_be_visible()
    await whep.all_ended()
    watched = await storage.watch_log.between(began - timedelta(hours=1), clock.now())
    assert timedelta(minutes=2) in {one.until - one.since for one in watched if one.camera_id == camera.id}


@pytest.mark.usefixtures("users")
async def test_a_server_that_refuses_is_told_on_the_tile_and_nothing_is_kept_of_it(
    window: Window, whep: FakeWhep, storage: Storage, clock: MovedClock
) -> None:
    head, camera = await entered(storage, whep, "wrong", clock)
    await window.sign_in(head.login)
    await window.open(f"/cameras/{camera.id}")
    await expect(window.page.locator(".camera-state")).to_contain_text("не приймає")
    await window.page.click("#take-still")
    await expect(window.page.locator("#incident [role=alert]")).to_be_visible()
    assert not whep.open
