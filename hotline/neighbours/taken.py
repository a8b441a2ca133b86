"""Appeals that we take for a city whose telephone we answer, until that city has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from hotline.delivery.outbox import NewNotice
from hotline.neighbours.agreement import Agreement

ABOUT = "neighbour-appeal"
"""The notice by which one is handed over."""
EMERGENCY_WITHIN = timedelta(seconds=20)
"""Later than this an emergency alarms somebody: with half a minute between two looks, within a minute."""
OTHERS_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTaken:
    """An appeal that we took for the other city; `key` names the filled-in form."""

    agreement_id: int
    call_id: str | None
    key: str
    taken_at: datetime
    taken_by: int
    urgent: bool
    category: str
    """Its words, for the list."""
    body: str
    """As it is handed over; empty as soon as it has been."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(NewTaken):
    """An appeal that we took for another city; `number` is the one in its register, once it has one."""

    id: int
    number: str = ""
    follow_code: str = ""
    handed_at: datetime | None = None
    otherwise: str = ""
    """How a person handed it over in another way."""
    otherwise_by: int | None = None
    fault: str = ""
    """Why it is not there yet."""

    @property
    def settled(self) -> bool:
        return self.handed_at is not None


class TakenAppeals(Protocol):
    """Appeals taken for other cities, until these have them."""

    async def take(self, new: NewTaken) -> Taken:
        """Keep it and owe its handing over, both or neither; the same form again gives the one of then.

        Raises ForbiddenTransition where the agreement has ended.
        """
        ...

    async def get(self, taken_id: int) -> Taken:
        """Find one; raises NotFound."""
        ...

    async def of_call(self, call_id: str) -> Sequence[Taken]: ...

    async def of_agreement(self, agreement_id: int, limit: int = 100) -> Sequence[Taken]:
        """The latest first, those not handed over before all others."""
        ...

    async def waiting(self, agreement_id: int) -> int:
        """Count those not handed over yet."""
        ...

    async def late(self, now: datetime) -> Sequence[Taken]:
        """List those that a person has to hand over, emergencies first, of all agreements.

        Refused by the other city, taken by an agreement that has ended, or longer on the way than may be.
        What was said is forgotten by its term: then there is nothing to hand over any more.
        """
        ...

    async def handed(self, taken_id: int, number: str, follow_code: str, at: datetime) -> None:
        """Note its number there, and forget what was said; only the first time counts."""
        ...

    async def failed(self, taken_id: int, fault: str) -> None: ...

    async def handed_otherwise(self, taken_id: int, how: str, *, by: int, at: datetime) -> Taken:
        """A person handed it over in another way: what was said is forgotten, and nothing is owed.

        Raises ForbiddenTransition where it was handed over before.
        """
        ...

    async def send_again(self, taken_id: int, at: datetime) -> None:
        """Owe it at once, also after it was given up; nothing where it is being handed over."""
        ...


def notice_of(taken_id: int, agreement: Agreement, *, urgent: bool) -> NewNotice:
    """Make the notice by which it is handed over: it names the appeal, and nothing that was said."""
    return NewNotice(
        matter=matter_of(taken_id),
        to=agreement.recipient,
        channel=Channel.NEIGHBOUR,
        address=agreement.address,
        about=ABOUT,
        facts={"urgency": Urgency.EMERGENCY.value} if urgent else {},
    )


def matter_of(taken_id: int) -> str:
    return f"{ABOUT}-{taken_id}"


def taken_of(matter: str) -> int | None:
    """Tell which appeal a notice hands over."""
    given = matter.removeprefix(f"{ABOUT}-")
    return int(given) if given.isdecimal() and given != matter else None
