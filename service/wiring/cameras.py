"""Wires the streams of the cameras: of one in service, by the address that it has at that moment."""

from hotline.cameras.camera import CameraSource
from hotline.clock import SystemClock
from hotline.errors import NotFound
from service.cameras.streams import CameraStreams, StreamLimits
from service.settings.settings import Settings
from storage.store import Storage


def camera_streams(settings: Settings, storage: Storage) -> CameraStreams:
    async def source(camera_id: int) -> CameraSource:
        camera = await storage.cameras.get(camera_id)
        if not camera.in_service:
            raise NotFound(f"Camera {camera_id} is out of service.")
        return await storage.cameras.source(camera_id)

    given = settings.cameras
    limits = StreamLimits(at_once=given.at_once, a_second=given.a_second, width=given.width)
    return CameraStreams(source, SystemClock(), limits)
