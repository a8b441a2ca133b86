"""Notices: what somebody is owed to be told because of an act, kept in an outbox until it is delivered.

The outcome of handing one over is decided in `service.delivery.courier`, by `hotline.delivery.handing_over`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeEvent, NoticeState

WRITER = "writer"
"""Begins recipients who wrote to the hotline by short message, as `writer:17` of the chat 17."""
CHAT_ANSWER = "chat-answer"
"""The answer to them; its text is the chat's."""
CHAT_LINK = "chat-link"
"""The link by which a caller goes on in writing."""
TAKEN_AWAY = "taken-away"
"""An enterprise need not act on it any more: another has it, or the centre has ended it."""


class Recipient(StrEnum):
    """Recipients of a notice."""

    APPLICANT = "applicant"
    EXECUTOR = "executor"
    """The contact on duty there at that hour, and the enterprise's page."""
    FORMER = "former"
    """The enterprise that had the appeal and lost it."""
    CONTACT = "contact"
    """One contact of the enterprise, by every way: the clock of an emergency runs."""
    MANAGER = "manager"
    HEAD = "head"
    SENIOR = "senior"
    """The senior of the centre's shift by the roster, as `user:7`; nobody where none is named."""
    DEPARTMENT = "department"
    """The head of the department that the centre belongs to (regulation 3.5)."""


class StepKind(StrEnum):
    """Reasons of a notice by escalation; each names its text as well."""

    REMINDER = "reminder"
    OVERDUE = "overdue"
    """Told to the executor, their manager and the head (regulation 4.3)."""
    BREACH = "breach"
    """A statutory term is broken: told to the department's head (regulation 3.5)."""
    UNACKNOWLEDGED = "unacknowledged"
    """The executor has not acknowledged an emergency within its clock."""
    NOBODY_ACKNOWLEDGES = "nobody-acknowledges"
    """Every contact was tried: the head has to act."""
    UNROUTED = "unrouted"
    """An emergency that no dispatcher has assigned within that clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedNotice:
    """A notice of an act before it has an address. `contact_id` names the contact for CONTACT."""

    recipient: Recipient
    contact_id: int | None = None
    about: str = ""
    """The subject, where it is not the act itself, such as TAKEN_AWAY."""
    asks: bool = False
    """They are to acknowledge it: only then is anybody called, and where it is urgent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A recipient with channel and address. `to` is the recipient as stored.

    `applicant:2600001`, `contact:7`, `head`.
    """

    to: str
    channel: Channel
    address: str
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """A notice because of a matter that is no act on an appeal. The fields are those of Notice."""

    matter: str
    to: str
    channel: Channel
    address: str
    about: str
    facts: Mapping[str, Any]
    """Such as `plain_facts` makes."""
    number: str = ""
    due_at: datetime | None = None
    """None: at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One row of the outbox. `about` names the text, `facts` are what it is made of, as they were then.

    `about` is the act's name, a StepKind for an escalation, or TAKEN_AWAY; a `matter` has its own.
    """

    id: int
    number: str = ""
    """The appeal's; empty where it is about none."""
    entry_id: int | None = None
    """The entry of the appeal's history that caused it; None where a `matter` did."""
    matter: str = ""
    """The other cause: `outage-17-v3`, `order-5`. Each recipient gets one notice of it by each channel."""
    to: str
    channel: Channel
    address: str
    about: str
    facts: Mapping[str, Any]
    owed_at: datetime
    state: NoticeState = NoticeState.OWED
    due_at: datetime
    """Not before."""
    tries: int = 0
    changed_at: datetime
    provider_id: str = ""
    """The gateway's id of it, to ask for its delivery."""
    fault: str = ""
    round: int = 0
    """How often a person had one that failed sent again."""
    seen_by: int | None = None
    """The user who has read it on the recipient's page, at `changed_at`."""

    @property
    def key(self) -> str:
        """The idempotency key of this hand-over: a gateway that gets it twice delivers once.

        The moment in it separates the keys of this database from those of an earlier one.
        """
        return f"n{self.id}-{int(self.owed_at.timestamp()):x}-{self.round}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How one gateway stands: what is due, and what it made of the notices that it got lately."""

    due_at: datetime | None
    """Since when the earliest is due that was not handed over yet; None: nothing is due."""
    in_vain: int
    """Notices that it did not take at the first attempt, and that wait for the next."""
    refused: int
    """Notices given up within the last hour."""
    sent_at: datetime | None
    """When the last was handed over; None: not lately."""


