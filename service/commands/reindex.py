"""`hotline reindex`: the search learns of appeals and transcripts from before there was one."""

import argparse
import sys

from service.settings.settings import Settings
from storage.store import open_storage


async def reindex(settings: Settings, _given: argparse.Namespace) -> None:
    """Say how far it is. Stopped by Ctrl-C, it goes on where it was the next time."""
    async with open_storage(settings.database_url) as storage:
        missing = await storage.reindexing.missing()
        async for done in storage.reindexing.run():
            sys.stderr.write(f"appeals made searchable: {done} of {missing}\n")
            sys.stderr.flush()
        while done := await storage.transcripts.index():
            sys.stderr.write(f"transcripts made searchable: {done}\n")
