"""The hand-over of a shift: what is open, in the words of who leaves, signed by both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from hotline.shifts.handover_states import HandoverState
from hotline.shifts.roster import Shift

LONGEST_REMARKS = 4000
LONGEST_WORDS = 1000
HANDED_WITHIN = timedelta(hours=3)
"""Before or after the end of a shift: a hand-over that was signed then is of that shift."""


class OpenKind(StrEnum):
    """The kinds of work that one shift leaves open to the next."""

    EMERGENCY = "emergency"
    """An appeal that its enterprise has not accepted."""
    CALLBACK = "callback"
    SCHEDULED = "scheduled"
    VOICE_MESSAGE = "voice-message"
    """One that nobody has heard."""
    OUTAGE = "outage"
    """One whose end nobody knows."""
    ORDER = "order"
    """One that callers hear or readers see."""
    CITY_MESSAGE = "city-message"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """One matter that is open. It names no citizen: `subject` is the number or id to look it up by."""

    kind: OpenKind
    subject: str
    at: datetime
    """When it came, or, of a call that was promised, when it is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A question of the incoming one, or an answer of the outgoing one."""

    user_id: int
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One hand-over; a draft has no `items` yet, since what is open changes until it is signed."""

    id: int
    state: HandoverState
    outgoing: int
    opened_at: datetime
    remarks: str
    items: tuple[OpenItem, ...] = ()
    said: tuple[Said, ...] = ()
    handed_at: datetime | None = None
    incoming: int | None = None
    taken_at: datetime | None = None


class Handovers(Protocol):
    """The log. Acts raise NotFound, and ForbiddenTransition in another state or by another person."""

    async def open(self, user_id: int, at: datetime) -> Handover:
        """Begin the user's draft, or give the one that they have."""
        ...

    async def get(self, handover_id: int) -> Handover: ...

    async def latest(self, limit: int) -> Sequence[Handover]:
        """List those that were signed and those that wait, the latest first; no drafts."""
        ...

    async def waiting(self) -> Sequence[Handover]:
        """List those that wait for the next shift or for an answer, the oldest first."""
        ...

    async def handed_since(self, since: datetime) -> Sequence[Handover]: ...

    async def save(self, handover_id: int, user_id: int, remarks: str) -> Handover:
        """Keep the outgoing one's remarks."""
        ...

    async def hand_over(
        self, handover_id: int, user_id: int, at: datetime, *, remarks: str, items: Sequence[OpenItem]
    ) -> Handover:
        """Sign it as the outgoing one, with what is open at this moment."""
        ...

    async def ask(self, handover_id: int, user_id: int, at: datetime, text: str) -> Handover:
        """Ask the outgoing one, who is another than the user."""
        ...

    async def answer(self, handover_id: int, user_id: int, at: datetime, text: str) -> Handover: ...

    async def take_over(self, handover_id: int, user_id: int, at: datetime) -> Handover:
        """Sign it as the incoming one, who is another than the outgoing one."""
        ...


def not_handed_over(
    shifts: Sequence[Shift], handed: Sequence[Handover], now: datetime, zone: ZoneInfo
) -> Sequence[Shift]:
    """Find the shifts over for HANDED_WITHIN whose person handed nothing over, the latest first."""

    def was_handed(shift: Shift) -> bool:
        ends = shift.ends(zone)
        return any(
            one.outgoing == shift.user_id
            and one.handed_at is not None
            and ends - HANDED_WITHIN <= one.handed_at <= ends + HANDED_WITHIN
            for one in handed
        )

    over = [one for one in shifts if one.ends(zone) + HANDED_WITHIN < now and not was_handed(one)]
    return sorted(over, key=lambda one: one.ends(zone), reverse=True)
