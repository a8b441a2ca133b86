"""Subscriptions to all outages at an address, or to one outage, alive once confirmed.

Nobody gets notices before they confirmed that the mailbox or the telephone is theirs: by the link of a
letter, or by the code of a short message. Who writes by a messenger that proves it has confirmed it so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, Self

from hotline.city.addresses import Address
from hotline.city.city_rules import QUIET_AT_NIGHT, Hours
from hotline.contact.channel import Channel
from hotline.delivery.facts import notice_facts
from hotline.delivery.outbox import NewNotice
from hotline.errors import HotlineError
from hotline.outages.outage import Outage
from hotline.voice.speech import Language

SUBSCRIBER = "subscriber:"
"""Begins the recipient of a notice: a subscription's id follows."""
BY_LINK = "subscription-asked"
BY_CODE = "subscription-code"
BY_CALL = "subscription-call"
"""Of a landline: we call it, and the person who answers agrees by a key."""
LINK_LIVES = timedelta(days=2)
MOST_UNCONFIRMED: Mapping[Channel, int] = {Channel.SMS: 300, Channel.EMAIL: 3000, Channel.CALL: 300}
"""Messages a day to people who do not confirm; more is somebody's mischief, and costs the city money."""


class TooManyMessages(HotlineError):  # noqa: N818 - reads as what happened
    """A mailbox, a telephone, a network, or all together were asked to confirm too often in a day."""

    code = "too-many-messages"


MINUTES_AHEAD = (15, 30, 60)
USUAL_MINUTES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerAhead:
    """How many minutes before each change of the power they are told, and between which hours they are not.

    Hours are those of the city's clock, 0 to 23; the same twice: they are told at any hour.
    """

    minutes: int = USUAL_MINUTES
    quiet_from: int = QUIET_AT_NIGHT[0]
    quiet_until: int = QUIET_AT_NIGHT[1]

    @classmethod
    def usual(cls, quiet: Hours, minutes: int = USUAL_MINUTES) -> Self:
        """Give the wish of who chooses no hours: those that are `quiet` in this city hold."""
        return cls(minutes=minutes, quiet_from=quiet[0], quiet_until=quiet[1])

    def quiet(self, hour: int) -> bool:
        """Tell whether they are to be left alone in this hour of the day."""
        since, until = self.quiet_from, self.quiet_until
        return since <= hour < until if since <= until else hour >= since or hour < until


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionRequest:
    """All outages at `place`, the changes of its power by schedule (`power`), or the outage of `outage_id`.

    `contact` is E.164, an e-mail address, or a messenger's person (`telegram:17`).
    """

    channel: Channel
    contact: str
    language: Language
    place: Address | None = None
    outage_id: int | None = None
    power: PowerAhead | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription(SubscriptionRequest):
    """One wish as kept. `confirmed_at` is when its owner consented; `code` is for a short message."""

    id: int
    asked_at: datetime
    code: str
    tries: int = 0
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def lives(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None


_CONFIRMED_BY = {Channel.SMS: BY_CODE, Channel.EMAIL: BY_LINK, Channel.CALL: BY_CALL}


def to_confirm(one: Subscription, about: str) -> NewNotice:
    """Return the message that asks for confirmation; `about` is the subject of the subscription, in words."""
    by_code = one.channel is Channel.SMS
    texts = {"place": about, "code": one.code if by_code else ""}
    return NewNotice(
        # SQLite gives the id of one that is deleted to another: the moment tells the messages apart.
        matter=f"subscription-{one.id}-{one.asked_at:%Y%m%d%H%M%S}",
        to=f"{SUBSCRIBER}{one.id}",
        channel=one.channel,
        address=one.contact,
        about=_CONFIRMED_BY[one.channel],
        facts=notice_facts(one.language, texts=texts),
    )


def subscription_of(recipient: str) -> int | None:
    """Read which subscription a notice is to; None for another recipient."""
    return int(recipient.removeprefix(SUBSCRIBER)) if recipient.startswith(SUBSCRIBER) else None


class OutageSubscriptions(Protocol):
    """The subscriptions."""

    async def ask(
        self, wish: SubscriptionRequest, code: str, about: str, at: datetime, *, network: str = ""
    ) -> Subscription:
        """Keep a wish, and owe the message that asks for its confirmation.

        `network` is the part of the network from which it comes. Raises TooManyMessages when this contact,
        that network, or all by this channel were asked too often in a day.
        """
        ...

    async def keep(self, wish: SubscriptionRequest, at: datetime) -> None:
        """Keep a wish that lives at once, as its contact is proven; an older one for the same ends.

        Raises TooManyMessages when this contact has asked too often in a day.
        """
        ...

    async def find(self, subscription_id: int) -> Subscription | None: ...

    async def try_code(self, subscription_id: int, typed: str, at: datetime) -> bool:
        """Confirm a subscription by short message if this is its code.

        False: wrong code, or no further attempts.

        Each attempt is counted before the code is compared: of parallel guesses at most MOST_TRIES are
        compared.
        """
        ...

    async def confirm(self, subscription_id: int, at: datetime, *, minutes: int | None = None) -> None:
        """Let it live from now on; an older one for the same ends. One of an outage becomes its watcher.

        `minutes`: of the power, how long before a change they chose to be told when they confirmed it.
        """
        ...

    async def of_contact(self, channel: Channel, contact: str) -> Sequence[Subscription]:
        """List those that live, who asked first first."""
        ...

    async def stop(self, channel: Channel, contact: str, at: datetime) -> None:
        """End all subscriptions of this contact, and drop the notices that they are owed."""
        ...

    async def end(self, subscription_ids: Sequence[int], at: datetime) -> None:
        """End these subscriptions to power alone, and drop what is owed for them; outages end by `stop`."""
        ...

    async def living(self, since: datetime | None = None) -> Sequence[Subscription]:
        """Give those of all outages at an address that live, or were confirmed at `since` or later."""
        ...

    async def announce(self, outage: Outage, subscribers: Sequence[Subscription], at: datetime) -> int:
        """Make these subscribers watchers of the outage; returns how many did not watch it before."""
        ...
