"""A camera of the register is looked at by a connection; what is told has no address of it."""

import asyncio

from hotline.access.permissions import Role
from hotline.cameras.camera import CameraSource, NewCamera, StreamKind
from hotline.equipment.catalogue import sentence
from hotline.equipment.states import Look, State
from hotline.voice.speech import Language
from service.equipment.cameras import CameraLooks
from storage.store import Storage
from tests.fakes.clock import NOON


async def looked_at(storage: Storage) -> Look:
    (item,) = await storage.equipment.all()
    return await CameraLooks(storage.cameras).look(item)


async def test_it_answers_then_not_is_out_of_service_and_is_found_nowhere(storage: Storage) -> None:
    user = await storage.users.add(login="a", name="a", role=Role.ADMINISTRATOR, password_hash="x")
    new = NewCamera(name="Площа", place="Київський квартал, 7", group="Центр")
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        source = CameraSource(kind=StreamKind.RTSP, url=f"rtsp://127.0.0.1:{port}/main")
        camera = await storage.cameras.add(new, source, by=user.id, at=NOON)
        assert (await looked_at(storage)).state is State.IN_ORDER
    refused = await looked_at(storage)
    assert (refused.state, refused.said) == (State.OUT_OF_ORDER, "refused")
    await storage.cameras.set_out(camera.id, "ремонт", by=user.id, at=NOON)
    out = await looked_at(storage)
    assert (out.state, sentence(out, Language.UKRAINIAN)) == (State.NOT_KNOWN, "Камеру виведено з роботи")
    await storage.cameras.set_out(camera.id, None, by=user.id, at=NOON)
    nowhere = CameraSource(kind=StreamKind.MJPEG, url="http://secret-camera.invalid/")
    await storage.cameras.change(camera.id, new, nowhere, by=user.id, at=NOON)
    lost = await looked_at(storage)
    assert lost.state is State.NOT_KNOWN
    assert "secret-camera" not in sentence(lost, Language.UKRAINIAN) + repr(lost)


async def test_one_that_was_just_taken_off_is_no_fault(storage: Storage) -> None:
    user = await storage.users.add(login="a", name="a", role=Role.ADMINISTRATOR, password_hash="x")
    new = NewCamera(name="Площа", place="Київський квартал, 7", group="Центр")
    source = CameraSource(kind=StreamKind.RTSP, url="rtsp://10.0.0.7/")
    camera = await storage.cameras.add(new, source, by=user.id, at=NOON)
    (item,) = await storage.equipment.all()
    await storage.cameras.remove(camera.id, by=user.id, at=NOON)
    found = await CameraLooks(storage.cameras).look(item)
    assert (found.state, found.said) == (State.NOT_KNOWN, "camera-removed")
