"""The pages of cameras with real streams: two cameras of MJPEG, one switched off, and who answers for gas."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, web

from cti_server.cameras.sources import CAMERAS
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.routing import Rule
from hotline.cameras.camera import Camera, CameraSource, NewCamera, StreamKind
from hotline.city.addresses import demo_streets
from hotline.enterprises.executors import Contact
from service.cameras.streams import CameraStreams
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person, SetBoard
from tests.cti_server.whole import whole_application
from tests.fakes.cameras import FakeCameras, fake_cameras

PATIENCE = 60.0
"""Seconds after which nothing will come any more."""
MOVES_EVERY = 0.2
PLACE = "Київський квартал, 7"


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What is there: both cameras of the square, and the streams that are open."""

    square: Camera
    yard: Camera
    fake: FakeCameras
    streams: CameraStreams


@pytest.fixture
async def fake(tmp_path: Path) -> AsyncIterator[FakeCameras]:
    (tmp_path / "hls").mkdir()
    async with fake_cameras(tmp_path / "hls") as made:
        yield made


@pytest.fixture
def awake() -> timedelta:
    return timedelta(minutes=30)


@pytest.fixture
def app(
    board: SetBoard,
    accounts: Accounts,
    storage: Storage,
    clock: MovedClock,
    tmp_path: Path,
    *,
    awake: timedelta,
) -> web.Application:
    return whole_application(board, accounts, storage, clock, tmp_path, awake=awake)


@pytest.fixture
async def cameras(
    app: web.Application, storage: Storage, fake: FakeCameras, users: Mapping[Role, User], clock: MovedClock
) -> AsyncIterator[Watched]:
    streams = app[CAMERAS].streams
    assert isinstance(streams, CameraStreams)
    await storage.streets.add(demo_streets())
    gas = await storage.executors.add(
        "Служба газу 104", "Газ", (Contact(name="Черговий", number="+380457900031"),)
    )
    await storage.rules.add(Rule(order=1, executor_id=gas.id, categories=("gas-*",)))

    async def entered(name: str) -> Camera:
        new = NewCamera(name=name, place=PLACE, group="Площа")
        source = CameraSource(kind=StreamKind.MJPEG, url=fake.mjpeg())
        return await storage.cameras.add(new, source, by=users[Role.HEAD].id, at=clock.now())

    yield Watched(
        square=await entered("Головна площа"), yard=await entered("Подвір’я"), fake=fake, streams=streams
    )
    await streams.end()


@pytest.fixture
async def olena(person: Person, users: Mapping[Role, User]) -> Person:
    """A dispatcher, signed in."""
    await person.enter(users[Role.DISPATCHER].login)
    return person


async def socket_of(person: Person, *camera_ids: int) -> ClientWebSocketResponse:
    """Open a page's socket; it shows these cameras."""
    socket = await person.client.ws_connect("/cameras/watch", headers=person.origin)
    await socket.send_json({"show": list(camera_ids)})
    return socket


async def picture_of(socket: ClientWebSocketResponse, camera_id: int, *, here: bool = False) -> bytes:
    """Wait for the next picture of the camera; `here`: somebody moves the mouse until it comes.

    As the page does then, it shows the camera again: it may have fallen asleep before the first picture.
    """
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                message = await socket.receive(MOVES_EVERY if here else None)
            except TimeoutError:
                await socket.send_json({"show": [camera_id]})
                continue
            assert message.type in {WSMsgType.BINARY, WSMsgType.TEXT}, "the socket was closed"
            if message.type is WSMsgType.BINARY and int.from_bytes(message.data[:4], "big") == camera_id:
                octets: bytes = message.data[4:]
                return octets


async def told(socket: ClientWebSocketResponse, part: str) -> str:
    """Wait for a message of text that has this part in it."""
    async with asyncio.timeout(PATIENCE):
        async for message in socket:
            if message.type is WSMsgType.TEXT and part in message.data:
                text: str = message.data
                return text
    raise AssertionError("the socket was closed")
