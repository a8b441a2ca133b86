"""Streams of real cameras: shown while somebody watches, and what is wrong with one told since when."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from hotline.cameras.camera import CameraSource, StreamKind
from hotline.cameras.streams import StreamFault, Watcher
from hotline.clock import SystemClock
from hotline.errors import NotFound
from service.cameras.streams import CameraStreams, StreamLimits
from tests.fakes.cameras import HEIGHT, PASSWORD, USER, FakeCameras, fake_cameras

LIMITS = StreamLimits(at_once=2, a_second=8.0, width=80, silent_after=1.5, pauses=(0.05,))
Where = dict[int, CameraSource]


@pytest.fixture
async def cameras(tmp_path: Path) -> AsyncIterator[FakeCameras]:
    async with fake_cameras(tmp_path) as made:
        yield made


@asynccontextmanager
async def opened(where: Where) -> AsyncIterator[CameraStreams]:
    async def source(camera_id: int) -> CameraSource:
        if camera_id not in where:
            raise NotFound(f"{camera_id}")
        return where[camera_id]

    streams = CameraStreams(source, SystemClock(), LIMITS)
    try:
        yield streams
    finally:
        await streams.end()


async def until(watcher: Watcher, holds: Callable[[Watcher], bool]) -> Watcher:
    async with asyncio.timeout(40):
        async for _ in watcher.changes():
            if holds(watcher):
                return watcher
    raise AssertionError


def shows(watcher: Watcher) -> bool:
    return watcher.picture is not None


def faulty(fault: StreamFault) -> Callable[[Watcher], bool]:
    return lambda watcher: watcher.state.fault is fault


def size_of(watcher: Watcher) -> tuple[int, int]:
    assert watcher.picture is not None
    with Image.open(BytesIO(watcher.picture.jpeg)) as picture:
        assert picture.format == "JPEG"
        return picture.size


async def test_each_kind_of_stream_is_shown_with_its_password_and_never_told(
    cameras: FakeCameras, capfd: pytest.CaptureFixture[str]
) -> None:
    cameras.asks = True
    word = {"user": USER, "password": PASSWORD}
    where = {
        1: CameraSource(kind=StreamKind.MJPEG, url=cameras.mjpeg(), **word),
        2: CameraSource(kind=StreamKind.HLS, url=f"{cameras.http}/hls/live.m3u8", **word),
        3: CameraSource(kind=StreamKind.RTSP, url=cameras.rtsp, **word),
    }
    async with opened(where) as streams:
        with streams.watching(1) as mjpeg, streams.watching(2) as hls:
            assert size_of(await until(mjpeg, shows)) == (160, 120)  # handed on as the camera made it
            assert size_of(await until(hls, shows)) == (80, 60)  # drawn no wider than is set
        with streams.watching(3) as rtsp:
            assert size_of(await until(rtsp, shows)) == (80, HEIGHT // 2)
        assert "***" not in repr(where[1])
        assert PASSWORD not in repr(where[1])
    said = capfd.readouterr()
    assert PASSWORD not in said.out + said.err


async def test_two_who_watch_one_camera_have_one_stream_and_the_last_to_go_ends_it(
    cameras: FakeCameras,
) -> None:
    async with opened({1: CameraSource(kind=StreamKind.MJPEG, url=cameras.mjpeg())}) as streams:
        with streams.watching(1) as one:
            with streams.watching(1) as other:
                await until(one, shows)
                await until(other, shows)
            assert streams.open == 1
            await until(one, shows)
        assert streams.open == 0
        assert cameras.opened == 1


async def test_one_that_is_switched_off_in_the_middle_says_since_when_comes_back_and_holds_up_no_other(
    cameras: FakeCameras, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    async with fake_cameras(tmp_path / "other") as sound:
        where = {
            1: CameraSource(kind=StreamKind.MJPEG, url=cameras.mjpeg()),
            2: CameraSource(kind=StreamKind.RTSP, url=sound.rtsp),
        }
        async with opened(where) as streams:
            with streams.watching(1) as dying, streams.watching(2) as other:
                await until(dying, shows)
                assert dying.picture is not None
                last = dying.picture.at
                cameras.switch_off()
                await until(dying, lambda one: one.state.fault is not None)
                assert dying.picture is None
                assert dying.state.since >= last
                since = dying.state.since
                await until(dying, faulty(StreamFault.UNREACHABLE))
                assert dying.state.since == since  # it is gone since then, however often it was tried
                await until(other, shows)
                cameras.off = False
                await until(dying, shows)
                assert dying.state.shows


async def test_one_that_stands_still_is_told_and_opened_anew(cameras: FakeCameras) -> None:
    async with opened({1: CameraSource(kind=StreamKind.MJPEG, url=cameras.mjpeg())}) as streams:
        with streams.watching(1) as one:
            await until(one, shows)
            cameras.still = True
            await until(one, faulty(StreamFault.SILENT))
            cameras.still = False
            await until(one, shows)
            assert cameras.opened > 1


async def test_nothing_leads_to_a_server_that_nobody_entered(cameras: FakeCameras) -> None:
    where = {
        1: CameraSource(kind=StreamKind.HLS, url=f"{cameras.http}/elsewhere/live.m3u8"),
        2: CameraSource(kind=StreamKind.MJPEG, url=f"{cameras.http}/elsewhere/mjpeg"),
    }
    async with opened(where) as streams:
        with streams.watching(1) as playlist, streams.watching(2) as redirect:
            await until(playlist, faulty(StreamFault.LEADS_ELSEWHERE))
            await until(redirect, faulty(StreamFault.LEADS_ELSEWHERE))


async def test_an_rtsp_camera_that_redirects_takes_the_password_nowhere(
    cameras: FakeCameras, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    async with fake_cameras(tmp_path / "other") as other:
        cameras.asks, cameras.moved_to = True, other.rtsp
        source = CameraSource(kind=StreamKind.RTSP, url=cameras.rtsp, user=USER, password=PASSWORD)
        async with opened({1: source}) as streams:
            with streams.watching(1) as one:
                await until(one, faulty(StreamFault.LEADS_ELSEWHERE))
        assert not other.asked, "nobody was asked for anything there"


async def test_what_may_not_be_opened_says_why(cameras: FakeCameras, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no stream")
    where = {
        1: CameraSource(kind=StreamKind.HLS, url=f"{cameras.http}/hls/text"),
        2: CameraSource(kind=StreamKind.MJPEG, url=cameras.mjpeg()),
    }
    async with opened(where) as streams:
        with streams.watching(1) as text, ExitStack() as later:
            with streams.watching(7) as unknown:
                await until(unknown, faulty(StreamFault.ENDED))
                await until(text, faulty(StreamFault.NOT_A_STREAM))
                third = later.enter_context(streams.watching(2))
                await until(third, faulty(StreamFault.TOO_MANY))
                assert streams.open == 2
            await until(third, shows)  # it has the place of the one that was left
            assert streams.open == 2
        assert streams.open == 0
        cameras.asks = True
        with streams.watching(2) as refused:
            await until(refused, faulty(StreamFault.REFUSED))
