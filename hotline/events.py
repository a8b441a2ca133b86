"""Events of the hotline as they happen, for screens and streams.

Events only hasten a screen; the truth is in the database, and a screen that missed some reads it again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.appeals.appeal import Appeal
from hotline.calls.call import Direction, Outcome
from hotline.calls.recordings import ResumedBy
from hotline.outages.outage import Outage, OutageAct
from hotline.retention.deletions import DeletedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatcherOffered:
    """A caller is being offered to a dispatcher; told before their phone is rung."""

    call_id: str
    dispatcher_id: int
    number: str | None
    attempt: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferWithdrawn:
    """The offer ended unanswered: missed, or the caller hung up."""

    call_id: str
    dispatcher_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkStarted:
    """Caller and dispatcher are talking."""

    call_id: str
    dispatcher_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkTakenUp:
    """A talk went on without the service, which follows it again."""

    call_id: str
    dispatcher_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkEnded:
    """The talk with this dispatcher is over, however."""

    call_id: str
    dispatcher_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkHeard:
    """An ear heard something in this dispatcher's talk, or it stands otherwise with hearing it."""

    call_id: str
    dispatcher_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultBegan:
    """A dispatcher is asked by a colleague about a citizen who waits; told before their phone is rung."""

    call_id: str
    dispatcher_id: int
    """Who is asked."""
    number: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultEnded:
    """A dispatcher is asked no more: the citizen is theirs now, or has nothing to do with them."""

    call_id: str
    dispatcher_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListeningChanged:
    """A supervisor came into a dispatcher's talk, left it, or takes part in another way."""

    call_id: str
    dispatcher_id: int
    """The dispatcher whose desk shows it."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChanged:
    """Somebody entered or left the line, or a dispatcher's duty changed."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallArrived:
    """A citizen called, or a dispatcher calls one."""

    call_id: str
    number: str | None
    at: datetime
    direction: Direction = Direction.INCOMING


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded:
    """The call is over, however."""

    call_id: str
    outcome: Outcome
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPaused:
    """A dispatcher had the recording of a talk paused; it goes on by itself at `until`."""

    call_id: str
    dispatcher_id: int
    recording_id: str
    until: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingResumed:
    """A talk is recorded again."""

    call_id: str
    dispatcher_id: int
    recording_id: str
    by: ResumedBy
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFinished:
    """The master of a talk is made, and it can be listened to."""

    call_id: str
    recording_id: str
    seconds: float
    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingErased:
    """A recording was deleted, by its term or at a person's request."""

    call_id: str
    recording_id: str
    cause: DeletedBy
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRegistered:
    """An appeal got its number."""

    appeal: Appeal


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealChanged:
    """An actor did something with an appeal. Linked appeals have no event of their own."""

    appeal: Appeal
    act: str
    at: datetime
    hidden: bool
    """Not for the applicant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageChanged:
    """An actor did something with an outage."""

    outage: Outage
    act: OutageAct


Event = (
    DispatcherOffered
    | OfferWithdrawn
    | TalkStarted
    | TalkTakenUp
    | TalkEnded
    | TalkHeard
    | ConsultBegan
    | ConsultEnded
    | ListeningChanged
    | LineChanged
    | CallArrived
    | CallEnded
    | RecordingPaused
    | RecordingResumed
    | RecordingFinished
    | RecordingErased
    | AppealRegistered
    | AppealChanged
    | OutageChanged
)


class Events(Protocol):
    """A bus of events. Publishing never waits for a listener."""

    def tell(self, event: Event) -> None: ...


class Screens(Protocol):
    """The dispatchers' screens, which show who is calling."""

    async def shown(self, offer: DispatcherOffered) -> None:
        """Wait until the caller is on the dispatcher's screen: a blink, and not at all without one."""
        ...
