"""One timeline of a person: appeals, calls, messages, reports of outages and surveys, the latest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.appeals.appeal import Appeal
from hotline.calls.call import CallRecord, VoiceMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedOff:
    """A supply that they reported to be off by key."""

    at: datetime
    utility: str
    place: str
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveySaid:
    """The outcome of asking them whether the work is done; `rating` from 1 to 5."""

    at: datetime
    appeal: str
    outcome: str
    rating: int | None = None


class TimelineKind(StrEnum):
    """Kinds of entries."""

    APPEAL = "appeal"
    CALL = "call"
    MESSAGE = "message"
    REPORT = "report"
    SURVEY = "survey"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One entry; `what` is of the class that goes with its kind."""

    kind: TimelineKind
    at: datetime
    what: Appeal | CallRecord | VoiceMessage | ReportedOff | SurveySaid


def timeline(
    *,
    appeals: Iterable[Appeal],
    calls: Iterable[CallRecord],
    messages: Sequence[VoiceMessage],
    reports: Iterable[ReportedOff],
    surveys: Iterable[SurveySaid],
) -> Sequence[TimelineEntry]:
    """Bring everything into one order; a call in which a message was left is told by the message alone."""
    told = {one.call_id for one in messages}
    entries = [
        *(TimelineEntry(kind=TimelineKind.APPEAL, at=one.registered_at, what=one) for one in appeals),
        *(
            TimelineEntry(kind=TimelineKind.CALL, at=one.arrived_at, what=one)
            for one in calls
            if one.id not in told
        ),
        *(TimelineEntry(kind=TimelineKind.MESSAGE, at=one.began_at, what=one) for one in messages),
        *(TimelineEntry(kind=TimelineKind.REPORT, at=one.at, what=one) for one in reports),
        *(TimelineEntry(kind=TimelineKind.SURVEY, at=one.at, what=one) for one in surveys),
    ]
    return sorted(entries, key=lambda one: one.at, reverse=True)
