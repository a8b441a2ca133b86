"""`hotline setup`: the code that opens the set-up of a new city, and its end without the pages."""

import argparse
import sys

from hotline.clock import SystemClock
from hotline.errors import SettingsError
from service.node.welcome import setup_code
from service.settings.settings import Settings
from storage.store import open_storage


async def code(settings: Settings, _given: argparse.Namespace) -> None:
    """Print a code once; one that was printed before opens nothing any more."""
    made = await setup_code(settings)
    if not made:
        raise SettingsError("There is nothing to set up: this hotline has a city already.")
    sys.stdout.write(f"{made}\n")


async def end(settings: Settings, _given: argparse.Namespace) -> None:
    """Close the set-up for good; its pages are gone at once."""
    async with open_storage(settings.database_url) as storage:
        if not await storage.city_setup.needed():
            raise SettingsError("There is nothing to end: no set-up is open.")
        await storage.city_setup.give_up(SystemClock().now())
    sys.stdout.write("The set-up is closed: open accounts by `hotline user add`.\n")
