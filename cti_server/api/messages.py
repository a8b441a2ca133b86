"""Messages of the stream of events, version 1: one JSON object a message, told apart by `type`."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from cti_server.api.paging import Moment
from hotline.appeals.appeal import AppealKind, AppealState
from hotline.calls.call import Direction, Outcome
from hotline.calls.recordings import ResumedBy
from hotline.city.classifier import Urgency, Utility
from hotline.contact.numbers import masked
from hotline.line.line import Dispatcher
from hotline.line.presence_states import Presence
from hotline.outages.outage import OutageAct, OutageKind
from hotline.retention.deletions import DeletedBy

VERSION = 1
Number = Annotated[str | None, Meta(description="E.164, or masked; null when hidden.")]


class Hello(msgspec.Struct, kw_only=True, tag_field="type", tag="hello"):
    """Opens the stream. Read the present state by the other operations, unless `resumed`."""

    version: int
    position: Annotated[str, Meta(description="Where the stream stands: `after` for the next time.")]
    resumed: Annotated[bool, Meta(description="Everything since `after` follows; else some was missed.")]
    restored: Annotated[
        bool,
        Meta(
            description="The service was restarted since `after`, or it is too long ago: what was done with "
            "appeals and outages, and who was present, follows from the database, some of it perhaps twice. "
            "Calls and the line are to be read."
        ),
    ] = False


class Event(msgspec.Struct, kw_only=True, tag_field="type"):
    """Something happened. `id` is the position in the stream."""

    at: Moment
    id: str = ""


class OfCall(Event, kw_only=True):
    """Something happened to a call."""

    call_id: str


class CallArrived(OfCall, kw_only=True, tag="call.arrived"):
    """A citizen called, or one of our dispatchers calls them."""

    number: Number
    direction: Direction


class CallOffered(OfCall, kw_only=True, tag="call.offered"):
    """A caller is being offered to a dispatcher, whose phone will ring."""

    number: Number
    dispatcher_id: int
    attempt: Annotated[int, Meta(description="Offers of this call so far, this one included.")]


class OfferWithdrawn(OfCall, kw_only=True, tag="call.offer-withdrawn"):
    """The offer ended unanswered."""

    dispatcher_id: int


class CallAnswered(OfCall, kw_only=True, tag="call.answered"):
    """Citizen and dispatcher are talking."""

    dispatcher_id: int


class TalkEnded(OfCall, kw_only=True, tag="call.talk-ended"):
    """The talk with this dispatcher is over; the call itself may go on."""

    dispatcher_id: int


class CallEnded(OfCall, kw_only=True, tag="call.ended"):
    """The call is over."""

    outcome: Outcome


class RecordingPaused(OfCall, kw_only=True, tag="recording.paused"):
    """The dispatcher had the recording of a talk paused, for personal data."""

    recording_id: str
    dispatcher_id: int
    until: Annotated[Moment, Meta(description="When it goes on by itself, unless the talk ends before.")]


class RecordingResumed(OfCall, kw_only=True, tag="recording.resumed"):
    """A talk is recorded again. A pause that its talk ended has no such event."""

    recording_id: str
    dispatcher_id: int
    by: Annotated[ResumedBy, Meta(description="The dispatcher, or the time that a pause has.")]


class RecordingFinished(OfCall, kw_only=True, tag="recording.finished"):
    """The recording of a talk can be listened to and fetched."""

    recording_id: str
    seconds: float
    sha256: Annotated[str, Meta(description="Of the master's file, as it stands in the chain.")]


class RecordingErased(OfCall, kw_only=True, tag="recording.erased"):
    """A recording was deleted: by its term of keeping, or at the person's request."""

    recording_id: str
    cause: DeletedBy


class LineChanged(Event, kw_only=True, tag="line.changed"):
    """How many wait, are being offered or talk."""

    waiting: int
    offered: int
    talking: int


class Wish(msgspec.Struct, kw_only=True):
    """The presence that an engaged dispatcher has asked for afterwards: a pause with its reason, or away."""

    presence: Presence
    reason: str


def wish_of(dispatcher: Dispatcher) -> Wish | None:
    wish = dispatcher.wish
    return Wish(presence=wish.presence, reason=wish.reason) if wish else None


class PresenceChanged(Event, kw_only=True, tag="presence.changed"):
    """A dispatcher does something else now, or is to do so after a call."""

    dispatcher_id: int
    presence: Presence
    reason: str
    wish: Wish | None


class AppealRegistered(Event, kw_only=True, tag="appeal.registered"):
    """An appeal got its number."""

    number: str
    kind: AppealKind
    category: str
    urgency: Urgency
    call_id: str | None
    state: AppealState
    executor_id: Annotated[int | None, Meta(description="The enterprise that has it.")]
    version: int


class AppealChanged(Event, kw_only=True, tag="appeal.changed"):
    """An actor did something with an appeal. Linked appeals go along without a message."""

    number: str
    act: Annotated[str, Meta(description="Its name, as in the history.")]
    internal: Annotated[bool, Meta(description="Not for the applicant, nor for observers.")]
    state: AppealState
    executor_id: Annotated[int | None, Meta(description="The enterprise that has it.")]
    version: int


class OutageChanged(Event, kw_only=True, tag="outage.changed"):
    """An outage was entered, changed, ended, cancelled or reopened."""

    outage_id: int
    act: OutageAct
    utility: Utility
    kind: OutageKind
    starts_at: Moment
    expected_end: Moment | None
    ended_at: Moment | None
    cancelled: bool
    executor_id: Annotated[int | None, Meta(description="The enterprise whose it is.")]
    version: int


OF_APPEALS = (AppealRegistered, AppealChanged)
CALL_EVENTS = (
    *(CallArrived, CallOffered, OfferWithdrawn, CallAnswered, TalkEnded, CallEnded),
    *(RecordingPaused, RecordingResumed, RecordingFinished, RecordingErased),
)
MESSAGES: Sequence[type[msgspec.Struct]] = (
    Hello,
    *CALL_EVENTS,
    LineChanged,
    PresenceChanged,
    *OF_APPEALS,
    OutageChanged,
)


def without_personal(event: Event) -> Event:
    """The same with the number masked."""
    if isinstance(event, CallArrived | CallOffered) and event.number is not None:
        return msgspec.structs.replace(event, number=masked(event.number))
    return event
