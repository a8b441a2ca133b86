"""Events that the stream does not hold in memory any more, as the histories of the database have them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from attrs import define
from msgspec import structs

from cti_server.api.lines import of_appeal_line, of_outage_line, of_presence_line
from cti_server.api.messages import Event
from hotline.appeals.change_log import ChangeLog
from hotline.appeals.lists import AppealLists
from hotline.clock import Clock
from hotline.line.presence_changes import PresenceChanges
from hotline.outages.change_log import OutageLog

MOST = 1000
"""Lines of one history that are told after a restart; who missed more reads the present state."""
LONGEST = timedelta(days=7)
MARGIN = timedelta(seconds=2)
"""A line is written a moment after its time: what is told twice is better than what is missed."""
RESTORED = "00000000-0"
"""Begins the `id` of what was told from the database: who comes back with it has that read anew."""


def moment_of(position: str) -> datetime | None:
    """Read the moment of a position; None for one of before they had any."""
    parts = position.split("-")
    if len(parts) != 3:  # noqa: PLR2004
        return None
    return datetime.fromtimestamp(int(parts[2]) / 1000, UTC)


@define(eq=False, repr=False, kw_only=True)
class Missed:
    """Reads what was done with appeals and outages, and who was present; of calls no such history is kept."""

    _appeals: ChangeLog
    _lists: AppealLists
    _outages: OutageLog
    _presence: PresenceChanges
    _clock: Clock

    async def since(self, position: str) -> Sequence[Event] | None:
        """Give the events behind a position of an earlier process, in their order; None: it is too far."""
        moment = moment_of(position)
        if moment is None or self._clock.now() - moment > LONGEST:
            return None
        since = moment - MARGIN
        lines = [one for one in await self._appeals.lately(MOST) if one.at >= since]
        outages = [one for one in await self._outages.lately(MOST) if one.at >= since]
        presence = [one for one in await self._presence.lately(MOST) if one.at >= since]
        if MOST in {len(lines), len(outages), len(presence)}:
            return None
        found = await self._lists.by_numbers(list({one.number for one in lines}))
        appeals = {one.appeal.number: one.appeal for one in found}
        events: list[Event] = [
            of_appeal_line(one, appeals[one.number]) for one in lines if one.number in appeals
        ]
        events += [*map(of_outage_line, outages), *map(of_presence_line, presence)]
        return [
            structs.replace(one, id=f"{RESTORED}-{int(one.at.timestamp() * 1000)}")
            for one in sorted(events, key=lambda one: one.at)
        ]
