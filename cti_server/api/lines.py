"""Lines of histories, and what happens to calls, as the messages of the stream for who was not on it."""

from datetime import datetime

from msgspec import structs

from cti_server.api.feed import CallEvent, RecordingEvent, message_of
from cti_server.api.messages import (
    AppealChanged,
    AppealRegistered,
    CallArrived,
    CallOffered,
    OfCall,
    OutageChanged,
    PresenceChanged,
)
from hotline.appeals.appeal import Appeal
from hotline.appeals.handling import REGISTERED, Entry
from hotline.city.classifier import Utility
from hotline.line.presence_changes import PresenceLine
from hotline.outages.outage import OutageEntry, OutageKind


def of_appeal_line(entry: Entry, appeal: Appeal) -> AppealRegistered | AppealChanged:
    """Tell of a line of an appeal's history: state and version of then, the enterprise that has it now."""
    if entry.act == REGISTERED:
        return AppealRegistered(
            id=f"appeal-{entry.id}",
            at=entry.at,
            number=entry.number,
            kind=appeal.kind,
            category=appeal.category,
            urgency=appeal.urgency,
            call_id=appeal.call_id,
            state=entry.after,
            executor_id=appeal.executor_id,
            version=entry.version,
        )
    return AppealChanged(
        id=f"appeal-{entry.id}",
        at=entry.at,
        number=entry.number,
        act=entry.act,
        internal=entry.hidden,
        state=entry.after,
        executor_id=appeal.executor_id,
        version=entry.version,
    )


def of_outage_line(entry: OutageEntry) -> OutageChanged:
    """Tell of a line of an outage's history: all of it as it was then."""
    facts = entry.facts
    return OutageChanged(
        id=f"outage-{entry.id}",
        at=entry.at,
        outage_id=entry.outage_id,
        act=entry.act,
        utility=Utility(facts["utility"]),
        kind=OutageKind(facts["kind"]),
        starts_at=datetime.fromisoformat(facts["starts_at"]),
        expected_end=_moment(facts["expected_end"]),
        ended_at=_moment(facts["ended_at"]),
        cancelled=facts["cancelled"],
        executor_id=facts["executor_id"],
        version=entry.version,
    )


def of_presence_line(line: PresenceLine) -> PresenceChanged:
    """Tell of a line of the dispatchers' presence; what they wish for afterwards is not kept."""
    return PresenceChanged(
        id=f"presence-{line.id}",
        at=line.at,
        dispatcher_id=line.dispatcher_id,
        presence=line.presence,
        reason=line.reason,
        wish=None,
    )


def of_call_event(event: CallEvent | RecordingEvent) -> OfCall:
    """Tell of what happened to a call, without the number: of these no history is kept, and no person."""
    one = message_of(event)
    assert isinstance(one, OfCall)  # noqa: S101 - so mypy knows, too
    if isinstance(one, CallArrived | CallOffered):
        one = structs.replace(one, number=None)
    whose = getattr(one, "recording_id", one.call_id)
    name = type(one).__struct_config__.tag
    return structs.replace(one, id=f"{name}-{whose}-{int(one.at.timestamp() * 1000)}")


def _moment(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)
