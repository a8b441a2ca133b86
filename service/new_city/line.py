"""The number and the line of a new city: settings that are kept with the state and hold after a new start."""

import os
import socket
from collections.abc import Callable, Collection, Mapping
from ipaddress import ip_address

from attrs import frozen

from cti_server.new_city.sources import LINE_SETTINGS
from service.ending import SUPERVISED
from service.settings.kept import keep_settings
from service.settings.settings import Settings

_FROM_HERE = {"HOTLINE_CALLS_FROM_HERE": "1"}


@frozen
class LineAtHand:
    """`cti_server.new_city.sources.CityLine` on the settings of this process."""

    _settings: Settings
    _begin_anew: Callable[[], None]

    def now(self) -> Mapping[str, str]:
        trunk = self._settings.trunk
        values = (self._settings.number, trunk.host, trunk.user, trunk.secret, self._settings.sip.host)
        return dict(zip(LINE_SETTINGS, values, strict=True))

    def fixed(self) -> Collection[str]:
        return {one for one in LINE_SETTINGS if one in os.environ or f"{one}_FILE" in os.environ}

    def begins_anew(self) -> bool:
        return SUPERVISED in os.environ

    def ours(self, host: str) -> bool:
        try:
            family = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET  # noqa: PLR2004
            with socket.socket(family, socket.SOCK_DGRAM) as tried:
                tried.bind((host, 0))
        except (OSError, ValueError):
            return False
        return True

    def keep(self, values: Mapping[str, str]) -> None:
        keep_settings(self._settings.folders.var, {**values, **_FROM_HERE})

    def begin_anew(self) -> None:
        self._begin_anew()
