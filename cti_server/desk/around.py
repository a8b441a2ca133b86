"""The city at a glance for a dispatcher with nobody in hand: outages, colleagues on shift, today's line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cti_server.desk.sources import Sources
from hotline.appeals.figures import Days
from hotline.line.presence_states import Presence
from hotline.line.service_level import LineCounts
from hotline.outages.outage import Outage

MOST_OUTAGES = 8
_ORDER = tuple(Presence)


class OnShift(NamedTuple):
    """A colleague who is not away."""

    name: str
    presence: Presence


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The city at a glance."""

    outages: Sequence[Outage]
    more_outages: int
    """How many more there are than `outages`."""
    on_shift: Sequence[OnShift]
    counts: LineCounts
    """Today's calls so far."""


async def read_around(sources: Sources) -> Around:
    now = sources.clock.now()
    days = Days(now=now, zone=sources.timezone)
    outages = await sources.outages.now(now)
    at_work = [one for one in await sources.dispatchers.all() if one.presence is not Presence.AWAY]
    on_shift = sorted(
        (OnShift(one.name, one.presence) for one in at_work),
        key=lambda one: (_ORDER.index(one.presence), one.name),
    )
    return Around(
        outages=tuple(outages[:MOST_OUTAGES]),
        more_outages=max(0, len(outages) - MOST_OUTAGES),
        on_shift=tuple(on_shift),
        counts=await sources.line_today.counts(days.midnight(0), days.midnight(1)),
    )
