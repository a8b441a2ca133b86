"""The look at a camera of the city's register: its address answers. Nothing that is told has the address."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from attrs import define

from hotline.cameras.camera import Cameras
from hotline.equipment.items import Kind, NewItem, Way
from hotline.equipment.states import Look, State
from hotline.errors import NotFound
from service.equipment.network import network_look

_PORTS: Mapping[str, int] = {"http": 80, "https": 443, "rtsp": 554}


@define(eq=False, repr=False)
class CameraLooks:
    """Looks at cameras by the number in `NewItem.path`."""

    _cameras: Cameras

    async def look(self, item: NewItem) -> Look:
        """Connect with the camera's server; one that is out of service is not looked at."""
        try:
            camera = await self._cameras.get(int(item.path))
            source = await self._cameras.source(camera.id)
        except NotFound:
            return _not_known("camera-removed")
        if not camera.in_service:
            return _not_known("camera-set-out")
        parts = urlsplit(source.url)
        server = NewItem(
            name="",
            kind=Kind.CAMERA,
            way=Way.TCP,
            host=parts.hostname or "",
            port=parts.port or _PORTS[parts.scheme],
            timeout_seconds=item.timeout_seconds,
        )
        found = await network_look(server)
        return _not_known("camera-not-found") if "host" in found.values else found


def _not_known(said: str) -> Look:
    return Look(state=State.NOT_KNOWN, said=said)
