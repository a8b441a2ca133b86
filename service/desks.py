"""What the dispatchers' desks rest on, taken from the storage."""

from cti_server.desk.sources import Sources
from cti_server.screens import Screens
from hotline.clock import SystemClock
from storage.store import Storage


def desk_sources(storage: Storage, screens: Screens) -> Sources:
    return Sources(
        callers=storage.callers,
        calls=storage.calls,
        drafts=storage.drafts,
        line=storage.line,
        dispatchers=storage.dispatchers,
        outages=storage.outages,
        clock=SystemClock(),
        screens=screens,
    )
