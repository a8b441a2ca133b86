"""Wires the pages of meetings."""

from zoneinfo import ZoneInfo

from cti_server.meetings.sources import MeetingSources
from hotline.clock import Clock, SystemClock
from hotline.delivery.recipient_links import RecipientLinks
from storage.store import Storage

CLOCK = SystemClock()


def meeting_sources(
    storage: Storage, timezone: ZoneInfo, links: RecipientLinks, number: str, clock: Clock = CLOCK
) -> MeetingSources:
    return MeetingSources(
        meetings=storage.meetings,
        minutes=storage.minutes,
        executors=storage.executors,
        tasks=storage.tasks,
        lemmas=storage.lemmas,
        links=links,
        clock=clock,
        timezone=timezone,
        number=number,
    )
