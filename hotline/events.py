"""Events of the hotline as they happen, for screens and streams.

Events only hasten a screen; the truth is in the database, and a screen that missed some reads it again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.appeals.appeal import Appeal
from hotline.calls.call import Direction, Outcome
from hotline.outages.outage import Outage, OutageAct


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
    | TalkEnded
    | TalkHeard
    | ConsultBegan
    | ConsultEnded
    | LineChanged
    | CallArrived
    | CallEnded
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