Hold = Callable[[Notice], datetime | None]
"""Until when a notice has to wait though it is due; None for not at all."""


class Outbox(Protocol):
    """The outbox. A courier claims a notice, hands it over, and marks it sent or failed."""

    async def owe(self, new: Sequence[NewNotice], at: datetime) -> None:
        """Keep them; what a recipient is owed by a channel because of one matter is kept once."""
        ...

    async def claim(
        self,
        channels: Sequence[Channel],
        at: datetime,
        limit: int = 20,
        *,
        hold: Hold | None = None,
        word_within: timedelta = timedelta(),
        but: Collection[str] = (),
    ) -> Sequence[Notice]:
        """Claim due notices, the earliest first; no other courier gets them.

        Notices to one recipient by one channel about one appeal go in the order of events: none is claimed
        while an earlier one is neither handed over nor given up. An unsure one holds the others back for
        `word_within`, where its gateway can be asked; one that may not wait (`delivery.may_wait`) waits only
        for its like, and not for their next attempt. Those that `hold` gives a moment for become due then
        instead, in the same transaction. The recipients of `but` get nothing this time.
        """
        ...

    async def any_under_way(self, channel: Channel) -> bool:
        """Whether a notice of this channel (not of pages) is owed, claimed or unsure."""
        ...

    async def sent(self, notice_id: int, at: datetime, provider_id: str = "") -> None:
        """Note that it was handed over; one that is known to be delivered by now stays so."""
        ...

    async def failed(self, notice_id: int, at: datetime, fault: str, *, again_in: timedelta | None) -> None:
        """Mark the notice as surely not handed over: due again later, or given up (None).

        A notice that has become needless since stays so.
        """
        ...

    async def unclear(self, notice_id: int, at: datetime, fault: str) -> None:
        """Note that nobody knows whether it was handed over: unsure, unless it has become needless."""
        ...

    async def died(self, claimed_before: datetime, at: datetime, channels: Sequence[Channel] = ()) -> int:
        """Mark as unsure the notices claimed before then and neither sent nor failed; returns how many.

        Only of these channels, or of all when none is named.
        """
        ...

    async def call_over(
        self,
        notice_id: int,
        event: NoticeEvent,
        at: datetime,
        *,
        tries: int,
        fault: str = "",
        again_in: timedelta | None = None,
    ) -> None:
        """Note what the call came to that a notice is; one that is not OWED any more is left alone."""
        ...

    async def decide(self, notice_id: int, event: NoticeEvent, at: datetime) -> None:
        """Let a person say what became of an unsure or failed one: DECIDE (they know it), or SEND_AGAIN."""
        ...

    async def find(self, notice_id: int) -> Notice | None: ...

    async def of_appeal(self, number: str) -> Sequence[Notice]:
        """List the notices of an appeal, the latest first."""
        ...

    async def seen(self, to: str, notice_ids: Sequence[int], at: datetime, *, by: int) -> int:
        """Put aside what this user has read on the recipient's page; others' notices stay. How many."""
        ...

    async def unseen(self, to: str, notice_ids: Sequence[int], at: datetime) -> int:
        """Put these back on the recipient's page. How many."""
        ...

    async def seen_on_page(self, to: str, limit: int = 100) -> Sequence[Notice]:
        """List what was read on this recipient's page, the latest first."""
        ...

    async def waiting(self) -> Mapping[tuple[str, str], int]:
        """Count the notices not sent yet, by channel and state; those on pages are sent once seen."""
        ...

    async def waiting_by(self, channel: Channel, at: datetime) -> Waiting:
        """Tell how a channel of gateways stands at this moment."""
        ...

    async def undecided(self, limit: int = 100) -> Sequence[Notice]:
        """List what a person has to decide (UNDECIDED), the latest first."""
        ...

    async def on_page(self, to: str, limit: int = 100) -> Sequence[Notice]:
        """List what this recipient (`head`, `department`, `executor:7`) has not yet seen on their page."""
        ...
