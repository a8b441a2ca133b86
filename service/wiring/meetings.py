"""Wires the pages of meetings, of memos, and of specialists drawn into matters."""

from zoneinfo import ZoneInfo

from cti_server.meetings.sources import MeetingSources
from cti_server.memos.sources import MemoSources
from cti_server.specialists.sources import SpecialistSources
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


def specialist_sources(
    storage: Storage, timezone: ZoneInfo, links: RecipientLinks, number: str, clock: Clock = CLOCK
) -> SpecialistSources:
    return SpecialistSources(
        involvements=storage.involvements,
        executors=storage.executors,
        registry=storage.registry,
        tasks=storage.tasks,
        meetings=storage.meetings,
        links=links,
        clock=clock,
        timezone=timezone,
        number=number,
    )


def memo_sources(storage: Storage, timezone: ZoneInfo, clock: Clock = CLOCK) -> MemoSources:
    return MemoSources(
        memos=storage.memos,
        papers=storage.papers,
        tasks=storage.tasks,
        lists=storage.appeal_lists,
        outages=storage.outages,
        inquiries=storage.inquiries,
        executors=storage.executors,
        lemmas=storage.lemmas,
        clock=clock,
        timezone=timezone,
    )
