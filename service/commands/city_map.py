"""`hotline map`: the city's own map, brought in from a GeoJSON file."""

import argparse
import os
import sys

from cti_server.city_now.words import MAP_PUT, MAP_UNKNOWN
from cti_server.frame.language import words as catalogue
from hotline.clock import SystemClock
from hotline.errors import SettingsError
from hotline.intake.lines import Unreadable
from service.settings.settings import Settings
from service.terminal_language import locale_of
from storage.intake.map_file import read_map_file
from storage.store import open_storage


async def put(settings: Settings, given: argparse.Namespace) -> None:
    """Show the file's map from now on, and tell how much of it the register of addresses knows."""
    words = catalogue(locale_of(os.environ))
    try:
        content = given.file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{given.file}: {error.strerror}.") from error
    try:
        made = await read_map_file(content)
    except Unreadable as error:
        raise SettingsError(f"{given.file}: {words.gettext(error.message)}") from error
    async with open_storage(settings.database_url, city=settings.city) as storage:
        gazetteer = await storage.streets.gazetteer()
        unknown = sorted({one.street for one in made.shapes if gazetteer.street(one.street) is None})
        await storage.city_maps.put(made, source=given.file.name, at=SystemClock().now())
    sys.stdout.write(words.gettext(MAP_PUT) % {"number": len(made.shapes)} + "\n")
    if unknown:
        sys.stdout.write(words.gettext(MAP_UNKNOWN) % {"names": ", ".join(unknown)} + "\n")
