"""How enterprises enter their outages: late, with short notice, past their expected end."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from cti_server.control.sources import ControlSources
from hotline.outages.entries import COUNTED_FOR, Entries, entries_of

MOST = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class EntriesShown:
    """The enterprises with their names, the one with most flaws first, and their sum."""

    rows: Sequence[tuple[str, Entries]]
    total: Entries
    missing: int
    """Alerts that nobody has made an outage in time."""


async def read_entries(sources: ControlSources) -> EntriesShown:
    now = sources.clock.now()
    entered = await sources.outages.find(limit=MOST, since=now - COUNTED_FOR)
    found = entries_of(entered, await sources.outages.now(now), now)
    names = {one.id: one.short for one in await sources.executors.all()}
    counted = [one.name for one in fields(Entries) if one.name != "executor_id"]
    sums = {name: sum(getattr(one, name) for one in found) for name in counted}
    return EntriesShown(
        rows=[(names.get(one.executor_id or 0, ""), one) for one in found],
        total=Entries(executor_id=None, **sums),
        missing=len(await sources.alerts.missing(now - COUNTED_FOR, now)),
    )
