"""An agreement by which one city's dispatchers answer another city's telephone, as either side has it.

The law calls it an agreement on cooperation of territorial communities (1508-VII): one of them is delegated a
task of the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol

from hotline.enterprises.executors import ContactHours
from hotline.errors import HotlineError

LONGEST_TERM = timedelta(days=2 * 366)
"""As long as a token lives at most."""
LONGEST_NAME = 60
LONGEST_DOCUMENT = 200
STALE_AFTER = timedelta(minutes=15)
"""A copy that is older is told with its time: the other city's hotline may be away."""
RECIPIENT = "neighbour"
"""Begins recipients of notices: `neighbour:3` is the agreement 3."""


class AgreementOver(HotlineError):  # noqa: N818 - reads as what is the matter
    """The agreement has ended, or its days have not begun."""

    code: ClassVar[str] = "agreement-over"


class Part(StrEnum):
    """Who answers for whom, as this hotline has it."""

    ANSWERS = "answers"
    """We answer the other city's telephone."""
    ANSWERED = "answered"
    """The other city answers ours."""


class Shared(StrEnum):
    """What a city may share with the one that answers for it, besides name, outages, message, classifier."""

    CONTACTS = "contacts"
    """The telephones of those on duty at enterprises."""
    STREETS = "streets"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAgreement:
    """An agreement to be entered. `hours_since` and `hours_until` as `20:00`; the same: day and night."""

    part: Part
    name: str
    """The other city's."""
    document: str
    """Number and date of the agreement on paper."""
    since: datetime
    until: datetime
    hours_since: str = "00:00"
    hours_until: str = "00:00"
    shared: tuple[Shared, ...] = ()
    number: str = ""
    """The telephone that we answer, in E.164; empty where ours is answered."""
    address: str = ""
    """Of the other city's hotline, where we answer for it."""
    duty_number: str = ""
    """Who is rung while that hotline is away, E.164: those on duty in the city that is answered for."""
    made_by: int
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(NewAgreement):
    """An agreement that the head has entered; it holds between its two days until either city ends it."""

    id: int
    token_id: int | None = None
    """The key that the other city has, where ours is answered."""
    ended_at: datetime | None = None
    ended_by: int | None = None
    ended_why: str = ""
    copied_at: datetime | None = None
    """When the other city was read last; the copy itself is kept beside."""
    failing_since: datetime | None = None
    """Since when the other city's hotline does not answer."""
    fault: str = ""

    @property
    def read_at(self) -> datetime:
        """When the copy was read, by our own clock: the other city's may be wrong."""
        return self.copied_at or self.made_at

    def stale(self, at: datetime) -> bool:
        """Tell whether the copy is so old that it is told with its time."""
        return at - self.read_at > STALE_AFTER

    def holds(self, at: datetime) -> bool:
        return self.ended_at is None and self.since <= at < self.until

    def lacks_duty(self, at: datetime) -> bool:
        """Tell whether nobody is known to be rung while that hotline is away, though it may still be."""
        return not self.duty_number and self.ended_at is None and at < self.until

    def within_hours(self, local: datetime) -> bool:
        """Tell whether this is an hour that was agreed on; a call at another one is answered as well."""
        hours = ContactHours(
            since=time.fromisoformat(self.hours_since), until=time.fromisoformat(self.hours_until)
        )
        return self.hours_since == self.hours_until or hours.hold(local)

    @property
    def recipient(self) -> str:
        return f"{RECIPIENT}:{self.id}"


class Agreements(Protocol):
    """The agreements. None is ever deleted: appeals and the audit log name them."""

    async def add(self, new: NewAgreement, *, key: str = "", copy: str = "") -> Agreement:
        """Enter one by which we answer, with the key and the first copy.

        Raises AlreadyTaken where the number has one.
        """
        ...

    async def give(self, new: NewAgreement, secret_hash: str) -> Agreement:
        """Enter one by which we are answered, and its key, whose secret this is: both or neither."""
        ...

    async def get(self, agreement_id: int) -> Agreement:
        """Find one; raises NotFound."""
        ...

    async def all(self) -> Sequence[Agreement]:
        """The newest first."""
        ...

    async def by_token(self, token_id: int) -> Agreement | None:
        """Find the one whose key it is."""
        ...

    async def answered_by_us(self) -> Sequence[Agreement]:
        """List the agreements, not ended, by which we answer for another city; asked every second."""
        ...

    async def copy(self, agreement_id: int) -> str:
        """Give the copy of the other city; empty without one."""
        ...

    async def key(self, agreement_id: int) -> str:
        """Give the key by which the other city's hotline lets us in; empty once it has ended."""
        ...

    async def end(self, agreement_id: int, *, by: int | None, why: str, at: datetime) -> Agreement:
        """End it at once: its key with it, and the copy. Only the first time counts. Raises NotFound."""
        ...

    async def copied(self, agreement_id: int, copy: str, at: datetime, *, duty_number: str = "") -> None:
        """Keep what was read of the other city; nothing where the agreement has ended meanwhile.

        The telephone of its duty replaces the one that was written down here, if the other city names one.
        """
        ...

    async def rung_at(self, agreement_id: int, duty_number: str) -> None:
        """Write down who is rung while the hotline that is answered for is away, ended or not."""
        ...

    async def failed(self, agreement_id: int, fault: str, at: datetime) -> None:
        """Note that the other city was not read; since when stays as it was noted first."""
        ...


def dialled_forms(number: str) -> Sequence[str]:
    """List the forms in which a provider may send a number: +380442345678, 380442345678, 0442345678."""
    digits = number.removeprefix("+")
    return [number, digits, *([digits[2:]] if digits.startswith("380") else [])]
