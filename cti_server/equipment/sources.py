"""Ports of the pages of equipment."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.clock import Clock
from hotline.enterprises.executors import Executors
from hotline.equipment.items import Equipment, Watching


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentSources:
    """Ports of the pages of equipment; `timezone` is the city's."""

    equipment: Equipment
    executors: Executors
    watching: Watching
    clock: Clock
    timezone: ZoneInfo


EQUIPMENT: web.AppKey[EquipmentSources] = web.AppKey("equipment")
