"""Handing notices over: what a carrier can answer, how long to wait then, when nobody is disturbed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeEvent
from hotline.delivery.outbox import CHAT_ANSWER, CHAT_LINK, Notice, StepKind
from hotline.errors import HotlineError

GIVE_UP_AFTER = timedelta(hours=48)
"""After this long without a hand-over a person decides on the notice."""
TRIES_AT_LEAST = 5
"""Before it is given up: a service that was away for days begins with notices that are old already."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=2)
BY_STRANGERS = frozenset({"subscription-asked", "subscription-code", "account-code", CHAT_ANSWER, CHAT_LINK})
"""Notices that anybody can have sent: they go when no other is due, so that no crowd of them delays one."""
_ANSWERS = frozenset({"register", "confirm", "dispute", "take-no-back", "withdraw"}) | BY_STRANGERS
"""Tell of what the recipient did or said a moment ago: they are awake."""
_ALARMS = frozenset({StepKind.UNACKNOWLEDGED, StepKind.NOBODY_ACKNOWLEDGES, StepKind.UNROUTED})
AT_ONCE = _ANSWERS | _ALARMS
"""Notices that wait neither for the morning nor behind waiting notices, whatever their urgency."""


class NotTaken(HotlineError):  # noqa: N818 - reads as what happened
    """The notice was surely not handed over, and may be later; `after` when the other side named a time.

    `theirs`: the channel itself fails, not this one notice, so that all others have to wait as well.
    """

    code = "not-taken"

    def __init__(self, message: str, *, theirs: bool = False, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.theirs = theirs
        self.after = after


class Refused(HotlineError):  # noqa: N818 - reads as what happened
    """The notice was surely not handed over and never will be: no such address, or a text that is refused."""

    code = "refused"


class Unclear(HotlineError):  # noqa: N818 - reads as what it is
    """The connection broke in the very moment: nobody knows whether it was handed over.

    `theirs` as of NotTaken; mostly so.
    """

    code = "unclear"

    def __init__(self, message: str, *, theirs: bool = True) -> None:
        super().__init__(message)
        self.theirs = theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a letter; `name` in Latin letters."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as handed over. `subject` is empty where the channel has none; `language` as in ISO 639-1."""

    key: str
    """The same however often it is handed over (`Notice.key`)."""
    address: str
    subject: str
    text: str
    language: str = "uk"
    at: datetime
    """When it came to be owed."""
    attachments: Sequence[Attachment] = ()
    """Of letters alone."""


class Known(StrEnum):
    """The state of a message, as the gateway reports it."""

    UNKNOWN = "unknown"
    """The gateway never had it."""
    TAKEN = "taken"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """The other side's word: its own name for the message, and its reason in its own words."""

    known: Known
    provider_id: str = ""
    said: str = ""


class Carrier(Protocol):
    """A way out of the house: a mail server, a gateway of short messages, a folder of files."""

    @property
    def repeatable(self) -> bool:
        """Whether the gateway delivers one key once, so that an unsure notice can be handed over again."""
        ...

    @property
    def asks_by_key(self) -> bool:
        """Whether it can be asked whether it has a message of this key."""
        ...

    @property
    def asks_by_id(self) -> bool:
        """Whether it can be asked what became of a message, by its own name for it."""
        ...

    async def hand_over(self, message: Message) -> str:
        """Hand it over; the other side's name for it, or "". Raises NotTaken, Refused or Unclear."""
        ...

    async def ask(self, *, key: str, provider_id: str) -> Word:
        """Ask what became of it; raises NotTaken when there is no answer."""
        ...


class Receipts(Protocol):
    """Reports of gateways on notices that are unsure or sent."""

    async def unsure(self, channel: Channel, at: datetime, limit: int = 20) -> Sequence[Notice]:
        """List the unsure notices that the gateway is to be asked about by now, the earliest first."""
        ...

    async def settle(
        self, notice: Notice, at: datetime, event: NoticeEvent, provider_id: str = "", fault: str = ""
    ) -> bool:
        """Note what the gateway said of it: CONFIRM, DELIVER, BOUNCE, or MISS to hand it over again.

        False, and nothing is changed, when it is no longer as `notice` has it: somebody settled it before.
        """
        ...

    async def ask_later(self, notice: Notice, at: datetime) -> None:
        """Have the gateway asked about it (an unsure or sent one) not before then."""
        ...

    async def awaited(
        self, channel: Channel, since: datetime, at: datetime, limit: int = 20
    ) -> Sequence[Notice]:
        """List notices sent since then whose gateway has an id for them and is to be asked by now."""
        ...

    async def reported(
        self, channel: Channel, provider_id: str, at: datetime, event: NoticeEvent, fault: str = ""
    ) -> bool:
        """Note the gateway's report: DELIVER or BOUNCE; False when no notice waits for it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """When nobody gets a short message that can wait, in the city's time; equal ends: there are none."""

    since: time
    until: time
    zone: ZoneInfo

    def end(self, at: datetime) -> datetime | None:
        """Give the moment when they are over; None when it is not quiet at `at`."""
        local = at.astimezone(self.zone)
        clock = local.time().replace(tzinfo=None)
        over_midnight = self.since > self.until
        quiet = (
            clock >= self.since or clock < self.until if over_midnight else self.since <= clock < self.until
        )
        if not quiet:
            return None
        day = local.date() + timedelta(days=1 if over_midnight and clock >= self.since else 0)
        return datetime.combine(day, self.until, self.zone).astimezone(at.tzinfo)


def may_wait(notice: Notice) -> bool:
    """Whether it may lie until the morning: nothing of an emergency, no answer to what one just said."""
    if notice.about in AT_ONCE:
        return False
    return notice.facts.get("urgency") != Urgency.EMERGENCY


def wait_after(notice: Notice, now: datetime, *, asked: timedelta | None = None) -> timedelta | None:
    """Give how long to wait after a try that failed; None: give up.

    The waits double with each try. `asked` is how long the other side wants to be left alone.
    """
    wait: timedelta = min(FIRST_WAIT * 2 ** min(notice.tries - 1, 20), LONGEST_WAIT)
    wait = max(wait, min(asked or timedelta(), LONGEST_WAIT))
    if notice.tries >= TRIES_AT_LEAST and now + wait > notice.owed_at + GIVE_UP_AFTER:
        return None
    return wait


def ask_again_after(notice: Notice, now: datetime) -> timedelta:
    """Give how long to wait before the other side is asked again: the longer, the longer it has lasted."""
    return max(FIRST_WAIT, min((now - notice.changed_at) / 2, LONGEST_WAIT))
